"""Paths that everyone can open, for paths of a bundle: as long as the process lives."""

import os

from .. import mounts
from ..overlay.paths import Outside, astray, place

_kept = {}  # path to the open context of its copy, and its own path


def inside(path):
    """Return whether ``path`` (text, bytes or PathLike) is that of a file or directory in a bundle."""
    return located(path) is not None


def leads_into(path):
    """Return the place of the bundle that ``path`` leads into, whether anything stands there or not; None if into none."""
    try:
        text = os.fsdecode(path)
        mount, _ = place(text) or astray(text) or (None, "")
    except (TypeError, ValueError, OSError, Outside):
        return None
    return mount and mount.root


def located(path):
    """Return the full path of the file or directory of a bundle that ``path`` (text, bytes or PathLike) leads to; None if it leads to none."""
    if type(path) is str and not path.startswith(mounts.roots) and (os.sep not in path or os.path.isabs(path)):
        return None  # nearly all
    try:
        text = os.fsdecode(path)
        mount, where = place(text) or astray(text) or (None, "")
    except (TypeError, ValueError, OSError, Outside):
        return None
    if not where or mount.file(where) is None:
        return None
    return mount.path_of(where)


def openable(path):
    """Return a path for ``path`` that C code and other processes can open; ``path`` itself if it is of no bundle.

    A file is in memory. A directory, and a database of SQLite, is copied to a
    private place which goes when the process ends. Raises OSError (EROFS) for
    these if the start is to write nothing.
    """
    where = located(path)
    if where is None:
        return path
    from ..resources.local import as_file, lasting_path
    from ..resources.path import BundlePath

    found = BundlePath(where)
    if found.is_file():
        memory = lasting_path(found)
        if memory is not None:
            return os.fsencode(memory) if isinstance(path, bytes) else memory
    if where not in _kept:
        from atexit import register

        context = as_file(found)
        _kept[where] = context, str(context.__enter__())
        register(_remove, where, os.getpid())
    copy = _kept[where][1]
    return os.fsencode(copy) if isinstance(path, bytes) else copy


def _remove(where, process):
    # a forked child may get here too: the copy is not its own
    if os.getpid() == process:
        _kept.pop(where)[0].__exit__(None, None, None)
