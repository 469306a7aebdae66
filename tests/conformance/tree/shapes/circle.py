"""Circles."""

import math


def area(radius):
    """Return the area of a circle."""
    return math.pi * radius * radius
