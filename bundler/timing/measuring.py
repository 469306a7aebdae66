"""Start an app file under the driver, and read what it noted."""

from __future__ import annotations

import ast
import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bundler.errors import InterpreterError, ProjectError

DRIVER = Path(__file__).with_name("driver.py")

# leaves nothing behind in the main module
_PROGRAM = "exec(%r, {'__name__': 'driver', 'path': %r})"
_READ_AND_RUN = "with open(path, encoding='utf-8') as file: text = file.read()\nexec(compile(text, path, 'exec'))"


@dataclass(frozen=True)
class Span:
    """Something that took a while: times in nanoseconds since the process was started."""

    kind: str  #: find, load, run, read, decode, unmarshal, collect, runpy
    name: str  #: of the module, where it is one's
    begin: int
    end: int
    thread: int  #: 0 is the main one
    origin: str | None = None  #: of a module that is loaded

    @property
    def length(self) -> int:
        """Nanoseconds."""
        return self.end - self.begin


@dataclass(frozen=True)
class Start:
    """A start that was watched."""

    app: str
    arguments: tuple[str, ...]
    python: str  #: its version: ``3.11.7``
    library: str  #: the directory of its standard library
    status: int  #: exit code; negative for a signal
    began: int  #: when the interpreter had started itself, in nanoseconds since the process was started
    ended: int  #: when it began to shut down
    spans: tuple[Span, ...]  #: in the order of their beginning, those around others first
    patterns: tuple[tuple[str | bytes, int], ...] = ()  #: regular expressions that it compiled, with their flags, each once


def watch(app: Path, arguments: Sequence[str] = (), python: str = sys.executable, silent: bool = False) -> Start:
    """Run ``app`` once, with ``arguments``, and return what it did.

    Its standard output goes to standard error, or, if this is to be ``silent``,
    neither goes anywhere. Raises ProjectError if ``app`` is no app file, or if it ended in a way that
    leaves no record (``os._exit``, a signal, another program in its place),
    InterpreterError if ``python`` cannot be run.
    """
    _check(app)
    with TemporaryDirectory(prefix="bundler-") as temporary:
        record = Path(temporary, "spans.json")
        program = _PROGRAM % (_READ_AND_RUN, str(DRIVER))
        started = time.perf_counter_ns()
        try:
            child = subprocess.Popen(
                [python, "-c", program, str(record), str(app), *arguments],
                stdin=subprocess.DEVNULL if silent else None,
                stdout=subprocess.DEVNULL if silent else sys.stderr,
                stderr=subprocess.DEVNULL if silent else None,
            )
        except OSError as error:
            raise InterpreterError(
                "`%s` cannot be run: %s" % (python, error.strerror), hint="name another Python with `--python`"
            ) from error
        status = _ending(child)
        try:
            noted = json.loads(record.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ProjectError(
                "`%s` left no record: it exited with %d, without an interpreter's usual end" % (app, status),
                hint="give it arguments that let it end by itself, such as `--version`",
            ) from error
    threads = {noted["main"]: 0}
    spans = [
        Span(kind, name, begin - started, end - started, threads.setdefault(thread, len(threads)), origin)
        for kind, name, begin, end, thread, origin in noted["spans"]
    ]
    spans.sort(key=lambda span: (span.thread, span.begin, -span.end))
    return Start(
        app=str(app),
        arguments=tuple(arguments),
        python=noted["python"],
        library=noted["library"],
        status=status,
        began=noted["began"] - started,
        ended=noted["ended"] - started,
        spans=tuple(spans),
        patterns=tuple(dict.fromkeys((ast.literal_eval(pattern), flags) for pattern, flags in noted["patterns"])),
    )


def _check(app: Path) -> None:
    try:
        with open(app, "rb") as file:
            file.seek(max(file.seek(0, 2) - 65536, 0))
            found = b"\x93bundler" in file.read()
    except OSError as error:
        raise ProjectError("cannot read `%s`: %s" % (app, error.strerror)) from error
    if not found:
        raise ProjectError("`%s` is no app file" % app, hint="name a file that `bundler build` has written")


def _ending(child: subprocess.Popen[bytes]) -> int:
    """Wait for ``child`` and return its status; Ctrl-C is for it to act on, and ends what is watched, not who watches."""
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return child.wait()
    finally:
        signal.signal(signal.SIGINT, previous)
