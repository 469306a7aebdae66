"""Have the application's imports be lazy, from Python 3.15 on (PEP 810): a module is loaded when one of its names is first used."""

import sys


def install(packages):
    """Have those imports be lazy that modules of ``packages``, their top-level names, do where they run; or of ``all``.

    Imports in functions and in ``try``, and those of ``*``, stay as they are.
    """
    if packages != ["all"]:
        chosen = frozenset(packages)

        def is_lazy(importing, imported, names):
            return importing.partition(".")[0] in chosen

        sys.set_lazy_imports_filter(is_lazy)
    sys.set_lazy_imports("all")
