"""List a directory of which some files are on disk and others in memory."""

import os
from itertools import chain

from ..overlay.listed import Directory, DirectoryEntry


def completed(found, path, mount, inside, more):
    """Return ``found``, what is on disk in the directory ``path``, and ``more`` that is in memory: a list or an iterator, as it is.

    ``more`` holds ``(name, entry, role)`` for each.
    """
    if type(found) is list:
        names = [name for name, _, _ in more]
        return found + (list(map(os.fsencode, names)) if isinstance(path, bytes) else names)
    return Completed(found, [DirectoryEntry(mount, inside, os.fspath(path), *child) for child in more])


class Completed(Directory):
    """The entries of ``real``, an iterator of the operating system's, and then ``more``."""

    def __init__(self, real, more):
        self._real = real
        self._entries = chain(real, more)

    def close(self):
        """Close the operating system's iterator."""
        super().close()
        self._real.close()
