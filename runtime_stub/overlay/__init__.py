"""Let code that opens files next to itself find them in the bundle.

``open(os.path.join(os.path.dirname(__file__), "schema.json"))`` names a path
inside the app file. Once installed, the overlay answers for such paths as a
read-only directory tree would, and passes every other path on untouched.
"""

import _frozen_importlib_external as system
import genericpath
import os
import sys
from _frozen_importlib import _gcd_import

from .. import mounts
from ..awaiting import after_import
from ..variables import tell


#: The modules of the standard library's that hold one.
HOLDERS = ("bz2", "tarfile", "tokenize")

_FOREIGN = __package__.rpartition(".")[0] + ".foreign."

_installed = False


def install(reason, first=False, mount=None):
    """Wrap the functions that the table lists, once: in their modules, and where others hold them by a name of their own.

    ``reason`` is what ``BUNDLER_VERBOSE`` tells of it; ``first`` says that no
    module but the standard library's can hold any yet. Data files of
    distributions in ``mount``, whose need it is, are served from now on.
    """
    global _installed
    directories = mount.store.manifest.get("files", ((),))[0][1:] if mount is not None else ()
    if directories and not any(data.mount is mount for data in mounts.beside.values()):
        from ..beside.prefix import serve

        serve(mount, directories)
    if _installed:
        return
    _installed = True
    tell("overlay: %s", reason)
    from .table import FOREIGN, FUNCTIONS
    from .wrapped import bound

    wrapped = {}
    for module, name, kind, answer, _ in FUNCTIONS:
        original = getattr(module, name, None)
        if original is None:  # not on this platform, or not on this Python
            continue
        # builtins.open is io.open, and stays the same object
        if original not in wrapped:
            kind, *late = kind if type(kind) is tuple else (kind,)
            wrapped[original] = bound(kind(original, answer, *late), module)
        setattr(module, name, wrapped[original])
    for name in ("exists", "lexists", "isdir", "isfile", "islink"):
        original = getattr(os.path, name)
        if type(original) is _BUILTIN:  # Windows since 3.12: functions in C that ask the operating system themselves
            wrapped[original] = getattr(genericpath, name)
            setattr(os.path, name, wrapped[original])
    for supported in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks, os.supports_effective_ids):
        supported.update([wrapped[function] for function in supported if function in wrapped])
    _replace_held(wrapped, HOLDERS if first else list(sys.modules))
    system._path_stat = _look_at
    for name in dict.fromkeys(name for name, *_ in FOREIGN):
        after_import(name, _lead_by_foreign)
    after_import("inspect", _show_signatures)


def _look_at(path):
    """Do what the import system's ``_path_stat`` does; have the standard finder and zipimport find files in a bundle once one of them looks there."""
    if isinstance(path, str) and path.startswith(mounts.roots):
        from .table import FINDING
        from .wrapped import bound

        for module, name, kind, answer, _ in FINDING:
            original = getattr(module, name)
            if type(original) is _BUILTIN:
                setattr(module, name, bound(kind(original, answer), module))
        loader = system.ExtensionFileLoader
        if not hasattr(loader.create_module, "_leads"):
            loader.create_module = _led(loader.create_module, "libraries.load_extension")
    return _status(path)


_status = system._path_stat


def _lead_by_foreign(module):
    """Have the functions of ``module`` that open paths themselves called by way of ``foreign``."""
    from .table import FOREIGN

    for name, path, answer, _ in FOREIGN:
        if name == module.__name__:
            holder, function = path.rpartition(".")[::2]
            place = _attribute(module, holder)
            original = getattr(place, function)
            # the same function may have two names
            if not hasattr(original, "_leads"):
                original = _led(original, answer)
            try:
                setattr(place, function, original)
            except TypeError:  # a class of C code
                setattr(module, holder, type(place)(holder, (place,), {function: original, "__module__": place.__module__}))


def _show_signatures(inspect):
    """Have ``inspect.signature`` tell of a wrapped function what it tells of the original, and of each other one what it would."""
    from .wrapped import Wrapped

    read = inspect._signature_from_callable
    method = type(read.__get__(read))

    def of_original(obj, **options):
        if type(obj) is method and isinstance(obj.__self__, Wrapped):
            obj = obj.__self__.original
        return read(obj, **options)

    inspect._signature_from_callable = of_original


def _attribute(module, path):
    """Return what the dotted name ``path`` in ``module`` leads to: itself, for none."""
    for name in path.split(".") if path else ():
        module = getattr(module, name)
    return module


def by_way_of(answer, original, *args, **options):
    """Return what ``foreign``'s function ``answer`` makes of a call of ``original``."""
    module, _, function = answer.partition(".")
    try:
        foreign = _gcd_import(_FOREIGN + module)
    except ModuleNotFoundError:  # a file with nothing that could be handed on
        return original(*args, **options)
    return getattr(foreign, function)(original, *args, **options)


def _led(original, answer):
    def call(*args, **options):
        return by_way_of(answer, original, *args, **options)

    for attribute in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(call, attribute, getattr(original, attribute, None))
    call.__wrapped__ = original
    call._leads = True
    return call


def _replace_held(wrapped, modules):
    """Put ``wrapped`` in the place of the originals that ``modules`` have taken to themselves (``from os import stat``)."""
    own = __package__.partition(".")[0]
    for name in modules:
        # the import system asks the operating system itself
        if name not in ("posix", "nt", "_io", "_pyio") and name.partition(".")[0] != own:
            names = getattr(sys.modules.get(name), "__dict__", None)
            if type(names) is dict:
                _replace_in(sys.modules[name], names, wrapped)
    for module, name in (("pathlib", "_NormalAccessor"), ("glob", "_StringGlobber")):  # 3.9 and 3.10; 3.13
        holder = getattr(sys.modules.get(module), name, None)
        if holder is not None:
            plain = {key: getattr(value, "__func__", value) for key, value in vars(holder).items()}  # static methods
            _replace_in(holder, plain, wrapped)


def _replace_in(holder, names, wrapped):
    # thousands of names, of which few are functions in C
    for name in [name for name, value in names.items() if type(value) is _BUILTIN and value in wrapped]:
        setattr(holder, name, wrapped[names[name]])


_BUILTIN = type(len)
