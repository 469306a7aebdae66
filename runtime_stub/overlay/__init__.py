"""Let code that opens files next to itself find them in the bundle.

``open(os.path.join(os.path.dirname(__file__), "schema.json"))`` names a path
inside the app file. Once installed, the overlay answers for such paths as a
read-only directory tree would, and passes every other path on untouched.
"""

import os
import sys

from ..awaiting import after_import
from ..variables import tell

_SUPPORTED = ("supports_dir_fd", "supports_fd", "supports_follow_symlinks", "supports_effective_ids")

_installed = False


def install(reason):
    """Wrap the functions that the table lists, once: in their modules, and where others hold them by a name of their own.

    ``reason`` is what ``BUNDLER_VERBOSE`` tells of it.
    """
    global _installed
    if _installed:
        return
    _installed = True
    tell("overlay: %s", reason)
    from .table import FUNCTIONS

    wrapped = {}
    for module, name, kind, answer, _ in FUNCTIONS:
        original = getattr(module, name, None)
        if original is None:  # not on this platform, or not on this Python
            continue
        # builtins.open is io.open, and stays the same object
        ours = wrapped.get(original)
        if ours is None:
            ours = wrapped[original] = kind(original, answer)
        setattr(module, name, ours)
        for supported in _SUPPORTED:
            functions = getattr(os, supported)
            if original in functions:
                functions.add(ours)
    _replace_held(wrapped)
    for name in FOREIGN:
        after_import(name, _change_foreign)


#: What passes paths on to C code and other programs.
FOREIGN = ("ssl", "sqlite3", "ctypes", "subprocess")


def _change_foreign(module):
    try:
        from ..foreign import change
    except ImportError:  # a file with nothing that could be handed on
        return
    change(module)


def _replace_held(wrapped):
    """Put ``wrapped`` in the place of the originals that modules have taken to themselves (``from os import stat``)."""
    own = __package__.partition(".")[0]
    for module in list(sys.modules.values()):
        name = getattr(module, "__name__", None)
        # the import system asks the operating system itself
        if name in ("posix", "nt", "_io", "_pyio") or str(name).partition(".")[0] == own:
            continue
        names = getattr(module, "__dict__", None)
        if type(names) is dict:
            _replace_in(module, names, wrapped)
    for module, name in (("pathlib", "_NormalAccessor"), ("glob", "_StringGlobber")):  # 3.9 and 3.10; 3.13
        holder = getattr(sys.modules.get(module), name, None)
        if holder is not None:
            _replace_in(holder, vars(holder), wrapped)


def _replace_in(holder, names, wrapped):
    for name, value in list(names.items()):
        value = getattr(value, "__func__", value) if type(value) is staticmethod else value
        if type(value) is _BUILTIN and value in wrapped:
            setattr(holder, name, wrapped[value])


_BUILTIN = type(len)
