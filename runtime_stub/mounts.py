"""Where bundles are mounted, and which paths are theirs.

A bundle that has been entered, by its launcher or through a doorway, is
*mounted*: paths at or under its file then belong to it.
"""

import errno
import os
from _io import FileIO

from .layout import CONTENT, DIRECTORY, EXTENSION, FILE_KEY, MODULE_KEY, NAMES_FILES, STARTS_CHILDREN
from .variables import enabled

by_root = {}  # absolute path of the app file to Mount
beside = {}  # absolute path of a directory outside to what of a bundle shows there (runtime_stub.beside)
_real = {}  # what :func:`linked` found each of by_root to be without links: there may be hundreds
roots = ()  #: the keys of these, as ``str.startswith`` wants them
SEPARATORS = (os.sep, os.altsep) if os.altsep else (os.sep,)


class Mount:
    """A store at a place in the file system: ``root`` is the absolute path of its app file."""

    def __init__(self, root, store, serves=True):
        self.root = root
        self.store = store
        self.serves = serves  # its files to whoever opens them (`--files never` says that it does not)
        self.disk = None  # what of it is on disk (`--files disk=GLOB`)
        self.launched = False  # by its launcher, as the application of this process

    def path_of(self, inside):
        """Return the full path of the bundle path ``inside``."""
        if not inside:
            return self.root
        root = self.disk.directory if self.disk is not None and self.disk.has(inside) else self.root
        return root + os.sep + inside.replace("/", os.sep)

    def file(self, inside):
        """Return ``(entry, role)`` of the file or directory at the bundle path ``inside``, or None.

        ``role`` is the part that holds a file's content, None for a directory.
        """
        store = self.store
        directory, _, name = inside.rpartition("/")
        metadata = directory.endswith("-info")
        entry = store.find(directory + FILE_KEY + name, metadata)
        if entry is not None:
            return entry, None if entry.kind == DIRECTORY else CONTENT
        # a module is filed under its name without the suffix
        stem = name.partition(".")[0]
        entry = store.find(directory + MODULE_KEY + stem, metadata)
        if entry is None:
            return None
        suffix = name[len(stem) :]
        if suffix == entry.suffix and EXTENSION in entry.parts:
            return entry, EXTENSION
        if suffix == ".py" and CONTENT in entry.parts:
            return entry, CONTENT
        return None

    def get_data(self, path):
        """Return the bytes of the file ``path``, which may lie elsewhere, too. Raises OSError if there is none."""
        path = str(path)
        place = locate(path)
        if place is None or path == place[0].root or place[0].disk is not None and place[0].disk.holds(path):
            with FileIO(path, "r") as file:
                return file.read()
        mount, inside = place
        found = mount.file(inside)
        number = errno.EISDIR
        if found is None and inside:
            parent = mount.file(inside.rpartition("/")[0])
            number = errno.ENOENT if parent is None or parent[1] is None else errno.ENOTDIR
        elif found is not None and found[1] is not None:
            if path[-1] not in SEPARATORS:
                return mount.store.read(*found)
            number = errno.ENOTDIR
        raise OSError(number, os.strerror(number), path)

    def prepare_for(self, flags):
        """Make ready for a module with ``flags``, which is about to run: it may open files next to itself, or start children."""
        if flags & NAMES_FILES:
            self.serve_files("a module that may open files next to itself is about to run")
        if flags & STARTS_CHILDREN and self.launched and enabled("children"):
            from .process import children

            children.install(self.root)

    def serve_files(self, reason, first=False):
        """Answer for the paths of bundles to whoever asks the operating system, unless this one was built to do without."""
        if self.serves and enabled("overlay"):
            from .overlay import install

            install(reason, first, self)


def enter(root, mount):
    """Have ``mount`` answer for the paths at or under ``root``."""
    global roots
    by_root[root] = mount
    roots = (*by_root, *beside)


def leave(directory):
    """Forget what is mounted there: a private directory that is about to be removed, or an app file that cannot be used."""
    global roots
    by_root.pop(directory, None)
    roots = (*by_root, *beside)


def inside_of(root, path):
    """Return the bundle path of ``path`` in the app file ``root``, or None where it lies elsewhere."""
    if not path.startswith(root):
        return None
    rest = path[len(root) :]
    if not rest:
        return ""
    if rest[0] not in SEPARATORS:
        return None
    if os.sep != "/":
        rest = rest.replace(os.sep, "/")
    rest = rest.strip("/")
    if "//" in rest or "/." in rest or rest.startswith("."):
        parts = []
        for part in rest.split("/"):
            if part == "..":
                if not parts:
                    return None
                parts.pop()
            elif part and part != ".":
                parts.append(part)
        rest = "/".join(parts)
    return rest


def locate(path):
    """Return ``(mount, bundle path)`` of a path at or under a mounted app file, or None."""
    if not os.path.isabs(path):
        try:
            path = os.path.join(os.getcwd(), path)
        except FileNotFoundError:  # the current directory is gone
            return None
    for root, mount in by_root.items():
        if path.startswith(root):
            inside = inside_of(root, path)
            if inside is not None:
                return mount, inside
    return None


def linked(path):
    """Return what :func:`locate` does for a path that leads to a mounted app file by its name without links; it has that name too from now on."""
    for root, mount in list(by_root.items()):
        real = _real[root] = _real.get(root) or os.path.realpath(root)
        if real != root and inside_of(real, path) is not None:
            enter(real, mount)
            return locate(path)
    return None


def present():
    """Return the mounts there are, in the order in which they were made."""
    return list(dict.fromkeys(by_root.values()))
