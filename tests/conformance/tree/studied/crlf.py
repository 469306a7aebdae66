"""Windows wrote this."""


def first():
    return 1


def fail():
    text = """one
two"""
    raise ValueError(text)
