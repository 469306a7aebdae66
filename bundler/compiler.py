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
    cache: Cache | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Compiled]:
    """Return what each of the ``(path, source)`` pairs compiles to, by path, in their order.

    ``levels`` are the optimisation levels wanted. ``workers`` is how many
    processes to use, by default one for each core; neither it nor the cache
    changes the result. ``progress(done, total)`` is called as results arrive.

    A source that does not compile has ``error`` set. Raises InterpreterError
    if the interpreter does not run.
    """
    sources = list(sources)
    levels = sorted(set(levels))
    results: dict[str, Compiled] = {}
    keys: dict[str, bytes] = {}
    missing: list[Task] = []
    key_of = _keys(interpreter, levels)
    for path, source in sources:
        keys[path] = key_of(path, source)
        entry = cache.get(keys[path]) if cache else None
        if entry is None:
            missing.append((path, source))
        else:
            results[path] = _compiled(marshal.loads(entry))
    if progress:
        progress(len(results), len(sources))
    for path, answer in _answers(interpreter, missing, levels, workers or _cores()):
        results[path] = compiled = _compiled(answer)
        if cache and compiled.error is None:
            cache.put(keys[path], marshal.dumps(answer, 2))
        if progress:
            progress(len(results), len(sources))
    return {path: results[path] for path, _ in sources}


def _keys(interpreter: Interpreter, levels: Sequence[int]) -> Callable[[str, bytes], bytes]:
    """Return the function that makes the cache key of a source: a digest of all that its bytecode depends on."""
    common = blake2b(digest_size=32)
    for part in sorted(WORKER.glob("*.py")):
        common.update(part.read_bytes())
    common.update(repr((interpreter.build, interpreter.magic, list(levels))).encode())

    def key(path: str, source: bytes) -> bytes:
        digest = common.copy()
        digest.update(b"%d " % len(source))
        digest.update(source)
        digest.update(path.encode("utf-8", "surrogatepass"))
        return digest.digest()

    return key


def _compiled(answer: tuple) -> Compiled:
    codes, imports, names_files, error = answer
    return Compiled(
        code=codes,
        imports=tuple(Import(name, level, tuple(names)) for name, level, names in imports),
        names_files=names_files,
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


def _answers(interpreter: Interpreter, tasks: list[Task], levels: Sequence[int], workers: int):
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
    pool = [_Worker(interpreter, levels) for _ in range(min(workers, len(cut)))]
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

    def __init__(self, interpreter: Interpreter, levels: Sequence[int]) -> None:
        self.stopped = False
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
                return [(path, ({}, [], False, (str(died), None, None))) for path, _ in batch]
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
                    [executable, "-s", "-S", "-B", "-X", "utf8", "-W", "ignore", os.fspath(WORKER)],
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
