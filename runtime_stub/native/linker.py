"""Speak to glibc's dynamic linker.

By ``_ctypes`` alone, whose import takes 0.5 ms; ``ctypes`` takes ten times that.
Its ``dlopen`` binds all symbols at once, so the function itself is called.
"""

import os

import _ctypes


class _Address(_ctypes._SimpleCData):
    _type_ = "P"


class _Text(_ctypes._SimpleCData):
    _type_ = "z"


class _Function(_ctypes.CFuncPtr):
    _flags_ = _ctypes.FUNCFLAG_CDECL
    _restype_ = _Address


class _Telling(_ctypes.CFuncPtr):
    _flags_ = _ctypes.FUNCFLAG_CDECL
    _restype_ = _Text


_program = _ctypes.dlopen(None, os.RTLD_NOW)
_dlopen = _Function(_ctypes.dlsym(_program, "dlopen"))
_dlerror = _Telling(_ctypes.dlsym(_program, "dlerror"))
_strdup = _Function(_ctypes.dlsym(_program, "strdup"))

# <link.h>: what dlopen returns is a link_map, whose second member is the name; debuggers and profilers read it, so it stays there
_NAME = _ctypes.sizeof(_Address)


def open_as(path, name, mode):
    """Open the library at ``path``, for good, and return what it is known by from now on: ``name``. Raises OSError with what the linker says.

    By that name everyone finds it from now on: ``dlopen``, which looks at the
    names of what is loaded before it looks at files, and what asks
    ``dl_iterate_phdr`` or ``dladdr``. What other libraries need is matched by
    SONAME.
    """
    handle = _dlopen(os.fsencode(path), mode | os.RTLD_NODELETE | (0 if mode & os.RTLD_LAZY else os.RTLD_NOW))
    if not handle:
        raise OSError(os.fsdecode(_dlerror()))
    if _Text.from_address(handle + _NAME).value != os.fsencode(path):
        return path
    # never freed, as the library is never closed; were it, the linker would free it, as it would have the old one
    _Address.from_address(handle + _NAME).value = _strdup(os.fsencode(name))
    return name
