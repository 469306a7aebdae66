"""Run a program and see what it writes: strace tells what it creates, opens for writing, renames or removes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path

from running import run

_CALLS = "open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2,unlink,unlinkat,rmdir,link,linkat,symlink,symlinkat,truncate"

#: A line that tells of a call that was done: one that is interrupted by another process's goes on elsewhere.
_LINE = re.compile(r"^\d+ +(?:(?P<call>\w+)\((?P<arguments>.*)|<\.\.\. (?P<resumed>\w+) resumed>(?P<rest>.*))$")
_DONE = re.compile(r"\) += (?!-1 )")
_WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE")
#: ``tempfile._RandomNameSequence``, and what compilers make up
_MADE_UP = re.compile(r"(?<![A-Za-z0-9])(?:tmp)?[A-Za-z0-9_]{8}(?![A-Za-z0-9_])")
_PATHS = re.compile(r'"((?:[^"\\]|\\.)*)"')


def tracer() -> str | None:
    """Return the path of strace, or None where it is not found."""
    return shutil.which("strace")


def run_watched(command: Sequence[str | Path], trace: Path, **options):
    """Return ``(finished process, paths that were written)``; ``options`` are those of ``running.run``."""
    program = tracer()
    assert program, "strace is needed"
    ran = run(program, "-f", "-qq", "--seccomp-bpf", "-s", "4096", "-e", f"trace={_CALLS}", "-o", trace, *command, **options)
    return ran, written(trace.read_text("utf-8", "replace"))


def written(text: str) -> set[str]:
    """Return the paths that the calls in a trace have created, opened for writing, renamed, linked or removed.

    Without those below /dev and /proc: memory, terminals, and what a process
    tells about itself.
    """
    found: set[str] = set()
    begun: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        process = line.split()[0]
        call, arguments = match["call"], match["arguments"]
        if call is None:
            call, arguments = match["resumed"], begun.pop(process, "") + match["rest"]
        elif arguments.endswith("<unfinished ...>"):
            begun[process] = arguments.removesuffix("<unfinished ...>")
            continue
        if not _DONE.search(arguments) or call.startswith("open") and not _WRITING.search(_PATHS.sub("", arguments)):
            continue
        found.update(path for path in _PATHS.findall(arguments) if not path.startswith(("/dev/", "/proc/")))
    return found


def named(paths: set[str], places: Mapping[str, str]) -> list[str]:
    """Return ``paths`` with words for directories, as ``places`` maps them, and question marks for what ``tempfile`` makes up."""
    found = set()
    for path in paths:
        for directory, word in places.items():
            if path == directory or path.startswith(directory + "/"):
                path = word + path[len(directory) :]
        found.add(_MADE_UP.sub("????????", path))
    return sorted(found)


def unexpected(paths: Sequence[str], expected: Sequence[str]) -> list[str]:
    """Return those of ``paths`` that match no pattern of ``expected``."""
    return [path for path in paths if not any(fnmatch(path, pattern) for pattern in expected)]
