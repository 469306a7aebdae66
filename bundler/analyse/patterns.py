"""Find the regular expressions that a start compiles, and compile them in the target interpreter: the file's table.

Found by reading: literal patterns in the modules of a start and in those of
the standard library that they import. ``bundler/worker/patterns.py`` reads.
"""

from __future__ import annotations

import marshal
import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from ..cache import Cache
from ..stages import Compiled, Interpreter

WORKER = Path(__file__).parents[1] / "worker"
PARTS = ("patterns.py", "codes.py", "constants.py", "library.py", "literals.py", "facts.py")
MENTION = re.compile(rb"\bre\b")  #: as in ``literals``: most sources need not be sent

Found = list[tuple[str | bytes, int, bytes]]  #: pattern, flags, and what ``codes.compiled`` returns

#: Loading a table costs a start 2 million instructions, compiling a pattern half a million, and not all are used.
FEWEST = 12


@dataclass(frozen=True)
class Table:
    """Compiled regular expressions."""

    key: str  #: which interpreters can use it: ``3.11-20220615-4-little``
    content: bytes  #: docs/FORMAT.md, section 8
    size: int  #: how many there are


def table(
    interpreter: Interpreter,
    starting: Sequence[str],
    sources: Mapping[str, bytes],
    compiled: Mapping[str, Compiled],
    cache: Cache | None = None,
    seen: Sequence[tuple[str | bytes, int]] = (),
) -> Table | None:
    """Return the table for a start that imports the modules at the paths ``starting``; None where that compiles nothing.

    ``sources`` and ``compiled`` are by path, ``seen`` are patterns with their
    flags that a start was seen to compile. The result does not depend on what
    ``cache`` holds. Where the reading fails there is no table, and the app
    compiles as ever.

    Modules that a start does not import have no patterns here: every start
    would load them (for yt-dlp, 500 more, 0.6 ms), and it compiled one at most.
    """
    names = _imported(starting, compiled, interpreter)
    texts = [sources[path] for path in starting if MENTION.search(sources.get(path, b""))]
    if seen:
        texts.append(b"import re\n" + b"".join(b"re.compile(%a, %d)\n" % each for each in seen))
    if not names and not texts:
        return None
    key, found = _Reader(interpreter, cache).read(names, texts)
    entries = {(type(pattern), pattern, flags): code for each in found for pattern, flags, code in each}
    if not entries:
        return None
    # Text and bytes apart: they have equal hashes, and `python -bb` lets nobody compare them.
    content = tuple(
        {(pattern, flags): entries[kind, pattern, flags] for _, pattern, flags in _sorted(entries, kind)}
        for kind in (str, bytes)
    )
    # Version 0 has no mark for interned strings: the same bytes whatever this process did before.
    return Table(key, marshal.dumps(content, 0), len(entries))


def _sorted(entries: Iterable[tuple[type, str | bytes, int]], kind: type) -> list[tuple[type, str | bytes, int]]:
    return sorted((entry for entry in entries if entry[0] is kind), key=lambda entry: entry[1:])


def _imported(paths: Iterable[str], compiled: Mapping[str, Compiled], interpreter: Interpreter) -> list[str]:
    """Return the modules of the standard library that the modules at ``paths`` import as they run, sorted."""
    names = set()
    for path in paths:
        for each in compiled[path].imports if path in compiled else ():
            if not (each.inner or each.level) and each.name.partition(".")[0] in interpreter.standard_library:
                names.add(each.name)
                names.update("%s.%s" % (each.name, name) for name in each.names if name != "*")
    return sorted(names | {name.rpartition(".")[0] for name in names if "." in name})


class _Reader:
    """What the cache holds of earlier builds, and the processes that read the rest."""

    def __init__(self, interpreter: Interpreter, cache: Cache | None) -> None:
        self._interpreter = interpreter
        self._cache = cache
        worker = [(WORKER / part).read_bytes() for part in PARTS]
        self._common = blake2b(marshal.dumps((worker, interpreter.build, interpreter.magic), 2)).digest()

    def read(self, names: list[str], sources: list[bytes]) -> tuple[str, list[Found]]:
        """Return the table's key, and what the standard library's ``names`` lead to and each of ``sources`` has."""
        tasks = [marshal.dumps(names, 0), *sources]
        kinds = [b"library", *[b"source"] * len(sources)]
        keys = [self._common + blake2b(task, person=kind).digest() for task, kind in zip(tasks, kinds)]
        known = [self._cache.get(key) if self._cache else None for key in keys]
        missing = [at for at, data in enumerate(known) if at and data is None]
        with ThreadPoolExecutor(2) as pool:
            # the standard library in one process, the sources meanwhile in another
            library = pool.submit(self._ask, names, []) if known[0] is None else None
            rest = pool.submit(self._ask, [], [tasks[at] for at in missing]) if missing else None
            for answer, places in ((library, [0]), (rest, [-1, *missing])):
                key, found = answer.result() if answer else ("", [])
                for at, each in zip(places, found):
                    if at >= 0:
                        data = known[at] = marshal.dumps((key, each), 0)
                        if self._cache and key:
                            self._cache.put(keys[at], data)
        answers = [marshal.loads(data) for data in known if data is not None]
        return next((key for key, _ in answers if key), ""), [found for _, found in answers]

    def _ask(self, names: list[str], sources: list[bytes]) -> tuple[str, list[Found]]:
        """Return a worker's answer; one without a key and with nothing in it if it failed."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        command = [self._interpreter.executable, "-s", "-S", "-B", "-X", "utf8", "-W", "ignore"]
        try:
            answer = subprocess.run(
                [*command, os.fspath(WORKER / "patterns.py")],
                input=marshal.dumps((names, sources), 2),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                check=True,
            )
            return marshal.loads(answer.stdout)
        except (OSError, subprocess.CalledProcessError, EOFError, ValueError, TypeError):
            return "", [[] for _ in range(len(sources) + 1)]
