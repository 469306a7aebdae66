"""Resources: ``importlib.resources``, ``pkgutil.get_data``, what a loader gives."""

import pkgutil


def observe_data_of_a_package():
    return pkgutil.get_data("shapes", "data/table.txt")
