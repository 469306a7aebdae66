"""Does not compile."""


def first(:
    pass
