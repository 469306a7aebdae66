"""What Python 3.9 lacks: its ``importlib.resources.files`` never asks a package's loader.

Loaded on 3.9 only. Importing ``importlib._common`` takes pathlib, zipfile and
tempfile along, so it is changed when the application imports it, not before.
"""

import sys
from _frozen_importlib_external import PathFinder

from ..loader import Loader

MODULE = "importlib._common"


class Awaiting:
    """A finder that changes the module behind ``importlib.resources`` once it is imported."""

    def find_spec(self, fullname, path=None, target=None):
        """Return None for all names but one; that one's spec runs the module and then changes it."""
        if fullname != MODULE:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(fullname, path, target)
        loader = spec.loader

        def exec_module(module):
            del loader.exec_module
            loader.exec_module(module)
            _change(module)

        loader.exec_module = exec_module
        return spec


def install():
    """Change the module if it is there, else wait for it; once."""
    module = sys.modules.get(MODULE)
    if module is not None:
        _change(module)
    elif not any(isinstance(finder, Awaiting) for finder in sys.meta_path):
        sys.meta_path.insert(0, Awaiting())


def _change(common):
    original = common.from_package
    if original.__module__ == __name__:
        return

    def from_package(package):
        loader = package.__spec__.loader
        if isinstance(loader, Loader):
            return loader.get_resource_reader().files()
        return original(package)

    common.from_package = from_package
