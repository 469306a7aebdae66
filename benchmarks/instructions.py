"""Count the instructions of warm starts: the app file against the same distributions installed, under valgrind.

Where others use the machine, times swing by more than what is to be found out;
the number of instructions does not. It leaves out what the kernel does: reading
files, page faults. Needs valgrind, and half a minute for each start.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from applications import APPLICATIONS
from installing import environment, full_version, pythons
from measuring import ENVIRONMENT, Command, WrongResult
from recording import record
from start import prepare


def main() -> None:
    """Count, print a line for each job, and record the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="TEXT", default="", help="jobs whose name contains this; nothing is recorded")
    parser.add_argument("--codec", default="auto", help="as of `bundler build`")
    parser.add_argument("python", nargs="*", help="default: python3.11 and python3.14, where found")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        sys.exit("error: there is no `valgrind`, which counts instructions")
    for version, python in pythons(options.python).items():
        bare = environment(python, "empty-" + version) / "bin" / "python"
        rows = []
        for application in APPLICATIONS:
            for job in application.jobs:
                if options.only not in job.name:
                    continue
                script, app = prepare(application, version, python, options.codec)
                counts = [count(job.command(bare, app)), count(job.command(script))]
                row = {"job": job.name, "codec": options.codec, "app": counts[0], "venv": counts[1]}
                print("%-6s%-27s app %8.1f M  venv %8.1f M  ratio %.3f" % (
                    version, job.name, counts[0] / 1e6, counts[1] / 1e6, counts[0] / counts[1]
                ), flush=True)  # fmt: skip
                rows.append(row)
        if not options.only:
            record("instructions " + version, full_version(python), rows)


def count(command: Command, variables: Mapping[str, str] = ENVIRONMENT) -> int:
    """Run ``command`` under valgrind and return how many instructions its process executed in user space."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        report = Path(directory, "valgrind")
        done = subprocess.run(
            ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null",
             "--log-file=%s" % report, *command.arguments],
            check=False, cwd=directory if command.scratch else "/", env={**variables, "PYTHONHASHSEED": "0"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        counted = re.search(r"I +refs: +([\d,]+)", report.read_text("utf-8"))
    if done.returncode or command.expected not in done.stdout or counted is None:
        raise WrongResult("`%s` under valgrind printed:\n%s" % (" ".join(command.arguments), done.stdout[-2000:]))
    return int(counted[1].replace(",", ""))


if __name__ == "__main__":
    main()
