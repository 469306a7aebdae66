"""A byte order mark stands first."""


def first():
    return 1
