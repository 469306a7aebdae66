"""List a directory of which some files are on disk and others in memory."""

import os

from ..overlay.listed import Directory, DirectoryEntry


def completed(found, path, mount, inside, more):
    """Return ``found``, what is on disk in the directory ``path``, and of ``more``, what is in memory, that which is not: a list or an iterator, as it is.

    ``more`` holds ``(name, entry, role)`` for each.
    """
    if type(found) is list:
        names = [os.fsencode(name) if isinstance(path, bytes) else name for name, _, _ in more]
        return found + [name for name in names if name not in found]
    return Completed(found, [DirectoryEntry(mount, inside, os.fspath(path), *child) for child in more])


class Completed(Directory):
    """The entries of ``real``, an iterator of the operating system's, and those of ``more`` with other names."""

    def __init__(self, real, more):
        self._real = real
        self._entries = self._all(more)

    def _all(self, more):
        names = set()
        for entry in self._real:
            names.add(entry.name)
            yield entry
        for entry in more:
            if entry.name not in names:
                yield entry

    def close(self):
        """Close the operating system's iterator."""
        super().close()
        self._real.close()
