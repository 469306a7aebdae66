"""Run the calls of the packages and record how they fare: ``make packages``.

Arguments are names of packages (all, if there are none) and ``--python 3.14``. Ends with 1 if one
fails that is not known to, or passes that is known to fail.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from both_ways import LAUNCHED, LIBRARY, ON_DISK, Installed, ways_of  # noqa: E402
from fared import record  # noqa: E402
from interpreters import interpreters  # noqa: E402
from listed import Package, packages  # noqa: E402

ROOT = TESTS.parent / "build" / "packages"


def main() -> int:
    """Run the calls that the command line names."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="package")
    parser.add_argument("--python", default="3.11", metavar="VERSION")
    given = parser.parse_args()
    known = packages()
    if given.python not in interpreters():
        parser.error(f"there is no Python {given.python} here, but {', '.join(interpreters())}")
    if unknown := set(given.names) - set(known):
        parser.error(f"not in the list: {', '.join(sorted(unknown))}")
    chosen = [known[name] for name in given.names] or list(known.values())
    surprises = 0
    for environment in dict.fromkeys(package.environment for package in chosen):
        # all that belong there are installed, so that an environment serves again
        together = [package for package in known.values() if package.environment == environment]
        installed = Installed(ROOT / given.python / environment, interpreters()[given.python], together)
        for package in together:
            if package in chosen:
                surprise = show(installed, package, given.python)
                surprises += bool(surprise)
        installed.forget_apps()
    return 1 if surprises else 0


def show(installed: Installed, package: Package, version: str) -> str:
    """Run, print and record one call; return what is not as the list has it, if anything."""
    try:
        problems = run_call(installed, package)
    except RuntimeError as error:
        print(error, flush=True)
        return str(error)
    record(version, package, problems)
    surprise = surprising(package, problems)
    print(f"{package.name}: " + ", ".join(f"{way}: {problem or 'passes'}" for way, problem in problems.items()), flush=True)
    if surprise:
        print(f"    {surprise}", flush=True)
    return surprise


def run_call(installed: Installed, package: Package) -> dict[str, str]:
    """Return what differs, in a line, for each of the ways: empty where nothing does. Raises RuntimeError if the call fails without a bundle."""
    expected = installed.expected(package)
    if expected.code or not expected.printed.strip():
        raise RuntimeError(f"the call of {package.name} fails in an environment: {expected.said.strip()[-2000:]}")
    return {way: installed.observed(package, way).problem(expected) for way in ways_of(package)}


def surprising(package: Package, problems: dict[str, str]) -> str:
    """Return what is not as the list has it, if anything."""
    failing = [way for way in (LAUNCHED, LIBRARY) if problems[way]]
    if failing and not package.fails:
        return f"fails {' and '.join(failing)}, and is not known to"
    if package.fails and not failing:
        return "is known to fail, and passes"
    if problems.get(ON_DISK):
        return "is known to pass with files on disk, and fails"
    return ""


if __name__ == "__main__":
    sys.exit(main())
