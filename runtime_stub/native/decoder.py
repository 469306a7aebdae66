"""The zstd decoder that an app file carries for Pythons before 3.14."""

from _imp import exec_dynamic, extension_suffixes

from . import load_extension
from .ladder import in_memory

SUFFIXES = extension_suffixes()


def load(data):
    """Return the module that the bytes ``data`` of ``backports.zstd._zstd`` make, from memory: there are other decoders."""
    module = load_extension("_zstd", data, lambda name, digest, pieces: in_memory(name, pieces))
    exec_dynamic(module)
    return module
