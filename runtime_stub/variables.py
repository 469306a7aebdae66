"""The variables that a start reads. There are five, and there are to be no more: each multiplies the ways a start can go.

=======================  ==============================================================
``BUNDLER_INTERPRETER``  be a Python with the bundle importable, instead of the app
``BUNDLER_STRICT``       refuse whatever would write to disk
``BUNDLER_VERBOSE``      tell each decision of a start on stderr
``BUNDLER_CACHE``        keep there what cannot be loaded from memory (read in that case only)
``BUNDLER_DISABLE``      leave out these levers, for diagnosis: ``LEVERS``, by commas
=======================  ==============================================================
"""

import os
import sys

LEVERS = ("ahead", "collection", "front", "library", "overlay", "patterns", "children", "lazy", "mapping")

verbose = os.environ.get("BUNDLER_VERBOSE", "") not in ("", "0")
disabled = frozenset(os.environ.get("BUNDLER_DISABLE", "").replace(" ", "").split(","))
strict = os.environ.get("BUNDLER_STRICT", "") not in ("", "0")


def tell(text, *values):
    """Write a line to stderr, if the start is to tell what it does."""
    if verbose and sys.stderr is not None:
        sys.stderr.write("bundler: " + text % values + "\n")


def enabled(lever):
    """Return whether ``lever`` is to be used, and tell if it is not."""
    if lever in disabled:
        tell("%s: disabled by BUNDLER_DISABLE", lever)
        return False
    return True
