"""Hand files of a bundle to what opens paths itself: libraries in C, and other programs.

A path that leads into a bundle is replaced by one that everyone can open: of a
file in memory, or of a copy where that will not do. The overlay's table names
the functions that are called by way of these.
"""
