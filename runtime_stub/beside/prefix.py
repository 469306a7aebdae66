"""Data files of distributions, where an installer puts them: below ``sys.prefix``.

A wheel's ``*.data/data/share/jupyter`` (PEP 491) becomes
``sys.prefix + "/share/jupyter"``, and code looks for it there. An app that its
launcher started sees the bundle's files before such as lie there; for the host
of a library those come first.
"""

import os
import sys
from _frozen_importlib_external import _os as system

from .. import mounts
from ..variables import tell


def serve(mount, directories):
    """Have files below ``directories``, bundle paths as the manifest writes them, show below ``sys.prefix``."""
    for each in directories:
        data = Data(mount, each.replace("%20", " ").replace("%25", "%"))
        tell("files: %s shows `%s` of the bundle", data.directory, data.inside)
        mounts.beside[data.directory] = data
    mounts.enter(mount.root, mount)


class Data:
    """What shows in one directory: it may exist, and then has what both have."""

    def __init__(self, mount, inside):
        self.mount = mount
        self.inside = inside
        self.directory = os.path.join(sys.prefix, *inside.split("/"))

    def _inside_of(self, path):
        inside = mounts.inside_of(self.directory, path)
        return None if inside is None else (self.inside + "/" + inside).strip("/")

    def find(self, path):
        """Return ``(mount, bundle path)`` of a file of the bundle's, or of what only it could have; None if the operating system has the answer."""
        inside = self._inside_of(path)
        found = None if inside is None else self.mount.file(inside)
        if found is None and inside:
            # only in a directory that only the bundle has: where nothing is, and nothing can be made
            directory = self.mount.file(inside.rpartition("/")[0])
            if directory is None or directory[1] is not None or _exists(os.path.dirname(path)):
                return None
        elif found is None or (found[1] is None or not self.mount.launched) and _exists(path):
            return None
        return self.mount, inside

    def completed(self, found, path):
        """Return ``found``, which a listing of the directory ``path`` gave, and what of the bundle shows there."""
        from ..overlay import tree
        from .listed import completed

        inside = self._inside_of(os.fsdecode(path))
        entry = inside and self.mount.file(inside)
        if not entry or entry[1] is not None:
            return found
        return completed(found, path, self.mount, inside, tree.children(self.mount, inside, path))


def _exists(path):
    try:
        system.lstat(path)
    except OSError:
        return False
    return True
