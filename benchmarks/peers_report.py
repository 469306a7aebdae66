"""The tables of peers.py: a line for each packager over all applications, then starts, memory and sizes for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import summary
from summary import SINGLE, by_packager

NUMBERS = (2, 8, 64)


def table(columns: list[str], rows: list[list[str]], words: int = 1) -> list[str]:
    """Return the lines of a table whose first ``words`` columns are text, and the others figures."""
    return [
        "| " + " | ".join(columns) + " |",
        "|" + "|".join("---" if number < words else "--:" for number in range(len(columns))) + "|",
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
    ]


def tables(section: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of all tables of one section."""
    rows = section["rows"]
    yield "Ratios of wall time to a warm start of the virtual environment; its own row is in milliseconds."
    yield ""
    yield from overview(rows)
    packagers = [name for name in by_packager(rows) if name != "venv"]
    yield from starts(rows, packagers, "wall")
    yield from starts(rows, packagers, "cpu")
    for title, cell in (
        ("first start, to a warm one of the environment", first_cell),
        *(("%d at once, to as many of the environment" % number, at_once_cell(number)) for number in NUMBERS),
        ("peak memory, to the environment's", ratio_cell(summary.to(rows, "venv", "memory"))),
        ("size, to a deflated zip of the same sources and bytecode", ratio_cell(summary.to(rows, "venv", "size"))),
        ("seconds to build, once, dependencies installed from the index", lambda row: "%.0f" % row["built"] if "built" in row else ""),
    ):
        of = by_script(rows)
        lines = [[name, *(cell(each[packager]) if packager in each else "" for packager in packagers)] for name, each in of.items()]
        # what a variant is not asked for has an empty column
        kept = [number for number, packager in enumerate(packagers, 1) if any(line[number] for line in lines)]
        if kept:
            yield from table([title, *(packagers[number - 1] for number in kept)], [[line[0], *(line[number] for number in kept)] for line in lines])
    reasons = [
        "- %s, %s: %s" % (row["packager"], row["script"], text)
        for row in rows for text in [row.get("failed", ""), *("%s: %s" % each for each in row.get("trouble", {}).items())] if text
    ]  # fmt: skip
    if reasons:
        yield "Not made, or not measured:"
        yield ""
        yield from reasons
        yield ""
    if section.get("packagers"):
        yield "Made by " + ", ".join(section["packagers"]) + "."


def overview(rows: list[dict[str, Any]]) -> list[str]:
    """Return the table with a line for each packager."""
    columns = [
        "packager", "warm, mean", "CPU", "warm, worst", *SINGLE, "first, mean", "first, worst", "2 at once", "8", "64", "memory", "size to shiv", "to zip",
    ]  # fmt: skip
    made = []
    for line in summary.lines(rows):
        cells = [line["packager"], averaged(line["mean"]), averaged(line["cpu"]), named(line["worst"])]
        cells += [figure(line["single"][name]) for name in SINGLE]
        cells += [averaged(line["first"]), named(line["first worst"]), *(averaged(line["at once"][number]) for number in NUMBERS)]
        cells += [averaged(line["memory"]), averaged(line["to shiv"]), averaged(line["to zip"])]
        made.append(cells)
    return table(columns, made)


def starts(rows: list[dict[str, Any]], packagers: list[str], kind: str) -> list[str]:
    """Return the table of warm starts, of ``wall`` or ``cpu`` time: a line for each job."""
    time, spread, title = ("ms", "wall spread", "warm start") if kind == "wall" else ("cpu ms", "spread", "warm start, CPU")
    made = []
    for each in by_script(rows).values():
        for job, venv in each["venv"]["warm"].items():
            cells = [job, "%.1f ms" % venv[time]]
            for name in packagers:
                taken = each.get(name, {}).get("warm", {}).get(job)
                cells.append("%.2f ± %.0f %%" % (taken[kind], taken[spread]) if taken else "–")
            made.append(cells)
    return table([title, "venv", *packagers], made)


def by_script(rows: list[dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the rows by console script and packager."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["script"], {})[row["packager"]] = row
    return found


def first_cell(row: dict[str, Any]) -> str:
    """Return the ratio of a first start, with its spread."""
    return "%.2f ± %.0f %%" % (row["first"]["wall"], row["first"]["spread"]) if "first" in row else ""


def at_once_cell(number: int):
    """Return a function from a row to its cell for ``number`` processes at once."""

    def cell(row: dict[str, Any]) -> str:
        found = row.get("at once", {}).get(str(number))
        return "" if not found else "failed" if "trouble" in found else "%.2f ± %.0f %%" % (found["wall"], found["spread"])

    return cell


def ratio_cell(value):
    """Return a function from a row to its cell for the only ratio that ``value`` returns."""
    return lambda row: figure(next(iter(value(row)), None))


def figure(number: float | None) -> str:
    """Return ``1.03``, or a dash where there is nothing."""
    return "–" if number is None else "%.2f" % number


def averaged(found: tuple[float, int] | None) -> str:
    """Return a mean, and over how many applications it goes where these are not all."""
    if found is None:
        return "–"
    return figure(found[0]) + ("" if found[1] == len(summary.PURE) else " (of %d)" % found[1])


def named(found: tuple[float, str] | None) -> str:
    """Return a value and whose it is: ``1.12 cowsay``."""
    return "–" if found is None else "%.2f %s" % found
