"""The resources of a namespace package that has portions in a bundle, merged with those elsewhere."""

import sys
import zipfile
from importlib import readers
from pathlib import Path

from ..mounts import locate
from .path import BundlePath
from .reader import make_ready

# Before, `as_file` does not take merged directories.
_COPIED = sys.version_info >= (3, 12)


class MultiplexedPath(readers.MultiplexedPath):
    """Merged directories, as this version of the standard library merges them; on each they may be other than on disk."""

    def __init__(self, *paths):
        self._paths = list(dict.fromkeys(paths))
        if not self._paths:
            raise FileNotFoundError("MultiplexedPath must contain at least one path")
        if not all(path.is_dir() for path in self._paths):
            raise NotADirectoryError("MultiplexedPath only supports directories")


class NamespaceReader(readers.NamespaceReader):
    """Read the resources of the portions in ``namespace_path``; what is no directory of any kind is left out."""

    def __init__(self, namespace_path):
        self.path = MultiplexedPath(*filter(None, map(_portion, namespace_path)))
        make_ready(*[MultiplexedPath] * _COPIED)


def _portion(entry):
    """Return the Traversable for an item of a namespace package's ``__path__``, or None: finders put marks there, too."""
    if locate(entry):
        return BundlePath(entry)
    path = Path(entry)
    if path.is_dir():
        return path
    for archive in path.parents:
        if archive.is_file():
            inside = path.relative_to(archive).as_posix() + "/"
            portion = zipfile.Path(str(archive), inside) if zipfile.is_zipfile(archive) else None
            return portion if portion is not None and portion.is_dir() else None
    return None
