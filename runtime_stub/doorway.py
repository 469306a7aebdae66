"""Enter a bundle that no launcher started: by ``import httpie`` with the app file on ``sys.path``.

For each top-level name the zip has a doorway, a tiny module of the same
shape. zipimport runs it; it mounts the bundle and becomes the real module in
place, so that whoever holds the module object already (a lazy loader,
``module_from_spec``) holds the right one.
"""

import sys
from _frozen_importlib import _load

from .boot import mount
from .finder import Finder
from .layout import SOURCELESS


def enter(namespace, descriptor=None, tail=None):
    """Turn the doorway whose globals are ``namespace`` into the module that it stands for.

    Raises ModuleNotFoundError if the bundle has no such module, and whatever
    the module itself raises.
    """
    zipimporter = namespace["__loader__"]
    entered = mount(zipimporter.archive, descriptor, tail)
    # whoever found it before this first import will ask it for files: pkgutil.get_data
    zipimporter.get_data = entered.get_data
    name = namespace["__spec__"].name
    directory = zipimporter.prefix.replace("\\", "/").strip("/")
    spec = Finder(entered, directory).find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("`%s` has no module %s" % (entered.root, name), name=name, path=entered.root)
    if namespace["__name__"] == "__main__":
        # ``python -m six``: runpy has set the globals from the doorway's spec
        code = spec.loader.get_code(name)
    elif not spec.origin.endswith((".py", SOURCELESS)):
        # an extension module cannot come to be in place; zipimport then takes what it finds in sys.modules
        del sys.modules[name]
        _load(spec)
        return
    else:
        code = spec.loader.get_code(name)
    del namespace["_"]
    namespace.update(__spec__=spec, __loader__=spec.loader, __file__=spec.origin)
    if "__cached__" in namespace:
        namespace["__cached__"] = spec.cached
    if "__path__" in namespace:
        namespace["__path__"] = spec.submodule_search_locations
    # before the spec is visible: other threads wait for a module that is initialising
    spec._initializing = True
    try:
        exec(code, namespace)
    finally:
        spec._initializing = False
