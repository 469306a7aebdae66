"""Bytecode alone."""
FILE = __file__


def code():
    return code.__code__.co_filename.rpartition("/")[2]
