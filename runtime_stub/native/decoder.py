"""The zstd decoder that an app file carries for Pythons before 3.14."""

from _imp import exec_dynamic, extension_suffixes

from . import load_extension

SUFFIXES = extension_suffixes()


def load(data):
    """Return the module that the bytes ``data`` of ``backports.zstd._zstd`` make."""
    module = load_extension("_zstd", data)
    exec_dynamic(module)
    return module
