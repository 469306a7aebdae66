"""All files of a target together demand what one wheel with all of them would."""

from __future__ import annotations

from pathlib import Path

import pytest

from bundler import platforms
from bundler.demands import demanded
from bundler.stages import Distribution, File, Target


def demands(needed: dict[str, str | None], *, target: str = "cp311-manylinux_2_28_x86_64", sources: bool = True) -> str:
    """What ``target`` demands whose start needs these files, each of a wheel with these tags (``None``: of no wheel)."""
    python, _, tag = target.partition("-")
    files, distributions, contents = [], [], {}
    for number, (path, tags) in enumerate(needed.items()):
        owner = "d%d" % number
        files.append(File(path, Path("/nowhere"), owner=owner if tags else ""))
        if tags:
            distributions.append(Distribution(owner, "1", owner + "-1.dist-info"))
            contents[owner + "-1.dist-info/WHEEL"] = ("Wheel-Version: 1.0\nTag: %s\n" % tags.replace(" ", "\nTag: ")).encode()
    asked = Target((3, int(python[3:])), "", platforms.parse(tag), None, False)
    return demanded(asked, needed, files, contents, distributions, sources)


def test_nothing_native_runs_anywhere():
    assert demands({}) == "py3-none-any"


def test_bytecode_alone_demands_its_python():
    assert demands({}, sources=False) == "cp311-none-any"
    assert demands({"x.so": "cp38-abi3-manylinux_2_17_x86_64"}, sources=False) == "cp311-none-manylinux_2_17_x86_64"


@pytest.mark.parametrize(
    "tags, found",
    [
        ("cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux_2_17_x86_64"),
        ("cp311-cp311-manylinux2014_x86_64", "cp311-cp311-manylinux_2_17_x86_64"),
        ("cp311-cp311-manylinux_2_17_x86_64 cp311-cp311-manylinux_2_28_x86_64", "cp311-cp311-manylinux_2_17_x86_64"),
        ("cp311-cp311-manylinux_2_17_x86_64.manylinux_2_28_x86_64", "cp311-cp311-manylinux_2_17_x86_64"),
        ("cp38-abi3-manylinux_2_28_x86_64", "cp38-abi3-manylinux_2_28_x86_64"),
        ("py3-none-manylinux_2_17_x86_64", "py3-none-manylinux_2_17_x86_64"),
        ("cp311-cp311-linux_x86_64", "cp311-cp311-linux_x86_64"),
    ],
)
def test_file_demands_the_least_that_its_wheel_says(tags, found):
    assert demands({"x.so": tags}) == found


def test_file_of_no_wheel_demands_what_its_name_says():
    assert demands({"x.cpython-311-x86_64-linux-gnu.so": None}) == "cp311-cp311-manylinux_2_28_x86_64"
    assert demands({"x.abi3.so": None}) == "cp311-abi3-manylinux_2_28_x86_64"


@pytest.mark.parametrize(
    "first, second, found",
    [
        ("cp38-abi3-manylinux_2_17_x86_64", "cp310-abi3-manylinux_2_5_x86_64", "cp310-abi3-manylinux_2_17_x86_64"),
        ("cp38-abi3-manylinux_2_28_x86_64", "cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux_2_28_x86_64"),
        ("cp311-cp311-linux_x86_64", "cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux_2_17_x86_64"),
        ("py3-none-manylinux_2_28_x86_64", "cp38-abi3-manylinux_2_17_x86_64", "cp38-abi3-manylinux_2_28_x86_64"),
    ],
)
def test_several_files_demand_the_most_that_one_of_them_does(first, second, found):
    assert demands({"x.so": first, "y.so": second}) == demands({"x.so": second, "y.so": first}) == found


def test_wheel_for_two_machines_demands_the_one_of_the_target():
    found = demands({"x.so": "cp311-cp311-macosx_10_9_universal2"}, target="cp311-macosx_12_0_arm64")
    assert found == "cp311-cp311-macosx_10_9_arm64"


def test_windows_has_one_tag():
    assert demands({"x.pyd": "cp311-cp311-win_amd64"}, target="cp311-win_amd64") == "cp311-cp311-win_amd64"
