"""Leave positions out of code objects: a fifth of the runtime, which every app carries and whose frames no traceback shows."""

import sys
from types import CodeType

# An entry of the table (CPython, InternalDocs/code_objects.md) for eight instructions: no column, no step to another line.
EIGHT = bytes([0x80 | 13 << 3 | 7, 0])


def first_lines(code):
    """Return ``code`` with each function, at any depth, on its first line as a whole."""
    constants = tuple(first_lines(each) if type(each) is CodeType else each for each in code.co_consts)
    if sys.version_info >= (3, 11):
        eights, rest = divmod(len(code.co_code) // 2, 8)
        table = EIGHT * eights + (bytes([0x80 | 13 << 3 | rest - 1, 0]) if rest else b"")
        return code.replace(co_consts=constants, co_linetable=table)
    if sys.version_info >= (3, 10):  # PEP 626: pairs of a length in bytes and a step
        most, rest = divmod(len(code.co_code), 254)
        return code.replace(co_consts=constants, co_linetable=bytes([254, 0]) * most + bytes([rest, 0]))
    return code.replace(co_consts=constants, co_lnotab=b"")
