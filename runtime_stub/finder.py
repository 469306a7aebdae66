"""The importer: a path hook, and a finder per path entry (PEP 302, PEP 451)."""

import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import FileFinder, _NamespaceLoader
from _imp import extension_suffixes, is_frozen

from . import mounts
from .layout import (
    BEHIND,
    CODE_0,
    CODE_1,
    CODE_2,
    CONTENT,
    DIRECTORY,
    EXTENSION,
    FILE_KEY,
    MODULE_KEY,
    PACKAGE,
    RUNTIME_DIRECTORY,
    SOURCELESS,
    ContainerError,
)
from .loader import Adaptable, ModuleLoader
from .mounts import Mount, locate
from .tools import TOOLS, change_present_tools, find_kept, find_tool

_suffixes = tuple(extension_suffixes())
_CACHE = os.sep + "__pycache__" + os.sep
BYTECODE = ".%s%s.pyc" % (sys.implementation.cache_tag, ".opt-%d" % sys.flags.optimize if sys.flags.optimize else "")


def _give_namespaces_readers():
    """Have the standard loader of namespace packages read resources of portions in a bundle, too.

    On the class, since such a package may have been imported before anything
    was mounted, and gets more portions later.
    """
    original = getattr(_NamespaceLoader, "get_resource_reader", None)

    def get_resource_reader(self, fullname):
        for path in self._path:
            if isinstance(path, str) and locate(path):
                from .resources import namespace_reader

                return namespace_reader(self._path)
        return original and original(self, fullname)

    _NamespaceLoader.get_resource_reader = get_resource_reader


def mount_at(root, store, serves=True):
    """Mount ``store`` at the absolute path ``root`` and return the Mount; the one there already, if there is one.

    ``serves`` says whether code that opens files next to itself is to find them.
    """
    mount = mounts.by_root.get(root)
    if mount is None:
        mount = Mount(root, store, serves)
        mounts.enter(root, mount)
        if path_hook not in sys.path_hooks:
            sys.path_hooks.insert(0, path_hook)
        if len(mounts.roots) == 1:
            _give_namespaces_readers()
        if not any(isinstance(finder, Distributions) for finder in sys.meta_path):
            sys.meta_path.insert(0, Distributions())
        for path in list(sys.path_importer_cache):
            # a relative path entry is resolved now, as the standard finder does: the directory may change
            try:
                sys.path_importer_cache[path] = path_hook(path)
            except ImportError:
                pass  # of no bundle
        if sys.version_info < (3, 10):
            from .python39 import install

            install()
        change_present_tools()
    return mount


def path_hook(path):
    """Return the finder for a path entry in a mounted bundle; raise ImportError for any other path.

    Returns None where the bundle has no such directory: the import system
    remembers that, as it does of any other path that is none, and does not ask
    zipimport, which would serve whatever name it is given.
    """
    found = isinstance(path, str) and (locate(path) or _irregular(path) and locate(os.path.abspath(path)) or mounts.linked(path))
    if not found:
        raise ImportError("not in a bundle", path=path)
    mount, directory = found
    if directory:
        try:
            entry = mount.file(directory)
        except ContainerError:
            # an ImportError from a hook means "not my path": the finder will say what is wrong
            return Finder(mount, directory)
        if entry is None or entry[0].kind != DIRECTORY:
            if mount.disk is not None and mount.disk.covers(path):  # made since
                raise ImportError("not in a bundle", path=path)
            return None
    # the current directory may be gone
    return _finder_at(mount, directory, path if os.path.isabs(path) else os.path.join(os.getcwd(), path))


def _finder_at(mount, directory, path):
    if mount.disk is not None and mount.disk.covers(path):
        from .disk.written import DiskFinder

        return DiskFinder(mount, directory, path)
    return (Own if directory.startswith(RUNTIME_DIRECTORY) else Finder)(mount, directory, path)


def _irregular(path):
    return path.startswith(".") or os.sep + "." in path or os.sep * 2 in path


class Finder(Adaptable):
    """Find modules in the directory ``directory`` of a bundle.

    ``path`` is its full path, spelt as the path entry is: so are the paths of
    what is found, with which code compares it.
    """

    def __init__(self, mount, directory, path=None):
        self.mount = mount
        self.directory = directory
        self.path = path or mount.path_of(directory)
        self._base = self.path.rstrip(os.sep) + os.sep
        self._inside = directory + "/" if directory else ""
        self._absent = set()  # names that were asked for: in an app, those of the standard library are, twice

    def find_spec(self, fullname, target=None):
        """Return the module's spec, a namespace portion's (loader None), or None.

        Raises ImportError for an extension module that the bundle holds for
        other Pythons only.
        """
        if fullname in self._absent:
            return None
        name = fullname.rpartition(".")[2]
        store, directory, path = self.mount.store, self.directory, self._base + name
        if not directory and self.mount.disk is not None:
            path = self.mount.path_of(name)
        entry = store.find(directory + MODULE_KEY + name)
        if entry is not None:
            if entry.flags & BEHIND and _in_standard_library(name):
                return None
            return self._spec(fullname, entry, directory, path)
        entry = store.find(directory + FILE_KEY + name)
        if entry is None or entry.kind != DIRECTORY:
            self._absent.add(fullname)
            return None
        if entry.flags & BEHIND and _in_standard_library(name):
            return None
        inside = self._inside + name
        if entry.flags & PACKAGE:
            entry = store.find(inside + MODULE_KEY + "__init__")
            return self._spec(fullname, entry, inside, path + os.sep + "__init__", path)
        spec = ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = [path]
        return spec

    def _spec(self, fullname, entry, directory, path, package=None):
        parts, suffix = entry.parts, ".py"
        kind = ModuleLoader
        if EXTENSION in parts:
            if entry.suffix in _suffixes:
                from .native.extensions import ExtensionLoader as kind

                suffix = entry.suffix
            elif entry.suffix == SOURCELESS:
                from .sourceless import SourcelessLoader as kind

                suffix = SOURCELESS
            elif CONTENT not in parts and CODE_0 not in parts and CODE_1 not in parts and CODE_2 not in parts:
                raise ContainerError(
                    "`%s` holds %s for %s only, this Python takes %s: build it with `--python python%d.%d`"
                    % ((self.mount.root, fullname, entry.suffix, ", ".join(_suffixes)) + sys.version_info[:2]),
                    name=fullname,
                    path=self.mount.root,
                )
        stem, path = path, path + suffix
        loader = kind(self.mount, fullname, entry, directory, path, package is not None)
        spec = ModuleSpec(fullname, loader, origin=path)
        spec.has_location = True
        if suffix == ".py" and sys.pycache_prefix is None:
            # what the spec finds out when it is asked, which each import does: a tenth of what an import costs
            place, _, name = stem.rpartition(os.sep)
            spec._cached = place + _CACHE + name + BYTECODE
        if package is not None:
            spec.submodule_search_locations = [package]
        return spec

    # what the standard finder has in this version only: until 3.11, since 3.15
    if hasattr(FileFinder, "find_module"):
        find_module, find_loader = FileFinder.find_module, FileFinder.find_loader
    if hasattr(FileFinder, "discover"):
        discover = FileFinder.discover

    def _find_children(self):
        for key, name, entry in self.mount.store.list(self.directory):
            if key == MODULE_KEY or entry.kind == DIRECTORY and "." not in name:
                yield name

    def iter_modules(self, prefix=""):
        """Return ``(name, is a package)`` for the modules here, as ``pkgutil.iter_modules`` does for a directory: by file name."""
        found = {}
        for file, name, package in sorted(self._files_of_modules()):
            if "." not in name and name != "__init__":
                found.setdefault(name, package)
        return [(prefix + name, package) for name, package in found.items()]

    def _files_of_modules(self):
        for key, name, entry in self.mount.store.list(self.directory):
            if key == MODULE_KEY:
                if EXTENSION not in entry.parts:
                    yield name + ".py", name, False
                elif entry.suffix in _suffixes or entry.suffix == SOURCELESS:
                    yield name + entry.suffix, name, False
                elif len(entry.parts) > 1:  # a source beside an extension for another Python
                    yield name + ".py", name, False
            elif entry.kind == DIRECTORY:
                if entry.flags & PACKAGE:
                    yield name, name, True
                elif name.endswith(".py"):
                    yield name, name[:-3], False

    def invalidate_caches(self):
        """Do nothing: a bundle does not change."""

    def __repr__(self):
        return "<bundler finder for %s>" % self.path


class Own(Finder):
    """Find parts of the runtime: one that was dropped from ``sys.modules`` is the same again, for it may hold what it has changed."""

    def find_spec(self, fullname, target=None):
        """Return the spec of the module, made of what its package still holds where that is it."""
        return find_kept(fullname) or super().find_spec(fullname)


class Distributions:
    """A finder on ``sys.meta_path`` for ``importlib.metadata``, which never asks a path entry finder. It finds no module."""

    def find_spec(self, fullname, path=None, target=None):
        """Return the spec of a tool that is changed once it is imported, else None."""
        return find_tool(fullname) if path is None and fullname in TOOLS else None

    def find_distributions(self, context=None):
        """Have the finders that are asked next look into bundles; return an iterator over what none of them finds."""
        from .metadata import find

        return iter(()) if context is None else find(context)

    def invalidate_caches(self):
        """Do nothing: a bundle does not change."""


class Front(Distributions):
    """A finder at the front of ``sys.meta_path`` of an app that its launcher started.

    It answers only what the path hook would, sooner, and never for a built-in
    or frozen module.
    """

    def __init__(self, mount):
        self.mount = mount
        finder = sys.path_importer_cache.get(mount.root)  # which is asked again for what is not in the bundle
        self._finders = {mount.root: finder if type(finder) is Finder else Finder(mount, "")}
        self.library = None  # where the standard library is found sooner: see `standard`

    def find_spec(self, fullname, path=None, target=None):
        """Return the spec of a module in the bundle, or None: then the others are asked, the path hook among them."""
        if path is None:
            if fullname in TOOLS:
                return find_tool(fullname)
            if sys.path[:1] != [self.mount.root] or fullname in sys.builtin_module_names or is_frozen(fullname):
                return None
            if self.library and self.library.has(fullname):
                return self.library.find(fullname)
            place = self.mount.root
        else:
            # an import system's own list, or whatever else code has put into __path__
            if type(path) is not list or len(path) != 1:
                return None
            place = path[0]
        finder = self._finders.get(place)
        if finder is None:
            found = isinstance(place, str) and place.startswith(self.mount.root) and locate(place)
            if not found or found[0] is not self.mount:
                if fullname in TOOLS:
                    return find_tool(fullname, path)
                return self.library.find(fullname, path) if self.library and not is_frozen(fullname) else None
            finder = self._finders[place] = _finder_at(*found, place)
        spec = finder.find_spec(fullname)
        return None if spec is None or spec.loader is None else spec


def _in_standard_library(name):
    # 3.9 has no such set; what was added later is not marked at build for it
    names = getattr(sys, "stdlib_module_names", None)
    return names is None or name in names
