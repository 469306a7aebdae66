"""The import protocol: what ``pkgutil`` lists, walks, extends and resolves."""

import os
import pkgutil
import sys
import warnings

from observing import ROOT, attempt

warnings.simplefilter("ignore")


def observe_modules_of():
    import dock

    places = {
        "a_package": dock.__path__,
        "a_subpackage": [os.path.join(ROOT, "dock", "berth")],
        "a_namespace_package": [os.path.join(ROOT, "dock", "plain")],
        "a_namespace_package_at_the_top": [os.path.join(ROOT, "quay")],
        "a_directory_of_plugins": [os.path.join(ROOT, "dock", "plugins")],
        "a_directory_with_the_name_of_a_module": [os.path.join(ROOT, "dock", "folder.py")],
        "two_directories": [os.path.join(ROOT, "dock", "_vendor"), os.path.join(ROOT, "dock", "star")],
        "two_with_the_same": [os.path.join(ROOT, "dock", "berth"), os.path.join(ROOT, "dock", "berth")],
        "an_absent_directory": [os.path.join(ROOT, "dock", "absent")],
        "a_module": [os.path.join(ROOT, "dock", "alpha.py")],
        "a_file_of_data": [os.path.join(ROOT, "dock", "data.txt")],
        "a_path_with_an_end": [os.path.join(ROOT, "dock", "berth") + os.sep],
        "a_path_with_dots": [os.path.join(ROOT, "dock", "star", os.pardir, "berth")],
        "nothing": [],
        "text": ROOT,
        "a_number": [3],
    }
    return {what: attempt(_listed, pkgutil.iter_modules, place) for what, place in places.items()}


def observe_modules_at_the_root():
    return _listed(pkgutil.iter_modules, [ROOT])


def observe_modules_with_a_prefix():
    return _listed(pkgutil.iter_modules, [os.path.join(ROOT, "dock", "berth")], "prefix.")


def observe_finders_of_modules():
    (one,) = [each for each in pkgutil.iter_modules([os.path.join(ROOT, "dock")]) if each.name == "alpha"]
    return [one.module_finder.path, one.module_finder.find_spec("alpha").origin, one.module_finder.find_spec("dock.alpha").name]


def observe_packages_walked():
    errors = []
    import dock

    walked = _listed(pkgutil.walk_packages, dock.__path__, "dock.", errors.append)
    return [walked, errors, sorted(name for name in sys.modules if name.startswith("dock."))]


def observe_packages_walked_without_a_care():
    _forget("dock")
    sys.dock_packages = 0
    import dock

    return attempt(_listed, pkgutil.walk_packages, dock.__path__, "dock.")


def observe_packages_walked_from_the_root():
    return sorted(name for name, _ in _listed(pkgutil.walk_packages, [ROOT], "", lambda name: None) if not "observ" in name)


def observe_names_resolved():
    names = (
        "dock.alpha:value",
        "dock.alpha.value",
        "dock.berth.slip:NAME.upper",
        "dock.berth",
        "dock.plain.inner:WHERE",
        "dock.plain.inner.WHERE",
        "quay",
        "dock.alpha:",
        "dock.absent:name",
        "dock.alpha:absent",
        "dock..alpha",
        "dock.größe:SIZE",
        "dock/alpha",
    )
    return {name: attempt(lambda: getattr(pkgutil.resolve_name(name), "__name__", "a value")) for name in names}


def observe_data():
    names = (
        ("dock", "data.txt"),
        ("dock", "folder.py/inside.txt"),
        ("dock", "alpha.py"),
        ("dock.berth", "__init__.py"),
        ("dock.alpha", "data.txt"),
        ("dock", "absent.txt"),
        ("dock", ""),
        ("dock", "plain"),
        ("dock", "/data.txt"),
        ("dock", "../dock/data.txt"),
        ("dock", "./data.txt"),
        ("quay", "single.py"),
        ("dock.plain", "inner.py"),
        ("absent", "data.txt"),
    )
    return {"%s %s" % pair: attempt(pkgutil.get_data, *pair) for pair in names}


def observe_importers():
    finder = pkgutil.get_importer(os.path.join(ROOT, "dock"))
    return [
        finder.path,
        finder is pkgutil.get_importer(os.path.join(ROOT, "dock")),
        finder is sys.path_importer_cache[os.path.join(ROOT, "dock")],
        attempt(lambda: pkgutil.get_importer(os.path.join(ROOT, "dock", "absent"))) is None,
        [finder.path for finder in pkgutil.iter_importers("dock.berth.slip")],
        [getattr(finder, "path", None) for finder in pkgutil.iter_importers() if getattr(finder, "path", None) == ROOT],
        attempt(lambda: list(pkgutil.iter_importers(".berth"))),
    ]


def observe_loaders():
    if not hasattr(pkgutil, "find_loader"):
        return None
    return {
        name: [attempt(_name_of_loader, pkgutil.find_loader, name), attempt(_name_of_loader, pkgutil.get_loader, name)]
        for name in ("dock", "dock.alpha", "dock.absent", "dock.plain", "quay", "absent.module", "dock.alpha.beneath")
    }


def observe_what_the_old_importer_finds():
    if not hasattr(pkgutil, "ImpImporter"):
        return None
    importer = pkgutil.ImpImporter(os.path.join(ROOT, "dock"))
    return [[each for each in importer.iter_modules()][:3], importer.find_module("alpha") is not None]


def observe_path_extended():
    """``extend_path`` finds the portions that lie elsewhere on ``sys.path``."""
    _forget("dock")
    vendor = os.path.join(ROOT, "dock", "_vendor")
    sys.path.append(vendor)
    try:
        import dock.spread

        parent = pkgutil.extend_path(list(dock.__path__), "dock")
        dock.__path__ = parent
        _forget("dock.spread")
        import dock.spread.far
        from dock.spread import far

        return [parent, list(dock.spread.__path__), far.FAR, far.__file__]
    finally:
        sys.path.remove(vendor)
        _forget("dock")


def observe_path_extended_at_the_top():
    vendor = os.path.join(ROOT, "dock", "_vendor")
    sys.path.append(vendor)
    try:
        return [
            pkgutil.extend_path([os.path.join(ROOT, "dock")], "dock"),
            pkgutil.extend_path(["somewhere"], "vendored"),
            pkgutil.extend_path(["somewhere"], "absent"),
            pkgutil.extend_path("text", "dock"),
        ]
    finally:
        sys.path.remove(vendor)


def _listed(function, *arguments):
    return [(each.name, each.ispkg) for each in function(*arguments)]


def _name_of_loader(function, name):
    loader = function(name)
    return None if loader is None else getattr(loader, "name", "no name")


def _forget(*packages):
    for name in list(sys.modules):
        if (name + ".").startswith(tuple(package + "." for package in packages)):
            del sys.modules[name]
