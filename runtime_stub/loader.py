"""Load modules from a store: source, bytecode, extension.

One loader an import, with no base class of ``importlib.abc``: importing it costs
27-30 ms on 3.12 and 3.13. ``exec_module`` does
what the standard library's own does, and passes for that: tracebacks trim frames by file name (PEP 302, PEP 451).
"""

import sys
from _frozen_importlib import _call_with_frames_removed
from _frozen_importlib_external import SourceFileLoader, SourceLoader, _LoaderBasics, decode_source
from _imp import _fix_co_filename
from marshal import loads

from . import collection
from .layout import (
    CODE_0,
    CODE_1,
    CODE_2,
    CONTENT,
    NAMES_FILES,
    STARTS_CHILDREN,
    ContainerError,
)

_CODE = (CODE_0, CODE_1, CODE_2)


def _last_line(code):
    if sys.version_info < (3, 10):
        return code.co_firstlineno + sum(step - 256 * (step > 127) for step in code.co_lnotab[1::2])
    return max(line or 0 for _, _, line in code.co_lines())


class Adaptable:
    """What has its adapters registered with ``pkg_resources`` in time: as soon as that, looking for one, asks for its class."""

    @property
    def __class__(self):
        asking = sys._getframe(1).f_globals
        if "register_loader_type" in asking:
            from .metadata.adapters import register

            register(asking)
        return type(self)


class Loader(Adaptable):
    """What the loaders have in common that load the module ``name``, whose index entry is ``entry``, from ``mount``.

    ``directory`` is the bundle path of the directory that the module's file
    stands in, ``path`` the file's full path under the app file.
    """

    def __init__(self, mount, name, entry, directory, path, package):
        self.mount = mount
        self.name = name
        self.entry = entry
        self.directory = directory
        self.path = path
        self._package = package

    def create_module(self, spec):
        """Leave the creation of the module to the import system."""
        return None

    def exec_module(self, module):
        """Run the module's code in its namespace."""
        code = self.get_code(module.__name__)
        with collection.held:
            _call_with_frames_removed(exec, code, module.__dict__)

    if hasattr(_LoaderBasics, "load_module"):  # until 3.14
        load_module = _LoaderBasics.load_module

    def _check(self, fullname):
        if fullname is not None and fullname != self.name and fullname != "__main__":
            raise ImportError("loader for %s cannot handle %s" % (self.name, fullname), name=fullname)

    def is_package(self, fullname=None):
        """Return whether the module is a package."""
        self._check(fullname)
        return self._package

    def get_filename(self, fullname=None):
        """Return what ``__file__`` is."""
        self._check(fullname)
        return self.path

    def get_data(self, path):
        """Return the bytes of the file ``path`` (PEP 302). Raises OSError if there is no such file."""
        return self.mount.get_data(path)

    def get_resource_reader(self, fullname=None):
        """Return the reader of the resources beside the module; on 3.9 None for what is no package, as the standard one's does."""
        self._check(fullname)
        if not self._package and sys.version_info < (3, 10):
            return None
        from .resources import Reader

        return Reader(self.mount, self.directory)

    def __eq__(self, other):
        return type(self) is type(other) and (self.name, self.path) == (other.name, other.path)

    def __hash__(self):
        return hash((self.name, self.path))

    def __repr__(self):
        return "<bundler loader for %s>" % self.path


class ModuleLoader(Loader, SourceFileLoader):
    """Load a module from source or bytecode.

    A ``SourceFileLoader`` to whoever asks: hooks that change sources, as
    pytest's on assertions, take on no other.
    """

    def get_code(self, fullname=None):
        """Return the module's code object, compiled in memory where the file has no bytecode for this Python.

        Raises SyntaxError if the source is of another Python's language,
        ContainerError if the bytes are damaged or there is neither.
        """
        self._check(fullname)
        store, entry = self.mount.store, self.entry
        if entry.flags & (NAMES_FILES | STARTS_CHILDREN):
            self.mount.prepare_for(entry.flags)
        wanted = sys.flags.optimize
        if wanted < store.optimize:
            wanted = store.optimize
        if store.bytecode:
            data = store.read(entry, _CODE[wanted] if wanted < 3 else CODE_2)
            if data is not None:
                return self._code(data)
        source = store.read(entry, CONTENT)
        if source is not None:
            name = (fullname or self.name,) if sys.version_info >= (3, 15) else ()
            return self.source_to_code(source, self.path, *name, _optimize=wanted)
        if store.bytecode:
            # no source to compile at this level: the level that there is
            for role in _CODE:
                data = store.read(entry, role)
                if data is not None:
                    return self._code(data)
        raise ContainerError(
            "`%s` holds neither source nor bytecode of %s for Python %d.%d: build it with `--python python%d.%d`, or without `--no-source`"
            % ((self.mount.root, self.name) + 2 * sys.version_info[:2]),
            name=self.name,
            path=self.path,
        )

    def _code(self, data):
        code = loads(data)
        # stored relative to the bundle, or the bytes would depend on where the file lies
        _fix_co_filename(code, self.path)
        return code

    def get_source(self, fullname=None):
        """Return the source text, or None where the file was built without sources."""
        self._check(fullname)
        source = self.mount.store.read(self.entry, CONTENT)
        return None if source is None else decode_source(source)

    def path_stats(self, path):
        """Return ``mtime`` and ``size`` of the source ``path``. Raises OSError if there is no such file."""
        from os import stat

        from .mounts import inside_of
        from .overlay import tree

        inside = inside_of(self.mount.root, path)
        status = stat(path) if inside is None else tree.status(self.mount, inside, path)
        return {"mtime": status.st_mtime, "size": status.st_size}

    path_mtime = SourceLoader.path_mtime
    set_data = SourceLoader.set_data  # which does nothing


# the import system takes its own frames, known by the file's name, out of the traceback of what does not compile
for _function in (Loader.exec_module, ModuleLoader.get_code):
    _fix_co_filename(_function.__code__, _LoaderBasics.exec_module.__code__.co_filename)
# where it runs the module, it is on the line of the original that does
_own, _original = Loader.exec_module.__code__, _LoaderBasics.exec_module.__code__
Loader.exec_module.__code__ = _own.replace(co_firstlineno=_own.co_firstlineno + _last_line(_original) - _last_line(_own))
