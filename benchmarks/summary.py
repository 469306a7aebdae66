"""Sum up what was measured: one line for each packager, over the applications that say what a start costs."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Any

#: Over these goes the geometric mean, each counting once however many jobs it has.
PURE = ("cowsay", "httpie", "flask", "yt-dlp", "django", "awscli")
#: These are told one by one.
SINGLE = ("black", "fastapi", "pandas")

Row = dict[str, Any]


def by_packager(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows of each packager, in the order in which they come."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["packager"], []).append(row)
    return found


def per_application(rows: Iterable[Row], value: Callable[[Row], Sequence[float]]) -> dict[str, float]:
    """Return for each requirement the geometric mean of the values of its rows; nothing of those that have none."""
    values: dict[str, list[float]] = {}
    for row in rows:
        values.setdefault(row["application"], []).extend(value(row))
    return {name: statistics.geometric_mean(each) for name, each in values.items() if each}


def mean(values: dict[str, float]) -> tuple[float, int] | None:
    """Return the geometric mean over those of PURE that have a value, and how many these are; None if there are none."""
    found = [values[name] for name in PURE if name in values]
    return (statistics.geometric_mean(found), len(found)) if found else None


def worst(values: dict[str, float]) -> tuple[float, str] | None:
    """Return the greatest of the values of PURE and its application; None if there are none."""
    found = [(values[name], name) for name in PURE if name in values]
    return max(found) if found else None


def warm(row: Row, kind: str = "wall") -> list[float]:
    """Return the ratios of wall time, or of ``cpu`` time, of a row's warm starts, one for each job."""
    return [] if "failed" in row else [each[kind] for each in row.get("warm", {}).values()]


def first(row: Row) -> list[float]:
    """Return the ratio of the first start to a warm one of the environment."""
    return [row["first"]["wall"]] if "first" in row else []


def to(rows: Sequence[Row], packager: str, name: str) -> Callable[[Row], list[float]]:
    """Return a function from a row to the ratio of its ``name`` (``size``, ``memory``) to that of ``packager`` for the same application."""
    others = {row["script"]: row[name] for row in rows if row["packager"] == packager and name in row and "failed" not in row}

    def value(row: Row) -> list[float]:
        there = "failed" not in row and name in row and row["script"] in others
        return [row[name] / others[row["script"]]] if there else []

    return value


def at_once(number: int) -> Callable[[Row], list[float]]:
    """Return a function from a row to its ratio with ``number`` processes at once."""

    def value(row: Row) -> list[float]:
        found = row.get("at once", {}).get(str(number), {})
        return [found["wall"]] if "wall" in found else []

    return value


def lines(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return what the summary says of each packager: ``mean``, ``cpu``, ``worst`` and ``single`` of warm starts, ``first``, sizes, memory and starts at once.

    Means are those of :func:`mean`; an application that a packager does not make is not in its means.
    """
    found = []
    for packager, own in by_packager(rows).items():
        if packager == "venv":
            continue
        starts = per_application(own, warm)
        found.append({
            "packager": packager, "mean": mean(starts), "cpu": mean(per_application(own, lambda row: warm(row, "cpu"))), "worst": worst(starts), "single": {name: starts.get(name) for name in SINGLE},
            "first": mean(per_application(own, first)), "first worst": worst(per_application(own, first)),
            "to shiv": mean(per_application(own, to(rows, "shiv", "size"))), "to zip": mean(per_application(own, to(rows, "venv", "size"))),
            "memory": mean(per_application(own, to(rows, "venv", "memory"))),
            "at once": {number: mean(per_application(own, at_once(number))) for number in (2, 8, 64)},
        })  # fmt: skip
    return found
