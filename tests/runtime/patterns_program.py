"""Run by each Python: compare patterns that a table answers with the same ones compiled afresh.

Arguments: the project's root, a file with a table's content. Prints how many
of each were compared, and what differs.
"""

import marshal
import sys
import warnings

sys.path.insert(0, sys.argv[1])
import re

try:
    from re import _compiler as compiler
except ImportError:
    import sre_compile as compiler
import _sre

from runtime_stub.startup import patterns

SAMPLES = (
    "",
    "a",
    "aaa",
    "ab12 AB_\u017f\u212a \u0131\u0130 \u03c2\u03c3 \ufb05\ufb06 \u00df",
    "<a href='x'>one &amp; two</a>\n\tthree = 4.5e-6; # comment\n\n",
    "2026-11-20T13:30:00+01:00 http://user@example.org:80/p?q#f",
    "foo(bar, [1, 2, {'x': -3.0}])  %(name)s $var ${var} {0!r:>10}",
)
TABLE = marshal.loads(open(sys.argv[2], "rb").read())
asked = []


class Recorder:
    """``_sre``, as the compiler sees it: keeps what ``compile`` is given."""

    def __getattr__(self, name):
        return getattr(_sre, name)

    def compile(self, *arguments):
        self.arguments = arguments
        return _sre.compile(*arguments)


def fields(pattern):
    """Return all that can be asked of a pattern."""
    samples = [each.encode() for each in SAMPLES] if isinstance(pattern.pattern, bytes) else SAMPLES
    found = [
        [(match.span(), match.groups(), match.lastgroup, match.groupdict()) for match in pattern.finditer(sample)]
        for sample in samples
    ]
    starts = [match and match.regs for sample in samples for match in (pattern.match(sample), pattern.fullmatch(sample))]
    shape = type(pattern.pattern), pattern.pattern, pattern.flags, pattern.groups, dict(pattern.groupindex)
    return [*shape, repr(pattern), hash(pattern), found, starts]


fresh = {}
warnings.simplefilter("error")
compiler._sre = recorder = Recorder()
for part in TABLE:
    for pattern, flags in part:
        fresh[type(pattern), pattern, flags] = compiler.compile(pattern, flags), recorder.arguments
compiler._sre = _sre

original = compiler.compile
patterns.hook(*TABLE)
assert compiler.compile is not original
compiler._parser = compiler._code = None  # what is not in the table fails

different = []
for (_, pattern, flags), (expected, arguments) in fresh.items():
    for given in (flags, re.RegexFlag(flags)):
        answer = compiler.compile(pattern, given)
        if answer is expected or answer != expected or fields(answer) != fields(expected):
            different.append((pattern, flags))
    record = marshal.loads(TABLE[type(pattern) is bytes][pattern, flags])
    if [record[0], memoryview(record[1]).cast("I").tolist(), *record[2:]] != list(arguments[1:]):
        different.append((pattern, flags))
print([[len(part) for part in TABLE], different])
