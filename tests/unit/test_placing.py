"""What `--files` says: when the overlay is installed, and which files are on disk while the app runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bundler.errors import UsageError
from bundler.placing import Rule, on_disk, parse, unmatched, when
from bundler.stages import Compiled, File

FILES = [
    File(path, Path("/nowhere"), owner=owner)
    for path, owner in [
        ("main.py", ""),
        ("texts/own.txt", ""),
        ("fonts/__init__.py", "fonts"),
        ("fonts/data/a.ttf", "fonts"),
        ("fonts/data/b.ttf", "fonts"),
        ("fonts.libs/libdraw.so", "fonts"),
        ("fonts-1.0.dist-info/METADATA", "fonts"),
        ("single.py", "fonts"),
        ("other/__init__.py", "other"),
        ("other/a.txt", "other"),
    ]
]


def test_top_level_names_of_whoever_owns_a_file_on_disk_are_imported_from_there():
    found = on_disk(parse(["disk=a.ttf"]), FILES)
    assert found.names == ("fonts", "fonts.libs", "single")
    assert found.directories == ("fonts", "fonts.libs", "fonts/data")
    assert found.files == ("fonts/data/a.ttf",)


@pytest.mark.parametrize(
    ("values", "files"),
    [
        ([], None),
        (["disk=nothing"], None),
        (["disk=texts"], ("texts/own.txt",)),
        (["disk=*.ttf", "memory=b.ttf"], ("fonts/data/a.ttf",)),
        (["memory=b.ttf", "disk=*.ttf"], ("fonts/data/a.ttf", "fonts/data/b.ttf")),
        (["disk=/fonts/data/", "memory=**", "disk=/other/*.txt"], ("other/a.txt",)),
        (["disk=fonts-1.0.dist-info"], ("fonts-1.0.dist-info/METADATA",)),
    ],
)
def test_later_patterns_go_before_earlier_ones(values, files):
    found = on_disk(parse(values), FILES)
    assert (found and found.files) == files


def test_pattern_that_matches_nothing_is_found():
    assert unmatched(parse(["disk=*.ttf", "memory=*.woff"]), FILES) == [Rule("memory", "*.woff")]


@pytest.mark.parametrize(
    ("values", "message", "hint"),
    [
        (["sometimes"], "`--files sometimes` is none of its values", "give `auto`, `overlay`, `never` or `PLACE=GLOB`"),
        (["tape=*.txt"], "`--files tape=*.txt` names no place that there is", "a place is `memory` or `disk`: `--files disk=GLOB`"),
        (["disk="], "`--files disk=` names no files", "give a pattern: `--files disk=package/data`"),
        (["disk"], "`--files disk` names no files", "give a pattern: `--files disk=package/data`"),
        (["overlay", "disk=x", "never"], "`--files overlay` and `--files never` contradict each other", "give one of them"),
    ],
)
def test_value_that_says_nothing_is_refused(values, message, hint):
    with pytest.raises(UsageError) as raised:
        parse(values)
    assert (raised.value.message, raised.value.hint) == (message, hint)


OPENS, PLAIN = Compiled({}, names_files=True), Compiled({})


@pytest.mark.parametrize(
    ("values", "compiled", "expected"),
    [
        ([], {"a.py": PLAIN, "x/y/__init__.py": OPENS}, ("start", "files: overlay installed at start, as `x.y` opens files next to itself")),
        ([], {"a.py": PLAIN, "z.py": OPENS},
         ("", "files: overlay installed when a module that opens files next to itself is imported, which no start does")),
        (["auto"], {"a.py": PLAIN}, ("", "files: overlay not needed, as no module opens files next to itself")),
        (["overlay"], {"a.py": PLAIN}, ("always", "files: overlay installed at every start, as `--files overlay` says")),
        (["never"], {"a.py": OPENS}, ("never", "files: overlay never installed, as `--files never` says")),
    ],
)  # fmt: skip
def test_decision_is_told_with_its_reason(values, compiled, expected):
    assert when(parse(values), ["a.py", "native.so", "x/y/__init__.py"], compiled) == expected
