"""What the runs of other people's tests have shown: ``results.json``, and the tables of the compatibility page.

A run leaves what it found in ``build/others/results/``; ``gather`` makes results.json of that, and ``section`` the tables.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from comparing import FAILED, PASSED, SKIPPED, Ran
from prepared import ROOT
from standard_library import Topic
from suites import Suite

RESULTS = Path(__file__).with_name("results.json")
_FOUND = ROOT / "results"


def record(name: str, release: str, version: str, expected: Ran, observed: Ran) -> None:
    """Record how a suite fared on the Python ``version``: without a bundle, and with one."""
    _FOUND.mkdir(parents=True, exist_ok=True)
    row = {"release": release, "without": expected.counts(), "in_bundle": observed.counts()}
    (_FOUND / f"{name} {version}.json").write_text(json.dumps(row))


def gather() -> None:
    """Write results.json from the last run of each suite."""
    gathered = read()
    for path in sorted(_FOUND.glob("*.json")):
        name, _, version = path.stem.rpartition(" ")
        gathered.setdefault(name, {})[version] = json.loads(path.read_text())
    rows = {name: dict(sorted(gathered[name].items(), key=_by_version)) for name in sorted(gathered)}
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n")


def read() -> dict[str, dict[str, dict]]:
    """Return the recorded results: by suite, then by Python."""
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {}


def _by_version(item: tuple[str, object]) -> tuple[int, ...]:
    return tuple(map(int, item[0].split(".")))


INTRODUCTION = """\
## Other people's tests

The test suites of released packages are run twice: in a virtual environment, and with the package, pytest and all else that is installed there coming
from a bundle. The standard library's tests of imports are run as they are, and with bundles in the place of the zip files and directories that they make.
`make test-conformance` does so, and fails where a test passes without a bundle only and is not in the list below, or is and does pass.

The numbers are of tests that passed, failed and were skipped. What fails in both places fails for the machine or the release at hand. numpy's tests are those that it does not mark as slow, pandas' those in the directories that
`tests/conformance/others/suites.toml` names.
"""


def section(suites: Mapping[str, Suite], topics: Mapping[str, Topic]) -> str:
    """Return the section of the compatibility page: the counts, and what differs and why."""
    recorded = read()
    lines = [INTRODUCTION, "| tests of | Python | without a bundle | with |", "|---|---|---|---|"]
    for name, rows in recorded.items():
        standard, _, topic = name.rpartition(": ")
        for version, row in rows.items():
            title = f"{standard}: {topic.replace('_', ' ')}" if standard else f"{name} {row['release']}"
            lines.append(f"| {title} | {version} | {_counts(row['without'])} | {_counts(row['in_bundle'])} |")
    lines += ["", "Tests that pass without a bundle only:", "", "| of | test | Python | why |", "|---|---|---|---|"]
    for listed in (*suites.values(), *topics.values()):
        for key, why in listed.differs.items():
            pattern, _, versions = key.partition(" @")
            lines.append(f"| {listed.name.replace('_', ' ')} | `{pattern}` | {versions.replace(' ', ', ') or 'all'} | {why} |")
    return "\n".join(lines) + "\n"


def _counts(counts: Mapping[str, int]) -> str:
    return " / ".join(f"{counts[outcome]:,}" for outcome in (PASSED, FAILED, SKIPPED))


if __name__ == "__main__":
    gather()
