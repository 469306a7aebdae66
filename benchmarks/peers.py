"""Measure bundler against other packagers, on the same applications: starts, starts at once, memory, size.

For each application a virtual environment is the baseline. Warm: all sides in
turns, medians of ratios to the environment's run of the same round, for each job.
The rest is measured with the last job. First: the file is a fresh copy that is not
in the page cache, and nothing that an earlier start unpacked is left; each such start
goes with three warm ones of the environment. At once: so many processes are started together,
and the time is that until the last has ended; what would take longer than ten seconds is
left out. Memory: see peak.py. A packager that cannot make an application is named with the reason.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import measuring
from applications import APPLICATIONS, Application, Job
from installing import WORK, full_version, pythons
from measuring import Run, WrongResult, arrive, check, interleave, run_together, spread
from options import parse, parser
from orders import Made, Order, order
from packagers import LIMIT, PACKAGERS, NotMade, Packager, made, version
from recording import Section

#: Runs of what is measured apart from the warm starts.
FIRSTS, PEAKS, TOGETHER = 3, 3, 3
#: Seconds that all starts at once of one kind may take.
LONGEST = 10


def main() -> None:
    """Measure, print a line for each application and packager, and record the rows."""
    given = parser(__doc__, 9, "applications whose requirement contains this")
    given.add_argument("--packager", action="append", help="by the beginning of its name (repeatable; default: all)")
    given.add_argument("--at-once", type=int, action="append", help="processes to start together (repeatable; default: 2, 8, 64)")
    given.add_argument("--slow", action="store_true", help="make with Nuitka what it has not made yet, %d minutes at most each" % (LIMIT // 60))
    given.add_argument("--make", action="store_true", help="make the environments and what the others make, and measure nothing")
    options = parse(given)
    chosen = [each for each in PACKAGERS if each.name.startswith(tuple(options.packager or [""]))]
    numbers = options.at_once or ([2] if options.quick else [2, 8, 64])
    for name, python in pythons(options.python).items():
        if options.make:
            make([each for each in APPLICATIONS if options.only in each.requirement], chosen, name, python, options.slow)
            continue
        section = Section(
            "peers " + name, full_version(python), options,
            rounds=options.rounds, at_once=numbers, packagers=[each.name for each in chosen],
        )  # fmt: skip
        versions: set[str] = set()
        for application in APPLICATIONS:
            if options.only in application.requirement:
                wanted = order(application, name, python)
                if not section.has(application.script):
                    section.add(application.script, *compare(wanted, chosen, options.rounds, numbers, options.quick, options.slow))
                versions |= {version(each, wanted) for each in chosen}
        section.notes["packagers"] = sorted(filter(None, versions))
        section.finish()


def make(applications: Sequence[Application], packagers: Sequence[Packager], name: str, python: str, slow: bool) -> None:
    """Make what is to be measured, and print a line for each."""
    for application in applications:
        wanted = order(application, name, python)
        for packager in packagers:
            if packager.name.startswith("bundler"):
                continue  # built for each measurement anew
            try:
                told = "%.0f s" % made(packager, wanted, slow).seconds
            except NotMade as error:
                told = why(error)
            print("%-6s%-14s%-26s%s" % (name, application.script, packager.name, told), flush=True)


def compare(
    wanted: Order, packagers: Sequence[Packager], rounds: int, numbers: Sequence[int], quick: bool, slow: bool
) -> list[dict[str, Any]]:
    """Return a row for the environment and one for each of ``packagers``, with the reason where it does not make the application."""
    sides = {"venv": wanted.environment}
    rows = {"venv": {"size": deflated(wanted)}}
    for packager in packagers:
        rows[packager.name] = {}
        try:
            sides[packager.name] = made(packager, wanted, slow)
            rows[packager.name] = {"size": sides[packager.name].file.stat().st_size, "built": sides[packager.name].seconds}
            for job in wanted.application.jobs:
                sides[packager.name].run(job)
        except (NotMade, WrongResult) as error:
            rows[packager.name]["failed"] = why(error)
            sides.pop(packager.name, None)
    job = wanted.application.jobs[-1]
    warm = {}
    for each in wanted.application.jobs:
        runs = interleave([side.command(each) for side in sides.values()], rounds, (), [side.environment for side in sides.values()])
        warm[each.name] = dict(zip(sides, runs))
        for name in sides:
            rows[name].setdefault("warm", {})[each.name] = figures(warm[each.name][name], warm[each.name]["venv"])
    variants = {packager.name for packager in packagers if packager.variant}
    attempt(rows, sides, "memory", lambda side: peaks(job, side, 1 if quick else PEAKS))
    attempt(
        rows, {name: side for name, side in sides.items() if name != "venv"}, "first",
        lambda side: first(job, side, sides["venv"], 1 if quick else FIRSTS),
    )  # fmt: skip
    plain = {name: side for name, side in sides.items() if name not in variants}
    guesses = {name: statistics.median(each.wall for each in warm[job.name][name]) for name in plain}
    for name, ratios in at_once(job, plain, guesses, numbers).items():
        rows[name]["at once"] = ratios
    for name, row in rows.items():
        row.update({"application": wanted.application.requirement, "script": wanted.application.script, "packager": name})
        print(told(row), flush=True)
    return list(rows.values())


def told(row: dict[str, Any]) -> str:
    """Return a line that says what was measured."""
    line = "%-14s%-26s" % (row["script"], row["packager"])
    if "failed" in row:
        return line + row["failed"]
    line += "warm " + ", ".join("%.2f" % each["wall"] for each in row["warm"].values())
    if "first" in row:
        line += "; first %.2f" % row["first"]["wall"]
    line += "".join("; %s at once %s" % (number, each.get("wall", "failed")) for number, each in row.get("at once", {}).items())
    return line + "; %.1f MB, in memory %.1f MB" % (row["size"] / 1e6, row.get("memory", 0) / 1e3)


def attempt(rows: dict[str, dict[str, Any]], sides: Mapping[str, Made], name: str, measure) -> None:
    """Put what ``measure`` returns for each side into its row, or why that failed."""
    for side, side_made in sides.items():
        try:
            rows[side][name] = measure(side_made)
        except WrongResult as error:
            rows[side].setdefault("trouble", {})[name] = why(error)


def why(error: Exception) -> str:
    """Return the last line of an error's text, with paths from the working directory on, and without what would end a table's cell."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[-1].strip().replace("|", "/").replace("%s/" % WORK, "")[:160]


def figures(runs: Sequence[Run], baseline: Sequence[Run]) -> dict[str, float]:
    """Return ratios to the environment's runs with their spreads, and the wall and CPU time themselves in milliseconds."""
    medians = measuring.summary(runs)
    return {**measuring.compare(runs, baseline), "ms": medians["wall"], "cpu ms": medians["cpu"]}


def peaks(job: Job, side: Made, times: int) -> int:
    """Return the peak memory of a start in KiB, the median of ``times``. Raises WrongResult."""
    found = []
    command = side.command(job)
    for _ in range(times):
        with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            done = subprocess.run(
                [sys.executable, "-I", "-S", str(Path(__file__).with_name("peak.py")), *command.arguments],
                check=False, cwd=scratch if command.scratch else "/", env=dict(side.environment), capture_output=True,
                timeout=measuring.LIMIT,
            )  # fmt: skip
            status, peak = map(int, done.stdout.split())
            check(command, status << 8, done.stderr.decode("utf-8", "replace"), Path(scratch))
        found.append(peak)
    return int(statistics.median(found))


def first(job: Job, side: Made, environment: Made, times: int) -> dict[str, float]:
    """Return the ratio of the wall time of a start of a file that has just arrived to a warm start of the environment, and milliseconds."""
    copy = side.file.with_name("fresh-" + side.file.name)
    start = tuple(str(copy) if word == str(side.file) else word for word in side.start)
    firsts, ratios = [], []
    for _ in range(times):
        side.forget()
        arrive(side.file, copy)
        firsts.append(Made(start, copy, side.home, side.path).run(job).wall)
        ratios.append(firsts[-1] / statistics.median(environment.run(job).wall for _ in range(3)))
    copy.unlink()
    side.forget()
    side.run(job)  # unpacked again, for what is measured next
    return {"wall": round(statistics.median(ratios), 3), "spread": round(spread(ratios), 1), "ms": round(statistics.median(firsts), 1)}


def at_once(job: Job, sides: Mapping[str, Made], guesses: Mapping[str, float], numbers: Sequence[int]) -> dict[str, dict[str, Any]]:
    """Return for each side and number of processes the ratio of the wall time to the environment's, or why there is none.

    ``guesses`` are the milliseconds of one start: they say how many rounds there is time for.
    """
    cores = os.cpu_count() or 1
    found: dict[str, dict[str, Any]] = {name: {} for name in sides}
    for number in numbers:
        rounds = {name: min(TOGETHER, int(LONGEST * 1000 / (guesses[name] * max(number / cores, 1)))) for name in sides}
        walls: dict[str, list[float]] = {name: [] for name in sides}
        for turn in range(TOGETHER):
            for name in sides if turn % 2 else reversed(list(sides)):
                # the environment takes part in each round, since the others are compared with it
                if turn < rounds[name] or (name == "venv" and turn < max(rounds.values())):
                    try:
                        walls[name].append(run_together(sides[name].command(job), number, sides[name].environment).wall)
                    except WrongResult as error:
                        rounds[name], found[name][str(number)] = 0, {"trouble": why(error)}
        for name, taken in walls.items():
            if rounds[name] and taken:
                ratios = [one / other for one, other in zip(taken, walls["venv"])]
                found[name][str(number)] = {
                    "wall": round(statistics.median(ratios), 2), "spread": round(spread(ratios), 1), "ms": round(statistics.median(taken))
                }  # fmt: skip
    return found


def deflated(wanted: Order) -> int:
    """Return the size of a deflated zip of what is installed, with bytecode: the same sources and data as in a bundle."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for each in sorted(wanted.library.rglob("*")):
                if each.is_file():
                    archive.write(each, each.relative_to(wanted.library))
        return file.tell()


if __name__ == "__main__":
    main()
