"""How the packages fared: results.json, and the section of the compatibility page that is made from it.

By Python, then by package: its release, and for each way the line that says what differed (empty where nothing did).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from both_ways import LAUNCHED, LIBRARY, ON_DISK
from listed import KINDS, Package

RESULTS = Path(__file__).with_name("results.json")

INTRODUCTION = """\
## Sixty packages

Widely used packages, chosen for the different ways in which they use files, metadata and children. Each is called by a program (`tests/packages/calls/`) that prints what
depends on its data. `make packages` runs it in a virtual environment, from a bundle of the same that its launcher starts, and from the bundle as a library: exit code and output
must be the same.
"""


def read() -> dict[str, dict[str, dict]]:
    """Return the recorded results; none if there are none."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def record(version: str, package: Package, problems: Mapping[str, str]) -> None:
    """Record how a package fared on the Python ``version``."""
    results = read()
    results.setdefault(version, {})[package.name] = {"release": package.version, **problems}
    whole = {version: dict(sorted(rows.items())) for version, rows in sorted(results.items(), key=lambda item: int(item[0].split(".")[1]))}
    RESULTS.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def section(packages: Mapping[str, Package]) -> str:
    """Return the section of the compatibility page: the counts, each package, and what each failure is."""
    results = read()
    lines = [INTRODUCTION, "| Python | packages | pass launched | pass as a library | pass with `--files disk=` where they fail |", "|---|---|---|---|---|"]
    for version, rows in results.items():
        passed = [sum(row[way] == "" for row in rows.values()) for way in (LAUNCHED, LIBRARY)]
        failing = [row for row in rows.values() if row[LAUNCHED]]
        helped = sum(row.get(ON_DISK) == "" for row in failing)
        lines.append("| %s | %d | %d | %d | %d of %d |" % (version, len(rows), *passed, helped, len(failing)))
    lines += ["", "| package | chosen for | " + " | ".join(results) + " |", "|---|---|" + "---|" * len(results)]
    for kind, title in KINDS.items():
        lines.append(f"| *{title}* | |" + " |" * len(results))
        for package in packages.values():
            if package.kind == kind:
                marks = [_mark(rows.get(package.name)) for rows in results.values()]
                lines.append(f"| {package.name} {package.version} | {package.chosen_for} | {' | '.join(marks)} |")
    lines += ["", "What fails, and what helps:", "", "| package | why | `--files` | says |", "|---|---|---|---|"]
    for package in packages.values():
        if package.fails:
            said = next((row[LAUNCHED] or row[LIBRARY] for rows in results.values() for row in [rows.get(package.name)] if row), "")
            options = " ".join(f"`disk={pattern}`" for pattern in package.disk) or "nothing"
            lines.append(f"| {package.name} | {package.fails} | {options} | {_cell(said)} |")
    return "\n".join(lines) + "\n"


def _mark(row: Mapping[str, str] | None) -> str:
    if row is None:
        return "not run"
    failing = [way for way in (LAUNCHED, LIBRARY) if row[way]]
    if not failing:
        return "passes"
    if len(failing) == 1:
        return f"fails {failing[0]}" if failing[0] == LAUNCHED else "fails as a library"
    return "with files on disk" if row.get(ON_DISK) == "" else "fails"


def _cell(said: str) -> str:
    short = said if len(said) <= 160 else said[:157] + "..."
    return "`%s`" % short.replace("`", "'").replace("|", "\\|") if short else ""
