import dock.round_a as a

NAME = "b"


def other():
    return a.NAME
