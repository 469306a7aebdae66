"""Read tasks from stdin, compile them, write results to stdout; end when stdin does.

A message is its length (eight bytes, little-endian) and as many bytes of
marshal data, version 2, of plain types only. A task message is ``(levels,
[(path, source), ...])``; its result message a list with ``(codes, imports,
traits, error)`` for each source, in the same order:

- ``codes``: ``{level: canonical marshal data}``, empty after an error
- ``imports``: ``[(name, level, names), ...]``, see ``facts``
- ``traits``: ``names_files`` of ``placed`` and ``starts_children`` of ``facts``
- ``error``: None or ``(message, line or None, text or None)``

Sources are compiled and never run.
"""

import gc
import marshal
import signal
import sys

from canonical import canonical
from facts import imports, starts_children
from placed import names_files
from positions import first_lines

#: The compiler itself leaves the columns out then (PEP 657).
POSITIONS_LEFT_OUT = "no_debug_ranges" in sys._xoptions


def main():
    """Serve until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the worker without a traceback
    gc.disable()  # the compiler makes no cycles; collecting them costs 5 %
    tasks, results = sys.stdin.buffer, sys.stdout.buffer
    while True:
        head = tasks.read(8)
        if len(head) < 8:
            return
        levels, sources = marshal.loads(tasks.read(int.from_bytes(head, "little")))
        answer = marshal.dumps([compiled(path, source, levels) for path, source in sources], 2)
        results.write(len(answer).to_bytes(8, "little"))
        results.write(answer)
        results.flush()


def compiled(path, source, levels):
    """Return the result for one source; whatever the compiler raises is part of it."""
    codes = {}
    found = []
    try:
        for level in levels:
            code = compile(source, path, "exec", dont_inherit=True, optimize=level)
            if not codes:
                found = imports(code)
            codes[level] = canonical(first_lines(code) if POSITIONS_LEFT_OUT else code)
    except SyntaxError as error:
        text = error.text.strip() if isinstance(error.text, str) else None
        return {}, [], (False, False), (str(error.msg), error.lineno, text or None)
    except RecursionError:
        return {}, [], (False, False), ("nested too deeply", None, None)
    except MemoryError:  # also the parser's answer to deep nesting
        return {}, [], (False, False), ("nested too deeply, or out of memory", None, None)
    except Exception as error:  # null bytes are a ValueError before 3.12
        return {}, [], (False, False), (str(error).partition("\n")[0] or type(error).__name__, None, None)
    data = codes[levels[0]]
    return codes, found, (names_files(data, code), starts_children(data)), None


main()
