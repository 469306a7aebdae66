"""Leave positions and local names out of code objects: a quarter of the runtime, which every app carries and whose frames no traceback shows."""

import sys
from types import CodeType

# An entry of the table (CPython, InternalDocs/code_objects.md) for eight instructions: no column, no step to another line.
EIGHT = bytes([0x80 | 13 << 3 | 7, 0])


def first_lines(code):
    """Return ``code`` with each function, at any depth, on its first line as a whole, and without its qualified name and those of its variables."""
    changes = {"co_consts": tuple(first_lines(each) if type(each) is CodeType else each for each in code.co_consts)}
    changes["co_varnames"] = _short(code)
    if sys.version_info >= (3, 11):
        eights, rest = divmod(len(code.co_code) // 2, 8)
        changes["co_linetable"] = EIGHT * eights + (bytes([0x80 | 13 << 3 | rest - 1, 0]) if rest else b"")
        changes["co_qualname"] = code.co_name
    elif sys.version_info >= (3, 10):  # PEP 626: pairs of a length in bytes and a step
        most, rest = divmod(len(code.co_code), 254)
        changes["co_linetable"] = bytes([254, 0]) * most + bytes([rest, 0])
    else:
        changes["co_lnotab"] = b""
    return code.replace(**changes)


def _short(code):
    """Return the names of local variables, those that are no arguments replaced by a number: callers know arguments by name, text that is executed all."""
    if "exec" in code.co_names:
        return code.co_varnames
    arguments = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)  # *, **
    return tuple(name if at < arguments else str(at) for at, name in enumerate(code.co_varnames))
