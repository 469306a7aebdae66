"""Measure bundler against other packagers, on the same applications: starts, starts at once, memory, size, time to build.

For each application a virtual environment is the baseline. Warm: all sides in
turns, medians of ratios to the environment's run of the same round. First: the
file is a fresh copy that is not in the page cache, and nothing that an earlier
start unpacked is left. At once: so many processes are started together, and the
time is that until the last has ended. A packager that cannot make an application is named
with the reason.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from applications import APPLICATIONS, Job
from installing import full_version, pythons
from measuring import ENVIRONMENT, Command, Run, WrongResult, run
from packagers import PACKAGERS, Made, NotMade, Order, made, orders
from recording import record
from start import install_sources


def main() -> None:
    """Measure, print a line for each application and packager, and record the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11, help="runs of each side (default: 11)")
    parser.add_argument("--only", metavar="TEXT", default="", help="applications whose requirement contains this; nothing is recorded")
    parser.add_argument("--packager", action="append", help="by name (repeatable; default: all)")
    parser.add_argument("--at-once", type=int, action="append", help="processes to start together (repeatable; default: 2, 8, 64)")
    parser.add_argument("python", nargs="*", help="default: python3.11 and python3.14, where found")
    options = parser.parse_args()
    packagers = [each for each in PACKAGERS if not options.packager or each.name in options.packager]
    chosen = [each for each in APPLICATIONS if options.only in each.requirement]
    for version, python in pythons(options.python).items():
        rows = []
        for order in orders(chosen, version, python):
            rows += compare(order, packagers, options.rounds, options.at_once or [2, 8, 64])
        if not options.only:
            record("peers " + version, full_version(python), rows)


def compare(order: Order, packagers: Sequence[Any], rounds: int, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Return a row for each of ``packagers`` that makes the application, and one with the reason for each that does not."""
    application = order.application
    job = application.jobs[0]
    script = order.installed / "bin" / application.script
    if order.source is not None:
        script = install_sources(application, order.installed, order.source)
    sides = {"venv": Made((str(script),), None)}
    rows = []
    for packager in packagers:
        started = time.perf_counter()
        try:
            sides[packager.name] = made(packager, order)
            built = time.perf_counter() - started
            start(job, sides[packager.name])
        except (NotMade, WrongResult) as error:
            sides.pop(packager.name, None)
            rows.append({"job": job.name, "packager": packager.name, "failed": str(error).strip().splitlines()[-1][:160]})
            continue
        finally:
            built = time.perf_counter() - started
        rows.append({"job": job.name, "packager": packager.name, "built": round(built, 1)})
    warm = {name: [] for name in sides}
    for turn in range(rounds):
        for name in sides if turn % 2 else reversed(list(sides)):
            warm[name].append(start(job, sides[name]))
    together = {name: {number: at_once(job, side, number) for number in numbers} for name, side in sides.items()}
    for row in rows:
        if "failed" not in row:
            name = row["packager"]
            row.update(figures(warm[name], warm["venv"]))
            row["first"] = round(first(job, sides[name]) / statistics.median(each.wall for each in warm["venv"]), 2)
            row["at once"] = {number: round(together[name][number] / together["venv"][number], 2) for number in numbers}
            row["size"] = sides[name].file.stat().st_size
        print(row, flush=True)
    return rows


def figures(runs: Sequence[Run], baseline: Sequence[Run]) -> dict[str, float]:
    """Return ratios of wall time, CPU time and peak memory to the environment's, and the time itself in milliseconds."""
    walls = [one.wall / other.wall for one, other in zip(runs, baseline)]
    low, _, high = statistics.quantiles(walls, n=4)
    return {
        "wall": round(statistics.median(walls), 3),
        "spread": round((high - low) / 2 / statistics.median(walls) * 100, 1),
        "cpu": round(statistics.median(one.cpu / other.cpu for one, other in zip(runs, baseline)), 3),
        "memory": round(statistics.median(one.memory / other.memory for one, other in zip(runs, baseline)), 2),
        "milliseconds": round(statistics.median(each.wall for each in runs), 1),
    }


def start(job: Job, side: Made) -> Run:
    """Run the job once and check that it was done."""
    return run(job.command(*side.start), {**ENVIRONMENT, **(side.variables or {})})


def first(job: Job, side: Made, times: int = 3) -> float:
    """Return the wall time, in milliseconds, of a start of a file that has just arrived: the median of ``times``."""
    taken = []
    for _ in range(times):
        for cache in side.caches:
            shutil.rmtree(cache, ignore_errors=True)
        copy = side.file.with_name("fresh-" + side.file.name)
        copy.unlink(missing_ok=True)
        shutil.copy(side.file, copy)
        descriptor = os.open(copy, os.O_RDWR)
        os.fsync(descriptor)  # only what is on the disk can leave the page cache
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)
        words = tuple(str(copy) if word == str(side.file) else word for word in side.start)
        taken.append(start(job, Made(words, copy, side.caches, side.variables)).wall)
        copy.unlink()
    for cache in side.caches:
        shutil.rmtree(cache, ignore_errors=True)
    start(job, side)
    return statistics.median(taken)


def at_once(job: Job, side: Made, number: int) -> float:
    """Return the wall time, in milliseconds, until ``number`` processes that are started together have all done the job."""
    command: Command = job.command(*side.start)
    environment = {**ENVIRONMENT, **(side.variables or {})}
    with ThreadPoolExecutor(number) as pool:
        started = time.perf_counter()
        list(pool.map(lambda _: run_in_thread(command, environment), range(number)))
        return (time.perf_counter() - started) * 1000


def run_in_thread(command: Command, environment: dict[str, str]) -> None:
    """Run ``command`` once without a change of this process's directory."""
    directory = "/tmp" if command.scratch else "/"
    done = subprocess.run(command.arguments, cwd=directory, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode or command.expected not in done.stdout + done.stderr:
        raise WrongResult("`%s` printed:\n%s" % (" ".join(command.arguments), (done.stdout + done.stderr)[-2000:]))


if __name__ == "__main__":
    main()
