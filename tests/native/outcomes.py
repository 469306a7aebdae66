"""How the applications fared: results.json, and the section of the compatibility page that is made from it.

By Python, then by application: its release, and for each way the line that says what differed (empty where nothing did).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from applications import Application
from both import WAYS

RESULTS = Path(__file__).with_name("results.json")

INTRODUCTION = """\
## Applications with compiled code

Each does a piece of real work (`tests/native/source/work/`), in an environment and from one file by an interpreter that has nothing else: what it prints must be the same. Launched it is
watched with strace: no file is created, opened for writing, renamed, linked or removed but what the application itself writes in an environment, too (matplotlib keeps a list of fonts, numba machine code). As a library its file is on `PYTHONPATH`.
`make native` does so on every Python that is found, `make test-conformance` on 3.11 and 3.14. A cell has the release that passes.
"""


def read() -> dict[str, dict[str, dict[str, str]]]:
    """Return the recorded results; none if there are none."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def record(version: str, application: Application, release: str, problems: Mapping[str, str]) -> None:
    """Record how an application fared on the Python ``version``."""
    results = read()
    results.setdefault(version, {})[application.name] = {"release": release, **problems}
    whole = {version: dict(sorted(rows.items())) for version, rows in sorted(results.items(), key=lambda item: int(item[0].split(".")[1]))}
    RESULTS.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def section(applications: Mapping[str, Application]) -> str:
    """Return the section of the compatibility page: each application on each Python, and what each failure says."""
    results = read()
    lines = [INTRODUCTION, "| application | chosen for | " + " | ".join(results) + " |", "|---|---|" + "---|" * len(results)]
    said = []
    for application in applications.values():
        rows = {version: rows.get(application.name) for version, rows in results.items()}
        lines.append(f"| {application.distribution} | {application.chosen_for} | {' | '.join(map(_mark, rows.values()))} |")
        said += [
            f"- {application.distribution} on {version}, {way}: `{row[way]}`" for version, row in rows.items() if row for way in WAYS if row[way]
        ]
    return "\n".join(lines + (["", "What fails says:", "", *said] if said else [])) + "\n"


def _mark(row: Mapping[str, str] | None) -> str:
    if row is None:
        return "no wheel"
    failing = [way for way in WAYS if row[way]]
    return f"{row['release']} fails {' and '.join(failing)}" if failing else row["release"]
