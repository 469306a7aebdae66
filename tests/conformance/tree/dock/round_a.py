import dock.round_b as b

NAME = "a"


def other():
    return b.NAME
