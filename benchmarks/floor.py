"""Find the floor of a start: what it would cost if every code object that it needs were already unmarshalled.

No start can begin so, which is what makes it a floor: unmarshalled code objects live
in one process. So what they cost is measured within the start of the virtual environment
(watched/sitecustomize.py), and subtracted from what the same start takes when it is
not watched; CPU time both, medians both. Two floors: without ``marshal.loads``,
which is to unmarshal and nothing else; and without the ``get_code`` of the loader, so
without the reading of bytecode files either. Finding modules, making and running them
stays in both, and so does what the interpreter loads before ``site``.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from applications import APPLICATIONS, Job
from installing import full_version, pythons
from measuring import Run, compare, interleave, run, spread, summary
from options import parse, parser
from orders import Made, order
from packagers import PACKAGERS, made
from recording import Section

WATCHED = Path(__file__).resolve().parent / "watched"


def main() -> None:
    """Measure, print a line for each job, and record the rows."""
    options = parse(parser(__doc__, 11))
    for version, python in pythons(options.python).items():
        section = Section("floor " + version, full_version(python), options)
        for application in APPLICATIONS:
            jobs = [job for job in application.jobs if options.only in job.name and not section.has(job.name)]
            if not jobs:
                continue
            wanted = order(application, version, python)
            app = made(PACKAGERS[0], wanted)
            for job in jobs:
                row = {"application": application.requirement, **measure(job, wanted.environment, app, options.rounds)}
                print("%-6s%-27s venv %6.1f ms  floor %.3f, without reading %.3f  app %.3f" % (
                    version, job.name, row["venv"]["cpu"], row["floor"], row["without reading"], row["app"]["cpu"]
                ), flush=True)  # fmt: skip
                section.add(job.name, row)
        section.finish()


def measure(job: Job, environment: Made, app: Made, rounds: int) -> dict[str, Any]:
    """Return the row of one job: times and ratios to the environment's CPU time."""
    sides = (environment, app)
    spent: list[list[dict[str, float]]] = [[], []]
    runs: list[list[Run]] = [[], []]
    for turn in range(rounds):
        # watched and unwatched starts alternate: a busy minute is in both
        for into, taken in zip(runs, interleave([side.command(job) for side in sides], 1, (), [side.environment for side in sides], turn == 0)):
            into += taken
        for into, side in zip(spent, sides):
            into.append(watch(job, side))
    baseline = runs[0]
    loads, read = ([each[name] for each in spent[0]] for name in ("loads", "get_code"))
    return {
        "job": job.name,
        "venv": summary(baseline),
        "modules": int(statistics.median(each["modules"] for each in spent[0])),
        "unmarshalling": round(statistics.median(loads), 2),
        "reading": round(statistics.median(read), 2),
        "unmarshalling by the app": round(statistics.median(each["loads"] for each in spent[1]), 2),
        "floor": left(baseline, loads),
        "without reading": left(baseline, read),
        "spread": round(spread(loads), 1),
        "app": compare(runs[1], baseline),
    }


def left(runs: Sequence[Run], spent: Sequence[float]) -> float:
    """Return which part of a start's CPU time is left without the milliseconds ``spent``: 0.85."""
    return round(1 - statistics.median(spent) / statistics.median(each.cpu for each in runs), 3)


def watch(job: Job, side: Made) -> dict[str, float]:
    """Start ``side`` for ``job``, and return the milliseconds of CPU time in ``loads`` and ``get_code``, and how many ``modules`` were read."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        file = Path(scratch, "spent")
        run(side.command(job), {**side.environment, "PYTHONPATH": str(WATCHED), "BENCH_SPENT": str(file)})
        return counted(json.loads(file.read_text("utf-8")))


def counted(told: dict[str, Any]) -> dict[str, float]:
    """Return the milliseconds of what a watched start has told, without what looking at the clock took."""
    spent, calls, clock = told["spent"], told["calls"], told["clock"]
    loads = spent["loads"] - calls["loads"] * clock
    # within get_code is the watching of loads: the part that it counts, and about as much that it does not
    read = spent["get_code"] - calls["get_code"] * clock - min(calls["loads"], calls["get_code"]) * 2 * clock
    return {"loads": max(loads, 0) / 1e6, "get_code": max(read, 0) / 1e6, "modules": calls["get_code"]}


if __name__ == "__main__":
    main()
