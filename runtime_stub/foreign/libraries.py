"""Libraries in C of the standard library's that open paths themselves."""

import os
from functools import wraps

from .openable import inside, openable


def change_ssl(ssl):
    """Let OpenSSL read certificates, which it opens itself."""
    context = ssl.SSLContext
    for name in ("load_verify_locations", "load_cert_chain"):
        setattr(context, name, _opening(getattr(context, name)))


def _opening(original):
    @wraps(original)
    def load(self, *paths, **options):
        return original(self, *map(openable, paths), **{name: openable(value) for name, value in options.items()})

    return load


def change_ctypes(ctypes):
    """Let the dynamic linker open a library."""
    original = ctypes._dlopen

    @wraps(original)
    def _dlopen(name, *mode):
        return original(openable(name) if name else name, *mode)

    ctypes._dlopen = _dlopen


def change_sqlite3(sqlite3):
    """Let SQLite read a database: a copy in memory (3.11 and later), which refuses to be changed, else one on disk."""
    original = sqlite3.connect

    @wraps(original)
    def connect(database, *args, **options):
        path = _path_of(database, options.get("uri"))
        if not inside(path):
            return original(database, *args, **options)
        if hasattr(sqlite3.Connection, "deserialize"):
            connection = original(":memory:", *args, **options)
            data = _database(path)
            if data:
                connection.deserialize(data)
        else:
            connection = original(openable(path), *args, **{**options, "uri": False})
        connection.execute("PRAGMA query_only = 1").close()
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = connect


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
