"""Measure starts: an app file, run by an empty environment's Python, against the same distributions installed.

Warm: the app file against the console script of a virtual environment whose
bytecode is compiled, in turns. Empty: a zip with nothing but a few lines that start
those same installed distributions, which is what ``python app.pyz`` costs whatever
the app file does. First: a fresh copy of the app file that is not in
the page cache, against the second start of the same copy.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from applications import APPLICATIONS, Application, Job
from installing import WORK, build, environment, full_version, pythons
from measuring import arrive, compare, interleave, run, summary
from options import parse, parser
from orders import order
from recording import Section


def main() -> None:
    """Measure, print a line for each job, and record the rows."""
    made = parser(__doc__, 11)
    made.add_argument("--codec", action="append", help="as of `bundler build` (repeatable; default: auto and zlib)")
    options = parse(made)
    codecs = options.codec or ["auto", "zlib"]
    for version, python in pythons(options.python).items():
        section = Section("start " + version, full_version(python), options, codecs=codecs)
        for application in APPLICATIONS:
            jobs = [job for job in application.jobs if options.only in job.name]
            for codec in codecs if jobs else []:
                key = "%s %s" % (application.script, codec)
                if not section.has(key):
                    # how fast a file arrives does not depend on the codec: once is enough
                    section.add(key, *measure(application, jobs, version, python, codec, options.rounds, codec == codecs[0]))
        section.finish()


def measure(
    application: Application, jobs: Sequence[Job], version: str, python: str, codec: str, rounds: int, first: bool
) -> list[dict[str, Any]]:
    """Measure ``jobs`` of an application on one Python and return a row for each."""
    script, app = prepare(application, version, python, codec)
    empty = write_empty(script, app.with_name("empty-" + app.name))
    bare = environment(python, "empty-" + version) / "bin" / "python"
    rows = []
    for job in jobs:
        runs, empties, baseline = interleave([job.command(bare, app), job.command(bare, empty), job.command(script)], rounds)
        row = {
            "job": job.name,
            "codec": codec,
            "size": app.stat().st_size,
            "app": summary(runs),
            "venv": summary(baseline),
            "ratio": compare(runs, baseline),
            "empty": compare(empties, baseline),
        }
        if first:
            row["first"] = measure_first(job, bare, app, rounds)
        print(
            "%-6s%-27s%-5s app %6.1f ms  venv %6.1f ms  cpu %.3f +-%.1f%%  wall %.3f  empty %.3f  first %s"
            % (
                version, job.name, codec, row["app"]["cpu"], row["venv"]["cpu"], row["ratio"]["cpu"],
                row["ratio"]["spread"], row["ratio"]["wall"], row["empty"]["cpu"],
                "%(cpu).3f, wall %(wall).3f" % row["first"] if first else "-",
            ),
            flush=True,
        )  # fmt: skip
        rows.append(row)
    return rows


def prepare(application: Application, version: str, python: str, codec: str, *options: str) -> tuple[Path, Path]:
    """Return the script in the environment, and the app file of the same versions, built with ``codec`` and ``options``."""
    wanted = order(application, version, python)
    words = [application.script.replace(":", "-"), version, codec, *(option.strip("-") for option in options)]
    output = WORK / "apps" / ("-".join(words).replace(" ", "") + ".pyz")
    arguments = ["--codec", codec, *options]
    for pin in wanted.pins:
        arguments += ["--with", pin]
    if wanted.source is None:
        arguments += ["--console-script", application.script]
    else:
        arguments += ["--entry-point", application.script, str(wanted.source)]
    return wanted.environment.file, build(output, arguments, python)


def write_empty(script: Path, output: Path) -> Path:
    """Write a zip that runs the console script ``script`` with the site-packages of its environment."""
    library = next(script.parent.parent.glob("lib/python*/site-packages"))
    program = script.read_text("utf-8").replace("\nimport sys\n", "\nimport sys\nsys.path.insert(0, %r)\n" % str(library), 1)
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("__main__.py", program)
    return output


def measure_first(job: Job, python: Path, app: Path, rounds: int) -> dict[str, float]:
    """Return the ratio of the first start of a fresh copy to the second one of the same copy."""
    copy = app.with_name("fresh-" + app.name)
    command = job.command(python, copy)
    firsts, others = [], []
    for _ in range(rounds):
        arrive(app, copy)
        firsts.append(run(command))
        others.append(run(command))
    copy.unlink()
    return compare(firsts, others)


if __name__ == "__main__":
    main()
