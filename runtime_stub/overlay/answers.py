"""What functions that need little are told of a path in a bundle."""

import errno
import os

from ..layout import EXECUTABLE
from . import tree
from .advice import advise


def access(mount, inside, path, mode, **options):
    """Return whether the file may be used so: nothing may be written."""
    try:
        entry, role = tree.entry_at(mount, inside, path)
    except ValueError:
        return False
    if mode & os.W_OK:
        return False
    return not mode & os.X_OK or role is None or bool(entry.flags & EXECUTABLE)


def readlink(mount, inside, path):
    """Raise OSError: there are no links."""
    tree.entry_at(mount, inside, path)
    raise tree.refuse(errno.EINVAL, path)


def attributes(mount, inside, path, **options):
    """Return the extended attributes: none."""
    tree.entry_at(mount, inside, path)
    return []


def attribute(mount, inside, path, attribute, **options):
    """Raise OSError: there are no extended attributes."""
    tree.entry_at(mount, inside, path)
    raise tree.refuse(errno.ENODATA, path)


def file_system(mount, inside, path):
    """Return the ``os.statvfs_result`` of what the app file is on, read-only and full."""
    tree.entry_at(mount, inside, path)
    found = os.statvfs(mount.root)
    return os.statvfs_result((*found[:3], 0, 0, *found[5:8], found.f_flag | os.ST_RDONLY, found.f_namemax), {"f_fsid": found.f_fsid})


def directory(mount, inside, path):
    """Go to a copy of the directory, which lasts as long as this process: nobody can work in one that the operating system does not have."""
    if tree.entry_at(mount, inside, path)[1] is not None:
        raise tree.refuse(errno.ENOTDIR, path)
    from ..foreign.openable import openable

    try:
        os.chdir(openable(mount.path_of(inside)))
    except OSError as error:
        advise(error, "no process can work in a directory of `%s` but in a copy of it: give paths in full, or build with `--files disk=GLOB`" % mount.root)
        raise
