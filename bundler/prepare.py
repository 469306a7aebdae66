"""From the files gathered for a target to all that is known of them before they are written: bytecode, order, facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bundler import demands, placing, prefixed
from bundler.analyse import imports, patterns
from bundler.analyse.conditions import Target as Conditions
from bundler.analyse.needed import needed
from bundler.cache import Cache
from bundler.compiler import Progress, compile_sources
from bundler.gather import Gathered, first_modules, importable
from bundler.report import Report
from bundler.stages import Compiled, Interpreter, OnDisk

Task = tuple[str, bytes]


class Compilers:
    """Compile with any of the interpreters; each source once with each, however many targets have it."""

    def __init__(self, cache: Cache | None, workers: int | None, progress: Progress) -> None:
        self._cache, self._workers, self._progress = cache, workers, progress
        self._known: dict[tuple[str, tuple[int, ...], bool], dict[Task, Compiled]] = {}

    def __call__(
        self, interpreter: Interpreter, tasks: Iterable[Task], levels: Sequence[int], positions: bool = True
    ) -> dict[str, Compiled]:
        """Return what each of the sources ``tasks``, pairs of path and bytes, compiles to, by path in their order."""
        tasks = list(tasks)
        known = self._known.setdefault((interpreter.executable, tuple(levels), positions), {})
        missing = [task for task in tasks if task not in known]
        found = compile_sources(
            interpreter, missing, levels, positions=positions, cache=self._cache, workers=self._workers, progress=self._progress
        )
        known.update((task, found[task[0]]) for task in missing)
        return {task[0]: known[task] for task in tasks}

    def facts(self, interpreter: Interpreter, tasks: Iterable[Task]) -> dict[str, Compiled]:
        """Return what ``interpreter`` reads in sources that are another Python's: no bytecode, and the worst of what it cannot read."""
        return {
            path: replace(each, code={}, error=None) if each.error is None else Compiled({}, (), True, True)
            for path, each in self(interpreter, tasks, [0]).items()
        }


@dataclass(frozen=True)
class Prepared:
    """What is known of a target's files."""

    gathered: Gathered
    compiled: Mapping[str, Compiled]  #: by path; no bytecode where there is no interpreter of its version
    order: Sequence[str]  #: paths of the modules in the order in which they are likely to be read
    starting: int  #: so many of these a start imports
    demands: str  #: the tag of what its files demand: ``cp38-abi3-manylinux_2_17_x86_64``
    overlay: str  #: when the overlay is installed, as the manifest has it
    on_disk: OnDisk | None
    patterns: patterns.Table | None
    sources: bool  #: all sources go into the file

    @property
    def interpreter(self) -> Interpreter | None:
        """What made its bytecode."""
        return self.gathered.target.interpreter

    @property
    def native(self) -> bool:
        """Whether there are extension modules that it loads."""
        return any(path.endswith((".so", ".pyd")) for path in self.order)

    @property
    def loaded(self) -> int | None:
        """How many bytes of bytecode and extension modules a start decodes; None where nothing starts."""
        if self.gathered.entry_point is None:
            return None
        paths = self.order[: self.starting]
        starting = (self.compiled[path] for path in paths if path in self.compiled)
        extensions = (path for path in paths if path not in self.compiled)
        return sum(len(code) for each in starting for code in each.code.values()) + sum(len(self.gathered.contents[path]) for path in extensions)


def prepare(
    gathered: Gathered,
    current: Interpreter,
    compilers: Compilers,
    levels: Sequence[int],
    wish: placing.Wish,
    sources: bool,
    cache: Cache | None,
    report: Report,
) -> Prepared:
    """Compile the sources of ``gathered`` for ``levels`` and find out what a start reads, needs and demands.

    ``current`` is the Python that reads what no Python of the target's version
    is here to compile. ``wish`` is what ``--files`` asked for.
    """
    target, files, contents = gathered.target, gathered.files, gathered.contents
    texts = [(file.path, contents[file.path]) for file in files if file.path.endswith(".py")]
    made = compilers(target.interpreter, texts, levels) if target.interpreter else compilers.facts(current, texts)
    compiled = prefixed.mark(made, files)
    modules = importable(files, target)
    entry = first_modules(gathered.entry_point, gathered.start_lines)
    order, starting, reached = imports.order(entry, modules, compiled, target.standard_library)
    report.detail(
        "of %d modules a start imports about %d, imports in functions lead to %d" % (len(order), starting, reached)
    )
    conditions = Conditions(target.full_version, target.platform.system)
    required = needed(entry, order[:starting], modules, compiled, contents, conditions)
    overlay, reason = placing.when(wish, order[:starting], compiled, files)
    report.detail(reason)
    on_disk = placing.on_disk(wish, files)
    if on_disk:
        report.detail("files: %d on disk while the app runs, imported from there: %s" % (len(on_disk.files), ", ".join(on_disk.names)))
    table = patterns.table(target.interpreter, order[:starting], contents, compiled, cache) if target.interpreter else None
    return Prepared(
        gathered,
        compiled,
        # and after these the sources that no import statement can name
        list(dict.fromkeys([*order, *(path for path, _ in texts)])),
        starting,
        demands.demanded(target, required, files, contents, gathered.distributions, sources or target.interpreter is None),
        overlay,
        on_disk,
        table if table and table.size >= patterns.FEWEST else None,
        sources or target.interpreter is None,
    )
