"""Resources of packages in a bundle (``importlib.resources``, PEP 302's ``get_data``)."""

from .path import BundlePath
from .reader import Reader

__all__ = ["BundlePath", "Reader"]
