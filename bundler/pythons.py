"""Find the Pythons of this machine: bytecode for a version is made by one of that version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bundler.errors import InterpreterError, UsageError
from bundler.interpreter import describe
from bundler.stages import Interpreter

Wanted = tuple[tuple[int, int], str]  #: a version and the flags of its ABI


class Found:
    """The Pythons of this machine, by version: those that are named, then those on PATH, of pyenv and of uv. Each is asked once."""

    def __init__(self, named: Sequence[str]) -> None:
        """Take the values of ``--python-for``, such as ``3.9=/usr/bin/python3.9``. Raises UsageError, or InterpreterError."""
        self._named: dict[Wanted, Interpreter] = {}
        self._known: dict[Wanted, Interpreter | None] = {}
        for text in named:
            matched = re.fullmatch(r"(\d+)\.(\d+)((?:t|d)*)=(.+)", text)
            if not matched:
                raise UsageError("`--python-for %s` names no Python" % text, hint="write it as `3.9=/usr/bin/python3.9`")
            command = shutil.which(matched[4])
            if command is None:
                raise InterpreterError("`%s` cannot be run: there is no such command" % matched[4], hint="name another with `--python-for`")
            found = describe(command)
            wanted = (int(matched[1]), int(matched[2])), "".join(sorted(set(matched[3]), reverse=True))
            if (found.version[:2], found.flags) != wanted:
                raise InterpreterError(
                    "`%s` is Python %s%s, not %s" % (matched[4], found.minor, found.flags, text.partition("=")[0]),
                    hint="name another with `--python-for`",
                )
            self._named[wanted] = found

    def __call__(self, version: tuple[int, int], flags: str = "") -> Interpreter | None:
        """Return the Python of ``version`` and with these ABI flags, or None if there is none here."""
        wanted = version, flags
        if wanted in self._named:
            return self._named[wanted]
        if wanted not in self._known:
            self._known[wanted] = next(filter(None, (_described(each, wanted) for each in _candidates(version, flags))), None)
        return self._known[wanted]


def _described(executable: str, wanted: Wanted) -> Interpreter | None:
    try:
        found = describe(executable)
    except InterpreterError:
        return None
    return found if (found.version[:2], found.flags) == wanted else None


def _candidates(version: tuple[int, int], flags: str) -> Iterator[str]:
    name = "%d.%d%s" % (*version, flags)
    command = "python" + name
    for place in os.get_exec_path():
        if found := shutil.which(command, path=place):
            yield found
    yield sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv", "versions")
    directories = [*pyenv.glob("%d.%d.*%s" % (*version, flags)), *pyenv.glob("%d.%d-dev*" % version)]
    for directory in sorted(directories, key=_newness, reverse=True):
        yield str(directory / "bin" / command)
    if uv := shutil.which("uv"):
        asked = [uv, "python", "find", "--no-python-downloads", "--no-project", "--quiet", name]
        done = subprocess.run(asked, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace")
        if done.returncode == 0:
            yield done.stdout.strip()


def _newness(directory: Path) -> list[int]:
    return [int(part) if part.isdigit() else -1 for part in re.split(r"(\d+)", directory.name)]
