"""Follow imports through the standard library of this interpreter, by reading."""

import importlib.util
import marshal
import os

from facts import imports

ROOT = os.path.dirname(os.__file__)


def sources(names):
    """Yield the source of each module of the standard library that importing ``names`` imports, each once.

    Names of anything else are passed over, and modules that have no source.
    Imports in functions are not followed.
    """
    seen = set()
    pending = list(reversed(names))
    while pending:
        name = pending.pop()
        path = None if name in seen else _path(name)
        seen.add(name)
        if path is None:
            continue
        try:
            with open(path, "rb") as file:
                source = file.read()
            found = imports(_code(path, source))
        except (OSError, SyntaxError, ValueError):
            continue
        yield source
        package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
        pending += [each for what in reversed(found) for each in reversed(_targets(package, *what))]


def _targets(package, name, level, members, inner):
    """Return the names of the modules that an import may import when a module of ``package`` runs, parents first."""
    if inner:
        return []
    parts = package.split(".")[: len(package.split(".")) - level + 1] if level else []
    parts += name.split(".") if name else []
    found = [".".join(parts[: end + 1]) for end in range(len(parts))]
    return found + [".".join([*parts, member]) for member in members]


def _path(name):
    """Return the path of a module's source in the standard library, or None."""
    stem = os.path.join(ROOT, *name.split("."))
    for path in (os.path.join(stem, "__init__.py"), stem + ".py"):
        if os.path.isfile(path):
            return path
    return None


def _code(path, source):
    """Return the code of a module, from its ``.pyc`` if that is of this source."""
    status = os.stat(path)
    try:
        with open(importlib.util.cache_from_source(path), "rb") as file:
            data = file.read()
        times = (int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF)
        if data[:4] == importlib.util.MAGIC_NUMBER and data[4:8] == bytes(4):
            if data[8:16] == b"".join(each.to_bytes(4, "little") for each in times):
                return marshal.loads(data[16:])
    except OSError:
        pass
    return compile(source, path, "exec", dont_inherit=True)
