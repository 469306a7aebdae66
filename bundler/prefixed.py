"""Data files that an installer puts below ``sys.prefix``: a wheel's ``*.data/data/share/jupyter`` (PEP 491).

In the bundle they stand at its root, as ``pip install --target`` has them. An
app shows them below the ``sys.prefix`` of its start to modules that look there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import replace
from pathlib import Path

from bundler.stages import Compiled, File

#: Of what lies below a prefix the directories in which programs look for data of their own.
TOPS = ("share", "etc")
#: Of these what is for people, not programs.
_FOR_PEOPLE = ("share/man/", "share/doc/", "share/info/")


def _mark(name: str) -> bytes:
    return bytes([len(name)]) + name.encode()  # as marshal writes a short ASCII string


_SYS, _SYSCONFIG, _SITE = map(_mark, ("sys", "sysconfig", "site"))
_OF_SYS = tuple(map(_mark, ("prefix", "exec_prefix")))
_OF_SYSCONFIG = tuple(map(_mark, ("get_path", "get_paths")))
_OF_SITE = (_mark("PREFIXES"),)


def directories(files: Iterable[File]) -> tuple[str, ...]:
    """Return the directories (or files) of distributions that are to show below ``sys.prefix``, sorted: ``share/jupyter``."""
    paths = [file.path for file in files if file.owner]
    tops = [top for top in TOPS if f"{top}/__init__.py" not in paths]
    return tuple(sorted({"/".join(path.split("/")[:2]) for path in paths if path.partition("/")[0] in tops and not path.startswith(_FOR_PEOPLE)}))


def word(directory: str) -> str:
    """Return ``directory`` as a word of the manifest's line ``files``."""
    return directory.replace("%", "%25").replace(" ", "%20")


def looks_there(compiled: Compiled) -> bool:
    """Tell whether a module names ``sys.prefix`` or a way to ask for it; any doubt is a yes."""
    data = next(iter(compiled.code.values()), b"")
    return any(
        module in data and any(name in data for name in names)
        for module, names in ((_SYS, _OF_SYS), (_SYSCONFIG, _OF_SYSCONFIG), (_SITE, _OF_SITE))
    )


def mark(compiled: Mapping[str, Compiled], files: Iterable[File]) -> Mapping[str, Compiled]:
    """Return ``compiled``, in which modules that look below ``sys.prefix`` count as such that open files, if any are there."""
    if not directories(files):
        return compiled
    return {path: replace(each, names_files=each.names_files or looks_there(each)) for path, each in compiled.items()}


def take(found: MutableMapping[str, File], claims: MutableMapping[str, object], directory: Path) -> None:
    """Add to ``found`` the data files outside ``directory`` that RECORD's ``claims`` name, as they do in an environment."""
    for claimed in list(claims):
        inside = claimed.rpartition("../")[2]
        if not claimed.startswith("../") or inside.partition("/")[0] not in TOPS or inside.startswith(_FOR_PEOPLE) or inside in found:
            continue
        origin = Path(os.path.normpath(directory.resolve() / claimed))
        if origin.is_file():
            found[inside] = File(inside, origin, bool(origin.stat().st_mode & 0o100))
            claims[inside] = claims.pop(claimed)
