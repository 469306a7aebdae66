"""Speak to glibc's dynamic linker.

By ``_ctypes`` alone, whose import takes 0.5 ms; ``ctypes`` takes ten times that.
Its ``dlopen`` binds all symbols at once, so the function itself is called.
"""

import os

import _ctypes


class Address(_ctypes._SimpleCData):
    """A pointer, or a number as large."""

    _type_ = "P"


class Text(_ctypes._SimpleCData):
    """A pointer to bytes that end in zero."""

    _type_ = "z"


class Function(_ctypes.CFuncPtr):
    """A function of C that returns a pointer, or a number as large."""

    _flags_ = _ctypes.FUNCFLAG_CDECL
    _restype_ = Address


class _Telling(_ctypes.CFuncPtr):
    _flags_ = _ctypes.FUNCFLAG_CDECL
    _restype_ = Text


class _Running(_ctypes.CFuncPtr):
    # it runs initialisers, with the GIL as while Python itself imports a module: they may make objects
    _flags_ = _ctypes.FUNCFLAG_CDECL | _ctypes.FUNCFLAG_PYTHONAPI
    _restype_ = Address


program = _ctypes.dlopen(None, os.RTLD_NOW)
_dlopen = _Running(_ctypes.dlsym(program, "dlopen"))
_dlerror = _Telling(_ctypes.dlsym(program, "dlerror"))
_strdup = Function(_ctypes.dlsym(program, "strdup"))

# <link.h>: what dlopen returns is a link_map, which begins with the address and the name; debuggers and profilers read it, so it stays so
_NAME = _ctypes.sizeof(Address)


def open_as(path, name, mode):
    """Open the library at ``path``, for good, and return what it is known by from now on: ``name``. Raises OSError with what the linker says."""
    return named(loaded(path, mode), path, name)


def loaded(path, mode):
    """Open the library at ``path``, for good, and return where its ``link_map`` is. Raises OSError with what the linker says."""
    library = _dlopen(os.fsencode(path), mode | os.RTLD_NODELETE | (0 if mode & os.RTLD_LAZY else os.RTLD_NOW))
    if not library:
        raise OSError(os.fsdecode(_dlerror()))
    return library


def named(library, path, name):
    """Have the library that was opened by ``path`` be known as ``name``, and return that.

    By that name everyone finds it from now on: ``dlopen``, which looks at the
    names of what is loaded before it looks at files, and what asks
    ``dl_iterate_phdr`` or ``dladdr``. What other libraries need is matched by
    SONAME.
    """
    if Text.from_address(library + _NAME).value != os.fsencode(path):
        return path
    # never freed, as the library is never closed; were it, the linker would free it, as it would have the old one
    Address.from_address(library + _NAME).value = _strdup(os.fsencode(name))
    return name
