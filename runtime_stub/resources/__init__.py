"""Resources of packages in a bundle (``importlib.resources``, PEP 302's ``get_data``)."""

import sys

from .path import BundlePath
from .reader import Reader, make_ready

__all__ = ["BundlePath", "Reader", "namespace_reader"]


def namespace_reader(path):
    """Return the reader of a namespace package whose ``__path__`` is ``path``, or None on 3.9, which has none for these."""
    if sys.version_info < (3, 10):
        # a backport finds the directories itself, if they are seen
        make_ready()
        return None
    from .namespace import NamespaceReader

    return NamespaceReader(path)
