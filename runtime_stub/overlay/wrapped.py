"""The functions that the overlay wraps, and how."""

import _io
import builtins
import io
import os
import sys

from .. import finder
from . import opened, tree
from ..layout import EXECUTABLE
from ..variables import tell


def _access(mount, inside, path, mode):
    try:
        entry, role = tree.entry_at(mount, inside, path)
    except OSError:
        return False
    if mode & os.W_OK:
        return False
    return not mode & os.X_OK or role is None or bool(entry.flags & EXECUTABLE)


def _attributes(mount, inside, path):
    tree.entry_at(mount, inside, path)
    return []


class Wrapped:
    """Call ``original`` for a path outside the mounted bundles, and ``answer(mount, inside, path, ...)`` for one inside.

    An object and not a function: 3.9's and 3.10's pathlib keep these in a
    class body, where a function would become a method. Each kind of function
    has a class of its own; where calls are many, its ``__call__`` begins with
    the question that answers nearly all of them, spelt out: 0.3 microseconds.
    """

    # The app file itself is a file to all functions but those that list: they fail on a file, so nothing is taken away.
    lists = False

    def __init__(self, original, answer):
        self.original = original
        self.answer = answer
        self.__name__ = original.__name__
        self.__doc__ = original.__doc__

    def find(self, path):
        """Return ``(mount, inside, path as text)`` of a path in a bundle, or None: bytes, PathLike, descriptors are welcome."""
        if type(path) is not str:
            if isinstance(path, int):
                return None
            try:
                path = os.fsdecode(path)
            except TypeError:
                return None
        if not path.startswith(finder.roots):
            return None
        found = finder.locate(path)
        return (*found, path) if found and (found[1] or self.lists) else None


class Opening(Wrapped):
    """``open``: keywords that make no difference to a file of a bundle are left out."""

    def __call__(self, file, *args, **options):
        if type(file) is str and not file.startswith(finder.roots):
            return self.original(file, *args, **options)
        found = self.find(file)
        if found is None:
            return self.original(file, *args, **options)
        options.pop("closefd", None)
        options.pop("opener", None)
        return self.answer(*found, *args[:5], **options)


class OpeningCode(Wrapped):
    """``io.open_code``."""

    def __call__(self, path):
        found = self.find(path)
        return self.original(path) if found is None else self.answer(*found, "rb")


class OpeningDescriptor(Wrapped):
    """``os.open``."""

    def __call__(self, path, flags, *args, **options):
        found = self.find(path)
        if found is None:
            return self.original(path, flags, *args, **options)
        return self.answer(*found, flags)


class Examining(Wrapped):
    """``os.stat`` and ``os.lstat``: a path in a bundle names the same file for good, and none is a link."""

    known = {}  #: the answers given, by path
    most = 4096

    def __call__(self, path, **options):
        if type(path) is str:
            if not path.startswith(finder.roots) or path in finder.roots:
                return self.original(path, **options) if options else self.original(path)
            status = self.known.get(path)
            if status is not None:
                return status
        found = self.find(path)
        if found is None:
            return self.original(path, **options)
        status = self.answer(*found)
        if len(self.known) >= self.most:
            self.known.clear()
        self.known[found[2]] = status
        return status


class Asking(Wrapped):
    """``os.access``, and ``os.listxattr``: the keywords are about links and users."""

    def __call__(self, path=None, *args, **options):
        found = self.find(path)
        if found is None:
            return self.original(path, *args, **options)
        options.pop("dir_fd", None)
        options.pop("follow_symlinks", None)
        options.pop("effective_ids", None)
        return self.answer(*found, *args, **options)


class Listing(Wrapped):
    """``os.listdir`` and ``os.scandir``: bytes ask for bytes."""

    lists = True

    def __call__(self, path=None):
        if type(path) is str and not path.startswith(finder.roots):
            return self.original(path)
        found = self.find(path)
        if found is None:
            return self.original(path)
        return self.answer(*found, os.fsencode if isinstance(path, bytes) else str)


# Module, name, how it is called, what answers for a path in a bundle, and who calls it.
FUNCTIONS = (
    (builtins, "open", Opening, opened.open_file),  # everyone
    (io, "open", Opening, opened.open_file),  # pathlib
    (io, "open_code", OpeningCode, opened.open_file),  # runpy
    (_io, "open_code", OpeningCode, opened.open_file),  # the loader of sources, which plug-ins are loaded with by path
    (os, "open", OpeningDescriptor, opened.open_descriptor),  # tempfile, sendfile
    (os, "stat", Examining, tree.status),  # os.path.exists and its kin, pathlib, shutil
    (os, "lstat", Examining, tree.status),  # os.path.lexists, realpath
    (os, "listdir", Listing, tree.names),  # glob, shutil
    (os, "scandir", Listing, opened.Directory),  # os.walk, pathlib, shutil
    (os, "access", Asking, _access),
    (os, "listxattr", Asking, _attributes),  # shutil.copy2, copytree; Linux
)

# Names that hold one of these functions since their module was imported: module, name in it, module and name as above.
HOLDERS = (
    ("tokenize", "_builtin_open", (builtins, "open")),  # linecache, and so inspect and traceback
)

_installed = False


def install():
    """Wrap the functions, once."""
    global _installed
    if _installed:
        return
    _installed = True
    tell("overlay: a module that may open files next to itself is about to run")
    for module, name, kind, answer in FUNCTIONS:
        original = getattr(module, name, None)
        if original is None:
            continue
        wrapped = kind(original, answer)
        setattr(module, name, wrapped)
        for supported in ("supports_dir_fd", "supports_fd", "supports_follow_symlinks", "supports_effective_ids"):
            functions = getattr(os, supported)
            if original in functions:
                functions.add(wrapped)
    for holder, name, (module, function) in HOLDERS:
        if holder in sys.modules:
            setattr(sys.modules[holder], name, getattr(module, function))
    accessor = getattr(sys.modules.get("pathlib"), "_NormalAccessor", None)
    for name in ("stat", "lstat", "listdir", "scandir", "open"):
        if accessor is not None and hasattr(accessor, name):
            setattr(accessor, name, getattr(io if name == "open" and sys.version_info >= (3, 10) else os, name))
