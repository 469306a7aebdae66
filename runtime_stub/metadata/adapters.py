"""What ``pkg_resources`` is to do with finders and loaders of a bundle: what it does with those of directories.

It looks that up by their class, among adapters that are registered with it
(its documentation, "Supporting custom importers"). Its own for directories ask
the operating system, so they need the overlay; the paths that they give,
``resource_filename`` among them, are those that a directory's modules have.
"""

from weakref import WeakSet

from .. import mounts
from ..finder import Finder
from ..loader import Loader

_known = WeakSet()  # a class of each ``pkg_resources`` that has them: there may be several, and they may be reloaded


def register(functions):
    """Register the adapters with the ``pkg_resources`` whose globals are ``functions``, once."""
    provider = functions["DefaultProvider"]
    if provider not in _known:
        _known.add(provider)
        for mount in mounts.present():
            mount.serve_files("pkg_resources is there")
        functions["register_finder"](Finder, functions["find_on_path"])
        functions["register_namespace_handler"](Finder, functions["file_ns_handler"])
        functions["register_loader_type"](Loader, provider)
