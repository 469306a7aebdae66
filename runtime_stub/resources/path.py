"""A ``pathlib.Path`` inside a bundle, so that answers pass every test for a path."""

import errno
import io
import os
import sys
from pathlib import Path

from ..mounts import locate
from ..overlay import opened, tree

_Path = type(Path())


class BundlePath(_Path):
    """A file or directory of a mounted bundle, by its full path under the app file.

    What nearly all code asks is answered here. What pathlib does by way of
    ``os`` and ``glob`` (patterns, walking, copying, all that would write) it
    does through the overlay, as that version of it does. A path that leads out
    of the bundle (``..``, an absolute one joined) is one like any other.
    """

    __slots__ = ()

    def place(self):
        """Return ``(mount, bundle path, path)``, or None for a path that leads out."""
        path = os.fspath(self)
        found = locate(path)
        if found and found[0].disk is not None and found[0].disk.holds(path):
            return None
        return found and (*found, path)

    def stat(self, **options):
        """Return the ``os.stat_result``. Raises FileNotFoundError or NotADirectoryError."""
        place = self.place()
        return tree.status(*place) if place else super().stat(**options)

    def lstat(self):
        """Return the ``os.stat_result``: there are no symbolic links."""
        place = self.place()
        return tree.status(*place) if place else super().lstat()

    def exists(self, **options):
        """Return whether there is such a file or directory."""
        place = self.place()
        return _is_directory(place) is not None if place else super().exists(**options)

    def is_dir(self, **options):
        """Return whether this is a directory; the app file is one, of what lies at the top."""
        place = self.place()
        return _is_directory(place) is True if place else super().is_dir(**options)

    def is_file(self, **options):
        """Return whether this is a file."""
        place = self.place()
        return _is_directory(place) is False if place else super().is_file(**options)

    def is_mount(self):
        """Return False inside a bundle, although its device is not that of what is around it."""
        return False if self.place() else super().is_mount()

    def resolve(self, strict=False):
        """Return the absolute path with no links in it. Raises OSError where there is nothing, if ``strict``."""
        if strict:
            # as realpath may not do: it sees that the app file is no directory
            self.stat()
        return super().resolve()

    def samefile(self, other_path):
        """Return whether ``other_path`` is the same file."""
        return super().samefile(type(self)(other_path))

    def open(self, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        """Open as the built-in function does. Raises OSError (EROFS for writing)."""
        place = self.place()
        if place is None:
            return super().open(mode, buffering, encoding, errors, newline)
        return opened.open_file(*place, mode, buffering, encoding, errors, newline)

    def read_bytes(self):
        """Return the content."""
        place = self.place()
        return tree.content(*place) if place else super().read_bytes()

    def read_text(self, encoding=None, errors=None, **options):
        """Return the content, decoded, with universal newlines."""
        place = self.place() if encoding else None
        if place is None:
            return super().read_text(encoding, errors, **options)
        # a file in memory takes five system calls, and ``importlib.metadata`` reads hundreds
        return io.TextIOWrapper(io.BytesIO(tree.content(*place)), encoding, errors, **options).read()

    def iterdir(self):
        """Return an iterator over what stands in the directory."""
        place = self.place()
        return iter([self / name for name in tree.names(*place)]) if place else super().iterdir()


def _is_directory(place):
    """Return True for a directory, False for a file, None for neither."""
    try:
        return tree.entry_at(*place)[1] is None
    except OSError as error:
        # before 3.14, pathlib lets other errors through
        if error.errno not in (errno.ENOENT, errno.ENOTDIR) and sys.version_info < (3, 14):
            raise
    except ValueError:  # a null in it
        pass
    return None
