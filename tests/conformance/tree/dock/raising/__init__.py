import sys

from . import inner

sys.dock_packages = getattr(sys, "dock_packages", 0) + 1
if sys.dock_packages == 1:
    raise RuntimeError("the package, half-way")
