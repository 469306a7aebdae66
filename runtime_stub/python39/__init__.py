"""What is other in Python 3.9: a loader is its own reader of resources, and ``importlib.resources.files`` never asks it.

Loaded on 3.9 only. Importing ``importlib._common`` takes pathlib, zipfile and
tempfile along, so it is changed when the application imports it, not before.
"""

from ..awaiting import after_import
from ..loader import Loader

_installed = False


def install():
    """Change the module behind ``importlib.resources`` once it is there, once."""
    global _installed
    if not _installed:
        _installed = True
        after_import("importlib._common", _change)
        for name in ("open_resource", "resource_path", "is_resource", "contents"):
            setattr(Loader, name, _of_reader(name))


def _of_reader(name):
    def method(self, *resource):
        return getattr(self.get_resource_reader(), name)(*resource)

    return method


def _change(common):
    original = common.from_package

    def from_package(package):
        loader = package.__spec__.loader
        if isinstance(loader, Loader):
            return loader.get_resource_reader().files()
        return original(package)

    common.from_package = from_package
