"""Let ``importlib.resources`` find what is beside the main module, which has no spec: see docs/DESIGN.md, "Other processes"."""

from types import SimpleNamespace

from ..awaiting import after_import
from ..loader import Loader
from .reader import LIBRARIES


def serve_main_module():
    """Change how an anchor becomes resources, once that is imported; since 3.12 an anchor may be left out, or no package."""
    for library in LIBRARIES:
        after_import(library + "._common", _change)


def _change(common):
    original = common.from_package

    def from_package(package):
        loader = getattr(package, "__loader__", None)
        if isinstance(loader, Loader) and package.__spec__ is None:
            package = SimpleNamespace(__name__=package.__name__, __spec__=SimpleNamespace(name=loader.name, loader=loader))
        return original(package)

    common.from_package = from_package
