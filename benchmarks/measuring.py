"""Time processes one against the other: interleaved runs, each checked, medians of pairwise ratios."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from installing import WORK

#: What a timed process finds in its environment: nothing of the user's, whose settings and caches it shall not find either.
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(WORK / "home")}

PR_SET_CHILD_SUBREAPER = 36  # of <linux/prctl.h>

#: Seconds after which processes that were started together are killed: they wait for something that does not come.
LIMIT = 300


class WrongResult(Exception):
    """A timed run did not do its work: the figures would mean nothing."""


@dataclass(frozen=True)
class Command:
    """What to run and how to know that it did its work.

    ``expected`` must occur in what it prints (stdout and stderr together);
    ``scratch`` says that it writes into the current directory and is to be
    given an empty one, and ``makes`` names a file that must be there afterwards.
    """

    arguments: tuple[str, ...]
    expected: str = ""
    scratch: bool = False
    makes: str = ""


@dataclass(frozen=True)
class Run:
    """What one run took, in milliseconds: user and system time of it and its children, and wall time."""

    cpu: float
    wall: float


def run(command: Command, environment: Mapping[str, str] = ENVIRONMENT) -> Run:
    """Run ``command`` once and return what it took. Raises WrongResult if it failed or printed something else."""
    return run_together(command, 1, environment)


def run_together(command: Command, number: int, environment: Mapping[str, str] = ENVIRONMENT) -> Run:
    """Start ``command`` as ``number`` processes and return what all took: the wall time until the last of them has ended.

    Each has its own output, and its own directory if it asks for an empty one;
    all are checked when the time has been taken. Raises WrongResult.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        places = [Path(scratch, str(each)) for each in range(number)]
        for place in places:
            place.mkdir()
        printed = [open(place.with_suffix(".printed"), "w+b") for place in places]
        before = os.getcwd()
        children: list[int] = []
        limit = threading.Timer(LIMIT, lambda: [os.kill(child, signal.SIGKILL) for child in children])
        limit.start()
        try:
            os.chdir("/")
            started = time.perf_counter()
            for place, output in zip(places, printed):
                if command.scratch:
                    os.chdir(place)
                children.append(spawn(command, output.fileno(), environment))
            ended = [os.wait4(child, 0) for child in children]
            wall = time.perf_counter() - started
        finally:
            limit.cancel()
            os.chdir(before)
        left_behind(command)
        for place, output, (_, status, _) in zip(places, printed, ended):
            with output:
                output.seek(0)
                check(command, status, output.read().decode("utf-8", "replace"), place)
    cpu = sum(used.ru_utime + used.ru_stime for _, _, used in ended)
    return Run(cpu * 1000, wall * 1000)


def spawn(command: Command, output: int, environment: Mapping[str, str]) -> int:
    """Start ``command`` in the current directory, all that it prints to the descriptor ``output``; return its process id."""
    return os.posix_spawn(
        command.arguments[0],
        command.arguments,
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, output, 1),
            (os.POSIX_SPAWN_DUP2, output, 2),
        ],
        setsigdef=[signal.SIGPIPE],
    )


def adopt() -> None:
    """Have processes whose parent has ended be children of this one, where the system (Linux) can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def left_behind(command: Command) -> None:
    """Raise WrongResult if a process that ``command`` has started still runs: it would take its time from the next one."""
    adopted = 0
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            adopted += 1
        raise WrongResult("`%s` left a process behind" % " ".join(command.arguments))
    except ChildProcessError:
        if adopted:  # ended by now, but not by the time that was taken
            raise WrongResult("`%s` left %d processes behind" % (" ".join(command.arguments), adopted)) from None


def check(command: Command, status: int, text: str, place: Path) -> None:
    """Raise WrongResult unless ``command``, run in ``place``, ended with ``status`` 0, printed and wrote what it was to."""
    if status or command.expected not in text:
        raise WrongResult(
            "`%s` ended with status %d and printed:\n%s" % (" ".join(command.arguments), os.waitstatus_to_exitcode(status), text[-2000:])
        )
    if command.makes and not Path(place, command.makes).is_file():
        raise WrongResult("`%s` did not write `%s`" % (" ".join(command.arguments), command.makes))


def interleave(
    commands: Sequence[Command],
    rounds: int,
    before: Sequence[Callable[[], None] | None] = (),
    environments: Mapping[str, str] | Sequence[Mapping[str, str]] = ENVIRONMENT,
    warm: bool = True,
) -> list[list[Run]]:
    """Run the commands in turn, ``rounds`` times, and return the runs of each.

    The order turns round from one round to the next, so that none always comes
    after the same other. ``before`` holds, for each command, what to call
    before each run of it, untimed; ``environments`` is one for all, or one for
    each. ``warm`` runs each once, uncounted, first.
    """
    runs: list[list[Run]] = [[] for _ in commands]
    befores = [*before, *[None] * (len(commands) - len(before))]
    each = [environments] * len(commands) if isinstance(environments, Mapping) else environments
    for turn in range(-1 if warm else 0, rounds):
        places = list(range(len(commands)))
        for place in places if turn % 2 else reversed(places):
            prepare = befores[place]
            if prepare:
                prepare()
            taken = run(commands[place], each[place])
            if turn >= 0:
                runs[place].append(taken)
    return runs


def summary(runs: Sequence[Run]) -> dict[str, float]:
    """Return the medians in milliseconds, and as spread half the distance between the quartiles of CPU time, in percent."""
    return {
        "cpu": round(statistics.median(each.cpu for each in runs), 2),
        "wall": round(statistics.median(each.wall for each in runs), 2),
        "spread": round(spread([each.cpu for each in runs]), 1),
    }


def compare(runs: Sequence[Run], baseline: Sequence[Run]) -> dict[str, float]:
    """Return the medians of the ratios of each run to the baseline's of the same round, and the spreads of both.

    ``spread`` is that of the ratios of CPU time, ``wall spread`` that of wall time.
    """
    cpu = [one.cpu / other.cpu for one, other in zip(runs, baseline)]
    wall = [one.wall / other.wall for one, other in zip(runs, baseline)]
    return {
        "cpu": round(statistics.median(cpu), 3),
        "wall": round(statistics.median(wall), 3),
        "spread": round(spread(cpu), 1),
        "wall spread": round(spread(wall), 1),
    }


def spread(values: Sequence[float]) -> float:
    """Return half the distance between the quartiles, in percent of the median; 0 for a single value."""
    if len(values) < 2:
        return 0.0
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / 2 / middle * 100


def leave_nothing(*places: Path) -> None:
    """Remove directories that earlier starts have filled."""
    for place in places:
        shutil.rmtree(place, ignore_errors=True)


def arrive(file: Path, copy: Path) -> None:
    """Make ``copy`` a fresh copy of ``file`` that is on the disk and not in the page cache."""
    copy.unlink(missing_ok=True)
    shutil.copy(file, copy)
    descriptor = os.open(copy, os.O_RDWR)
    os.fsync(descriptor)  # only what is on the disk can leave the page cache
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


adopt()
