"""Squares."""

SIDES = 4
