"""The functions that the overlay wraps, and how."""

import builtins
import io
import os
import sys

from ..finder import locate, mounts
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


# Module, name, what answers for a path in a bundle, and who calls it.
FUNCTIONS = (
    (builtins, "open", opened.open_file),  # everyone
    (io, "open", opened.open_file),  # pathlib
    (os, "open", opened.open_descriptor),  # tempfile, sendfile
    (os, "stat", tree.status),  # os.path.exists and its kin, pathlib, shutil
    (os, "lstat", tree.status),  # os.path.lexists, realpath
    (os, "listdir", tree.names),  # glob, shutil
    (os, "scandir", opened.Directory),  # os.walk, pathlib, shutil
    (os, "access", _access),
    (os, "listxattr", _attributes),  # shutil.copy2, copytree; Linux
)

# The app file itself is a file to every other function; these fail on a file, so that nothing is taken away.
LISTING = (tree.names, opened.Directory)

# Names that hold one of these functions since their module was imported: module, name in it, key in FUNCTIONS.
HOLDERS = (
    ("tokenize", "_builtin_open", (builtins, "open")),  # linecache, and so inspect and traceback
)

_installed = False


class Wrapped:
    """Call ``answer`` for a path in a bundle and ``original`` for any other.

    An object and not a function: 3.9's and 3.10's pathlib keep these in a
    class body, where a function would become a method.
    """

    def __init__(self, original, answer):
        self.original = original
        self.answer = answer
        self.__name__ = original.__name__
        self.__doc__ = original.__doc__

    def __call__(self, *args, **options):
        if args and not isinstance(args[0], int):
            found = self._in_bundle(args[0])
        elif "path" in options or "file" in options:
            found = self._in_bundle(options.get("path", options.get("file")))
            if found:
                args = (options.pop("path", None) or options.pop("file"),)
        else:
            found = None
        if found is None:
            return self.original(*args, **options)
        for name in ("dir_fd", "follow_symlinks", "effective_ids", "closefd", "opener"):
            options.pop(name, None)
        options = {"buffering" if name == "bufsize" else name: value for name, value in options.items()}
        options.pop("mode", None) if self.answer is opened.open_descriptor else None
        args = args[: 2 if self.answer is opened.open_descriptor else 6]
        path = os.fsdecode(args[0])
        result = self.answer(found[0], found[1], path, *args[1:], **options)
        if isinstance(args[0], bytes) and isinstance(result, list):
            return [os.fsencode(name) for name in result]
        return result

    def _in_bundle(self, path):
        if not isinstance(path, str):
            try:
                path = os.fsdecode(path)
            except TypeError:
                return None
        for mount in mounts():
            if mount.root in path:
                found = locate(path)
                return found if found and (found[1] or self.answer in LISTING) else None
        return None


def install():
    """Wrap the functions, once."""
    global _installed
    if _installed:
        return
    _installed = True
    tell("overlay: a module that may open files next to itself is about to run")
    for module, name, answer in FUNCTIONS:
        original = getattr(module, name, None)
        if original is None:
            continue
        wrapped = Wrapped(original, answer)
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
