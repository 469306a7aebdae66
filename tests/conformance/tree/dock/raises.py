import sys

BEFORE = getattr(sys, "dock_attempts", 0)
sys.dock_attempts = BEFORE + 1
if BEFORE == 0:
    raise RuntimeError("half-way")
AFTER = True
