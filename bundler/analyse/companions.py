"""Find the programs of a bundle that look for other files by their own place, and those files.

A program in memory has no place. One that needs none, as most do, runs from
there; the others have to be in a directory, with what they look for.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence

from bundler.analyse.binaries import ELF, is_native
from bundler.analyse.linking import Needs
from bundler.stages import File

# how a program of Linux learns its place, unless by the name that it was called by; it is in many that only ask
_OWN_PLACE = b"/proc/self/exe"

_PROGRAM_DIRECTORIES = ("bin", "sbin", "Scripts")
_LIBRARY = re.compile(r"\.(?:so|dylib|dll|pyd)(?:\.|$)")

#: What Python reads, and what people read.
_PYTHON = re.compile(r"\.(?:py|pyi|pyc|pth)$|/py\.typed$|\.(?:cpython-[^/]*|abi3)\.so$|\.pyd$")
_READING = re.compile(
    r"(?:^|/)(?:licen[cs]e|copying|copyright|notice|authors|readme|changes|changelog|history)[^/]*$|(?:^|/)(?:licenses|man|doc)/", re.IGNORECASE
)
_METADATA = (".dist-info", ".egg-info")


def accompany(needs: Mapping[str, Needs], files: Sequence[File], contents: Mapping[str, bytes]) -> dict[str, Needs]:
    """Return ``needs`` with the files that programs may look for, and which they must lie beside."""
    found = dict(needs)
    for path, others in find(files, contents).items():
        libraries = needs[path].libraries if path in needs else ()
        found[path] = Needs(tuple(dict.fromkeys(libraries + others)), together=True)
    return found


def find(files: Sequence[File], contents: Mapping[str, bytes]) -> dict[str, tuple[str, ...]]:
    """Return, for each program that may look for files of its distribution by its own place, the bundle paths of these.

    They are all files of the distribution below the directory that has the
    program's ``bin``, or below the program's own. Not counted, so that they
    make no difference by themselves, are Python's own files, licences and documentation.
    """
    owned: dict[str, list[str]] = {}
    for file in files:
        owned.setdefault(file.owner, []).append(file.path)
    found = {}
    for file in files:
        if file.executable and not _LIBRARY.search(file.path) and _asks_where_it_is(contents[file.path]):
            others = tuple(path for path in _below(_root(file.path), owned[file.owner]) if path != file.path)
            if any(not _PYTHON.search(path) and not _READING.search(path) for path in others):
                found[file.path] = others
    return found


def _asks_where_it_is(content: bytes) -> bool:
    # other systems than Linux have functions for it, and no files in memory
    return is_native(content) and (not content.startswith(ELF) or _OWN_PLACE in content)


def _root(path: str) -> str:
    directory = posixpath.dirname(path)
    return posixpath.dirname(directory) if posixpath.basename(directory) in _PROGRAM_DIRECTORIES else directory


def _below(root: str, paths: Sequence[str]) -> Iterable[str]:
    if root:
        return [path for path in paths if path.startswith(root + "/")]
    # where programs are installed they stand beside `share`, and packages are elsewhere
    packages = {_top(path) for path in paths if path.endswith(".py")}
    return [path for path in paths if _top(path) not in packages and not _top(path).endswith(_METADATA)]


def _top(path: str) -> str:
    return path.partition("/")[0]
