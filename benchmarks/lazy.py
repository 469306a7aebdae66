"""Measure starts with lazy imports (``--lazy all``, Python 3.15): against the same app file without, and a warm virtual environment."""

from __future__ import annotations

import argparse
import statistics

from applications import APPLICATIONS
from installing import environment, full_version, pythons
from measuring import compare, interleave, summary
from recording import record
from start import prepare


def main() -> None:
    """Measure, print a line for each job, and record the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=11, help="runs of each side (default: 11)")
    parser.add_argument("--only", metavar="TEXT", default="", help="jobs whose name contains this; nothing is recorded")
    parser.add_argument("python", nargs="*", default=["python3.15"], help="default: python3.15")
    options = parser.parse_args()
    for version, python in pythons(options.python).items():
        bare = environment(python, "empty-" + version) / "bin" / "python"
        rows = []
        for application in APPLICATIONS:
            for job in application.jobs:
                if options.only not in job.name:
                    continue
                script, eager = prepare(application, version, python, "auto")
                _, lazy = prepare(application, version, python, "auto", "--lazy", "all")
                runs, others, baseline = interleave([job.command(bare, lazy), job.command(bare, eager), job.command(script)], options.pairs)
                rows.append({
                    "job": job.name, "lazy": summary(runs), "eager": summary(others), "venv": summary(baseline),
                    "to venv": compare(runs, baseline), "to eager": compare(runs, others),
                })  # fmt: skip
                print("%-6s%-27s lazy to venv: cpu %.3f, wall %.3f; to eager: cpu %.3f, wall %.3f" % (
                    version, job.name, rows[-1]["to venv"]["cpu"], rows[-1]["to venv"]["wall"],
                    rows[-1]["to eager"]["cpu"], rows[-1]["to eager"]["wall"],
                ), flush=True)  # fmt: skip
        print("geometric mean, to venv, wall: %.3f" % statistics.geometric_mean(row["to venv"]["wall"] for row in rows))
        if not options.only:
            record("lazy " + version, full_version(python), rows)


if __name__ == "__main__":
    main()
