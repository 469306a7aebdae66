"""The list of packages is sound, and some of each kind fare in a bundle as it says; `make packages` runs them all."""

from __future__ import annotations

from pathlib import Path

import pytest
from both_ways import ON_DISK, Installed, Ran, ways_of
from calling import run_call, surprising
from fared import read, section
from interpreters import interpreters
from listed import CALLS, KINDS, Package, constraints, packages

SAMPLE = ("certifi", "babel", "pylint", "ansible-core", "jsonschema", "twisted", "build", "ruff", "lxml", "psycopg2-binary")


def test_list_has_sixty_packages_of_each_kind():
    known = packages()
    assert len(known) == 60
    assert {package.kind for package in known.values()} == set(KINDS)
    assert {packages()[name].kind for name in SAMPLE} == set(KINDS)


def test_each_package_is_pinned_and_has_a_reason_and_a_call():
    known = packages()
    pins = dict(each.split("==") for each in constraints())
    for package in known.values():
        assert pins[package.name.replace(".", "-")] == package.version
        assert package.chosen_for and "print(" in package.call, package.name
        assert package.fails or not package.disk, package.name
        assert {name for name in package.requires if name not in pins} == set()
    assert {path.stem for path in CALLS.glob("*.py")} == set(known)


def test_results_are_those_of_the_list():
    known = packages()
    for version, rows in read().items():
        assert set(rows) == set(known), version
        for name, row in rows.items():
            package = known[name]
            assert row["release"] == package.version, f"{name} on {version}: `make packages` was not run since"
            assert set(row) == {"release", *ways_of(package)}
            assert not surprising(package, row), f"{name} on {version}"


def test_section_names_each_package_once_and_each_failure():
    text = section(packages())
    for package in packages().values():
        assert text.count(f"\n| {package.name} {package.version} |") == 1
        assert (f"| {package.name} | {package.fails} |" in text) == bool(package.fails)


@pytest.mark.parametrize(
    ("observed", "problem"),
    [
        (Ran(0, "a\nb\n", "noise"), ""),
        (Ran(1, "a\nb\n", "Traceback\nKeyError: 1\n"), "KeyError: 1"),
        (Ran(2, "", ""), "exit code 2"),
        (Ran(0, "a\nc\n", ""), "prints `c`"),
        (Ran(0, "a\n", ""), "prints 1 of 2 lines, or in another order"),
    ],
)
def test_problem_is_said_in_a_line(observed, problem):
    assert observed.problem(Ran(0, "a\nb\n", "")) == problem


@pytest.mark.parametrize(
    ("fails", "launched", "on_disk", "surprise"),
    [
        ("", "", None, ""),
        ("", "KeyError", None, "fails launched, and is not known to"),
        ("reason", "KeyError", "", ""),
        ("reason", "", "", "is known to fail, and passes"),
        ("reason", "KeyError", "KeyError", "is known to pass with files on disk, and fails"),
    ],
)
def test_what_is_not_as_the_list_has_it_is_told(fails, launched, on_disk, surprise):
    problems = {"launched": launched, "library": "", **({} if on_disk is None else {ON_DISK: on_disk})}
    assert surprising(Package("name", "1", "files", "reason", fails=fails), problems) == surprise


@pytest.mark.conformance
@pytest.mark.network
def test_packages_of_each_kind_fare_in_a_bundle_as_the_list_says(tmp_path: Path) -> None:
    if "3.11" not in interpreters():
        pytest.skip("there is no Python 3.11")
    sample = [packages()[name] for name in SAMPLE]
    installed = Installed(tmp_path, interpreters()["3.11"], sample)
    fared = {package.name: run_call(installed, package) for package in sample}
    assert not {package.name: fared[package.name] for package in sample if surprising(package, fared[package.name])}
