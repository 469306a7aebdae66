import sys; sys.dock_inner = getattr(sys, "dock_inner", 0) + 1
