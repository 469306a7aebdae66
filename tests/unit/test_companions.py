"""Programs that look for files by their own place are found, with what they may look for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bundler.analyse.companions import find
from bundler.stages import File

PROGRAM = b"\x7fELF... /proc/self/exe ..."


def found(*paths: str, program: bytes = PROGRAM, owners: dict[str, str] | None = None) -> dict[str, tuple[str, ...]]:
    """Return what is found among the files ``paths``; those whose name has an exclamation mark are programs."""
    files = [File(path.strip("!"), Path(path), executable=path.endswith("!"), owner=(owners or {}).get(path, "one")) for path in paths]
    return find(files, {file.path: program if file.executable else b"text" for file in files})


@pytest.mark.parametrize(
    "beside",
    [
        (),
        ("one/binaries/README.md", "one/binaries/__init__.py", "one/binaries/LICENSE"),
        ("one/data/table.csv", "one-1.dist-info/RECORD", "one/__init__.py", "one/py.typed"),
        ("one/binaries/_fast.cpython-311-x86_64-linux-gnu.so", "one/binaries/_fast.abi3.so"),
    ],
)
def test_program_with_nothing_to_look_for_stays_in_memory(beside):
    assert found("one/binaries/tool!", *beside) == {}


def test_program_is_put_beside_what_lies_in_its_directory():
    others = ("one/driver/__init__.py", "one/driver/lib/main.js")
    assert found("one/driver/tool!", *others, "one/other.txt") == {"one/driver/tool": others}


def test_program_in_bin_is_put_beside_what_lies_next_to_bin():
    assert found("one/data/bin/tool!", "one/data/share/rules.txt", "one/x.txt") == {"one/data/bin/tool": ("one/data/share/rules.txt",)}


def test_programs_of_an_environment_are_put_beside_each_other_and_not_beside_packages():
    others = ("bin/tool!", "bin/toolx!", "tool/__init__.py", "tool/data.txt", "tool-1.dist-info/METADATA", "share/doc/tool/README")
    assert found(*others) == {"bin/tool": ("bin/toolx", "share/doc/tool/README"), "bin/toolx": ("bin/tool", "share/doc/tool/README")}


def test_files_of_another_distribution_do_not_count():
    assert found("bin/tool!", "bin/other!", owners={"bin/other!": "two"}) == {}


@pytest.mark.parametrize(
    ("program", "is_one"),
    [
        (b"\x7fELF /proc/self/exe", True),
        (b"\x7fELF", False),
        (b"#!/bin/sh\nls /proc/self/exe", False),
        (b"\xcf\xfa\xed\xfe", True),
        (b"MZ" + bytes(0x3A) + (0x40).to_bytes(4, "little") + b"PE\0\0", True),
    ],
)
def test_program_tells_by_its_content_whether_it_asks_where_it_is(program, is_one):
    assert bool(found("one/tool!", "one/rules.txt", program=program)) == is_one


def test_library_that_is_executable_is_no_program():
    assert found("one/libtool.so.1!", "one/rules.txt") == {}
