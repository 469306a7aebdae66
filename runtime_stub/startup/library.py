"""Find and load modules of the standard library as the standard finders do, with half of their work.

Most modules that an application imports are the standard library's, and most
of what importing one costs is not its own: it is asked of the path entries in
front, paths are put together again and again, a file is looked at before it is
opened. Here the answers come from the standard finder's own list of its
directory, and from the bytecode beside the source, if its header says that it
is of that source (PEP 552). All that is not as usual is left to the standard
finders and loaders, and what comes out is theirs.
"""

import sys
from _frozen_importlib import BuiltinImporter, FrozenImporter, ModuleSpec, _call_with_frames_removed
from _frozen_importlib_external import MAGIC_NUMBER, FileFinder, PathFinder, SourceFileLoader, _os
from _imp import _fix_co_filename, extension_suffixes
from marshal import loads

from ..finder import BYTECODE

_open, _read, _close, _stat = _os.open, _os.read, _os.close, _os.stat
_FLAGS = _os.O_RDONLY | getattr(_os, "O_CLOEXEC", 0)
_HEADER = MAGIC_NUMBER + bytes(4)  # not a digest of the source, but its time and size
_SUFFIXES = (*extension_suffixes(), ".py", ".pyc")
_Code, _Module = type(SourceFileLoader.get_code.__code__), type(sys)


class Library:
    """The standard library as an app finds it that its launcher started.

    ``front`` is the finder that asks, first on ``sys.meta_path``; ``places`` are
    the library's path entries, behind the app's own on ``sys.path``; ``shadowed`` are names of
    modules that the app has one of its own for.
    """

    def __init__(self, front, places, shadowed):
        self._front = front
        self._places = places
        self._path = sys.path[: sys.path.index(places[-1]) + 1]
        self._meta_path = None
        self._names = sys.stdlib_module_names.difference(shadowed)

    def has(self, fullname):
        """Return whether ``fullname`` is that of a top-level module which the app has none in front of."""
        return fullname in self._names

    def find(self, fullname, path=None):
        """Return the spec of a module that is neither built-in nor frozen; None if the standard finders are to be asked."""
        if sys.meta_path != self._meta_path:
            self._meta_path = list(sys.meta_path)
            behind = self._meta_path.index(self._front) + 1
            self._next = self._meta_path[behind : behind + 3] == [BuiltinImporter, FrozenImporter, PathFinder]
        if not self._next:
            return None
        if path is None:
            if sys.path[: len(self._path)] != self._path:
                return None
            path = self._places
        tail = fullname.rpartition(".")[2]
        file = tail + ".py"
        for place in path:
            if type(place) is not str:
                return None
            finder = sys.path_importer_cache.get(place, False)
            if finder is False:
                finder = PathFinder._path_importer_cache(place)
            if finder is None:  # for the archive that few have
                continue
            if type(finder) is not FileFinder:
                return None
            names = finder._path_cache  # of what is in the directory, once it was asked
            if file in names and tail not in names:
                origin = finder.path.rstrip("/") + "/" + file
                spec = ModuleSpec(fullname, Loader(fullname, origin), origin=origin)
                spec._set_fileattr = True
                return spec
            if tail in names or not names or any([tail + suffix in names for suffix in _SUFFIXES]):
                spec = finder.find_spec(fullname)
                if spec is not None:
                    if type(spec.loader) is SourceFileLoader:
                        spec.loader.__class__ = Loader
                    return spec if spec.loader else None
        return None


def library(front, places, shadowed):
    """Return the Library, None where modules or bytecode are not looked for as they are here."""
    usual = sys.platform == "linux" and sys.version_info >= (3, 10) and sys.pycache_prefix is None and not sys.flags.verbose
    return Library(front, places, shadowed) if usual and places else None


class Loader(SourceFileLoader):
    """A ``SourceFileLoader``, which is nothing else any more once it loads its module."""

    def create_module(self, spec):
        """Return the module with the attributes that it is given anyway: asking whether it has them takes longer."""
        module = _Module(spec.name)
        attributes = module.__dict__
        if spec.submodule_search_locations is not None:
            attributes["__path__"] = spec.submodule_search_locations
        attributes["__file__"] = self.path
        if sys.version_info < (3, 15):
            attributes["__cached__"] = spec._cached = spec._cached or _beside(self.path)
        return module

    def exec_module(self, module):
        """Run the module's code, from the bytecode beside its source if that is as it should be."""
        self.__class__ = SourceFileLoader
        code = _code(self.path)
        if code is None:
            self.exec_module(module)
        else:
            _call_with_frames_removed(exec, code, module.__dict__)


# it passes for that class, and tracebacks are to show no part of it
Loader.__module__, Loader.__name__, Loader.__qualname__ = SourceFileLoader.__module__, "SourceFileLoader", "SourceFileLoader"
_fix_co_filename(Loader.exec_module.__code__, SourceFileLoader.get_code.__code__.co_filename)


def _beside(path):
    directory, _, file = path.rpartition("/")
    return directory + "/__pycache__/" + file[:-3] + BYTECODE


def _code(path):
    """Return the code of the source ``path``, None if there is any doubt about the bytecode beside it."""
    try:
        status = _stat(path)
        descriptor = _open(_beside(path), _FLAGS)
        try:
            most = 2 * status.st_size + 4096
            data = _read(descriptor, most)
        finally:
            _close(descriptor)
        time, size = int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF
        if len(data) == most or data[:16] != _HEADER + time.to_bytes(4, "little") + size.to_bytes(4, "little"):
            return None
        code = loads(data[16:])
    except (OSError, ValueError, EOFError, TypeError):
        return None
    if type(code) is not _Code:
        return None
    _fix_co_filename(code, path)
    return code
