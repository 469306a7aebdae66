"""Give files of a bundle a real place: those that it was built with ``--files disk=GLOB`` for.

For C code, and programs, that open paths which nobody hands on to them, and
for code that writes next to itself.
"""

import os
import sys
from _frozen_importlib_external import _os as system
from _io import FileIO

from .. import mounts
from ..layout import CONTENT, EXECUTABLE, ContainerError
from ..variables import strict, tell
from ..written import private

_FORBIDDEN = (
    "`%s` wants `%s` on disk while it runs, which BUNDLER_STRICT forbids: start it without that, or build it without `--files disk=GLOB`"
)
_IMPOSSIBLE = "`%s` wants `%s` on disk while it runs, which cannot be: %s (TMPDIR names another place)"


def place_files(mount, words):
    """Make the private directory that a manifest's line tells of. Raises ContainerError if that may not or cannot be."""
    try:
        mount.disk = Disk(mount, words)
    except ContainerError:
        mounts.leave(mount.root)
        sys.path_importer_cache.clear()  # whoever tries again shall be told again
        raise
    mounts.enter(mount.disk.directory, mount)


class Disk:
    """A private directory with files of ``mount``, until this process ends.

    ``words`` are those of the manifest's line (docs/FORMAT.md, section 8). What
    stands in the directory is real, and may be changed. The other files of what
    is imported from there are in memory, as in the app file, until somebody
    wants to change one: then it is copied. Raises ContainerError where this
    process may not, or cannot, write.
    """

    def __init__(self, mount, words):
        paragraphs = mount.store.content(words).decode("utf-8").split("\n\n")
        names, directories, files = (paragraph.strip("\n").split("\n") for paragraph in paragraphs)
        directories = list(filter(None, directories))
        if strict:
            raise ContainerError(_FORBIDDEN % (mount.root, files[0]), path=mount.root)
        self.names = frozenset(names)  #: of top-level modules and directories that are imported from here
        self._mount = mount
        self._settled = set()  # bundle paths that only the operating system knows about
        self.directory = None
        try:
            self.directory = private.make()
            for inside in directories:
                system.mkdir(self._path_of(inside))
            for inside in files:
                self.copy(inside)
        except OSError as error:
            if self.directory:
                private.remove(self.directory, os.getpid())
            raise ContainerError(_IMPOSSIBLE % (mount.root, files[0], error.strerror), path=mount.root) from error
        tell("disk: %s has the files that are to be there: %d", self.directory, len(files))

    def has(self, inside):
        """Return whether the bundle path ``inside``, with its suffix or without, is imported from here."""
        name = inside.partition("/")[0]
        return name in self.names or name.partition(".")[0] in self.names

    def _path_of(self, inside):
        return os.path.join(self.directory, inside.replace("/", os.sep))

    def find(self, path):
        """Return ``(mount, bundle path)`` of a file that is in memory only, or None: then the operating system has the answer."""
        inside = mounts.inside_of(self.directory, path)
        if not inside or inside in self._settled or _exists(path):
            return None
        found = self._mount.file(inside)
        if found is None or found[1] is None or not _exists(os.path.dirname(self._path_of(inside))):
            return None
        return self._mount, inside

    def covers(self, path):
        """Return whether the text ``path`` leads here."""
        return path.startswith(self.directory) and mounts.inside_of(self.directory, path) is not None

    def holds(self, path):
        """Return whether ``path`` leads here, and the operating system has the answer."""
        return self.covers(path) and self.find(path) is None

    def copy(self, inside):
        """Write the file at the bundle path ``inside``, which from now on is one like any other."""
        entry, role = self._mount.file(inside)
        path = self._path_of(inside)
        with FileIO(path, "x") as file:
            rest = memoryview(self._mount.store.read(entry, role))
            while rest:
                rest = rest[file.write(rest) :]
        if entry.flags & EXECUTABLE and role == CONTENT:
            system.chmod(path, 0o755)
        self._settled.add(inside)

    def settle(self, path):
        """Write the file that ``path`` leads to, if it is in memory only: it is about to be changed."""
        found = self.find(path)
        if found is not None:
            self.copy(found[1])

    def completed(self, found, path):
        """Return ``found``, which a listing of the directory ``path`` gave, and what of it is in memory only."""
        from ..beside.listed import completed

        text = os.fsdecode(path)
        inside = mounts.inside_of(self.directory, text)
        return completed(found, path, self._mount, inside, self._in_memory(inside, text))

    def _in_memory(self, inside, path):
        from ..overlay import tree

        try:
            children = tree.children(self._mount, inside, path)
        except OSError:  # made since
            return []
        if not inside:
            children = [child for child in children if self.has(child[0])]
        return [child for child in children if child[2] is not None and self.find(os.path.join(path, child[0]))]

    def lead_back(self, path):
        """See that a child of multiprocessing, which runs the file of the main module, comes to the launcher."""
        if self.find(path):
            with FileIO(path, "x") as file:
                file.write(_WAY_BACK % ascii(self._mount.root).encode())


_WAY_BACK = b"""from zipimport import zipimporter
__loader__ = zipimporter(%s)
exec(__loader__.get_code("__main__"))
"""


def _exists(path):
    try:
        system.lstat(path)
    except FileNotFoundError:
        return False
    except OSError:  # it leads through a file
        pass
    return True
