"""Do the work of every application in both ways and record how they fare: ``make native``.

Arguments are names of applications (all, if there are none) and ``--python 3.14`` (every Python that is found, if
there is none). Ends with 1 if one fails.
"""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from applications import applications  # noqa: E402
from both import MAPPED, WAYS, Sides  # noqa: E402
from interpreters import interpreters  # noqa: E402
from outcomes import record  # noqa: E402

ROOT = TESTS.parent / "build" / "native"


def main() -> int:
    """Do the work that the command line names."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="application")
    parser.add_argument("--python", action="append", metavar="VERSION")
    parser.add_argument("--mapped", action="store_true", help="from files built with `--native mapped`; nothing is recorded")
    given = parser.parse_args()
    if unknown := set(given.names) - set(applications()):
        parser.error(f"not in the list: {', '.join(sorted(unknown))}")
    failed = 0
    for version in given.python or interpreters():
        for name in dict.fromkeys(each.environment for each in applications().values()):
            chosen = [each for each in applications().values() if each.environment == name and (not given.names or each.name in given.names)]
            if chosen:
                failed += show(version, name, {each.name for each in chosen}, (MAPPED,) if given.mapped else WAYS)
    return 1 if failed else 0


def show(version: str, environment: str, names: set[str], ways: Sequence[str]) -> int:
    """Do the work of the applications ``names`` in these ``ways``, print and record how they fare; return how many fail."""
    try:
        sides = Sides(ROOT / version / environment, environment, version, interpreters()[version])
    except subprocess.CalledProcessError as error:
        print(f"{version} {environment}: cannot be installed: {error.stderr}", flush=True)
        return 1
    native = MAPPED if MAPPED in ways else "compressed"
    sides.build(native)
    failed = 0
    for application in sides.applications:
        if application.name in names:
            expected = sides.expected(application)
            if expected.code:
                raise SystemExit(f"{application.name} fails in its environment, on {version}: {expected.said}")
            problems = {way: sides.observed(application, way).problem(expected, application.writes) for way in ways}
            if ways == WAYS:
                record(version, application, sides.release(application), problems)
            failed += any(problems.values())
            print(f"{version} {application.name}: " + ", ".join(f"{way}: {problem or 'passes'}" for way, problem in problems.items()), flush=True)
    sides.apps[native].unlink()  # they are big; the environment stays for the next run
    return failed


if __name__ == "__main__":
    sys.exit(main())
