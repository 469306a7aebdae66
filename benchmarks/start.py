"""Measure starts: an app file, run by an empty environment's Python, against the same distributions installed.

Warm: the app file against the console script of a virtual environment whose
bytecode is compiled, in turns. Floor: a zip with nothing but a few lines that start
those same installed distributions, which is what ``python app.pyz`` costs whatever
the app file does. First: a fresh copy of the app file that is not in
the page cache, against the second start of the same copy.
"""

from __future__ import annotations

import argparse
import os
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from applications import APPLICATIONS, Application, Job
from installing import WORK, build, environment, full_version, pins, pythons
from measuring import compare, interleave, run, summary
from recording import record


def main() -> None:
    """Measure, print a line for each job, and record the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=15, help="runs of each side (default: 15)")
    parser.add_argument("--only", metavar="TEXT", default="", help="jobs whose name contains this; nothing is recorded")
    parser.add_argument("--codec", action="append", help="as of `bundler build` (repeatable; default: auto and zlib)")
    parser.add_argument("--no-first", action="store_true", help="leave first starts out; nothing is recorded")
    parser.add_argument("python", nargs="*", help="default: python3.11 and python3.14, where found")
    options = parser.parse_args()
    for version, python in pythons(options.python).items():
        rows = []
        for application in APPLICATIONS:
            jobs = [job for job in application.jobs if options.only in job.name]
            if jobs:
                for codec in options.codec or ["auto", "zlib"]:
                    # how fast a file arrives does not depend on the codec: once is enough
                    first = not options.no_first and codec == (options.codec or ["auto"])[0]
                    rows += measure(application, jobs, version, python, codec, options.pairs, first)
        if not options.only and not options.no_first:
            record("start " + version, full_version(python), rows)


def measure(
    application: Application, jobs: Sequence[Job], version: str, python: str, codec: str, pairs: int, first: bool
) -> list[dict[str, Any]]:
    """Measure ``jobs`` of an application on one Python and return a row for each."""
    script, app = prepare(application, version, python, codec)
    floor = write_floor(script, app.with_name("floor-" + app.name))
    bare = environment(python, "empty-" + version) / "bin" / "python"
    rows = []
    for job in jobs:
        runs, floors, baseline = interleave([job.command(bare, app), job.command(bare, floor), job.command(script)], pairs)
        row = {
            "job": job.name,
            "codec": codec,
            "size": app.stat().st_size,
            "app": summary(runs),
            "venv": summary(baseline),
            "ratio": compare(runs, baseline),
            "floor": compare(floors, baseline),
        }
        if first:
            row["first"] = measure_first(job, bare, app, pairs)
        print(
            "%-6s%-27s%-5s app %6.1f ms  venv %6.1f ms  cpu %.3f +-%.1f%%  wall %.3f  floor %.3f  first %s"
            % (
                version, job.name, codec, row["app"]["cpu"], row["venv"]["cpu"], row["ratio"]["cpu"],
                row["ratio"]["spread"], row["ratio"]["wall"], row["floor"]["cpu"],
                "%(cpu).3f, wall %(wall).3f" % row["first"] if first else "-",
            ),
            flush=True,
        )  # fmt: skip
        rows.append(row)
    return rows


def prepare(application: Application, version: str, python: str, codec: str, *options: str) -> tuple[Path, Path]:
    """Return the script in the environment, and the app file of the same versions, built with ``codec`` and ``options``."""
    installed = environment(python, "%s-%s" % (application.requirement, version), [application.requirement])
    words = [application.script.replace(":", "-"), version, codec, *(option.strip("-") for option in options)]
    output = WORK / "apps" / ("-".join(words).replace(" ", "") + ".pyz")
    arguments = ["--codec", codec, *options]
    for pin in pins(installed):
        arguments += ["--with", pin]
    if application.source is None:
        build(output, [*arguments, "--console-script", application.script], python)
        return installed / "bin" / application.script, output
    source = WORK / "sources" / application.script.replace(":", "-")
    source.mkdir(parents=True, exist_ok=True)
    for name, text in application.source.items():
        (source / name).write_text(text, "utf-8")
    build(output, [*arguments, "--entry-point", application.script, str(source)], python)
    return install_sources(application, installed, source), output


def install_sources(application: Application, installed: Path, source: Path) -> Path:
    """Install an application's own modules beside what it requires, as an installer would, and return its script."""
    module, _, function = application.script.partition(":")
    library = next(installed.glob("lib/python*/site-packages"))
    shutil.copytree(source, library, dirs_exist_ok=True)
    python = installed / "bin" / "python"
    script = installed / "bin" / module
    script.write_text(
        "#!%s\nimport sys\nfrom %s import %s\nif __name__ == '__main__':\n    sys.exit(%s())\n"
        % (python, module, function, function),
        "utf-8",
    )
    script.chmod(0o755)
    return script


def write_floor(script: Path, output: Path) -> Path:
    """Write a zip that runs the console script ``script`` with the site-packages of its environment."""
    library = next(script.parent.parent.glob("lib/python*/site-packages"))
    program = script.read_text("utf-8").replace("\nimport sys\n", "\nimport sys\nsys.path.insert(0, %r)\n" % str(library), 1)
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("__main__.py", program)
    return output


def measure_first(job: Job, python: Path, app: Path, pairs: int) -> dict[str, float]:
    """Return the ratio of the first start of a fresh copy to the second one of the same copy."""
    copy = app.with_name("fresh-" + app.name)

    def arrive() -> None:
        copy.unlink(missing_ok=True)
        shutil.copyfile(app, copy)
        descriptor = os.open(copy, os.O_RDWR)
        os.fsync(descriptor)  # only what is on the disk can leave the page cache
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)

    command = job.command(python, copy)
    firsts, others = [], []
    for _ in range(pairs):
        arrive()
        firsts.append(run(command))
        others.append(run(command))
    copy.unlink()
    return compare(firsts, others)


if __name__ == "__main__":
    main()
