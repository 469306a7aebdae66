"""Write the tables of README.md from results.json; with --quick, print those of the last quick look."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import peers_report
import summary
from recording import QUICK, load

README = Path(__file__).resolve().parent / "README.md"
BEGIN, END = "<!-- results: written by report.py -->\n", "<!-- end of results -->\n"


def main() -> None:
    """Replace what stands between the two marks in README.md."""
    if sys.argv[1:] == ["--quick"]:
        print("\n".join(tables(load(QUICK))))
        return
    text = README.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(before + BEGIN + "\n" + "\n".join(tables(load())) + "\n" + END + after, "utf-8")


def tables(results: dict[str, Any]) -> Iterable[str]:
    """Yield the lines of all tables."""
    for kind, title, columns, cells in (
        ("peers", "Against other packagers", (), None),
        ("floor", "The floor of a warm start", FLOOR, floor_cells),
        ("lazy", "Lazy imports", LAZY, lazy_cells),
        ("start", "Start against a warm virtual environment", START, start_cells),
        ("instructions", "Instructions of a warm start", INSTRUCTIONS, instructions_cells),
        ("hello", "Hello world against a plain zipapp", HELLO, hello_cells),
        ("scale", "A start that opens one module", SCALE, scale_cells),
        ("native", "Importing compiled packages, against a virtual environment", NATIVE, native_cells),
        ("builds", "Building, against shiv, with all wheels downloaded", BUILDS, builds_cells),
        ("build", "Building httpie's installed tree, against `compileall`", BUILD, build_cells),
    ):
        sections = [results[name] for name in sorted(results, key=_version) if name.split()[0] == kind]
        if not sections:
            continue
        yield "### " + title
        for section in sections:
            yield ""
            yield heading(section)
            yield ""
            if cells is None:
                yield from peers_report.tables(section)
            else:
                yield from peers_report.table(list(columns), [cells(row) for row in section["rows"]], 2)[:-1]
            yield from means(section["rows"], MEANS.get(kind, {}))
        yield ""


#: Of which values of a row a mean is told, by section, and what each is.
MEANS: dict[str, dict[str, Callable[[dict[str, Any]], float]]] = {
    "floor": {
        "the floor": lambda row: row["floor"], "the floor without reading": lambda row: row["without reading"], "the app": lambda row: row["app"]["cpu"],
    },
    "lazy": {
        "lazy to the environment, CPU": lambda row: row["to venv"]["cpu"], "wall": lambda row: row["to venv"]["wall"],
        "eager, CPU": lambda row: row["eager to venv"]["cpu"],
    },
}  # fmt: skip


def means(rows: list[dict[str, Any]], values: dict[str, Callable[[dict[str, Any]], float]]) -> Iterable[str]:
    """Yield a line with the geometric means of ``values`` over the applications of summary.PURE; none if there are none."""
    measured = [row for row in rows if "failed" not in row and "application" in row]
    found = {name: summary.mean(summary.per_application(measured, lambda row, value=value: [value(row)])) for name, value in values.items()}
    if any(found.values()):
        yield ""
        yield "Geometric means: " + ", ".join("%s %s" % (name, peers_report.averaged(each)) for name, each in found.items()) + "."


def heading(section: dict[str, Any]) -> str:
    """Return what was measured, when and where."""
    told = "Python %(python)s, commit %(commit)s, %(date)s, %(machine)s" % section
    return told + (", load average %s to %s" % tuple(section["load"]) if "load" in section else "")


START = (
    "job",
    "codec",
    "file",
    "app, CPU",
    "venv, CPU",
    "ratio, CPU",
    "ratio, wall",
    "empty",
    "first to second start, CPU",
    "wall",
)
INSTRUCTIONS = ("job", "codec", "app", "venv", "ratio")
HELLO = ("app, CPU", "zipapp, CPU", "plain script, CPU", "app to zipapp, CPU", "wall")
LAZY = ("job", "lazy, CPU", "eager, CPU", "venv, CPU", "to venv, CPU", "wall", "to eager, CPU", "wall")
FLOOR = (
    "job", "venv, CPU", "modules read", "unmarshalling", "with reading", "floor", "floor without reading", "app, CPU ratio", "unmarshalling by the app"
)  # fmt: skip
NATIVE = ("package", "imported: file", "environment", "ratio", "process: file", "environment", "ratio", "native files", "of them on one thread")
BUILDS = ("application", "wheels", "cold", "shiv", "ratio", "unchanged", "shiv", "ratio")
SCALE = (
    "start of a module",
    "codec",
    "modules",
    "file",
    "system calls",
    "files opened",
    "bytes read",
    "of the app file",
    "in reads",
    "CPU",
    "to the smallest",
)
BUILD = ("codec", "files", "app file", "compileall", "empty cache", "unchanged", "ratios, wall", "ratios, CPU")


def start_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of starts."""
    first = row.get("first")
    return [
        row["job"], row["codec"], size(row["size"]), milliseconds(row["app"]["cpu"]), milliseconds(row["venv"]["cpu"]),
        ratio(row["ratio"]), "%.2f" % row["ratio"]["wall"], ratio(row["empty"]),
        ratio(first) if first else "", "%.2f" % first["wall"] if first else "",
    ]  # fmt: skip


def instructions_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of instructions."""
    counts = ["%.0f M" % (row[name] / 1e6) for name in ("app", "venv")]
    return [row["job"], row["codec"], *counts, "%.3f" % (row["app"] / row["venv"])]


def lazy_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of lazy imports."""
    if "failed" in row:
        return [row["job"], "not made: " + row["failed"].replace("|", "/"), *[""] * (len(LAZY) - 2)]
    times = [milliseconds(row[name]["cpu"]) for name in ("lazy", "eager", "venv")]
    ratios = [text for name in ("to venv", "to eager") for text in (ratio(row[name]), "%.2f" % row[name]["wall"])]
    return [row["job"], *times, *ratios]


def floor_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of floors: what is left of the environment's CPU time, and the app's ratio to it."""
    times = [milliseconds(row[name]) for name in ("unmarshalling", "reading")]
    floors = ["%.2f" % row[name] for name in ("floor", "without reading")]
    return [row["job"], milliseconds(row["venv"]["cpu"]), str(row["modules"]), *times, *floors, ratio(row["app"]), milliseconds(row["unmarshalling by the app"])]


def native_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of compiled packages."""
    taken = []
    for name in ("imported", "process"):
        taken += [*map(milliseconds, row[name]["ms"]), "%.2f ± %.0f %%" % (row[name]["ratio"], row[name]["spread"])]
    parts = ", ".join("%s %.1f ms" % each for each in row["parts"].items())
    return [row["package"], *taken, "%d, %s" % (row["files"], size(row["bytes"])), parts]


def builds_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of builds against shiv."""
    if "failed" in row:
        return [row["application"], "not made: " + row["failed"].replace("|", "/"), *[""] * (len(BUILDS) - 2)]
    cells = [row["application"], size(row["wheels"])]
    for name in ("cold", "unchanged"):
        compared = row["ratio " + name]
        cells += ["%.1f s" % (row[side]["wall"] / 1000) for side in (name, "shiv " + name)]
        cells.append("%.2f ± %.0f %%" % (compared["wall"], compared["wall spread"]))
    return cells


def hello_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of hello worlds."""
    return [
        *(milliseconds(row[name]["cpu"]) for name in ("app", "zipapp", "script")),
        ratio(row["ratio"]),
        "%.2f" % row["ratio"]["wall"],
    ]


def scale_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of bundle sizes."""
    timed = [milliseconds(row["time"]["cpu"]), ratio(row["ratio"])] if "time" in row else ["", ""]
    counted = [row[name] for name in ("calls", "opens", "bytes", "app bytes", "app reads")]
    return [row["start"], row["codec"], f"{row['modules']:,}", size(row["size"]), *(f"{number:,}" for number in counted), *timed]


def build_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of builds."""
    return [
        row["codec"], f"{row['files']:,}", size(row["size"]),
        *("%.1f s" % (row[name]["wall"] / 1000) for name in ("compileall", "cold", "unchanged")),
        *("%.2f, %.2f" % (row["ratio cold"][kind], row["ratio unchanged"][kind]) for kind in ("wall", "cpu")),
    ]  # fmt: skip


def milliseconds(value: float) -> str:
    """Return ``23.4 ms``."""
    return "%.1f ms" % value


def ratio(compared: dict[str, float]) -> str:
    """Return a ratio of CPU times with its spread: ``1.03 ± 2 %``."""
    return "%.2f ± %.0f %%" % (compared["cpu"], compared["spread"])


def size(number: int) -> str:
    """Return a size in kB or MB."""
    return "%.0f kB" % (number / 1e3) if number < 1e6 else "%.1f MB" % (number / 1e6)


def _version(section: str) -> list[int]:
    return [int(part) for part in section.split()[1].split(".")]


if __name__ == "__main__":
    main()
