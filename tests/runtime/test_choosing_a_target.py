"""A start chooses its target by the rules of ``packaging.tags``, which it does not import."""

from __future__ import annotations

import sys

import pytest
from packaging.tags import parse_tag
from running import evaluate, run

from bundler import platforms
from bundler.platforms import Platform
from bundler.stages import Target
from bundler.targets import wheel_tags
from runtime_stub import targets

PYTHONS = ["cp39", "cp311", "cp311d", "cp313", "cp313t", "cp313td", "cp315", "cp315t"]
PLATFORMS = ["manylinux_2_17_x86_64", "manylinux_2_36_x86_64", "manylinux_2_28_aarch64", "musllinux_1_2_x86_64", "macosx_14_0_arm64", "macosx_13_0_x86_64", "win_amd64", "win32"]  # fmt: skip
WHEELS = [
    "py3-none-any",
    "cp311-none-any",
    "cp313-none-any",
    "py3-none-manylinux_2_17_x86_64",
    *("%s-%s-%s" % (python[:5].rstrip("t"), python, platform) for python in PYTHONS for platform in PLATFORMS if "d" not in python),
    *("%s-%s" % (stable, platform) for stable in ("cp38-abi3", "cp313-abi3", "cp315-abi3t") for platform in PLATFORMS),
    "cp311-cp311-linux_x86_64",
    "cp313-cp313-musllinux_1_1_x86_64",
    "cp313-cp313-macosx_11_0_arm64",
]


def target(python: str, platform: Platform) -> Target:
    digits = python.strip("cptd")
    return Target((3, int(digits[1:])), python[2 + len(digits) :], platform, None, False)


def own(platform: Platform) -> tuple[str, tuple[int, int], str]:
    return platform.kind, platform.version, platform.machine


# since packaging 26
STABLE_FREE_THREADED = any(tag.abi == "abi3t" for tag in wheel_tags(target("cp315t", platforms.parse("win_amd64"))))


@pytest.mark.parametrize("tag", PLATFORMS)
@pytest.mark.parametrize("abi", PYTHONS)
def test_demands_are_met_where_packaging_would_take_the_wheel(abi, tag):
    platform = platforms.parse(tag)
    taken = set(wheel_tags(target(abi, platform)))
    wheels = WHEELS if STABLE_FREE_THREADED else [wheel for wheel in WHEELS if "abi3t" not in wheel]
    for wheel in wheels:
        (parsed,) = parse_tag(wheel)
        assert targets._meets(wheel, abi, own(platform)) == (parsed in taken), wheel


def chosen(names: list[str], python: str, tag: str, demands: str = "py3-none-any") -> str | None:
    pairs = [(name, demands) if isinstance(name, str) else name for name in names]
    place = targets.choose(pairs, python, own(platforms.parse(tag)))
    return None if place < 0 else pairs[place][0]


NAMES = ["%s-%s" % (python, platform) for python in ("cp315", "cp313", "cp313t", "cp311") for platform in ("manylinux_2_28_x86_64", "manylinux_2_28_aarch64", "musllinux_1_2_x86_64", "win_amd64")]  # fmt: skip


@pytest.mark.parametrize(
    "abi, platform, name",
    [
        ("cp313", "manylinux_2_36_x86_64", "cp313-manylinux_2_28_x86_64"),
        ("cp313t", "manylinux_2_36_x86_64", "cp313t-manylinux_2_28_x86_64"),
        ("cp313", "musllinux_1_2_x86_64", "cp313-musllinux_1_2_x86_64"),
        ("cp311", "manylinux_2_28_aarch64", "cp311-manylinux_2_28_aarch64"),
        ("cp315", "win_amd64", "cp315-win_amd64"),
        ("cp314", "win_amd64", "cp313-win_amd64"),  # the newest that is not newer
        ("cp316", "musllinux_1_2_x86_64", "cp315-musllinux_1_2_x86_64"),
        ("cp39", "manylinux_2_36_x86_64", "cp311-manylinux_2_28_x86_64"),  # the oldest of the newer ones
        ("cp311", "manylinux_2_17_x86_64", "cp311-manylinux_2_28_x86_64"),  # its files demand less than was asked for
        ("cp313", "macosx_14_0_arm64", "cp313-manylinux_2_28_x86_64"),  # no platform is its own: the Python decides
    ],
)
def test_target_for_this_python_and_platform_goes_before_others(abi, platform, name):
    assert chosen(NAMES, abi, platform) == name


def test_only_targets_whose_demands_are_met_are_taken():
    strict = [("cp313-manylinux_2_28_x86_64", "cp313-cp313-manylinux_2_28_x86_64"), ("cp311-linux_x86_64", "cp311-abi3-manylinux_2_17_x86_64")]
    assert chosen(strict, "cp313", "manylinux_2_36_x86_64") == "cp313-manylinux_2_28_x86_64"
    assert chosen(strict, "cp313", "manylinux_2_17_x86_64") == "cp311-linux_x86_64"
    assert chosen(strict, "cp312", "manylinux_2_36_x86_64") == "cp311-linux_x86_64"
    assert chosen(strict, "cp310", "manylinux_2_36_x86_64") is None
    assert chosen(strict, "cp313t", "manylinux_2_36_x86_64") is None
    assert chosen(strict, "cp313", "win_amd64") is None


def test_debug_build_goes_to_its_own_target_and_else_to_that_of_others():
    both = ["cp313d-linux_x86_64", "cp313-linux_x86_64"]
    assert chosen(both, "cp313d", "manylinux_2_36_x86_64") == both[0]
    assert chosen(both[1:], "cp313d", "manylinux_2_36_x86_64", "cp313-cp313-linux_x86_64") == both[1]
    assert chosen(both[:1], "cp313", "manylinux_2_36_x86_64", "cp313-cp313d-linux_x86_64") is None


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
before = set(sys.modules)
from runtime_stub import targets
loaded = sorted(set(sys.modules) - before - {"runtime_stub", "runtime_stub.targets"})
print([targets.own_python(), targets.own_platform(), loaded, targets.nothing_for([("cp30-win32", "cp30-none-any")])])
"""


def test_interpreter_says_what_it_is_without_importing_anything(python):
    root = targets.__file__.rpartition("runtime_stub")[0]
    name, (kind, version, machine), loaded, text = evaluate(python, PROGRAM, root, flags=("-I",))
    assert loaded == []
    known = evaluate(python, "import os, sys, sysconfig; print([sysconfig.get_config_var('SOABI'), os.uname().machine, os.confstr('CS_GNU_LIBC_VERSION')])")
    assert name.replace("cp", "cpython-") == known[0].rsplit("-", 3)[0]
    assert (kind, machine) == ("manylinux", known[1])
    assert "glibc %d.%d" % version == known[2]
    assert text == (
        "holds nothing for Python %s on Linux with glibc %d.%d, %s: it is for cp30-win32; `--target %s-manylinux_%d_%d_%s` adds it"
        % (name.replace("cp3", "3."), *version, machine, name, *version, machine)
    )


def test_of_many_targets_the_message_names_a_few():
    names = [("cp3%d-win32" % number, "py3-none-any") for number in range(10, 20)]
    assert "it is for cp310-win32, cp311-win32, cp312-win32, cp313-win32, cp314-win32, 5 more" in targets.nothing_for(names)


class _System:
    """What ``os.uname`` gives on another machine."""

    def __init__(self, release: str, machine: str) -> None:
        self.release, self.machine = release, machine


@pytest.mark.parametrize(
    "platform, release, machine, libc, found",
    [
        ("darwin", "20.6.0", "arm64", None, ("macosx", (11, 0), "arm64")),
        ("darwin", "24.1.0", "x86_64", None, ("macosx", (15, 0), "x86_64")),
        ("darwin", "25.0.0", "arm64", None, ("macosx", (26, 0), "arm64")),
        ("darwin", "19.6.0", "x86_64", None, ("macosx", (10, 15), "x86_64")),
        ("linux", "6.1", "aarch64", "glibc 2.31", ("manylinux", (2, 31), "aarch64")),
        ("linux", "6.1", "x86_64", None, ("musllinux", (1, 2), "x86_64")),
    ],
)
def test_other_systems_are_told_by_what_they_say(monkeypatch, platform, release, machine, libc, found):
    def confstr(name):
        if libc is None:
            raise ValueError("unrecognized configuration name")
        return libc

    monkeypatch.setattr(targets.sys, "platform", platform)
    monkeypatch.setattr(targets.os, "uname", lambda: _System(release, machine))
    monkeypatch.setattr(targets.os, "confstr", confstr)
    assert targets.own_platform() == found


@pytest.mark.parametrize("text, machine", [("64 bit (AMD64)", "amd64"), ("64 bit (ARM64)", "arm64"), ("32 bit (Intel)", "32")])
def test_windows_is_told_by_the_version_text(monkeypatch, text, machine):
    monkeypatch.setattr(targets.sys, "platform", "win32")
    monkeypatch.setattr(targets.sys, "version", "3.13.0 (tags/v3.13.0) [MSC v.1941 %s]" % text)
    assert targets.own_platform() == ("win", (0, 0), machine)
    tag = "win32" if machine == "32" else "win_" + machine
    assert targets.takes_platform(tag, targets.own_platform())


FILES = {"__main__.py": "import sys; print(sys.version_info[:2])\n"}


def test_file_of_pure_python_chooses_nothing(build_app):
    app = build_app(FILES)
    ran = run(sys.executable, app, "-c", "import sys; print([name for name in sys.modules if name.endswith('.targets')])", env={"BUNDLER_INTERPRETER": "1"})
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "[]\n", "")


def test_two_files_in_one_process_choose_each_for_itself(build_app):
    """The first has one target, and so nothing loaded that chooses."""
    plain = build_app({"one.py": "ONE = 1\n"}, library=True)
    several = build_app({"two.py": "TWO = 2\n"}, library=True, target=["current", "3.13"], name="several.zip")
    program = "import sys; sys.path[:0] = sys.argv[1:]; import one, two; print([one.ONE, two.TWO])"
    assert evaluate(sys.executable, program, plain, several) == [1, 2]
