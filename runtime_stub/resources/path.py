"""A ``pathlib.Path`` inside a bundle, so that answers pass every test for a path."""

import errno
import fnmatch
import os
from pathlib import Path

from ..finder import locate
from ..overlay import opened, tree


class BundlePath(type(Path())):
    """A file or directory of a mounted bundle, by its full path under the app file."""

    __slots__ = ()

    def _where(self):
        path = os.fspath(self)
        found = locate(path)
        if found is None:
            raise tree.refuse(errno.ENOENT, path)
        return found[0], found[1], path

    def stat(self, *, follow_symlinks=True):
        """Return the ``os.stat_result``. Raises FileNotFoundError."""
        return tree.status(*self._where())

    def lstat(self):
        """Return the ``os.stat_result``: there are no symbolic links."""
        return self.stat()

    def _role(self):
        """Return True for a directory, False for a file, None for neither."""
        try:
            return tree.entry_at(*self._where())[1] is None
        except OSError:
            return None

    def exists(self, *, follow_symlinks=True):
        """Return whether there is such a file or directory."""
        return self._role() is not None

    def is_dir(self, *, follow_symlinks=True):
        """Return whether this is a directory."""
        return self._role() is True

    def is_file(self, *, follow_symlinks=True):
        """Return whether this is a file."""
        return self._role() is False

    def open(self, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        """Open as the built-in function does. Raises OSError (EROFS for writing)."""
        return opened.open_file(*self._where(), mode, buffering, encoding, errors, newline)

    def read_bytes(self):
        """Return the content."""
        return tree.content(*self._where())

    def read_text(self, encoding=None, errors=None, newline=None):
        """Return the content, decoded, with universal newlines."""
        with self.open("r", -1, encoding, errors, newline) as file:
            return file.read()

    def iterdir(self):
        """Return an iterator over what stands in the directory."""
        where = self._where()
        return iter([self / name for name in tree.names(*where)])

    def glob(self, pattern, **options):
        """Return an iterator over what matches ``pattern``, ``**`` included."""
        return self._matching(list(Path(pattern).parts))

    def rglob(self, pattern, **options):
        """Return an iterator over what matches ``pattern`` here or below."""
        return self._matching(["**"] + list(Path(pattern).parts))

    def _matching(self, parts):
        if not parts:
            yield self
            return
        first, rest = parts[0], parts[1:]
        if first == "**":
            yield from self._matching(rest)
            if self.is_dir():
                for child in self.iterdir():
                    if child.is_dir():
                        yield from child._matching(parts)
        elif self.is_dir():
            for child in self.iterdir():
                if fnmatch.fnmatchcase(child.name, first):
                    yield from child._matching(rest)

    def walk(self, top_down=True, on_error=None, follow_symlinks=False):
        """Yield ``(directory, names of directories, names of files)`` as ``os.walk`` does."""
        children = list(self.iterdir())
        directories = [child.name for child in children if child.is_dir()]
        files = [child.name for child in children if not child.is_dir()]
        if top_down:
            yield self, directories, files
        for name in directories:
            yield from (self / name).walk(top_down, on_error, follow_symlinks)
        if not top_down:
            yield self, directories, files
