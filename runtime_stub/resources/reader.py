"""What ``importlib.resources`` asks a loader for: the resources beside a module (``TraversableResources``)."""

import sys

from .. import mounts
from .local import as_file, lasting_path
from .path import BundlePath

# The backport is the same code under another name, and has functions and classes of its own.
LIBRARIES = ("importlib.resources", "importlib_resources")
_INTERFACES = ("importlib.abc", "importlib.resources.abc", "importlib_resources.abc")
_INTERFACE = "TraversableResources" if sys.version_info >= (3, 10) else "ResourceReader"


class Reader:
    """The resources in the bundle directory ``directory`` of ``mount``, where a module stands."""

    def __init__(self, mount, directory):
        self.path = BundlePath(mount.path_of(directory))
        make_ready()

    def files(self):
        """Return the directory as a Traversable."""
        return self.path

    # The rest is the interface of 3.9 and 3.10 (importlib.abc.ResourceReader).

    def open_resource(self, resource):
        """Return a binary file. Raises FileNotFoundError."""
        return self.path.joinpath(resource).open("rb")

    def resource_path(self, resource):
        """Return a path that C code can open, for as long as the process lives; where there is none, the path in the bundle.

        On 3.9 that raises FileNotFoundError: ``importlib.resources`` then makes a temporary file, if there is something to read.
        """
        path = self.path.joinpath(resource)
        found = lasting_path(path) if path.is_file() else None
        if found is None and sys.version_info < (3, 10):
            raise FileNotFoundError(resource)
        return found or str(path)

    def is_resource(self, name):
        """Return whether ``name`` is a file here; on 3.9 not below."""
        if sys.version_info < (3, 10) and "/" in name:
            return False
        return self.path.joinpath(name).is_file()

    def contents(self):
        """Return an iterator over the names of what stands here."""
        return (child.name for child in self.path.iterdir())


def make_ready(*kinds):
    """Make what is about to be handed out work wherever a path is taken.

    ``open`` and its kin must know it, and ``as_file`` must make it a path that C
    code can open; ``kinds`` are the classes that it may be of, besides a Path.
    """
    for mount in mounts.present():
        mount.serve_files("resources are asked for")
    for name in LIBRARIES:
        library = sys.modules.get(name)
        # a single-dispatch function: each class has the function that takes it
        registry = getattr(getattr(library, "as_file", None), "registry", None)
        for kind in (BundlePath.__base__, *kinds) if registry else ():
            if kind not in registry:
                library.as_file.register(kind, as_file)
    for name in _INTERFACES:
        # not by getattr: where it was moved away, asking for it warns
        interface = getattr(sys.modules.get(name), "__dict__", {}).get(_INTERFACE)
        if interface is not None:
            interface.register(Reader)
