"""Write the marshal data of a code object so that it depends on the value of the code object alone.

``marshal.dumps`` lets the history of the process into its output:

- an object is marked ``FLAG_REF`` if anything else refers to it: a name is
  marked or not depending on what was compiled before;
- single characters are shared by the whole process, and written as interned
  once anybody interned them: ``from x import *`` does so for ``"*"``;
- a constant equal to an interned string may become that object or not: so for
  ``__qualname__`` on 3.12 and 3.13, and for the strings in frozensets on all;
- a frozenset is written in the order of its hash table, or sorted by data that
  holds those marks.

So the code object is first written in version 2 of the format, which has
neither references nor interned strings, and loaded again: then only what code
objects intern by themselves is shared. The original, which shares it too, is
kept until the copy is written; all single characters are interned from the
start, and the elements of frozensets get an order of their own. Nearly all of
it stays in C: 0.2 s for 17 MB of bytecode, where parsing and writing the format
in Python takes longer than compiling. What the compiler shared beyond names is written
again: 1 to 4 % more bytes, none once they are compressed.
"""

import _imp
import marshal
import sys
from types import CodeType

#: Version 2 has no slices, constants since 3.14; and frozensets have no order.
REPLACED = (frozenset, slice) if sys.version_info >= (3, 14) else (frozenset,)
CONTAINERS = frozenset([tuple, *REPLACED])

#: Referred to from here, so that marshal finds each of them shared and interned from the first source on.
CHARACTERS = [sys.intern(chr(number)) for number in range(256)]


def canonical(code):
    """Return the marshal data of ``code``, the same for equal code objects of one interpreter.

    Raises ValueError for constants nested too deeply for marshal.
    """
    run = 0
    if _needs_tuples(code):
        run = 256
        while b"S" * run in marshal.dumps(code):
            run *= 2
        code = _with_tuples(code, (StopIteration,) * run)
    copy = marshal.loads(marshal.dumps(code, 2))
    _imp._fix_co_filename(copy, code.co_filename + "?")  # does nothing for a name equal to the present one
    _imp._fix_co_filename(copy, code.co_filename)
    data = marshal.dumps(copy)
    del code  # not before marshal has seen that every name in the copy has another user
    return _with_headers(data, run) if run else data


# Neither frozensets nor slices survive the way through version 2 as they have to. So each is replaced by a tuple
# of the same elements behind a mark: a run of StopIteration, which marshal writes as ``S`` and no compiler puts
# into a constant, then False for a frozenset and True for a slice. At the end each such tuple's header is rewritten
# to what it stands for. The run is longer than any in the data, and than 255, which gives the tuple a four-byte
# length. A tuple takes its reference number before its elements, as the two others do.


def _needs_tuples(code):
    """Return whether one of ``REPLACED`` is among the constants of ``code`` or of a code object in it."""
    pending = [code]
    for each in pending:  # grows while it is walked
        for constant in each.co_consts:
            if type(constant) is CodeType:
                pending.append(constant)
            elif type(constant) in CONTAINERS and _is_replaced(constant):
                return True
    return False


def _is_replaced(constant):
    """Return whether ``constant`` is one of ``REPLACED`` or a tuple with one in it, at any depth."""
    if type(constant) is tuple:
        return any(type(element) in CONTAINERS and _is_replaced(element) for element in constant)
    return True


def _with_tuples(code, mark):
    """Return ``code`` with a marked tuple in place of each frozenset and slice."""
    constants = []
    for constant in code.co_consts:
        if type(constant) is CodeType:
            constant = _with_tuples(constant, mark)
        elif type(constant) in CONTAINERS and _is_replaced(constant):
            constant = _as_tuple(constant, mark)
        constants.append(constant)
    if all(new is old for new, old in zip(constants, code.co_consts)):
        return code
    return code.replace(co_consts=tuple(constants))


def _as_tuple(constant, mark):
    """Return the tuple that stands for ``constant``; all but containers stand for themselves."""
    if type(constant) not in CONTAINERS:
        return constant
    if type(constant) is tuple:
        return tuple([_as_tuple(element, mark) for element in constant])
    if type(constant) is frozenset:
        elements = [_as_tuple(element, mark) for element in constant]
        return mark + (False, *sorted(elements, key=lambda element: marshal.dumps(element, 2)))
    return mark + (True, *[_as_tuple(each, mark) for each in (constant.start, constant.stop, constant.step)])


def _with_headers(data, run):
    """Return ``data`` with each tuple marked by a ``run`` rewritten to the frozenset or slice that it stands for."""
    pieces = data.split(b"S" * run)
    pieces[-1] += bytes(5)  # what stands for a header behind the last
    parts = [pieces[0][:-5]]
    for before, piece in zip(pieces, pieces[1:]):
        flag = before[-5] & 0x80
        if piece[:1] == b"T":
            parts.append(bytes([ord(":") | flag]))
        else:
            length = int.from_bytes(before[-4:], "little") - run - 1
            parts.append(bytes([ord(">") | flag]) + length.to_bytes(4, "little"))
        parts.append(piece[1:-5])
    return b"".join(parts)
