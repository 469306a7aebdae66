"""Keep the environment out of an application that its launcher started.

Site-packages, the user's site, PYTHONPATH, finders that ``.pth`` files have
installed and modules that the environment has imported already and the bundle
also carries do not reach the app. Code that has run cannot be undone, nor
switches that it has set.
"""

import os
import sys

from .finder import Distributions, Front, path_hook
from .variables import enabled, tell


_STANDARD = (
    "_frozen_importlib",
    "_frozen_importlib_external",
    "importlib._bootstrap",  # so PyPy calls them once ``importlib`` was imported
    "importlib._bootstrap_external",
    "zipimport",
    __package__ + ".awaiting",
)


def isolate(mount, inherit="no"):
    """Let the environment reach the app at ``mount`` as ``inherit`` says.

    ``no``: not at all. ``fallback``: behind what the bundle has. ``prefer``:
    in front of it, as a bundle on a host's ``sys.path`` would stand. Return how
    many entries of ``sys.path`` stand behind those of the app.
    """
    # in a child that multiprocessing started runpy has put it there once more, and takes one away afterwards
    mine = [mount.root] * max(1, sys.path.count(mount.root))
    entries = _standard_library()
    standard = [path for path in sys.path if path in entries]
    others = [path for path in sys.path if path not in entries and path != mount.root and not _is_start(path, mount)]
    tell("sys.path entries of the environment: %s (inherit %s)", ", ".join(others) or "none", inherit)
    if inherit == "prefer":
        sys.path[:] = others + standard + mine
        return 0
    first = Front(mount) if enabled("front") else Distributions()
    if inherit == "fallback":
        sys.path[:] = mine + standard + others
        sys.meta_path[:] = [first] + [finder for finder in sys.meta_path if not isinstance(finder, Distributions)]
    else:
        sys.path[:] = mine + standard
        sys.meta_path[:] = [first] + [finder for finder in sys.meta_path if _is_standard(finder)]
        sys.path_hooks[:] = [hook for hook in sys.path_hooks if hook is path_hook or _is_standard(hook)]
    # it came with the runtime, or it is not worth being loaded
    sooner = sys.modules.get(__package__ + ".startup.library")
    if sooner and type(first) is Front and enabled("library"):
        first.library = sooner.library(first, standard, mount.store.manifest.get("shadows", ((),))[0])
    names = getattr(sys, "stdlib_module_names", sys.builtin_module_names)
    for name in list(sys.modules):
        top = name.partition(".")[0]
        if top not in names and top != "__main__" and _carried(mount, top) and _foreign(mount, name):
            tell("the environment's %s is not used", name)
            del sys.modules[name]
    return len(others) if inherit == "fallback" else 0


def _is_start(path, mount):
    """Return whether ``path`` is the app file as the interpreter was given it: relative, or through a link."""
    try:
        return os.path.abspath(path) == mount.root
    except FileNotFoundError:  # relative, and the current directory is gone
        return False


def _standard_library():
    """Return the path entries of the standard library."""
    library = os.path.dirname(os.__file__)
    version = "%d%d" % sys.version_info[:2]
    entries = {library, os.path.join(library, "lib-dynload")}
    for prefix in (sys.base_prefix, sys.base_exec_prefix, sys.prefix, sys.exec_prefix):
        entries.add(os.path.join(prefix, sys.platlibdir, "python" + version + ".zip"))
        entries.add(os.path.join(prefix, "lib", "python" + version + ".zip"))
        entries.add(os.path.join(prefix, sys.platlibdir, "python%d.%d" % sys.version_info[:2], "lib-dynload"))
    if os.name == "nt":
        entries.update((sys.base_prefix, os.path.join(sys.base_prefix, "DLLs")))
        entries.add(os.path.join(sys.base_prefix, "python" + version + ".zip"))
    return entries


def _is_standard(hook):
    module = getattr(hook, "__module__", None) or type(hook).__module__
    return module in _STANDARD


def _carried(mount, name):
    return mount.store.find("\0" + name) is not None or mount.store.find("\1" + name) is not None


def _foreign(mount, name):
    spec = getattr(sys.modules[name], "__spec__", None)
    return getattr(getattr(spec, "loader", None), "mount", None) is not mount
