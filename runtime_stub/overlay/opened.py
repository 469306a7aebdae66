"""Hand out files of a bundle as real, readable, seekable files in memory."""

import errno
import io
import os

from ..layout import ContainerError
from ..native.memory import memory_file
from . import tree

_open = io.open


def open_file(mount, inside, path, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
    """Return what ``open(path, mode, ...)`` would, ``name`` being ``path``. Raises OSError as a read-only mount would."""
    if any(letter in mode for letter in "wax+"):
        if "x" in mode and mount.file(inside) is not None:
            raise tree.refuse(errno.EEXIST, path)
        raise tree.refuse(errno.EROFS, path)
    data = tree.content(mount, inside, path)
    try:
        descriptor = memory_file(os.path.basename(inside), data)
    except ContainerError:
        return _without_descriptor(data, mode, encoding, errors, newline)
    try:
        return _open(path, mode, buffering, encoding, errors, newline, opener=lambda name, flags: descriptor)
    except BaseException:
        os.close(descriptor)
        raise


def _without_descriptor(data, mode, encoding, errors, newline):
    buffer = io.BufferedReader(io.BytesIO(data))
    return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding, errors, newline)


def open_descriptor(mount, inside, path, flags=0):
    """Return what ``os.open(path, flags)`` would: a descriptor of a file in memory."""
    if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
        raise tree.refuse(errno.EROFS, path)
    return memory_file(os.path.basename(inside), tree.content(mount, inside, path))


class Directory:
    """The iterator that ``os.scandir`` returns; ``form`` makes of text what names and paths are to be."""

    def __init__(self, mount, inside, path, form=str):
        self._entries = iter(
            [DirectoryEntry(mount, inside, path, form, *child) for child in tree.children(mount, inside, path)]
        )

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._entries)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Give back nothing: no descriptor is held."""
        self._entries = iter(())


class DirectoryEntry:
    """What ``os.scandir`` yields (the interface of ``os.DirEntry``)."""

    def __init__(self, mount, inside, path, form, name, entry, role):
        self.name = form(name)
        self.path = form(os.path.join(path, name))
        self._where = mount, inside + "/" + name if inside else name, entry, role

    def is_dir(self, *, follow_symlinks=True):
        """Return whether this is a directory."""
        return self._where[3] is None

    def is_file(self, *, follow_symlinks=True):
        """Return whether this is a file."""
        return self._where[3] is not None

    def is_symlink(self):
        """Return False: a bundle has no symbolic links."""
        return False

    def is_junction(self):
        """Return False."""
        return False

    def stat(self, *, follow_symlinks=True):
        """Return the ``os.stat_result``."""
        return tree.status_of(*self._where)

    def inode(self):
        """Return the inode number."""
        return self.stat().st_ino

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return "<DirEntry %r>" % self.name
