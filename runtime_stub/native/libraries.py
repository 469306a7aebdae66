"""Open native files of bundles with the dynamic linker: each once for the life of the process, after the libraries that it needs.

glibc goes by the string that a library was opened by, and by its SONAME: the
libraries of a wheel are opened first, in the order that the build has read from
them, and are then there for whoever needs them.
"""

import os
import sys
from _frozen_importlib import ModuleSpec
from _imp import create_dynamic
from _thread import RLock

from ..layout import CONTENT, DIGEST, EXECUTABLE, EXTENSION, MAPPING, NEEDS, TOGETHER, ContainerError
from . import ahead
from .ladder import load, place, tree
from .pieces import Pieces

try:
    #: whether libraries that are open serve whoever needs one of their SONAME: it is so with glibc, and not with musl
    _BY_SONAME = os.confstr("CS_GNU_LIBC_VERSION").startswith("glibc")
except (AttributeError, ValueError, OSError):
    _BY_SONAME = False

# symbols when they are called, and none for others: a library need not name all that it needs, or be one of a circle
_LATE = getattr(os, "RTLD_LAZY", 0) | getattr(os, "RTLD_LOCAL", 0)

_NO_MODULE = "bundler_no_module"

_names = {}  # full path of a native file to the name that the dynamic linker has for it
_lock = RLock()
if hasattr(os, "register_at_fork"):
    # a child would wait for ever for another thread's lock
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)


def create_extension(mount, inside, entry, role, name):
    """Create the extension module ``name`` of a native file, whose bundle path is ``inside``, and return it, not yet executed.

    Raises ContainerError where it cannot be loaded, and ImportError with what
    the dynamic linker says.
    """
    path = mount.path_of(inside)
    tried = []

    def create(origin):
        tried.append(origin)
        # the real spec keeps its origin; the dynamic linker is told another
        return create_dynamic(ModuleSpec(name, None, origin=origin)), origin

    try:
        if path in _names or NEEDS in entry.parts or MAPPING in entry.parts or _BY_SONAME and "_ctypes" in sys.modules:
            return create(open_file(mount, inside, entry, role, _flags()))[0]
        # as with most: there is nothing to do that Python does not do
        module, _names[path] = load(*_described(mount, inside, entry, role), create)
        return module
    except ImportError as error:
        if tried and tried[-1] in str(error):
            raise ImportError(str(error).replace(tried[-1], path), name=name, path=path) from None
        if error.path == path:
            error.name = name
        raise


def _flags():
    return sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else 0


def open_file(mount, inside, entry, role, mode):
    """Open a native file, after the libraries that it needs, and return the name that the dynamic linker has for it from now on.

    ``mode`` is that of ``dlopen``. Raises ContainerError where it cannot be
    opened, and ImportError with what the dynamic linker says.
    """
    path = mount.path_of(inside)
    with _lock:
        if path not in _names and not mode & getattr(os, "RTLD_NOLOAD", 0):
            needs = mount.store.read(entry, NEEDS).decode("utf-8").split("\n")[:-1] if NEEDS in entry.parts else []
            ahead.begin(mount, [inside, *reversed(needs)])
            if entry.flags & TOGETHER or needs and not _BY_SONAME:
                _names[path] = os.path.join(together(mount, [inside, *needs], True), *inside.split("/"))
            elif inside in needs:
                # of a circle: others that it needs are opened after it
                _open_all(mount, needs)
            else:
                _open_all(mount, needs)
                _open(mount, inside, entry, role, mode)
        return _names.get(path, path)


def _open_all(mount, paths):
    for inside in paths:
        _open(mount, inside, *mount.file(inside), _LATE)


def _open(mount, inside, entry, role, mode):
    path = mount.path_of(inside)
    if path in _names:
        return
    if not _BY_SONAME:
        # there is no name but that of a file, which must be there whenever it is opened
        _names[path], _ = place(*_described(mount, inside, entry, role))
        return

    def open_at(origin):
        if open_as is None:
            return _open_by_import(origin, mode)
        try:
            return open_as(origin, path, mode)
        except OSError as error:
            raise ImportError(str(error), path=origin) from None

    try:
        from .linker import open_as
    except ImportError:  # a Python without _ctypes
        open_as = None
    try:
        _names[path] = open_as and _mapped(mount, inside, entry, role, mode) or load(*_described(mount, inside, entry, role), open_at)
    except ImportError as error:
        if isinstance(error, ContainerError):
            raise
        raise ImportError(str(error).replace(error.path, path), path=path) from None


def _mapped(mount, inside, entry, role, mode):
    """Open a library that can be mapped from the app file and return its name, or None."""
    if not ahead.maps(entry):
        return None
    from .mapped import open_library

    try:
        return open_library(mount, inside, entry, role, mode)
    except OSError as error:
        raise ImportError(str(error), path=mount.path_of(inside)) from None


def _open_by_import(origin, mode):
    """Open a library by importing it: what is no module is opened all the same, and left open. Return its name."""
    before = sys.getdlopenflags()
    sys.setdlopenflags(mode)
    try:
        create_dynamic(ModuleSpec(_NO_MODULE, None, origin=origin))
    except ImportError as error:
        if _NO_MODULE not in str(error):
            raise
    finally:
        sys.setdlopenflags(before)
    return origin


def mapped_as(text):
    """Return the full path of an open library that is in memory, and that the kernel shows as ``text``; None if there is none."""
    name = text.partition(":")[2].replace(" (deleted)", "")
    return next((path for path in list(_names) if name and path.replace(os.sep, "/").endswith("/" + name)), None)


def together(mount, paths, shared=False):
    """Return a directory in which the files at these bundle paths stand, those that are ``shared`` as the same ones in all such directories.

    Raises ContainerError if there can or may be none.
    """

    def described(inside):
        entry, role = mount.file(inside)
        name, digest, pieces = _described(mount, inside, entry, role)
        return name, digest, bool(entry.flags & EXECUTABLE), pieces

    return tree([described(inside) for inside in paths], shared)


def _described(mount, inside, entry, role):
    """Return what the ladder is to know of a file: its name, its digest, and its bytes."""
    # of a source beside an extension the digest is not known
    digest = None if role == CONTENT and EXTENSION in entry.parts else mount.store.read(entry, DIGEST)
    return inside, digest, Pieces(mount, inside, entry, role)
