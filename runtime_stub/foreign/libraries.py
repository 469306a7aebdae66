"""Libraries in C of the standard library's that open paths themselves."""

import os
import sys

from .. import mounts
from ..layout import DIGEST
from ..overlay.advice import advise
from .openable import inside, leads_into, located, openable


def load(original, context, *paths, **options):
    """Load certificates into an ``ssl.SSLContext``."""
    return original(context, *map(openable, paths), **{name: openable(value) for name, value in options.items()})


def dlopen(original, name, *mode):
    """Open a library with the dynamic linker."""
    found = name and _native(name)
    if not found:
        return original(openable(name) if name else name, *mode)
    from ..native.libraries import open_file

    try:
        name = open_file(*found, mode[0] if mode else 0)
    except ImportError as error:
        raise OSError(str(error)) from error
    return original(name, *mode)


def dlopen_of(original, ffi, name=None, *flags):
    """Open a library by an ``FFI`` of cffi's."""
    return dlopen(lambda *given: original(ffi, *given), name, *flags)


def shown(original, path):
    """Return where the library stands in a bundle that the kernel shows as ``path`` among the mappings of this process (proc(5), ``maps``); else ``path``."""
    native = sys.modules.get(__package__.rpartition(".")[0] + ".native.libraries")
    return native and native.mapped_as(path) or path


def load_extension(original, loader, spec):
    """Create an extension module that the standard finder has found."""
    found = _native(loader.path)
    if not found:
        return original(loader, spec)
    from ..native.libraries import create_extension

    module = create_extension(*found, spec.name)
    module.__file__ = loader.path
    return module


def _native(path):
    """Return ``(mount, bundle path, entry, role)`` of a native file in a bundle, that is not on disk; None for any other path."""
    resources = sys.modules.get(__package__.rpartition(".")[0] + ".resources.local")
    if resources:
        # one for C code, which may have been loaded by its place before
        path = next((resource for resource, kept in list(resources.lasting.items()) if kept == (os.getpid(), path)), path)
    path = located(path)
    place = path and mounts.locate(path)
    found = place and place[0].file(place[1])
    return found and DIGEST in found[0].parts and (*place, *found) or None


def connect(original, database, *args, **options):
    """Open a database of SQLite: a copy in memory (3.11 and later), which refuses to be changed, else one on disk."""
    path = _path_of(database, options.get("uri"))
    if not inside(path):
        try:
            return original(database, *args, **options)
        except Exception as error:
            _explain(error, path)
            raise
    from sqlite3 import Connection

    if hasattr(Connection, "deserialize"):
        connection = original(":memory:", *args, **options)
        data = _database(path)
        if data:
            connection.deserialize(data)
    else:
        connection = original(openable(path), *args, **{**options, "uri": False})
    connection.execute("PRAGMA query_only = 1").close()
    return connection


def _explain(error, path):
    """Tell with ``error``, which says no more than that a database could not be opened, that it would be in a bundle."""
    root = leads_into(path)
    if root:
        advise(error, "`%s` is read-only: a new database must go elsewhere" % root)


def _database(path):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    if data:
        # "legacy" and not "WAL" (SQLite, "Database File Format", 1.3.3): a log would be a file of its own
        data[18:20] = b"\1\1"
    return bytes(data)


def _path_of(database, uri):
    """Return the path in ``database``, which may be a URI (SQLite, "Uniform Resource Identifiers")."""
    text = database if isinstance(database, str) else ""
    if not uri or not text.startswith("file:"):
        return database
    from urllib.parse import unquote, urlsplit

    return os.path.abspath(unquote(urlsplit(text).path))
