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

from ..layout import DIGEST, EXECUTABLE, EXTENSION, NEEDS, TOGETHER, ContainerError
from ..variables import tell
from .pieces import pieces_of, placed

# symbols when they are called, and none for others: a library need not name all that it needs, or be one of a circle
_LIBRARY = getattr(os, "RTLD_LAZY", 0) | getattr(os, "RTLD_LOCAL", 0)

_NO_MODULE = "bundler_no_module"

_names = {}  # full path of a native file to the name that the dynamic linker has for it
_lock = RLock()
if hasattr(os, "register_at_fork"):
    # a child would wait for ever for another thread's lock
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)


def create_extension(mount, inside, entry, name):
    """Create the extension module ``name``, whose file has the bundle path ``inside``, and return it, not yet executed.

    Raises ContainerError where it cannot be loaded, and ImportError with what
    the dynamic linker says.
    """
    path = mount.path_of(inside)
    try:
        if path not in _names and NEEDS not in entry.parts and "_ctypes" not in sys.modules:
            # as with most: there is nothing to do that Python does not do
            origin, close = placed(mount.store, inside, entry, EXTENSION)
            try:
                module = create_dynamic(ModuleSpec(name, None, origin=origin))
            finally:
                close()
            _names[path] = origin
        else:
            origin = open_file(mount, inside, entry, EXTENSION, sys.getdlopenflags())
            # the real spec keeps its origin; the dynamic linker is told another
            module = create_dynamic(ModuleSpec(name, None, origin=origin))
    except ImportError as error:
        if not isinstance(error, ContainerError):
            error.name, error.path = name, path
        raise
    return module


def open_file(mount, inside, entry, role, mode):
    """Open a native file, after the libraries that it needs, and return the name that ``dlopen`` has for it from now on.

    ``mode`` is that of ``dlopen``. Raises ContainerError where it cannot be opened, and ImportError with what the dynamic linker says.
    """
    path = mount.path_of(inside)
    with _lock:
        if path not in _names:
            needs = mount.store.read(entry, NEEDS).decode("utf-8").split("\n")[:-1] if NEEDS in entry.parts else []
            if entry.flags & TOGETHER or needs and not _by_soname():
                _names[path] = os.path.join(_together(mount, [inside, *needs]), *inside.split("/"))
            else:
                # circles stand there with the file itself, which is opened before what needs it and is needed
                for each in needs if inside in needs else [*needs, inside]:
                    if each == inside:
                        _open(mount, inside, entry, role, mode)
                    else:
                        _open(mount, each, *mount.file(each), _LIBRARY)
        return _names[path]


def _open(mount, inside, entry, role, mode):
    path = mount.path_of(inside)
    if path in _names:
        return
    origin, close = placed(mount.store, inside, entry, role)
    try:
        from .linker import open_as
    except ImportError:  # a Python without _ctypes: importing what is no module has it opened, and left open
        before = sys.getdlopenflags()
        sys.setdlopenflags(mode)
        try:
            create_dynamic(ModuleSpec(_NO_MODULE, None, origin=origin))
        except ImportError as error:
            if _NO_MODULE not in str(error):
                raise
        finally:
            sys.setdlopenflags(before)
            close()
        _names[path] = origin
    else:
        try:
            _names[path] = open_as(origin, path, mode)
        except OSError as error:
            raise ImportError(str(error).replace(origin, path), path=path) from None
        finally:
            close()
    tell("%s: opened by the dynamic linker", path)


def _together(mount, paths):
    """Return a directory in which the files at these bundle paths stand."""
    from .ladder import tree

    def described(inside):
        entry, role = mount.file(inside)
        return inside, mount.store.read(entry, DIGEST), bool(entry.flags & EXECUTABLE), lambda: pieces_of(mount.store, entry, role)

    return tree([described(inside) for inside in paths])


def _by_soname():
    """Return whether libraries that are open serve whoever needs one of their SONAME, as glibc has it, and musl has not."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION").startswith("glibc")
    except (AttributeError, ValueError, OSError):
        return False
