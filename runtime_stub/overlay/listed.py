"""Directories of a bundle, as ``os.scandir`` gives them."""

import os

from . import tree


class Directory:
    """The iterator that ``os.scandir`` returns."""

    def __init__(self, mount, inside, path):
        self._entries = iter([DirectoryEntry(mount, inside, path, *child) for child in tree.children(mount, inside, path)])

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

    def __init__(self, mount, inside, path, name, entry, role):
        self.name = os.fsencode(name) if isinstance(path, bytes) else name
        self.path = os.path.join(path, self.name)
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
