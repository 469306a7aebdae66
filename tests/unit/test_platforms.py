"""What a platform tag says is worked out from the tag alone, and agrees with those who are there."""

from __future__ import annotations

import os
import sys

import pytest
from interpreters import interpreters
from packaging import markers, tags

from bundler import platforms
from bundler.interpreter import describe


@pytest.mark.parametrize(
    "tag, kind, version, machine, system",
    [
        ("manylinux_2_28_x86_64", "manylinux", (2, 28), "x86_64", "linux"),
        ("musllinux_1_2_aarch64", "musllinux", (1, 2), "aarch64", "linux"),
        ("macosx_11_0_arm64", "macosx", (11, 0), "arm64", "darwin"),
        ("win_amd64", "win", (0, 0), "amd64", "win32"),
        ("win32", "win", (0, 0), "32", "win32"),
        ("linux_x86_64", "linux", (0, 0), "x86_64", "linux"),
    ],
)
def test_tag_is_read(tag, kind, version, machine, system):
    found = platforms.parse(tag)
    assert found == platforms.Platform(tag, kind, version, machine)
    assert found.system == system


@pytest.mark.parametrize(
    "old, new",
    [
        ("manylinux1_x86_64", "manylinux_2_5_x86_64"),
        ("manylinux2010_i686", "manylinux_2_12_i686"),
        ("manylinux2014_aarch64", "manylinux_2_17_aarch64"),
    ],
)
def test_older_names_are_those_of_newer_tags(old, new):
    assert platforms.parse(old) == platforms.parse(new)


@pytest.mark.parametrize("text", ["", "any", "linux", "manylinux_2_x86_64", "macosx_11_0_universal2", "win_x86", "cp313"])
def test_what_is_no_tag_of_one_machine_is_none(text):
    assert platforms.parse(text) is None


@pytest.mark.parametrize(
    "tag, first, last",
    [
        ("manylinux_2_18_x86_64", ["manylinux_2_18_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"], ["manylinux1_x86_64", "linux_x86_64"]),
        ("manylinux_2_18_aarch64", ["manylinux_2_18_aarch64"], ["manylinux2014_aarch64", "linux_aarch64"]),
        ("musllinux_1_2_x86_64", ["musllinux_1_2_x86_64", "musllinux_1_1_x86_64"], ["musllinux_1_0_x86_64", "linux_x86_64"]),
        ("macosx_11_0_arm64", ["macosx_11_0_arm64", "macosx_11_0_universal2"], ["macosx_10_4_universal2"]),
        ("win_arm64", ["win_arm64"], ["win_arm64"]),
    ],
)  # fmt: skip
def test_wheels_that_are_taken(tag, first, last):
    taken = list(platforms.parse(tag).wheels)
    assert taken[: len(first)] == first
    assert taken[-len(last) :] == last


@pytest.mark.skipif(not hasattr(os, "confstr") or sys.platform != "linux", reason="glibc says its version")
def test_wheels_of_this_machine_are_those_that_packaging_names():
    libc = os.confstr("CS_GNU_LIBC_VERSION").partition(" ")[2].replace(".", "_")
    found = platforms.parse("manylinux_%s_%s" % (libc, os.uname().machine))
    assert set(found.wheels) == set(tags.platform_tags())


def test_suffixes_of_extension_modules_are_those_of_the_interpreters_that_are_here():
    for path in interpreters().values():
        python = describe(path)
        platform = platforms.of_python(python.platform)
        if platform.kind == "linux":
            found = platforms.Platform("", "manylinux", (2, 28), platform.machine).suffixes(python.version[:2])
            assert found[0] == python.extension_suffixes[0]
            assert set(found) == set(python.extension_suffixes)  # 3.15 has those of the stable ABI in another order


@pytest.mark.parametrize(
    "tag, version, flags, suffixes",
    [
        ("manylinux_2_28_aarch64", (3, 11), "", (".cpython-311-aarch64-linux-gnu.so", ".abi3.so", ".so")),
        ("manylinux_2_28_i686", (3, 13), "t", (".cpython-313t-i386-linux-gnu.so", ".so")),
        ("manylinux_2_28_x86_64", (3, 11), "d", (".cpython-311d-x86_64-linux-gnu.so", ".cpython-311-x86_64-linux-gnu.so", ".abi3.so", ".so")),
        ("musllinux_1_2_x86_64", (3, 12), "", (".cpython-312-x86_64-linux-musl.so", ".cpython-312-x86_64-linux-gnu.so", ".abi3.so", ".so")),
        ("macosx_11_0_arm64", (3, 11), "", (".cpython-311-darwin.so", ".abi3.so", ".so")),
        ("win_amd64", (3, 13), "", (".cp313-win_amd64.pyd", ".pyd")),
        ("win32", (3, 14), "t", (".cp314t-win32.pyd", ".pyd")),
    ],
)  # fmt: skip
def test_suffixes_of_extension_modules_elsewhere(tag, version, flags, suffixes):
    assert platforms.parse(tag).suffixes(version, flags) == suffixes


@pytest.mark.skipif(sys.platform != "linux", reason="the tag is Linux's")
def test_markers_of_this_machine_are_those_that_packaging_judges_by():
    here = dict(markers.default_environment())
    found = platforms.parse("linux_%s" % os.uname().machine).markers(sys.version_info[:2])
    unknown = ("platform_release", "platform_version", "python_full_version", "implementation_version")
    assert {name: value for name, value in found.items() if name not in unknown} == {
        name: value for name, value in here.items() if name not in unknown
    }
    assert found.keys() == here.keys()


@pytest.mark.parametrize(
    "marker, holds",
    [
        ("sys_platform == 'win32'", {"win_amd64"}),
        ("platform_system == 'Darwin'", {"macosx_11_0_arm64"}),
        ("os_name == 'posix' and platform_machine == 'aarch64'", {"musllinux_1_2_aarch64"}),
        ("platform_machine == 'AMD64'", {"win_amd64"}),
        ("python_version < '3.14' and python_full_version >= '3.13.0'", {"win_amd64", "macosx_11_0_arm64", "musllinux_1_2_aarch64"}),
    ],
)
def test_markers_are_judged_as_there(marker, holds):
    found = {
        tag
        for tag in ("win_amd64", "macosx_11_0_arm64", "musllinux_1_2_aarch64")
        if markers.Marker(marker).evaluate(platforms.parse(tag).markers((3, 13)))
    }
    assert found == holds


@pytest.mark.parametrize(
    "tag, name",
    [
        ("manylinux_2_28_x86_64", "x86_64-manylinux_2_28"),
        ("manylinux_2_29_aarch64", "aarch64-manylinux_2_28"),
        ("manylinux2014_x86_64", "x86_64-manylinux_2_17"),
        ("musllinux_1_2_x86_64", "x86_64-unknown-linux-musl"),
        ("win32", "i686-pc-windows-msvc"),
    ],
)
def test_name_that_uv_has(tag, name):
    assert platforms.parse(tag).for_uv() == (name, {})


def test_uv_is_told_the_version_of_macos():
    assert platforms.parse("macosx_12_3_arm64").for_uv() == ("aarch64-apple-darwin", {"MACOSX_DEPLOYMENT_TARGET": "12.3"})


@pytest.mark.parametrize("tag", ["musllinux_1_1_x86_64", "manylinux_2_28_s390x", "manylinux_2_12_x86_64", "linux_x86_64"])
def test_uv_has_no_name_for_others(tag):
    assert platforms.parse(tag).for_uv() is None
