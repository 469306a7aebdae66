"""Tell libraries of one SONAME apart: the dynamic linker takes the first that was loaded for all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from elftools.common.exceptions import ELFError

from bundler.analyse.elf import Linked, Words
from bundler.errors import ConflictError

Edges = Mapping[str, Mapping[str, str]]  #: path to the names of the libraries that the file needs, and their paths


def tell_apart(
    reached: Mapping[str, Edges], together: Collection[str], files: Mapping[str, Linked], contents: Mapping[str, bytes], owners: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return which libraries stand for others that are the same, by path, and the contents that were changed.

    ``reached`` has the edges that each file leads to, ``together`` those of them
    that are loaded from directories. Raise ConflictError if two distributions'
    libraries of one SONAME differ and one cannot be given another name.
    """
    users: dict[str, dict[str, set[str]]] = {}  # path to name to the paths that it may mean
    for edges in reached.values():
        for path, each in edges.items():
            for name, target in each.items():
                users.setdefault(path, {}).setdefault(name, set()).add(target)
    identities = _Identities(users, contents)
    same: dict[str, str] = {}
    changed: dict[str, bytes] = {}
    for soname, paths in sorted(_by_soname(users, files).items()):
        kinds: dict[str, list[str]] = {}
        for path in paths:
            kinds.setdefault(identities.of(path), []).append(path)
        for identity, (first, *others) in kinds.items():
            same.update((other, first) for other in others)
            if first == paths[0]:
                continue
            if any(edges.keys() & {first, *others} for path, edges in reached.items() if path in together) or not _rename(
                soname, _another(soname, identity), [first, *others], users, files, contents, changed
            ):
                if owners.get(first) != owners.get(paths[0]):
                    raise ConflictError(
                        f"`{owners.get(paths[0])}` and `{owners.get(first)}` carry different libraries of one name, `{paths[0]}` and `{first}`, "
                        "which cannot be told apart",
                        hint=f"have one of them on disk with `--files disk=GLOB`, or leave it out with `--exclude {first}`",
                    )
    return same, changed


def _by_soname(users: Mapping[str, Mapping[str, set[str]]], files: Mapping[str, Linked]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for each in users.values():
        for paths in each.values():
            for path in paths:
                found.setdefault(files[path].soname, set()).add(path)
    return {soname: sorted(paths) for soname, paths in found.items() if soname}


class _Identities:
    """What libraries are: their bytes, and what they need."""

    def __init__(self, users: Mapping[str, Mapping[str, set[str]]], contents: Mapping[str, bytes]) -> None:
        self._users = users
        self._contents = contents
        self._known: dict[str, str] = {}

    def of(self, path: str) -> str:
        """Return the same text for two paths whose libraries are the same."""
        if path not in self._known:
            self._known[path] = digest = hashlib.sha256(self._contents[path]).hexdigest()  # for circles
            below = [(name, sorted(map(self.of, targets))) for name, targets in sorted(self._users.get(path, {}).items())]
            self._known[path] = hashlib.sha256(repr((digest, below)).encode()).hexdigest()
        return self._known[path]


def _another(soname: str, identity: str) -> str:
    """Return another name of the same length: ``libz-1a2b3c4d.so.1`` for ``libz-32a4b2a6.so.1``."""
    stem, dot, suffix = soname.partition(".so")
    if len(stem) < len("lib1234"):
        stem, dot, suffix = soname, "", ""
    room = min(len(stem) - len("lib"), 8)
    return stem[: len(stem) - room] + identity[:room] + dot + suffix


def _rename(
    old: str,
    new: str,
    paths: list[str],
    users: Mapping[str, Mapping[str, set[str]]],
    files: Mapping[str, Linked],
    contents: Mapping[str, bytes],
    changed: dict[str, bytes],
) -> bool:
    """Give the libraries at ``paths`` the name ``new``, in them and in what needs them, and tell whether that could be done."""
    concerned = set(paths)
    for path, names in users.items():
        if names.get(old, set()) & concerned:
            if not names[old] <= set(paths):
                return False  # it means now one and now another
            concerned.add(path)
    done = {}
    for path in sorted(concerned):
        if "libc.so.6" not in files[path].needed or len(new) < len("lib1234"):
            return False  # musl goes by the names of files
        try:
            content = Words(changed.get(path, contents[path])).renamed(old, new)
        except (ELFError, ValueError, StopIteration):
            content = None
        if content is None:
            return False
        done[path] = content
    changed.update(done)
    return True
