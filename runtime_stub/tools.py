"""Change what of the standard library reads sources by file name: modules, once they are imported, and printers in C.

Flat: nearly every application imports ``linecache`` by way of ``logging`` or
``traceback``, and loading a sub-package for that takes 0.2 to 0.7 ms. What a
tool then needs is loaded when it reads a file of a bundle.
"""

import sys
from _frozen_importlib import ModuleSpec, _find_spec

#: ``linecache`` asks a loader only where it is given the module's globals. The others open files themselves; and
#: what makes further interpreters (3.14) is to make them the application's.
TOOLS = {"linecache", "pdb", "trace", "unittest", "concurrent.interpreters", __package__}

_runtime = sys.modules[__package__]


def find_tool(fullname, path=None):
    """Return the spec that the finders have for the tool ``fullname``, with a loader that changes it; None if they have none."""
    if fullname == __package__:
        return find_kept(fullname)
    TOOLS.discard(fullname)  # one of the finders has called this
    try:
        spec = _find_spec(fullname, path)
    finally:
        TOOLS.add(fullname)
    if spec is not None and hasattr(spec.loader, "exec_module"):
        spec.loader = ChangingLoader(spec.loader, change_tool)
    return spec


def find_kept(fullname):
    """Return the spec of a part of the runtime that there is, but not in ``sys.modules`` any more; None if there is none."""
    module = _runtime
    for name in fullname.split(".")[1:]:
        # not an attribute: of a lazy import it would be loaded for that
        module = module.__dict__.get(name)
        if type(module) is not type(sys):
            return None
    return ModuleSpec(fullname, Keeper(module))


class Keeper:
    """Load ``module`` by putting it back: others hold it, and it holds what it has changed."""

    def __init__(self, module):
        self._module = module

    def create_module(self, spec):
        """Return the module."""
        return self._module

    def exec_module(self, module):
        """Do nothing: it has run."""


class ChangingLoader:
    """Do what ``loader`` does, give it its place back, and call ``change(module)``."""

    def __init__(self, loader, change):
        self._loader = loader
        self._change = change

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def exec_module(self, module):
        """Run the module and change it."""
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._change(module)


def change_present_tools():
    """Change what is imported already; where code is traced there is a debugger, or a tool that measures coverage."""
    for name in TOOLS - {__package__}:
        if name in sys.modules:
            change_tool(sys.modules[name])
    monitored = hasattr(sys, "monitoring") and (sys.monitoring.get_tool(0) or sys.monitoring.get_tool(1))  # 3.12
    if sys.gettrace() or monitored:
        serve_files()


def change_tool(module):
    """Let the tool ``module`` read the files of bundles; or make interpreters that are of the application."""
    if module.__name__ == "concurrent.interpreters":
        from .process import interpreters

        interpreters.change(module)
        return
    if module.__name__ != "linecache":
        serve_files()
        return
    original = module.updatecache
    if original.__module__ == __name__:
        return

    def updatecache(filename, module_globals=None):
        from .lines import update

        lines = update(module.cache, filename)
        return original(filename, module_globals) if lines is None else lines

    module.updatecache = updatecache


def serve_files():
    """Answer for the files of bundles to whoever opens them."""
    from .mounts import present

    for mount in present():
        mount.serve_files("a tool that reads sources is there")


def change_printers():
    """Have exceptions that C code prints, but those of the main thread, printed with source lines: see ``lines.printers``."""
    if sys.version_info < (3, 15):
        sys.unraisablehook = _show_unraisable
    if sys.version_info < (3, 13):
        import _thread

        original = getattr(_thread, "_excepthook", None)  # PyPy has none
        _thread._excepthook = _show_of_thread  # `threading` takes it from there
        threading = sys.modules.get("threading")
        if threading and threading.excepthook is original:
            threading.excepthook = threading.__excepthook__ = _show_of_thread


def _show_of_thread(args, /):
    from .lines.printers import show_of_thread

    show_of_thread(args)


def _show_unraisable(args, /):
    try:
        from .lines.printers import show_unraisable

        show_unraisable(args)
    except BaseException:  # as late in a shutdown
        sys.__unraisablehook__(args)
