"""What ``importlib.resources`` asks a loader for: the package's resources (``TraversableResources``)."""

import contextlib
import io
import os
import sys

from ..native.memory import memory_file
from .path import BundlePath


class Reader:
    """The resources of the package in the bundle directory ``directory`` of ``mount``."""

    def __init__(self, mount, directory):
        self._root = mount.path_of(directory)
        _register()

    def files(self):
        """Return the package's directory as a Traversable."""
        return BundlePath(self._root)

    # The rest is the interface of 3.9 and 3.10 (importlib.abc.ResourceReader).

    def open_resource(self, resource):
        """Return a binary file. Raises FileNotFoundError."""
        return io.BytesIO(self.files().joinpath(resource).read_bytes())

    def resource_path(self, resource):
        """Return a path of a file in memory that C code can open; it lives as long as the process."""
        return _memory_path(self.files().joinpath(resource))

    def is_resource(self, name):
        """Return whether ``name`` is a file here."""
        return self.files().joinpath(name).is_file()

    def contents(self):
        """Return the names of what stands here."""
        return (child.name for child in self.files().iterdir())


_paths = {}


def _memory_path(path):
    """Return the path of a file in memory with the content of ``path``, the same one each time."""
    key = os.fspath(path)
    if key not in _paths:
        _paths[key] = memory_file(path.name, path.read_bytes())
    return "/proc/self/fd/%d" % _paths[key]


@contextlib.contextmanager
def _as_file(path):
    if path.is_dir():
        yield path
    else:
        yield type(path).__mro__[1](_memory_path(path))


def _register():
    """Teach ``importlib.resources.as_file`` that a path in a bundle must become one that C code can open."""
    as_file = getattr(sys.modules.get("importlib.resources"), "as_file", None)
    if as_file is not None and BundlePath not in as_file.registry:
        as_file.register(BundlePath, _as_file)
