"""Libraries are mapped from the app file where they lie in it as they are; where that cannot be, they load all the same; damage is found before they run."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from running import run

from bundler.analyse.mapping import plan
from runtime_stub.layout import PAGE
from runtime_stub.source import LocalFile

FORBIDDING = str(Path(__file__).with_name("forbidding.py"))
START = """
import sys
import native.one, other
def shown(path):
    with open("/proc/self/maps") as file:
        return sorted({line.split()[1] for line in file if line.rstrip().endswith(path)})
print([native.one.circle(), other.caught(), native.one.counted(), other.counted(), shown(sys.bundler_file)])
"""
RIGHT = [3, "thrown by a library", 1, 2]
MAPPED = "native/one.abi3.so: mapped from the app file"
NOT_MAPPED = "native/one.abi3.so: loaded from a file in memory"


@pytest.fixture(scope="session")
def app(python, build_app, material):
    return build_app({"__main__.py": START, "native/__init__.py": "", **material}, python=python, native="mapped", directory="with späces")


@pytest.fixture
def copy(newest, build_app, material, tmp_path):
    """The app for the newest Python, to be changed."""
    app = build_app({"__main__.py": START, "native/__init__.py": "", **material}, python=newest, native="mapped", directory="with späces")
    return shutil.copy(app, tmp_path / "copy.pyz")


def start(python, app, *before, **env):
    """Start ``app`` and return what it printed and what it told."""
    ran = run(*before, python, app, env={"PATH": os.environ["PATH"], "BUNDLER_VERBOSE": "1", "BUNDLER_STRICT": "1", "PYTHONUTF8": "1", **env})
    assert ran.returncode == 0, ran.stderr
    return eval(ran.stdout), re.findall("^bundler: (.*)$", ran.stderr, re.MULTILINE)


@pytest.mark.parametrize("disabled", ["", "ahead"])
def test_code_and_constants_are_mapped_from_the_app_file(python, app, disabled):
    (*right, maps), told = start(python, app, BUNDLER_DISABLE=disabled)
    assert right == RIGHT
    assert maps == ["r--p", "r-xp"]
    for name in ("native/one.abi3.so", "other.abi3.so", "carried.libs/libthrowing-1a2b3c4d.so.1", "carried.libs/libleft-1a2b3c4d.so"):
        assert told.count(name + ": mapped from the app file") == 1


def test_file_in_memory_has_little_of_a_mapped_library(python, app):
    program = """
import os
made = {}
create = os.memfd_create
def remembered(name, flags):
    made[name] = os.dup(create(name, flags))
    return os.dup(made[name])
os.memfd_create = remembered
import native.one
status = os.fstat(made["native/one.abi3.so"])
print([status.st_size, status.st_blocks * 512])
"""
    ran = run(python, app, "-c", program, env={"BUNDLER_INTERPRETER": "1", "BUNDLER_DISABLE": "ahead"})
    size, held = eval(ran.stdout)
    assert size > 350_000
    assert held < 40_000


@pytest.mark.parametrize(
    "broken", ["disabled", "bytes before it", "another first line"],
)  # fmt: skip
def test_library_is_loaded_from_memory_where_it_cannot_be_mapped(newest, copy, broken):
    env = {}
    content = Path(copy).read_bytes()
    if broken == "disabled":
        env["BUNDLER_DISABLE"] = "mapping"
    elif broken == "bytes before it":
        Path(copy).write_bytes(b"#!/bin/sh\n" + content)
    else:
        Path(copy).write_bytes(b"#!/usr/bin/env --split-string=python3 -X utf8 -W default -B -E" + content[content.index(b"\n") :])
    (*right, maps), told = start(newest, copy, **env)
    assert (right, maps) == (RIGHT, [])
    assert NOT_MAPPED in told and MAPPED not in told


def test_library_is_loaded_from_memory_where_there_is_no_ctypes(newest, copy):
    program = "import sys; sys.modules['_ctypes'] = None; sys.path.insert(0, sys.argv[1]); import native.one, other; print([native.one.circle(), other.caught()])"
    ran = run(newest, "-c", program, copy, env={"BUNDLER_VERBOSE": "1"})
    assert (ran.returncode, ran.stdout) == (0, "[3, 'thrown by a library']\n"), ran.stderr
    assert "bundler: " + NOT_MAPPED in ran.stderr


def test_library_is_loaded_from_memory_where_no_code_may_run_from_the_app_file(newest, copy):
    place = os.path.dirname(copy)
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,noexec "$1" || exit 77; shift; exec "$@"'
    command = [shutil.which("unshare") or pytest.skip("there is no unshare"), *(["-m"] if os.geteuid() == 0 else ["-rm"]), "sh", "-c", script, "sh", place]
    ran = run(*command, newest, copy, env={"PATH": os.environ["PATH"], "BUNDLER_VERBOSE": "1"})
    if ran.returncode == 77 or "unshare failed" in ran.stderr:
        pytest.skip("no file systems can be mounted here: " + ran.stderr)
    assert ran.returncode == 0, ran.stderr
    assert eval(ran.stdout) == [*RIGHT, []]
    assert "bundler: native/one.abi3.so: not mapped: the system does not map code from it" in ran.stderr
    assert "bundler: " + NOT_MAPPED in ran.stderr


def test_file_in_memory_takes_the_place_where_nothing_can_be_moved(newest, copy):
    (*right, maps), told = start(newest, copy, sys.executable, FORBIDDING, "mremap=ENOMEM", "--")
    assert (right, maps) == (RIGHT, [])
    assert MAPPED in told


@pytest.mark.parametrize("kind", ["map", "copy"])
@pytest.mark.parametrize("disabled", ["", "ahead"])
def test_damaged_library_is_refused_before_anything_of_it_runs(newest, copy, material, kind, disabled):
    content = bytearray(Path(copy).read_bytes())
    library = material["native/one.abi3.so"]
    begin = content.index(library)
    assert begin % PAGE == 0
    offset = next(line.split()[1] for line in plan(library).decode().splitlines() if line.startswith(kind))
    content[begin + int(offset) + 100] ^= 1
    Path(copy).write_bytes(content)
    ran = run(newest, copy, env={"BUNDLER_DISABLE": disabled})
    assert ran.returncode == 1
    assert re.search(r"ContainerError: `.*copy\.pyz` is damaged: the frame at \d+ is damaged$", ran.stderr.strip()), ran.stderr


def test_bundle_without_compiled_code_is_the_same_either_way(newest, build_app):
    one, other = (build_app({"__main__.py": "print(1)"}, python=newest, native=way) for way in ("compressed", "mapped"))
    read = [LocalFile(str(each)) for each in (one, other)]
    assert read[0].footer == read[1].footer
