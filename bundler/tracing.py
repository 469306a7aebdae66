"""Lay an app file out for the starts that were seen: ``--trace``, the one thing in a build that runs the user's code."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bundler.analyse import patterns
from bundler.cache import Cache
from bundler.errors import ProjectError, UsageError
from bundler.gather import importable
from bundler.prepare import Prepared
from bundler.report import Report
from bundler.timing.measuring import watch
from runtime_stub.mounts import inside_of

BYTECODE = ("all", "traced", "none")


@dataclass(frozen=True)
class Trace:
    """What starts did: the modules that they loaded and the patterns that they compiled, in the order of the first time."""

    modules: tuple[tuple[str, str], ...]  #: name, which a finder may have made up, and file in the bundle
    patterns: tuple[tuple[str | bytes, int], ...]


def check(lines: Sequence[str], bytecode: str, sources: bool) -> None:
    """Raise UsageError for a line that no shell would take, or a wish for bytecode that the others contradict."""
    for line in lines:
        try:
            shlex.split(line)
        except ValueError as error:
            raise UsageError("`--trace %s` is no command line: %s" % (line, error), hint="quote it as a shell would have it") from error
    if bytecode not in BYTECODE:
        raise UsageError("there is no `--bytecode %s`" % bytecode, hint="give one of %s" % ", ".join(BYTECODE))
    if bytecode == "traced" and not lines:
        raise UsageError("`--bytecode traced` needs a start to trace", hint="give its arguments: `--trace \"--version\"`")
    if bytecode != "all" and not sources:
        raise UsageError("`--bytecode %s` and `--no-source` leave modules with neither" % bytecode, hint="leave one of them out")


def trace(lines: Sequence[str], prepared: Sequence[Prepared], write: Callable[[Path], None], directory: Path, report: Report) -> Trace:
    """Start the app once for each of ``lines``, command lines of arguments, and return what was seen.

    ``write`` writes the app to a path, which is in ``directory``. Raises
    UsageError if none of the targets runs here, ProjectError if there is
    nothing to start or a start ends without a record.
    """
    here = next((each for each in prepared if each.gathered.target.here and each.interpreter), None)
    if here is None or here.interpreter is None:
        raise UsageError("`--trace` starts the app, and none of its targets runs here", hint="add `--target current`, or leave it out")
    if here.gathered.entry_point is None:
        raise ProjectError("`--trace` starts the app, and a library has nothing to start", hint="leave it out")
    app = directory / "traced.pyz"
    write(app)
    starts = []
    for line in lines:
        start = watch(app, shlex.split(line), here.interpreter.executable, silent=True)
        starts.append(start)
        if start.status:
            report.warn("the traced start with `%s` exited with %d" % (line, start.status), hint="see what `%s` does where it is not traced" % line)
    loads = ((span.name, inside_of(start.app, span.origin or "")) for start in starts for span in start.spans if span.kind == "load")
    modules = _once((name, inside) for name, inside in loads if inside is not None)
    compiled = _once(each for start in starts for each in start.patterns)
    report.detail("traced: %d modules of the bundle, %d regular expressions" % (len(modules), len(compiled)))
    return Trace(modules, compiled)


def _once(items: Iterable) -> tuple:
    return tuple(dict.fromkeys(items))


def lay_out(prepared: Prepared, seen: Trace, cache: Cache | None) -> Prepared:
    """Return ``prepared`` in the order of what was ``seen``, with the patterns of that; another target has its own files for the same names."""
    paths = importable(prepared.gathered.files, prepared.gathered.target)
    known = set(paths.values())
    found = (path if path in known else paths.get(name) for name, path in seen.modules)
    first = list(_once(path for path in found if path is not None))
    table = None
    if prepared.interpreter:
        contents, compiled = prepared.gathered.contents, prepared.compiled
        table = patterns.table(prepared.interpreter, first, contents, compiled, cache, seen.patterns)
    order = list(_once([*first, *prepared.order]))
    return replace(
        prepared, order=order, starting=len(first), patterns=table if table and table.size >= patterns.FEWEST else None
    )


def keep_bytecode(prepared: Prepared, which: str) -> Prepared:
    """Return ``prepared`` with the bytecode that ``--bytecode`` asks for: ``all``, that of the ``traced`` modules, or ``none``."""
    if which == "all":
        return prepared
    kept = set(prepared.order[: prepared.starting]) if which == "traced" else set()
    compiled = {path: each if path in kept else replace(each, code={}) for path, each in prepared.compiled.items()}
    return replace(prepared, compiled=compiled)
