"""Distributions of other versions for other targets are told by what tells the targets apart."""

from __future__ import annotations

import pytest
from known_targets import TARGETS

from bundler import targets
from bundler.gather import Gathered
from bundler.stages import Distribution
from bundler.versions import differing


def told(**versions: str) -> tuple[str, ...]:
    """What is told of targets, with ``__`` for ``-``, that have these distributions (``a==1 b==2``)."""
    gathered = []
    for name, installed in versions.items():
        (target,) = targets.read([name.replace("__", "-")], None, [], TARGETS[0], lambda version, flags: None)
        distributions = [Distribution(*each.split("=="), metadata="") for each in installed.split()]
        gathered.append(Gathered(target, [], {}, distributions, None, [], []))
    return differing(gathered)


LINUX, WINDOWS = "manylinux_2_28_x86_64", "win_amd64"


def test_nothing_is_told_where_nothing_differs():
    assert told(cp314__win_amd64="a==1 b==2", cp39__win_amd64="b==2 a==1") == ()
    assert told(cp314__win_amd64="a==1") == ()


@pytest.mark.parametrize(
    "versions, sentences",
    [
        (
            {"cp314__win_amd64": "a==2 b==1", "cp310__win_amd64": "a==2 b==1", "cp39__win_amd64": "a==1 b==1"},
            ("a: 2 for cp314, cp310, 1 for cp39",),
        ),
        (
            {"cp314__" + LINUX: "a==1", "cp314__" + WINDOWS: "a==1 colorama==1", "cp39__" + LINUX: "a==1", "cp39__" + WINDOWS: "a==1 colorama==1"},
            ("colorama: 1 for win_amd64, none for manylinux_2_28_x86_64",),
        ),
        (
            {"cp314__" + LINUX: "a==10", "cp314__" + WINDOWS: "a==9", "cp39__" + LINUX: "a==9", "cp39__" + WINDOWS: "a==9"},
            (f"a: 10 for cp314-{LINUX}, 9 for cp314-{WINDOWS}, cp39-{LINUX}, cp39-{WINDOWS}",),
        ),
        ({"cp314__win_amd64": "B==1 a==2", "cp39__win_amd64": "B==2 a==1"}, ("a: 2 for cp314, 1 for cp39", "B: 2 for cp39, 1 for cp314")),
    ],
)  # fmt: skip
def test_versions_that_differ_are_told_newest_first(versions, sentences):
    assert told(**versions) == sentences
