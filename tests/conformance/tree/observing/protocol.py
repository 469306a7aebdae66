"""The import protocol: specs, modules, finders, pkgutil, runpy."""

import importlib.util
import pkgutil


def observe_spec_of_a_package():
    return _spec("shapes")


def observe_spec_of_a_module():
    return _spec("shapes.circle")


def observe_spec_of_a_namespace_package():
    return _spec("shapes.data")


def observe_modules_of_a_package():
    import shapes

    return [(each.name, each.ispkg) for each in pkgutil.walk_packages(shapes.__path__, "shapes.")]


def _spec(name):
    spec = importlib.util.find_spec(name)
    locations = spec.submodule_search_locations
    return {
        "origin": spec.origin,
        "has_location": spec.has_location,
        "parent": spec.parent,
        "locations": None if locations is None else list(locations),
        "cached": spec.cached is not None,
    }
