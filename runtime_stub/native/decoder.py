"""The zstd decoder that an app file carries for Pythons before 3.14."""

from _frozen_importlib import ModuleSpec
from _imp import create_dynamic, exec_dynamic, extension_suffixes

from . import ladder

SUFFIXES = extension_suffixes()


def load(data, suffix, from_disk):
    """Return the module that the bytes ``data`` of ``backports.zstd._zstd`` make, from memory only unless ``from_disk``.

    Raises ContainerError if that cannot be: there are other decoders.
    """

    def create(path):
        return create_dynamic(ModuleSpec("_zstd", None, origin=path))

    module = ladder.load("_zstd" + suffix, None, lambda: (data,), create, writes=from_disk)
    exec_dynamic(module)
    return module
