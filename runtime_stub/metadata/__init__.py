"""Let ``importlib.metadata``, and its backports, look into a bundle as into a directory.

What they look at a path entry with, ``FastPath``, lists the names there and
joins them to it. It is taught to do so in bundles, so that all the rest (which
names match, in which order path entries are asked, what a distribution knows
of itself) is that of the Python, or of the backport, at hand. A version that
has no such class finds what the zip shows: METADATA and entry points.
"""

import functools
import importlib.metadata
import os
import sys

from .. import mounts
from ..finder import Distributions
from ..layout import FILE_KEY
from ..resources import BundlePath

_STANDARD = ("_frozen_importlib_external", "importlib._bootstrap_external")
_taught = {}  # class to the number of mounts when its caches were cleared


def find(context):
    """Teach the finders on ``sys.meta_path`` that are asked next; return the distributions that none of them finds.

    There are none, save where no finder is left: a backport takes the standard
    one away, and a start that keeps the environment out takes away the backport.
    """
    others = [finder for finder in sys.meta_path if hasattr(finder, "find_distributions") and not isinstance(finder, Distributions)]
    for module in map(_module, others or [importlib.metadata.MetadataPathFinder]):
        kind = getattr(module, "FastPath", None)
        if kind is not None:
            _teach(kind)
    return () if others else importlib.metadata.MetadataPathFinder.find_distributions(context)


def _module(finder):
    """Return the module that has what ``finder`` looks at path entries with, or None."""
    name = (finder if isinstance(finder, type) else type(finder)).__module__
    return importlib.metadata if name in _STANDARD else sys.modules.get(name)


def _teach(kind):
    """Make the class ``kind`` see what is in mounted bundles; it may have listed one before that was mounted."""
    if kind not in _taught:
        kind.children = _children(kind.children)
    if _taught.get(kind) != len(mounts.present()):
        _taught[kind] = len(mounts.present())
        # since 3.10 there is one object for each path entry
        getattr(kind.__new__, "cache_clear", bool)()


def _children(original):
    @functools.wraps(original)
    def children(self):
        path = os.fspath(self.root)
        found = mounts.locate(path) if isinstance(path, str) else None
        if found is None:
            return original(self)
        self.joinpath = BundlePath(path).joinpath
        mount, directory = found
        listed = mount.store.list(directory, metadata=True)
        return [name for key, name, _ in listed if key == FILE_KEY and name.lower().endswith("-info")]

    return children
