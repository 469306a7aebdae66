"""Count the instructions of warm starts: the app file against the same distributions installed, under valgrind.

Where others use the machine, times swing by more than what is to be found out;
the number of instructions does not. It leaves out what the kernel does: reading
files, page faults. Needs valgrind, and half a minute for each start.
"""

from __future__ import annotations

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
from options import parse, parser
from recording import Section
from start import prepare


def main() -> None:
    """Count, print a line for each job, and record the rows."""
    made = parser(__doc__, 1)
    made.add_argument("--codec", default="auto", help="as of `bundler build`")
    options = parse(made)
    if shutil.which("valgrind") is None:
        sys.exit("error: there is no `valgrind`, which counts instructions")
    for version, python in pythons(options.python).items():
        bare = environment(python, "empty-" + version) / "bin" / "python"
        section = Section("instructions " + version, full_version(python), options, codec=options.codec)
        for application in APPLICATIONS:
            for job in application.jobs:
                if options.only not in job.name or section.has(job.name):
                    continue
                script, app = prepare(application, version, python, options.codec)
                counts = [count(job.command(bare, app)), count(job.command(script))]
                row = {"job": job.name, "codec": options.codec, "app": counts[0], "venv": counts[1]}
                print("%-6s%-27s app %8.1f M  venv %8.1f M  ratio %.3f" % (
                    version, job.name, counts[0] / 1e6, counts[1] / 1e6, counts[0] / counts[1]
                ), flush=True)  # fmt: skip
                section.add(job.name, row)
        section.finish()


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
