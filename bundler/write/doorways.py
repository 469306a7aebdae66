"""Choose the doorways: the zip members through which a bundle is entered when no launcher started it."""

from __future__ import annotations

from collections.abc import Mapping

from bundler.standard_library import NAMES
from bundler.write.index import IndexEntry
from runtime_stub.layout import DIRECTORY, FILE_KEY, MODULE, MODULE_KEY, PACKAGE

# zipimport reads the whole directory of the zip at every start: 10,000 members cost 30 ms.
MOST = 1000


def doorways(entries: Mapping[str, IndexEntry]) -> tuple[list[str], int]:
    """Return the members to write, sorted, and how many names were left without one.

    A package's is ``x/__init__.py``, a module's ``x.py``; for a namespace
    package the directory (``x/``) and the doorways one level down. Never one
    with the name of a standard library module, of any version: the interpreter
    would find it before its own.
    """
    found = sorted(_inside(_by_directory(entries), ""))
    if len(found) > MOST:
        return found[:MOST], len(found) - MOST
    return found, 0


def _by_directory(entries: Mapping[str, IndexEntry]) -> dict[str, list[tuple[str, str, IndexEntry]]]:
    children: dict[str, list[tuple[str, str, IndexEntry]]] = {}
    for key, entry in entries.items():
        kind = MODULE_KEY if MODULE_KEY in key else FILE_KEY
        directory, name = key.split(kind)
        children.setdefault(directory, []).append((kind, name, entry))
    return children


def _inside(children: dict[str, list[tuple[str, str, IndexEntry]]], directory: str) -> list[str]:
    members = []
    for kind, name, entry in children.get(directory, ()):
        path = directory + "/" + name if directory else name
        if not name.isidentifier() or (not directory and name in NAMES):
            continue
        if kind == MODULE_KEY and entry.kind == MODULE and not name.startswith("__"):
            members.append(path + ".py")
        elif entry.kind == DIRECTORY and entry.flags & PACKAGE:
            members.append(path + "/__init__.py")
        elif entry.kind == DIRECTORY:
            below = _inside(children, path)
            if below:
                members += [path + "/", *below]
    return members
