"""Tests of other people's packages pass in a bundle where they pass in an environment."""

from __future__ import annotations

import pytest
from comparing import in_bundle, in_environment, problems
from interpreters import interpreters
from prepared import prepare
from results import record
from suites import Suite, suites

pytestmark = [pytest.mark.conformance, pytest.mark.network]


@pytest.mark.parametrize(
    ("suite", "version"),
    [pytest.param(suite, version, id=f"{name}-{version}") for name, suite in suites().items() for version in suite.versions],
)
def test_suite_passes_in_a_bundle_as_in_an_environment(suite: Suite, version: str) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version}")
    python = interpreters()[version]
    prepared = prepare(suite, version, python)
    expected, observed = in_environment(suite, prepared), in_bundle(suite, prepared, python)
    record(suite.name, suite.version, version, expected, observed)
    for name, file in observed.files.items():
        assert file and file.startswith(str(prepared.app)), f"{name} came from {file}"
    assert expected.counts()["passed"] > 0, expected.printed[-5000:]
    assert not (found := problems(expected, observed, suite.differs, version)), "\n" + "\n".join(found)
