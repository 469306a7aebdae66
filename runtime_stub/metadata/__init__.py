"""The installed distributions that a bundle carries, for ``importlib.metadata``."""

import os
from importlib.metadata import Distribution

from ..finder import locate
from ..layout import DIRECTORY, FILE_KEY
from ..resources import BundlePath

_found = {}  # (root, directory) to a mapping from normalized name to metadata directories


class BundledDistribution(Distribution):
    """A distribution whose ``.dist-info`` lies at the bundle path ``metadata``."""

    def __init__(self, mount, metadata):
        self._mount = mount
        self._metadata = metadata

    def read_text(self, filename):
        """Return the text of a file of the metadata directory, or None where there is none."""
        found = self._mount.file(self._metadata + "/" + str(filename))
        if found is None or found[1] is None:
            return None
        return self._mount.store.read(*found).decode("utf-8")

    @property
    def _normalized_name(self):
        # ``entry_points`` asks each distribution for this; what is inherited parses METADATA for it, 0.5 ms each
        return _name_in(self._metadata.rpartition("/")[2])

    def locate_file(self, path):
        """Return the path of a file of the distribution, as RECORD names it."""
        directory = self._mount.path_of(self._metadata.rpartition("/")[0])
        return BundlePath(os.path.join(directory, os.fspath(path)))


def find(context):
    """Yield the distributions on the bundle paths of ``context.path`` whose name is ``context.name`` (None: all).

    These paths are taken off the context: the standard finder, which is asked
    next, would open the zip and list the same distributions again.
    """
    rest, mine = [], []
    for entry in context.path:
        found = isinstance(entry, str) and locate(entry)
        (mine if found else rest).append(found or entry)
    if not mine:
        return
    vars(context)["path"] = rest
    for mount, directory in mine:
        known = _distributions(mount, directory)
        names = list(known) if context.name is None else [_normalized(context.name)]
        for name in names:
            for metadata in known.get(name, ()):
                yield BundledDistribution(mount, metadata)


def _distributions(mount, directory):
    known = _found.get((mount.root, directory))
    if known is None:
        known = _found[mount.root, directory] = {}
        for key, name, entry in mount.store.list(directory):
            if key == FILE_KEY and entry.kind == DIRECTORY and name.endswith((".dist-info", ".egg-info")):
                path = directory + "/" + name if directory else name
                known.setdefault(_name_in(name), []).append(path)
    return known


def _name_in(metadata):
    """Return the normalized name of the distribution whose metadata directory is called ``metadata``."""
    return _normalized(metadata.rpartition(".")[0].partition("-")[0])


def _normalized(name):
    """Return ``name`` as names are compared (PyPA, name normalization)."""
    name = name.lower().replace("-", "_").replace(".", "_")
    while "__" in name:
        name = name.replace("__", "_")
    return name
