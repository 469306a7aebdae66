"""Measure builds of the nine applications against shiv's, in turns, with all that they depend on already downloaded.

Both get the same wheels from the same directory, and no index. Cold: nothing is
left of an earlier build but these wheels. Unchanged: the same build once more, with what the
cold one has left: bundler's and uv's caches, or pip's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from applications import APPLICATIONS
from installing import WORK, bundler_command, bundler_environment, environment, full_version, pythons
from measuring import Command, Run, WrongResult, compare, leave_nothing, run, summary
from options import parse, parser
from orders import Order, order
from recording import Section


def main() -> None:
    """Measure, print a line for each application, and record the rows."""
    options = parse(parser(__doc__, 3, "applications whose requirement contains this"))
    for version, python in pythons(options.python).items():
        section = Section("builds " + version, full_version(python), options)
        for application in APPLICATIONS:
            # each requirement once: its modules of the user's own make no difference here
            if options.only in application.requirement and not section.has(application.requirement):
                try:
                    row = measure(order(application, version, python), options.rounds)
                except (subprocess.CalledProcessError, WrongResult) as error:
                    row = {"application": application.requirement, "failed": str(error).strip().splitlines()[-1][-160:]}
                    print("%-6s%-12s %s" % (version, application.requirement, error), flush=True)
                    section.add(application.requirement, row)
                    continue
                print("%-6s%-12s cold %5.2f s, shiv %5.2f s, ratio %.2f; unchanged %5.2f s, shiv %5.2f s, ratio %.2f" % (
                    version, application.requirement, row["cold"]["wall"] / 1000, row["shiv cold"]["wall"] / 1000, row["ratio cold"]["wall"],
                    row["unchanged"]["wall"] / 1000, row["shiv unchanged"]["wall"] / 1000, row["ratio unchanged"]["wall"],
                ), flush=True)  # fmt: skip
                section.add(application.requirement, row)
        section.finish()


def measure(wanted: Order, rounds: int) -> dict[str, Any]:
    """Return the row of one application: times of both, and ratios to shiv's."""
    wheels = downloaded(wanted)
    scratch = WORK / "building"
    commands = {"ours": ours(wanted, scratch), "shiv": shiv(wanted, scratch)}
    runs: dict[str, list[Run]] = {"ours": [], "shiv": [], "ours again": [], "shiv again": []}
    for turn in range(rounds):
        for name in commands if turn % 2 else reversed(list(commands)):
            leave_nothing(scratch)
            variables = from_wheels(wheels, scratch)
            for after in ("", " again"):
                runs[name + after].append(run(commands[name], variables))
                os.sync()  # what is written lazily is the next one's cost
    leave_nothing(scratch)
    return {
        "application": wanted.application.requirement,
        "wheels": sum(file.stat().st_size for file in wheels.iterdir()),
        "cold": summary(runs["ours"]), "shiv cold": summary(runs["shiv"]), "ratio cold": compare(runs["ours"], runs["shiv"]),
        "unchanged": summary(runs["ours again"]), "shiv unchanged": summary(runs["shiv again"]),
        "ratio unchanged": compare(runs["ours again"], runs["shiv again"]),
    }  # fmt: skip


def ours(wanted: Order, scratch: Path) -> Command:
    """Return the command that builds with bundler."""
    words = [*bundler_command(), "-q", "-p", wanted.python, "-o", str(scratch / "bundler.pyz")]
    words += [word for pin in wanted.pins for word in ("--with", pin)]
    words += ["-e", wanted.entry, str(wanted.source)] if wanted.source else ["-c", wanted.application.script]
    return Command(tuple(words), makes=str(scratch / "bundler.pyz"))


def shiv(wanted: Order, scratch: Path) -> Command:
    """Return the command that builds with shiv."""
    tool = environment(wanted.python, "shiv-" + wanted.version, ["shiv", "pip", "setuptools"]) / "bin" / "shiv"
    own = ["--site-packages", str(wanted.source)] if wanted.source else []
    words = [str(tool), "-q", "-p", wanted.python, "-e", wanted.entry, "-o", str(scratch / "shiv.pyz"), *own, *wanted.pins]
    return Command(tuple(words), makes=str(scratch / "shiv.pyz"))


def from_wheels(wheels: Path, scratch: Path) -> dict[str, str]:
    """Return the environment of a build that has ``wheels`` and keeps what it caches in ``scratch``."""
    for name in ("home", "cache"):
        (scratch / name).mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in bundler_environment().items() if not name.startswith(("PIP_", "UV_", "XDG_"))}
    return {
        **kept, "HOME": str(scratch / "home"), "XDG_CACHE_HOME": str(scratch / "cache"), "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_NO_INDEX": "1", "UV_FIND_LINKS": str(wheels), "UV_NO_CONFIG": "1",
    }  # fmt: skip


def downloaded(wanted: Order) -> Path:
    """Return the directory of the wheels that the application's environment was made of; download or build them if it is not there."""
    place = WORK / ("wheels-%s-%s" % (wanted.application.requirement, wanted.version))
    if not (place / "ready").is_file():
        shutil.rmtree(place, ignore_errors=True)
        pip = environment(wanted.python, "shiv-" + wanted.version, ["shiv", "pip", "setuptools"]) / "bin" / "python"
        command = [str(pip), "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(place), *wanted.pins]
        subprocess.run(command, check=True, stdout=sys.stderr)
        (place / "ready").touch()
    return place


if __name__ == "__main__":
    main()
