"""Read one task from stdin, write what was found to stdout: the regular expressions in sources, compiled.

Both are marshal data of plain types. The task is ``(names, sources)``:
modules of the standard library that are imported, and sources. The answer is
``(key, found)``: see ``codes.key``, and a list for each source, with one more
in front for the standard library. Each is of ``(pattern, flags, compiled)``,
see ``codes.compiled``.

Nothing of the sources is run.
"""

import gc
import marshal
import sys

from codes import compiled, key
from library import sources as library_sources
from literals import literals


def main():
    """Do one task."""
    gc.disable()
    names, sources = marshal.loads(sys.stdin.buffer.read())
    library = {}
    for source in library_sources(names):
        library.update(dict.fromkeys(literals(source)))
    found = [_all(library)] + [_all(literals(source)) for source in sources]
    sys.stdout.buffer.write(marshal.dumps((key(), found), 0))


def _all(found):
    answers = [(pattern, flags, compiled(pattern, flags)) for _, pattern, flags in found]
    return [answer for answer in answers if answer[2] is not None]


main()
