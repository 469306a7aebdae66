"""A module of a namespace package."""


def first():
    return 1


def fail():
    raise ValueError("leaf")
