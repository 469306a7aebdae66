"""Change a module of the standard library, or of an application, once it is imported.

Importing it for that purpose would cost each start what only some need.
"""

import sys

from ..tools import ChangingLoader

_awaited = {}  # name of a module to the functions to call with it


def after_import(name, function):
    """Call ``function(module)`` after the module ``name`` was imported: at once, if it has been."""
    module = sys.modules.get(name)
    if module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False):
        function(module)
        return
    _awaited.setdefault(name, []).append(function)
    if not any(isinstance(finder, Awaiting) for finder in sys.meta_path[:1]):
        # in front of what finds the bundle's modules, which may have come since
        sys.meta_path[:] = [Awaiting(), *[finder for finder in sys.meta_path if not isinstance(finder, Awaiting)]]


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
                        spec.loader = ChangingLoader(spec.loader, _call)
                    return spec
        return None

    def invalidate_caches(self):
        """Do nothing: there is none."""


def _call(module):
    for function in _awaited.pop(module.__spec__.name, ()):
        function(module)
