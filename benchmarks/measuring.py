"""Time processes one against the other: interleaved runs, each checked, medians of pairwise ratios."""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: What a timed process finds in its environment: nothing of the user's.
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8"}


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
    """What one run took, in milliseconds: user and system time of it and its children, and wall time; its peak memory in KiB."""

    cpu: float
    wall: float
    memory: int = 0


def run(command: Command, environment: Mapping[str, str] = ENVIRONMENT) -> Run:
    """Run ``command`` once and return what it took. Raises WrongResult if it failed or printed something else."""
    directory = tempfile.mkdtemp(prefix="bench-") if command.scratch else "/"
    try:
        with tempfile.TemporaryFile() as printed:
            before = os.getcwd()
            os.chdir(directory)
            try:
                started = time.perf_counter()
                child = os.posix_spawn(
                    command.arguments[0],
                    command.arguments,
                    environment,
                    file_actions=[
                        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                        (os.POSIX_SPAWN_DUP2, printed.fileno(), 1),
                        (os.POSIX_SPAWN_DUP2, printed.fileno(), 2),
                    ],
                    setsigdef=[signal.SIGPIPE],
                )
                _, status, used = os.wait4(child, 0)
                wall = time.perf_counter() - started
            finally:
                os.chdir(before)
            printed.seek(0)
            text = printed.read().decode("utf-8", "replace")
        if status or command.expected not in text:
            raise WrongResult(
                "`%s` ended with status %d and printed:\n%s"
                % (" ".join(command.arguments), os.waitstatus_to_exitcode(status), text[-2000:])
            )
        if command.makes and not Path(directory, command.makes).is_file():
            raise WrongResult("`%s` did not write `%s`" % (" ".join(command.arguments), command.makes))
    finally:
        if command.scratch:
            shutil.rmtree(directory)
    return Run((used.ru_utime + used.ru_stime) * 1000, wall * 1000, used.ru_maxrss)


def interleave(
    commands: Sequence[Command],
    rounds: int,
    before: Sequence[Callable[[], None] | None] = (),
    environment: Mapping[str, str] = ENVIRONMENT,
    warm: bool = True,
) -> list[list[Run]]:
    """Run the commands in turn, ``rounds`` times, and return the runs of each.

    The order turns round from one round to the next, so that none always comes
    after the same other. ``before`` holds, for each command, what to call
    before each run of it, untimed. ``warm`` runs each once, uncounted, first.
    """
    runs: list[list[Run]] = [[] for _ in commands]
    befores = [*before, *[None] * (len(commands) - len(before))]
    for turn in range(-1 if warm else 0, rounds):
        places = list(range(len(commands)))
        for place in places if turn % 2 else reversed(places):
            prepare = befores[place]
            if prepare:
                prepare()
            taken = run(commands[place], environment)
            if turn >= 0:
                runs[place].append(taken)
    return runs


def summary(runs: Sequence[Run]) -> dict[str, float]:
    """Return the medians in milliseconds, and as spread half the distance between the quartiles, in percent."""
    return {
        "cpu": round(statistics.median(each.cpu for each in runs), 2),
        "wall": round(statistics.median(each.wall for each in runs), 2),
        "spread": round(_spread([each.cpu for each in runs]), 1),
    }


def compare(runs: Sequence[Run], baseline: Sequence[Run]) -> dict[str, float]:
    """Return the medians of the ratios of each run to the baseline's of the same round, and the spread of the first."""
    cpu = [one.cpu / other.cpu for one, other in zip(runs, baseline)]
    return {
        "cpu": round(statistics.median(cpu), 3),
        "wall": round(statistics.median(one.wall / other.wall for one, other in zip(runs, baseline)), 3),
        "spread": round(_spread(cpu), 1),
    }


def _spread(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    low, middle, high = statistics.quantiles(values, n=4)
    return (high - low) / 2 / middle * 100
