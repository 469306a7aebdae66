"""The import protocol: path entries, path hooks, ``__path__``, and modules loaded by the path of their file."""

import importlib
import importlib.machinery
import importlib.util
import os
import pathlib
import pkgutil
import site
import sys
import types
import warnings
import zipimport
from contextlib import contextmanager

from observing import ROOT, attempt


def _at(*names):
    return os.path.join(ROOT, *names)


VENDOR = _at("dock", "_vendor")

ENTRIES = {
    "a_directory": VENDOR,
    "a_directory_with_an_end": VENDOR + os.sep,
    "a_directory_with_two_ends": VENDOR + os.sep * 2,
    "dots": _at("dock", "star", os.pardir, "_vendor"),
    "a_dot": _at("dock", os.curdir, "_vendor"),
    "doubled_separators": _at("dock") + os.sep * 2 + "_vendor",
    "a_path_object": pathlib.Path(VENDOR),
    "bytes": os.fsencode(VENDOR),
    "nothing": None,
    "a_subclass_of_text": type("Text", (str,), {})(VENDOR),
    "a_relative_directory": os.path.relpath(VENDOR),
    "a_file": _at("dock", "_vendor", "alone.py"),
    "a_directory_in_a_file": _at("dock", "alpha.py", "_vendor"),
    "an_absent_directory": _at("dock", "_vendors"),
    "a_directory_in_the_wrong_case": _at("dock", "_VENDOR"),
    "up_and_down_through_a_file": _at("dock", "alpha.py", os.pardir, "_vendor"),
    "up_and_down_through_an_absent_directory": _at("dock", "absent", os.pardir, "_vendor"),
}


def observe_vendored_packages_by():
    def found(entry):
        with _path(entry):
            import alone
            import vendored
            import vendored_user

            assert vendored_user.VENDORED == vendored.__file__
            return [alone.__file__, vendored.__file__, list(vendored.__path__), alone.__spec__.origin]

    return {what: attempt(found, entry) for what, entry in ENTRIES.items()}


def observe_vendored_packages_as_code_finds_them():
    """As ``setuptools`` and ``pip`` do: the directory beside ``__file__``, in front, where it exists."""
    import dock

    vendor = os.path.join(os.path.dirname(dock.__file__), "_vendor")
    if not os.path.isdir(vendor):
        return "no directory"
    with _path(vendor):
        import vendored

        return [vendored.__file__, os.path.exists(vendored.__file__), os.path.isfile(vendored.VENDORED)]


def observe_a_directory_at_the_end_of_the_path():
    with _path():
        sys.path.append(VENDOR)
        import dock
        import vendored

        return [vendored.__file__, dock.__file__]


def observe_the_nearest_directory_wins():
    with _path(_at("dock", "plugins")):
        import second

        with _path(_at("dock", "runnable")):
            return [second.PLUGIN, importlib.util.find_spec("beside").origin, importlib.util.find_spec("pack").origin]


def observe_site_directories():
    with _path():
        site.addsitedir(VENDOR)
        import alone

        return [alone.__file__, VENDOR in sys.path]


def observe_the_root_on_the_path():
    def found(change):
        with _path():
            change()
            _forget("dock", "quay")
            import dock.alpha
            import quay.pier.end

            return [dock.__file__, list(dock.__path__), dock.alpha.__file__, list(quay.__path__), quay.pier.end.__file__]

    def moved_to_the_end():
        sys.path.remove(ROOT)
        sys.path.append(ROOT)

    def removed():
        sys.path.remove(ROOT)
        importlib.invalidate_caches()

    def replaced():
        sys.path[:] = [ROOT]

    def another_list():
        sys.path = [ROOT, *sys.path]

    def with_an_end():
        sys.path[sys.path.index(ROOT)] = ROOT + os.sep

    def with_dots():
        sys.path[sys.path.index(ROOT)] = _at("dock", os.pardir)

    def relative():
        sys.path[sys.path.index(ROOT)] = os.path.relpath(ROOT)

    def a_path_object():
        sys.path[sys.path.index(ROOT)] = pathlib.Path(ROOT)

    def caches_cleared():
        sys.path_importer_cache.clear()

    def caches_invalidated():
        importlib.invalidate_caches()

    changes = (moved_to_the_end, removed, replaced, another_list, with_an_end, with_dots, relative, a_path_object,
               caches_cleared, caches_invalidated)  # fmt: skip
    return {change.__name__: attempt(found, change) for change in changes}


def observe_hooks_emptied():
    hooks = sys.path_hooks[:]
    with _path(VENDOR):
        sys.path_importer_cache.clear()
        sys.path_hooks.clear()
        try:
            failed = attempt(importlib.import_module, "alone"), attempt(importlib.import_module, "dock.absent")
        finally:
            sys.path_hooks[:] = hooks
        sys.path_importer_cache.clear()
        importlib.invalidate_caches()
        return [failed, importlib.import_module("alone").ALONE]


def observe_what_caches_hold():
    sys.path_importer_cache.clear()
    importlib.invalidate_caches()
    _forget("dock", "quay")
    with _path(VENDOR):
        import dock.berth.slip
        import quay.pier.end
        import vendored

        finders = {path: finder for path, finder in sys.path_importer_cache.items() if path.startswith(ROOT)}
        # an app that its launcher started finds what is its own without a path entry
        return [vendored.VENDORED, VENDOR in finders, [path for path, finder in finders.items() if finder is None]]


def observe_finders():
    importlib.import_module("dock")
    finder = pkgutil.get_importer(_at("dock"))
    specs = [finder.find_spec(name) for name in ("alpha", "dock.alpha", "absent", "plain", "berth")]
    return [
        [None if spec is None else [spec.name, spec.origin, spec.loader is None, spec.submodule_search_locations] for spec in specs],
        finder.invalidate_caches(),
        attempt(lambda: finder.find_spec("alpha", None).name),
        # `path_hook` makes finders of directories
        [name for name in dir(importlib.machinery.FileFinder) if name[0] != "_" and not hasattr(finder, name)] in ([], ["path_hook"]),
        attempt(lambda: [finder.find_module("alpha").path, finder.find_module("absent"), finder.find_loader("plain")])
        if sys.version_info < (3, 12)
        else hasattr(finder, "find_module"),
    ]


def observe_what_finders_discover():
    if sys.version_info < (3, 15):
        return None
    import dock

    places = {"all": None, "a_package": dock.__spec__}
    return {
        what: attempt(lambda: sorted(spec.name for spec in importlib.machinery.PathFinder.discover(place) if "dock" in spec.name))
        for what, place in places.items()
    }


def observe_path_finder():
    find = importlib.machinery.PathFinder.find_spec
    places = {
        "a_package": ("alpha", [_at("dock")]),
        "a_namespace": ("plain", [_at("dock")]),
        "two_directories": ("leaf", [_at("dock"), _at("dock", "plain", "deeper")]),
        "nothing_there": ("alpha", [_at("quay")]),
        "no_directories": ("alpha", []),
        "a_full_name": ("dock.alpha", [_at("dock")]),
    }

    def found(name, path):
        spec = find(name, path)
        locations = spec and spec.submodule_search_locations
        return spec and [spec.name, spec.origin, locations and list(locations)]

    return {what: attempt(found, *place) for what, place in places.items()}


def observe_files_found_by_the_standard_finder():
    details = [(importlib.machinery.SourceFileLoader, [".py"])]

    def found():
        finder = importlib.machinery.FileFinder(_at("dock", "plugins"), *details)
        spec = finder.find_spec("first")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        hook = importlib.machinery.FileFinder.path_hook(*details)(_at("dock", "plugins"))
        listed = [name for name, _ in pkgutil.iter_importer_modules(hook)]
        return [module.PLUGIN, module.FILE, finder.find_spec("absent"), hook.find_spec("second").origin, listed]

    return attempt(found)


FILES = {
    "a_file": ("dock", "plugins", "first.py"),
    "a_file_that_imports_relatively": ("dock", "plugins", "packed.py"),
    "a_package": ("dock", "plugins", "pack", "__init__.py"),
    "a_file_of_data": ("dock", "data.txt"),
    "an_absent_file": ("dock", "plugins", "absent.py"),
    "what_does_not_compile": ("dock", "broken.py"),
    "a_directory": ("dock", "plugins"),
}


def observe_modules_loaded_from():
    def loaded(*names):
        path = _at(*names)
        spec = importlib.util.spec_from_file_location("plugged", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules["plugged"] = module
        try:
            spec.loader.exec_module(module)
        finally:
            _forget("plugged")
        return [module.PLUGIN, module.__file__, module.__spec__.origin, module.__spec__.has_location, repr(module)]

    return {what: attempt(loaded, *names) for what, names in FILES.items()}


def observe_modules_loaded_with_locations():
    spec = importlib.util.spec_from_file_location(
        "plugged", _at("dock", "plugins", "pack", "__init__.py"), submodule_search_locations=[_at("dock", "plugins", "pack")]
    )
    module = sys.modules["plugged"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        return [module.PLUGIN, module.part.PART, module.part.__file__, list(module.__path__)]
    finally:
        _forget("plugged")


def observe_modules_loaded_the_old_way():
    warnings.simplefilter("ignore")

    def loaded(load):
        try:
            module = load()
            return [module.PLUGIN, module.__file__, "plugged" in sys.modules]
        finally:
            _forget("plugged")

    path = _at("dock", "plugins", "first.py")
    ways = {"load_module": lambda: importlib.machinery.SourceFileLoader("plugged", path).load_module()}
    ways["exec_module"] = lambda: _executed(importlib.machinery.SourceFileLoader("plugged", path))
    if sys.version_info < (3, 12):
        import imp

        ways["imp.load_source"] = lambda: imp.load_source("plugged", path)
        ways["imp.find_module"] = lambda: imp.load_module("plugged", *imp.find_module("first", [os.path.dirname(path)]))
        ways["imp.find_module of a package"] = lambda: imp.load_module("plugged", *imp.find_module("pack", [os.path.dirname(path)]))
    return {way: attempt(loaded, load) for way, load in ways.items()}


def _executed(loader):
    module = types.ModuleType("plugged")
    module.__file__ = loader.path
    loader.exec_module(module)
    return module


def observe_what_the_standard_loader_says():
    loader = importlib.machinery.SourceFileLoader("plugged", _at("dock", "plugins", "second.py"))
    return [
        loader.get_source("plugged"),
        loader.get_filename("plugged"),
        loader.is_package("plugged"),
        loader.get_code("plugged").co_filename,
        attempt(lambda: len(loader.get_data(_at("dock", "data.txt")))),
        attempt(lambda: sorted(loader.path_stats(loader.path))),
    ]


def observe_bytecode_of_what_the_standard_loader_compiled():
    loader = importlib.machinery.SourceFileLoader("plugged", _at("dock", "plugins", "second.py"))
    loader.get_code("plugged")
    return os.path.exists(importlib.util.cache_from_source(loader.path))


def observe_path_of_a_package():
    def found(change):
        _forget("dock")
        import dock.berth

        try:
            change(dock)
            return [attempt(lambda: importlib.import_module("dock." + name).__file__) for name in ("alone", "vendored", "alpha")]
        finally:
            _forget("dock")

    def appended(dock):
        dock.__path__.append(VENDOR)

    def in_front(dock):
        dock.__path__.insert(0, VENDOR)

    def replaced(dock):
        dock.__path__ = [VENDOR]

    def a_tuple(dock):
        dock.__path__ = (VENDOR, *dock.__path__)

    def emptied(dock):
        dock.__path__ = []

    def cleared(dock):
        dock.__path__.clear()

    def deleted(dock):
        del dock.__path__

    def of_path_objects(dock):
        dock.__path__ = [pathlib.Path(VENDOR)]

    def nowhere(dock):
        dock.__path__ = [_at("absent")]

    def twice(dock):
        dock.__path__ *= 2

    def an_iterator(dock):
        dock.__path__ = iter([VENDOR])

    def text(dock):
        dock.__path__ = VENDOR

    changes = (appended, in_front, replaced, a_tuple, emptied, cleared, deleted, of_path_objects, nowhere, twice, an_iterator, text)
    return {change.__name__: attempt(found, change) for change in changes}


def observe_path_of_a_namespace_package():
    _forget("quay")
    import quay

    before = list(quay.__path__)
    type(quay.__path__)
    with _path(_at("dock", "runnable")):
        after = list(quay.__path__)
    quay.__path__.append(VENDOR)
    import quay.alone

    found = [before, after, len(quay.__path__), quay.__path__[0], VENDOR in quay.__path__, quay.alone.__file__, repr(quay.__path__)]
    _forget("quay")
    return found


def observe_namespace_portions():
    """Two directories of one name are one package, at the top and below."""
    with _path(_at("dock", "_vendor"), _at("dock", "plain")):
        _forget("spread", "deeper")
        import deeper.leaf
        import spread.later

        with _path(_at("dock")):
            return [list(spread.__path__), spread.later.__file__, list(deeper.__path__), importlib.util.find_spec("spread").origin]


def observe_zip_importer():
    """An app is a file; what code asks of it as a zip it asks with a guard."""
    return [attempt(zipimport.zipimporter, _at("dock")), attempt(zipimport.zipimporter, _at("absent.zip"))]


@contextmanager
def _path(*entries):
    before, current = sys.path, sys.path[:]
    names = set(sys.modules)
    sys.path[:0] = entries
    try:
        yield
    finally:
        before[:] = current
        sys.path = before
        for name in set(sys.modules) - names:
            if name.partition(".")[0] in ("alone", "vendored", "vendored_user", "second", "spread", "deeper"):
                del sys.modules[name]


def _forget(*packages):
    for name in list(sys.modules):
        if (name + ".").startswith(tuple(package + "." for package in packages)):
            del sys.modules[name]
