"""Write the marshal data of a code object so that the same source always gives the same bytes.

``marshal.dumps`` lets the history of the process into its output, in four ways:

- an object is marked ``FLAG_REF`` if anything else in the process refers to
  it: a name is marked or not depending on what was compiled before;
- single characters are shared by the whole process, and written as interned
  once anybody interned them: ``from x import *`` does so for ``"*"``;
- before 3.11 a frozenset is written in the order of its hash table, which for
  ``None`` and ``...`` depends on addresses;
- from 3.11 it is sorted by the marshal data of its elements, marks included.

Nothing else does: which equal constants are one object is decided by the
compiler, per source. So it is enough to refer to every string while marshal
writes, to intern all single characters at the start, and to sort the elements
of frozensets where marshal does not. All but a short step per code object
stays in C (0.1 s for 17 MB of bytecode, where parsing and writing the format
in Python takes longer than compiling), and the result has the references and
the speed of loading that the compiler gave it.
"""

import marshal
import sys
from types import CodeType

SORTS_SETS = sys.version_info >= (3, 11)

if sys.version_info >= (3, 14):
    CONTAINERS = frozenset([tuple, frozenset, slice])
else:
    CONTAINERS = frozenset([tuple, frozenset])

#: Referred to from here, so that marshal finds each of them shared and interned from the first source on.
CHARACTERS = [sys.intern(chr(number)) for number in range(256)]


def canonical(code):
    """Return the marshal data of ``code``, the same for the same source, file name and interpreter.

    ``code`` comes straight from ``compile``. Raises ValueError for constants
    nested too deeply for marshal.
    """
    if not SORTS_SETS and any(type(constant) is frozenset for each in _tree(code) for constant in each.co_consts):
        return _with_sorted_sets(code)
    held = _strings(code)
    data = marshal.dumps(code)
    del held  # not before marshal has looked at the reference counts
    return data


def _tree(code):
    """Return ``code`` and all code objects in it."""
    found = [code]
    for each in found:  # grows while it is walked
        found += [constant for constant in each.co_consts if type(constant) is CodeType]
    return found


def _strings(code):
    """Return a list that refers to every string in ``code`` that may be interned."""
    held = [code.co_filename]
    for each in _tree(code):
        held.append(each.co_name)
        if SORTS_SETS:
            held.append(each.co_qualname)  # as old as the sorting: 3.11
        held += each.co_names
        held += each.co_varnames
        held += each.co_freevars
        held += each.co_cellvars
        constants = [each.co_consts]
        for sequence in constants:  # grows while it is walked
            if type(sequence) is not tuple and type(sequence) is not frozenset:
                sequence = (sequence.start, sequence.stop, sequence.step)
            held += sequence
            constants += [constant for constant in sequence if type(constant) in CONTAINERS]
    return held


def _with_sorted_sets(code):
    """Return the marshal data of ``code`` with the elements of frozensets sorted by value.

    No frozenset can be told its order. So each is replaced by a tuple of its
    sorted elements behind a run of ``StopIteration``, which marshal writes as
    ``S`` and no compiler puts into a constant; then each such tuple's header is
    rewritten to a frozenset's. The run is longer than any in the data, and
    than 255, which gives the tuple the four-byte length that a frozenset has.
    """
    run = 256
    while b"S" * run in marshal.dumps(code):
        run *= 2
    code = _with_tuples(code, (StopIteration,) * run, {})
    held = _strings(code)
    *heads, tail = marshal.dumps(code).split(b"S" * run)
    del held
    data = bytearray()
    for head in heads:
        flag = head[-5] & 0x80
        length = int.from_bytes(head[-4:], "little") - run
        data += head[:-5]
        data.append(ord(">") | flag)
        data += length.to_bytes(4, "little")
    return bytes(data + tail)


def _with_tuples(code, mark, replaced):
    """Return ``code`` with ``mark`` and sorted elements in place of each frozenset; equal ones stay one object."""
    constants = []
    for constant in code.co_consts:
        if type(constant) is CodeType:
            constant = _with_tuples(constant, mark, replaced)
        elif type(constant) is frozenset:
            # version 2 has neither references nor interned strings: it depends on the value alone
            elements = sorted(constant, key=lambda element: marshal.dumps(element, 2))
            constant = replaced.setdefault(id(constant), mark + tuple(elements))
        constants.append(constant)
    if all(new is old for new, old in zip(constants, code.co_consts)):
        return code
    return code.replace(co_consts=tuple(constants))
