"""Tell apart what is in ``bin/``: scripts and programs that wheels carry, and scripts that installers make.

A wheel's script begins with ``#!python``, which an installer replaces by the
path of its interpreter (PEP 427). For each entry point it makes a wrapper.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from importlib.metadata import EntryPoint
from pathlib import Path

#: What installers write where the interpreter's path is too long for ``#!`` or has a space in it.
_THROUGH_SHELL = re.compile(rb"#!/bin/sh\r?\n'''exec' .*\r?\n' '''\r?\n")
_SHEBANG = re.compile(rb"#![^\n]*(python|pypy)[^\n]*\n?")


#: How programs of Linux, Windows and macOS begin (the last in either byte order, or for several processors).
_PROGRAM = re.compile(rb"\x7fELF|MZ|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe")


def is_python_script(path: Path) -> bool:
    """Tell whether the file is a Python script, by its first lines."""
    start = _start(path)
    return bool(_SHEBANG.match(start) or _THROUGH_SHELL.match(start))


def is_program(path: Path) -> bool:
    """Tell whether the file is a program for some processor, by its first bytes."""
    return bool(_PROGRAM.match(_start(path)))


def _start(path: Path) -> bytes:
    """Return the first bytes of the file; none if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(1024)
    except OSError:
        return b""


def normalised(data: bytes) -> bytes:
    """Return a script with the ``#!python`` that its wheel had in place of this machine's path."""
    for first in (_THROUGH_SHELL, _SHEBANG):
        if matched := first.match(data):
            return b"#!python\n" + data[matched.end() :]
    return data


def is_wrapper(path: Path, entry_points: Iterable[EntryPoint]) -> bool:
    """Tell whether an installer made the script for one of ``entry_points``.

    It has the name of one, or does nothing but import and call one: pip makes
    ``pip3.11`` as well, which is no entry point's name.
    """
    entry_points = list(entry_points)
    if path.stem.removesuffix("-script") in {each.name for each in entry_points} or path.name in {
        each.name for each in entry_points
    }:
        return True
    try:
        body = ast.parse(normalised(path.read_bytes())).body
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    if not body or not all(isinstance(node, (ast.Import, ast.ImportFrom, ast.If)) for node in body):
        return False
    imported = {
        f"{node.module}:{alias.name}" for node in body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    called = {f"{each.module}:{each.attr.split('.')[0]}" for each in entry_points}
    return bool(imported & called)
