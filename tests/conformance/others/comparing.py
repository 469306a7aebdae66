"""Run a suite in its environment and in its bundle, and compare what becomes of each test."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from prepared import Prepared
from running import run
from suites import Suite, matches

ROOT = Path(__file__).parents[3]
_POINTED = Path(__file__).with_name("pointed_at_bundles.py")
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass(frozen=True)
class Ran:
    """What became of a suite's tests, and what was printed."""

    outcomes: dict[str, str]
    files: dict[str, str | None]
    printed: str

    def counts(self) -> dict[str, int]:
        """Return how many tests had each outcome."""
        counted = Counter(self.outcomes.values())
        return {outcome: counted[outcome] for outcome in (PASSED, FAILED, SKIPPED)}


def in_environment(suite: Suite, prepared: Prepared) -> Ran:
    """Run the tests as their authors do."""
    return _run(suite, prepared, [prepared.venv / "bin" / "python"], {})


def in_bundle(suite: Suite, prepared: Prepared, python: str) -> Ran:
    """Run them with the package, pytest and all else that was installed from the bundle."""
    return _run(suite, prepared, [python, prepared.app], {"BUNDLER_INTERPRETER": "1"})


def _run(suite: Suite, prepared: Prepared, command: list[str | Path], variables: dict[str, str]) -> Ran:
    with TemporaryDirectory() as home:
        # each run has its own: tests leave things behind
        source = shutil.copytree(prepared.source, Path(home, "source"), symlinks=True)
        record = Path(home, "record.json")
        environment = {
            "PATH": os.defpath,
            "HOME": home,
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "OUTCOMES_FILE": os.fspath(record),
            "OUTCOMES_OF": " ".join(suite.tested),
            **variables,
        }
        arguments = [argument.replace("{app}", os.fspath(command[-1])) for argument in suite.run]
        ran = run(*command, *arguments, cwd=source, env=environment, timeout=1800)
        printed = ran.stdout + ran.stderr
        assert record.exists(), printed[-5000:]
        recorded = json.loads(record.read_text("utf-8"))
    outcomes = {
        test.replace(home, "<home>"): outcome
        for test, outcome in recorded["outcomes"].items()
        if not matches(test, suite.deselected)
    }
    return Ran(outcomes, recorded["files"], printed)


def as_it_is(modules: list[str], python: str) -> Ran:
    """Run tests of the standard library."""
    return _run_standard(modules, python, {})


def pointed_at_bundles(modules: list[str], python: str) -> Ran:
    """Run them with bundles in the place of zip files and directories."""
    with TemporaryDirectory() as bundles:
        return _run_standard(modules, python, {"BUNDLES": bundles, "BUILDER": sys.executable, "SOURCES": os.fspath(ROOT)})


def _run_standard(modules: list[str], python: str, variables: dict[str, str]) -> Ran:
    with TemporaryDirectory() as home:
        record = Path(home, "record.json")
        place = {"PATH": os.defpath, "HOME": home, "LC_ALL": "C.UTF-8"}
        environment = {**place, "OUTCOMES_FILE": os.fspath(record), "OUTCOMES_OF": "", **variables}
        ran = run(python, _POINTED, *modules, cwd=home, env=environment, timeout=900)
        printed = ran.stdout + ran.stderr
        assert record.exists(), printed[-5000:]
        return Ran(json.loads(record.read_text("utf-8"))["outcomes"], {}, printed)


def worse(expected: Ran, observed: Ran) -> dict[str, str]:
    """Return what became, in the bundle, of the tests that pass in the environment and do not pass there."""
    return {
        test: observed.outcomes.get(test, "absent")
        for test, outcome in expected.outcomes.items()
        if outcome == PASSED and observed.outcomes.get(test) != PASSED
    }


def problems(expected: Ran, observed: Ran, differs: dict[str, str], version: str) -> list[str]:
    """Return what is wrong, a line for each: a test that passes without a bundle only, or one listed as such that passes.

    A key of ``differs`` is a pattern of a test's name; with `` @3.9 3.10`` behind it, of a difference on these Pythons.
    """
    applying = [pattern for pattern, versions in map(_on, differs) if not versions or version in versions]
    found = worse(expected, observed)
    lines = [f"{became}: {test}" for test, became in found.items() if not matches(test, applying)]
    if lines:
        lines.append(observed.printed[-5000:])
    lines += [
        f"listed, but does not differ: {pattern}" for pattern in applying if not any(matches(test, [pattern]) for test in found)
    ]
    return lines


def _on(key: str) -> tuple[str, list[str]]:
    pattern, _, versions = key.partition(" @")
    return pattern, versions.split()
