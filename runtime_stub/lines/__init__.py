"""The lines of a bundle's files by their name alone, as ``linecache`` has them of other files."""

import sys
from io import BytesIO, TextIOWrapper
from tokenize import detect_encoding

from .. import mounts

_EMPTY = ["\n"] if sys.version_info >= (3, 13) else []


def update(cache, filename):
    """Put the lines of the file ``filename`` into ``linecache.cache`` and return them, none if it is no text.

    Returns None if no bundle has such a file. The lines end where a file's do;
    those that ``linecache`` makes of what a loader gives end at form feeds too.
    """
    located = isinstance(filename, str) and filename.startswith(mounts.roots) and mounts.locate(filename)
    mount, inside = located or (None, "")
    try:
        found = mount.file(inside) if inside else None
        if found is None or found[1] is None:
            return None
        cache.pop(filename, None)
        data = mount.store.read(*found)
        encoding, _ = detect_encoding(BytesIO(data).readline)
        lines = TextIOWrapper(BytesIO(data), encoding).readlines()
    except (ImportError, SyntaxError, UnicodeDecodeError):
        return []
    if not lines:
        lines = list(_EMPTY)
    elif not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    # no time: a bundle's file does not change, and nothing is to be looked for on disk
    cache[filename] = len(data), None, lines, filename
    return lines
