"""Hand out files of a bundle as real, readable, seekable files in memory."""

import errno
import io
import os
from _io import open as _open

from ..layout import EXECUTABLE, ContainerError
from ..native.memory import memory_file
from . import refused, tree
from .paths import settle

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_TRUNC
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_TEMPORARY = getattr(os, "O_TMPFILE", 0) & ~_DIRECTORY


def open_file(mount, inside, path, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    """Return what ``open(path, mode, ...)`` would, ``name`` being ``path``. Raises OSError as a read-only mount would.

    ``closefd`` and ``opener`` make no difference to a file of a bundle.
    """

    def opening(name, flags):
        return open_descriptor(mount, inside, path, flags)

    try:
        return _open(path, mode, buffering, encoding, errors, newline, True, opening)
    except ContainerError:  # no files in memory
        buffer = io.BufferedReader(io.BytesIO(tree.content(mount, inside, path)))
        return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding, errors, newline)


def open_code(mount, inside, path):
    """Return what ``io.open_code`` would."""
    return open_file(mount, inside, path, "rb")


def open_descriptor(mount, inside, path, flags=0, mode=0o777, **options):
    """Return what ``os.open(path, flags)`` would: a descriptor of a file in memory, with the times and mode that it has here."""
    if flags & (_WRITING | os.O_CREAT) and settle(os.fsdecode(path)):
        return os.open(path, flags, mode)
    if flags & os.O_CREAT and mount.file(inside) is None:
        directory, _, name = inside.rpartition("/")
        if tree.entry_at(mount, directory, path)[1] is not None:
            raise tree.refuse(errno.ENOTDIR, path)
        refused.make(mount, directory, path, name)
    entry, role = tree.entry_at(mount, inside, path)
    if flags & os.O_CREAT and flags & os.O_EXCL:
        raise tree.refuse(errno.EEXIST, path)
    if role is None:
        if flags & _TEMPORARY:
            raise refused.read_only(mount, path)
        if flags & (_WRITING | os.O_CREAT):
            raise tree.refuse(errno.EISDIR, path)
        # there is no directory to have a descriptor of
        raise tree.refuse(errno.EISDIR if not flags & _DIRECTORY else errno.ENOTSUP, path)
    if flags & _DIRECTORY:
        raise tree.refuse(errno.ENOTDIR, path)
    if flags & _WRITING:
        raise refused.read_only(mount, path)
    descriptor = memory_file(os.path.basename(inside), mount.store.read(entry, role), entry.flags & EXECUTABLE)
    try:
        status = tree.status_of(mount, inside, entry, role)
        os.utime(descriptor, (tree.TIMESTAMP, tree.TIMESTAMP))
        os.fchmod(descriptor, status.st_mode & 0o777)
        # one that cannot be written through: mmap asks (and of a sealed one, before Linux 6.7, makes no shared map)
        reading = os.open("/proc/self/fd/%d" % descriptor, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except OSError:  # no /proc, or a kernel that refuses the others: content is what counts
        return descriptor
    os.close(descriptor)
    return reading
