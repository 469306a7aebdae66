"""Measure starts with lazy imports (``--lazy all``, Python 3.15): against the same app file without, and a warm virtual environment."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys

from applications import APPLICATIONS
from installing import environment, full_version, pythons
from measuring import WrongResult, compare, interleave, summary
from options import parse, parser
from recording import Section
from start import prepare


def main() -> None:
    """Measure, print a line for each job, and record the rows."""
    made = parser(__doc__, 11)
    made.set_defaults(python=["python3.15"])
    options = parse(made)
    if not any(map(shutil.which, options.python)):
        sys.exit("nothing measured: imports are lazy from Python 3.15 on, and there is no `%s`" % options.python[0])
    for version, python in pythons(options.python).items():
        bare = environment(python, "empty-" + version) / "bin" / "python"
        section = Section("lazy " + version, full_version(python), options)
        for application in APPLICATIONS:
            for job in application.jobs:
                if options.only not in job.name or section.has(job.name):
                    continue
                try:
                    script, eager = prepare(application, version, python, "auto")
                    _, lazy = prepare(application, version, python, "auto", "--lazy", "all")
                    runs, others, baseline = interleave([job.command(bare, lazy), job.command(bare, eager), job.command(script)], options.rounds)
                except (subprocess.CalledProcessError, WrongResult) as error:
                    # not all has wheels for this Python yet
                    section.add(job.name, {"job": job.name, "failed": str(error).strip().splitlines()[-1][-160:]})
                    print("%-6s%-27s %s" % (version, job.name, error), flush=True)
                    continue
                row = {
                    "job": job.name, "application": application.requirement, "lazy": summary(runs), "eager": summary(others),
                    "venv": summary(baseline), "to venv": compare(runs, baseline), "to eager": compare(runs, others),
                    "eager to venv": compare(others, baseline),
                }  # fmt: skip
                section.add(job.name, row)
                print("%-6s%-27s lazy to venv: cpu %.3f, wall %.3f; to eager: cpu %.3f, wall %.3f" % (
                    version, job.name, row["to venv"]["cpu"], row["to venv"]["wall"], row["to eager"]["cpu"], row["to eager"]["wall"],
                ), flush=True)  # fmt: skip
        measured = [row["to venv"]["wall"] for row in section.finish() if "to venv" in row]
        print("geometric mean, to venv, wall: %.3f" % statistics.geometric_mean(measured))


if __name__ == "__main__":
    main()
