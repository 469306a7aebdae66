"""Run by test_canonical.py in each interpreter: print a digest of the canonical data of each source named.

Arguments: the worker's directory, ``forward`` or ``backward``, the files.
Compares every attribute of what is loaded back with the original.
"""

import hashlib
import marshal
import sys
from types import CodeType

worker, direction, *paths = sys.argv[1:]
sys.path.insert(0, worker)
from canonical import canonical  # noqa: E402


def attributes(code):
    return {
        name: getattr(code, name)
        for name in dir(code)
        if name.startswith("co_") and name not in ("co_positions", "co_lines", "co_branches", "co_lnotab")
    }


def same(one, other):
    """Return whether two constants are equal, of one type at every depth, signs of zeros and order included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, CodeType):
        return all(same(value, attributes(other)[name]) for name, value in attributes(one).items())
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, frozenset):
        return one == other and sorted(map(repr, one)) == sorted(map(repr, other))
    return repr(one) == repr(other)


if direction == "backward":
    paths.reverse()
    compile("from x import *", "x", "exec")
    interned = [sys.intern(text) for text in ("-", ".", "some", "self", "é", "*", "/")]
digests = []
for path in paths:
    with open(path, "rb") as file:
        source = file.read()
    try:
        code = compile(source, "x/y.py", "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError):
        continue
    data = canonical(code)
    assert same(marshal.loads(data), code), path
    digests.append((path, hashlib.sha256(data).hexdigest()))
for line in sorted(digests):
    print(*line)
