"""For which Pythons and platforms a file is to be: what the command line says, and what it means here."""

from __future__ import annotations

import dataclasses

import pytest
from known_targets import TARGETS
from packaging import tags

from bundler import targets
from bundler.errors import UsageError
from bundler.interpreter import OLDEST

CURRENT = dataclasses.replace(TARGETS[0], version=(3, 11, 7), platform="linux-x86_64", flags="", executable="/3.11")
OTHER = dataclasses.replace(CURRENT, version=(3, 14, 0), executable="/3.14")


def find(version, flags):
    """There is a 3.14 here."""
    return OTHER if (version, flags) == ((3, 14), "") else None


def read(*values, requires=None, platforms=()):
    return targets.read(values, requires, platforms, CURRENT, find)


def refused(*values, **options):
    with pytest.raises(UsageError) as caught:
        read(*values, **options)
    return caught.value.message, caught.value.hint


def names(found):
    return [each.name for each in found]


def test_nothing_asked_for_is_the_current_python():
    assert read() == [targets.of(CURRENT)]
    assert names(read()) == ["cp311-linux_x86_64"]


@pytest.mark.parametrize(
    "text, name, here, executable",
    [
        ("current", "cp311-linux_x86_64", True, "/3.11"),
        ("3.11", "cp311-linux_x86_64", True, "/3.11"),
        ("3.14", "cp314-linux_x86_64", True, "/3.14"),
        ("python3.14", "cp314-linux_x86_64", True, "/3.14"),
        ("3.12", "cp312-linux_x86_64", False, None),
        ("cp314t", "cp314t-linux_x86_64", False, "/3.14"),
        ("3.14td", "cp314td-linux_x86_64", False, "/3.14"),
        ("cp311-linux_x86_64", "cp311-linux_x86_64", True, "/3.11"),
        ("cp311-manylinux_2_28_x86_64", "cp311-manylinux_2_28_x86_64", False, "/3.11"),
        ("cp314-manylinux2014_aarch64", "cp314-manylinux_2_17_aarch64", False, "/3.14"),
        ("cp314-cp314-win_amd64", "cp314-win_amd64", False, "/3.14"),
        ("3.10-musllinux_1_2_aarch64", "cp310-musllinux_1_2_aarch64", False, None),
    ],
)
def test_target_is_read(text, name, here, executable):
    (found,) = read(text)
    assert found.name == name
    # what is here can be built for
    assert found.here == here
    assert (found.interpreter and found.interpreter.executable) == executable


def test_newest_python_goes_first_and_each_target_is_there_once():
    found = read("3.9", "cp314-win_amd64", "3.14", "cp314-win_amd64", "3.12")
    assert names(found) == ["cp314-win_amd64", "cp314-linux_x86_64", "cp312-linux_x86_64", "cp39-linux_x86_64"]


def test_specifier_and_platforms_give_each_of_their_pairs():
    found = read(requires=">=3.14", platforms=["manylinux_2_28_x86_64", "win_amd64"])
    assert names(found) == ["cp315-manylinux_2_28_x86_64", "cp315-win_amd64", "cp314-manylinux_2_28_x86_64", "cp314-win_amd64"]


def test_specifier_alone_is_for_this_machine_and_platforms_alone_for_the_current_python():
    assert names(read(requires="<3.11")) == ["cp310-linux_x86_64", "cp39-linux_x86_64"]
    assert names(read(platforms=["win_amd64"])) == ["cp311-win_amd64"]
    assert names(read("3.14", platforms=["win_amd64"])) == ["cp314-linux_x86_64", "cp311-win_amd64"]


@pytest.mark.parametrize(
    "specifier, versions",
    [
        (">=3.14.3", ["cp315", "cp314"]),  # some 3.14 do
        ("==3.12.*", ["cp312"]),
        ("<=3.10", ["cp310", "cp39"]),
        (">3.13,!=3.14.0", ["cp315", "cp314", "cp313"]),
    ],
)
def test_minor_version_satisfies_if_one_of_its_releases_does(specifier, versions):
    assert [each.python for each in read(requires=specifier)] == versions


@pytest.mark.parametrize(
    "text, message",
    [
        ("latest", "`--target latest` names no Python"),
        ("", "`--target ` names no Python"),
        ("3.8", "`--target 3.8` is Python 3.8, and bundles run on 3.9 or later"),
        ("cp312t", "`--target cp312t`: Python 3.12 has no free-threaded build"),
        ("cp313-linux", "`linux` is not a platform tag"),
        ("cp313-macosx_11_0_universal2", "`macosx_11_0_universal2` is not a platform tag"),
    ],
)
def test_target_that_cannot_be_read_is_told(text, message):
    found, hint = refused(text)
    assert found == message
    assert hint


def test_hint_names_one_machine_where_the_tag_is_for_two():
    assert refused("cp313-macosx_11_0_universal2")[1] == "name one machine: `x86_64` or `arm64`"


def test_specifier_that_is_none_or_leaves_nothing_is_told():
    assert refused(requires="3.x") == ("`--requires-python 3.x` is no specifier of versions", "such as `>=3.10`")
    assert refused(requires=">=4")[0] == "no Python from 3.9 to 3.15 satisfies `>=4`"


def test_supported_versions_begin_with_the_oldest():
    assert targets.SUPPORTED[0] == OLDEST


def test_wheel_tags_of_a_python_that_is_here_are_those_that_packaging_names():
    (interpreter,) = (each for each in TARGETS if each.version[:2] == targets.of(TARGETS[0]).version)
    found = targets.wheel_tags(targets.of(interpreter))
    abis = ["cp%d%d" % interpreter.version[:2]]
    assert set(found) == {*tags.cpython_tags(interpreter.version[:2], abis), *tags.compatible_tags(interpreter.version[:2], abis[0])}


def test_free_threaded_python_takes_no_wheels_of_the_stable_abi():
    (plain, threaded) = (read("cp314%s-manylinux_2_28_x86_64" % flags)[0] for flags in ("", "t"))
    assert any(tag.abi == "abi3" for tag in targets.wheel_tags(plain))
    assert not any(tag.abi == "abi3" for tag in targets.wheel_tags(threaded))
    assert targets.wheel_tags(threaded)[0].abi == "cp314t"
