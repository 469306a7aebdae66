"""Compile sources in processes of the target interpreter, and only those that the cache does not hold."""

from __future__ import annotations

import marshal
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

from .cache import Cache
from .errors import InterpreterError
from .stages import Compiled, Import, Interpreter, SourceError

WORKER = Path(__file__).with_name("worker")
BATCH = 256 * 1024  #: bytes of source that a worker is given at a time: about 20 ms of work
PATIENCE = 5.0  #: seconds for a process that closed its pipes to end by itself

Task = tuple[str, bytes]
Progress = Callable[[int, int], None]


class _Died(Exception):
    """A worker ended without an answer."""


def compile_sources(
    interpreter: Interpreter,
    sources: Iterable[Task],
    levels: Sequence[int],
    *,
    positions: bool = True,
    cache: Cache | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Compiled]:
    """Return what each of the ``(path, source)`` pairs compiles to, by path, in their order.

    ``levels`` are the optimisation levels wanted; ``positions`` says whether the
    code is to know its lines and columns (PEP 657). ``workers`` is how many
    processes to use, by default one for each core; neither it nor the cache
    changes the result. ``progress(done, total)`` is called as results arrive.

    A source that does not compile has ``error`` set. Raises InterpreterError
    if the interpreter does not run.
    """
    sources = list(sources)
    levels = sorted(set(levels))
    shelf = _Shelf(cache, interpreter, levels, positions)
    answers = shelf.look_up(sources)
    missing = [task for task in sources if task[0] not in answers]
    if progress:
        progress(len(answers), len(sources))
    for path, answer in _answers(interpreter, missing, levels, positions, workers or _cores()):
        answers[path] = answer
        if progress:
            progress(len(answers), len(sources))
    if missing:
        shelf.keep(sources, answers)
    return {path: _compiled(answers[path]) for path, _ in sources}


class _Shelf:
    """What the cache holds of earlier builds: one entry for each directory of the bundle.

    Creating a file can cost as much as compiling one (0.3 ms on ext4), so
    the answers for the sources of a directory lie in one entry, each under
    the digest of its source. An entry keeps some that were not asked for: two
    applications with other versions of one package do not displace each other.
    """

    SPARE = 2  #: an entry holds at most this many times the answers in use

    def __init__(self, cache: Cache | None, interpreter: Interpreter, levels: Sequence[int], positions: bool) -> None:
        self._cache = cache
        worker = [part.read_bytes() for part in sorted(WORKER.glob("*.py"))]
        common = marshal.dumps((worker, interpreter.build, interpreter.magic, list(levels), positions), 2)
        self._common = blake2b(common).digest()
        self._entries: dict[str, dict[bytes, tuple]] = {}
        self._keys: dict[str, bytes] = {}

    def look_up(self, sources: Sequence[Task]) -> dict[str, tuple]:
        """Return the answers that are known, by path."""
        found = {}
        if self._cache is None:
            return found
        for path, source in sources:
            directory = path.rpartition("/")[0]
            if directory not in self._entries:
                data = self._cache.get(self._entry_key(directory))
                self._entries[directory] = marshal.loads(data) if data else {}
            name = path.encode("utf-8", "surrogatepass")
            key = self._keys[path] = blake2b(source, key=blake2b(name).digest(), digest_size=32).digest()
            if key in self._entries[directory]:
                found[path] = self._entries[directory][key]
        return found

    def keep(self, sources: Sequence[Task], answers: dict[str, tuple]) -> None:
        """Write the entries of the directories with answers that were not known. Errors are not kept."""
        if self._cache is None:
            return
        used: dict[str, dict[bytes, tuple]] = {}
        for path, _ in sources:
            if answers[path][-1] is None:
                used.setdefault(path.rpartition("/")[0], {})[self._keys[path]] = answers[path]
        for directory, entry in used.items():
            known = self._entries[directory]
            if entry.keys() <= known.keys():
                continue
            spare = [item for item in known.items() if item[0] not in entry]
            entry.update(spare[: len(entry) * (self.SPARE - 1)])
            self._cache.put(self._entry_key(directory), marshal.dumps(entry, 2))

    def _entry_key(self, directory: str) -> bytes:
        return self._common + directory.encode("utf-8", "surrogatepass")


def _compiled(answer: tuple) -> Compiled:
    codes, imports, (names_files, starts_children), error = answer
    return Compiled(
        code=codes,
        imports=tuple(Import(name, level, tuple(names), inner) for name, level, names, inner in imports),
        names_files=names_files,
        starts_children=starts_children,
        error=SourceError(*error) if error else None,
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _batches(tasks: list[Task]) -> list[list[Task]]:
    """Cut ``tasks`` into batches, the large sources first, so that all workers finish at about the same time."""
    batches: list[list[Task]] = []
    size = BATCH
    for task in sorted(tasks, key=lambda task: (-len(task[1]), task[0])):
        if size >= BATCH:
            batches.append([])
            size = 0
        batches[-1].append(task)
        size += len(task[1])
    return batches


def _answers(interpreter: Interpreter, tasks: list[Task], levels: Sequence[int], positions: bool, workers: int):
    """Yield ``(path, answer)`` for each task, in the order of completion.

    Each worker process has a thread that writes a batch to it and then reads
    the answer: as the worker reads all of a message before it writes, no two
    sides ever wait for each other's pipe.
    """
    batches: queue.SimpleQueue[list[Task]] = queue.SimpleQueue()
    cut = _batches(tasks)
    for batch in cut:
        batches.put(batch)
    answers: queue.SimpleQueue[list[tuple[str, tuple]] | Exception] = queue.SimpleQueue()
    pool = [_Worker(interpreter, levels, positions) for _ in range(min(workers, len(cut)))]
    threads = [threading.Thread(target=_serve, args=(worker, batches, answers), daemon=True) for worker in pool]
    try:
        for thread in threads:
            thread.start()
        for _ in cut:
            answer = answers.get()
            if isinstance(answer, Exception):
                raise answer
            yield from answer
    finally:
        for worker in pool:
            worker.stop()
        for thread in threads:
            if thread.ident is not None:
                thread.join()


def _serve(worker: _Worker, batches: queue.SimpleQueue, answers: queue.SimpleQueue) -> None:
    """Give ``worker`` batches until there are no more; what goes wrong goes to ``answers`` too."""
    try:
        while not worker.stopped:
            answers.put(worker.compile(batches.get_nowait()))
    except queue.Empty:
        pass
    except Exception as error:
        answers.put(error)


class _Worker:
    """A process of the target interpreter that compiles; started when first needed, and again after it died."""

    def __init__(self, interpreter: Interpreter, levels: Sequence[int], positions: bool) -> None:
        self.stopped = False
        self._options = [] if positions else ["-X", "no_debug_ranges"]
        self._interpreter = interpreter
        self._levels = list(levels)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def compile(self, batch: list[Task]) -> list[tuple[str, tuple]]:
        """Return ``(path, answer)`` for each task of ``batch``; one that ends the worker has an answer that says so."""
        try:
            return [(path, answer) for (path, _), answer in zip(batch, self._ask(batch))]
        except _Died as died:
            if len(batch) == 1 or self.stopped:
                return [(path, ({}, [], (False, False), (str(died), None, None))) for path, _ in batch]
        return [answer for task in batch for answer in self.compile([task])]

    def stop(self) -> None:
        """End the process now, for good, from any thread."""
        with self._lock:
            self.stopped = True
            process, self._process = self._process, None
            if process is not None:
                _end(process)

    def _ask(self, batch: list[Task]) -> list[tuple]:
        process = self._process
        if process is None:
            process = self._start()
        try:
            return _exchange(process, (self._levels, batch))
        except (OSError, EOFError, ValueError):  # ValueError: the pipes were closed by ``stop``
            with self._lock:
                self._process = None
                status = _end(process, PATIENCE)
            raise _Died("the compiler of Python %s %s" % (self._interpreter.minor, _death(status))) from None

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the process and see that it answers. Raise InterpreterError if it does not."""
        executable = self._interpreter.executable
        # Isolated by hand: -I would ignore PYTHONHASHSEED.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment["PYTHONHASHSEED"] = "0"
        with self._lock:
            if self.stopped:
                raise _Died("stopped")
            try:
                process = subprocess.Popen(
                    [executable, "-s", "-S", "-B", "-X", "utf8", "-W", "ignore", *self._options, os.fspath(WORKER)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                )
            except OSError as error:
                raise InterpreterError(
                    f"cannot run `{executable}`: {error.strerror}", hint="name another Python with `--python`"
                ) from error
            self._process = process
        try:
            _exchange(process, ([], []))
        except (OSError, EOFError, ValueError) as error:
            if self.stopped:
                raise _Died("stopped") from None
            raise InterpreterError(
                f"`{executable}` cannot compile: it {_death(_end(process, PATIENCE))}",
                hint="see whether it runs at all, or name another Python with `--python`",
            ) from error
        return process


def _exchange(process: subprocess.Popen[bytes], message: object) -> list[tuple]:
    """Write a message and return the answer. Raise EOFError or OSError if the process ends first."""
    data = marshal.dumps(message, 2)
    process.stdin.write(len(data).to_bytes(8, "little"))
    process.stdin.write(data)
    process.stdin.flush()
    head = process.stdout.read(8)
    size = int.from_bytes(head, "little")
    data = process.stdout.read(size)
    if len(head) < 8 or len(data) < size:
        raise EOFError
    return marshal.loads(data)


def _end(process: subprocess.Popen[bytes], patience: float = 0) -> int:
    """Kill the process if it still runs after ``patience`` seconds, and return its status."""
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
    status = process.wait()
    for pipe in (process.stdin, process.stdout):
        try:
            pipe.close()
        except OSError:
            pass
    return status


def _death(status: int) -> str:
    return "died of signal %d" % -status if status < 0 else "ended with status %d" % status
