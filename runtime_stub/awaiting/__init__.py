"""Change a module of the standard library, or of an application, once it is imported.

Importing it for that purpose would cost each start what only some need.
"""

import sys

_awaited = {}  # name of a module to the functions to call with it


def after_import(name, function):
    """Call ``function(module)`` after the module ``name`` was imported: at once, if it has been."""
    module = sys.modules.get(name)
    if module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False):
        function(module)
        return
    _awaited.setdefault(name, []).append(function)
    if not any(isinstance(finder, Awaiting) for finder in sys.meta_path):
        sys.meta_path.insert(0, Awaiting())


class Awaiting:
    """A finder in front of the others that finds what they find, and has the awaited functions called."""

    def find_spec(self, fullname, path=None, target=None):
        """Return None for a module that is not awaited; else the spec that the other finders have, its loader replaced."""
        if fullname not in _awaited:
            return None
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(fullname, path, target)
                if spec is not None:
                    if hasattr(spec.loader, "exec_module"):
                        spec.loader = _Loader(spec.loader)
                    return spec
        return None

    def invalidate_caches(self):
        """Do nothing: there is none."""


class _Loader:
    """A loader that does what ``loader`` does, gives it its place back, and calls the functions then."""

    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        for function in _awaited.pop(module.__spec__.name, ()):
            function(module)
