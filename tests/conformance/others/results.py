"""What the runs of other people's tests have shown: ``results.json``, and the tables of the compatibility page.

A run leaves what it found in ``build/others/results/``; ``gather`` makes results.json of that.
"""

from __future__ import annotations

import json
from pathlib import Path

from comparing import FAILED, PASSED, SKIPPED, Ran
from prepared import ROOT

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


def cells(counts: dict[str, int]) -> str:
    """Return a row's cells: passed, failed, skipped."""
    return " | ".join(f"{counts[outcome]:,}" for outcome in (PASSED, FAILED, SKIPPED))


if __name__ == "__main__":
    gather()
