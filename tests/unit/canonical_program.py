"""Run by test_canonical.py in each interpreter: print a digest of the canonical data of each source named.

Arguments: the worker's directory, ``forward`` or ``backward``, the files.
Compares every attribute of what is loaded back with the original.
"""

import hashlib
import marshal
import re
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


interned = []
if direction == "backward":  # and in a process that has seen every word before
    paths.reverse()
    compile("from x import *", "x", "exec")
    for path in paths:
        with open(path, encoding="utf-8") as file:
            interned += [sys.intern(word) for word in re.findall(r"\w[\w.]*|\W", file.read())]
digests = []
for path in paths:
    with open(path, "rb") as file:
        source = file.read()
    try:
        code = compile(source, "x/y.py", "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError):
        continue
    del code
    data = canonical(compile(source, "x/y.py", "exec", dont_inherit=True, optimize=0))
    code = compile(source, "x/y.py", "exec", dont_inherit=True, optimize=0)
    assert same(marshal.loads(data), code), path
    digests.append((path, hashlib.sha256(data).hexdigest()))
for line in sorted(digests):
    print(*line)
