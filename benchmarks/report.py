"""Write the tables of README.md from results.json."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from recording import load

README = Path(__file__).resolve().parent / "README.md"
BEGIN, END = "<!-- results: written by report.py -->\n", "<!-- end of results -->\n"


def main() -> None:
    """Replace what stands between the two marks in README.md."""
    text = README.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(before + BEGIN + "\n" + "\n".join(tables(load())) + "\n" + END + after, "utf-8")


def tables(results: dict[str, Any]) -> Iterable[str]:
    """Yield the lines of all tables."""
    for kind, title, columns, cells in (
        ("start", "Start against a warm virtual environment", START, start_cells),
        ("instructions", "Instructions of a warm start", INSTRUCTIONS, instructions_cells),
        ("hello", "Hello world against a plain zipapp", HELLO, hello_cells),
        ("scale", "A start that opens one module", SCALE, scale_cells),
        ("lazy", "Lazy imports", LAZY, lazy_cells),
        ("peers", "Against other packagers", PEERS, peers_cells),
        ("build", "Building httpie's installed tree, against `compileall`", BUILD, build_cells),
    ):
        sections = [results[name] for name in sorted(results, key=_version) if name.split()[0] == kind]
        if not sections:
            continue
        yield "### " + title
        for section in sections:
            yield ""
            yield "Python %(python)s, commit %(commit)s, %(date)s, %(machine)s" % section
            yield ""
            yield "| " + " | ".join(columns) + " |"
            yield "|" + "|".join("---" if number < 2 else "--:" for number in range(len(columns))) + "|"
            for row in section["rows"]:
                yield "| " + " | ".join(cells(row)) + " |"
        yield ""


START = (
    "job",
    "codec",
    "file",
    "app, CPU",
    "venv, CPU",
    "ratio, CPU",
    "ratio, wall",
    "floor",
    "first to second start, CPU",
    "wall",
)
INSTRUCTIONS = ("job", "codec", "app", "venv", "ratio")
HELLO = ("app, CPU", "zipapp, CPU", "plain script, CPU", "app to zipapp, CPU", "wall")
LAZY = ("job", "lazy, CPU", "eager, CPU", "venv, CPU", "to venv, CPU", "wall", "to eager, CPU", "wall")
PEERS = (
    "job",
    "packager",
    "file",
    "warm start",
    "CPU",
    "first start",
    "2 at once",
    "8",
    "64",
    "peak memory",
    "time to build",
)
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
)
BUILD = ("codec", "files", "app file", "compileall", "empty cache", "unchanged", "ratios, wall", "ratios, CPU")


def start_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of starts."""
    first = row.get("first")
    return [
        row["job"], row["codec"], size(row["size"]), milliseconds(row["app"]["cpu"]), milliseconds(row["venv"]["cpu"]),
        ratio(row["ratio"]), "%.2f" % row["ratio"]["wall"], ratio(row["floor"]),
        ratio(first) if first else "", "%.2f" % first["wall"] if first else "",
    ]  # fmt: skip


def instructions_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of instructions."""
    counts = ["%.0f M" % (row[name] / 1e6) for name in ("app", "venv")]
    return [row["job"], row["codec"], *counts, "%.3f" % (row["app"] / row["venv"])]


def lazy_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of lazy imports."""
    times = [milliseconds(row[name]["cpu"]) for name in ("lazy", "eager", "venv")]
    ratios = [text for name in ("to venv", "to eager") for text in (ratio(row[name]), "%.2f" % row[name]["wall"])]
    return [row["job"], *times, *ratios]


def peers_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of packagers: ratios to a warm virtual environment."""
    if "failed" in row:
        return [row["job"], row["packager"], "not made, or does not run: %s" % row["failed"].replace("|", "/"), *[""] * 8]
    return [
        row["job"], row["packager"], size(row["size"]), "%.2f ± %.0f %%" % (row["wall"], row["spread"]), "%.2f" % row["cpu"],
        "%.2f" % row["first"], *("%.2f" % ratio for ratio in row["at once"].values()), "%.2f" % row["memory"], "%.1f s" % row["built"],
    ]  # fmt: skip


def hello_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of hello worlds."""
    return [
        *(milliseconds(row[name]["cpu"]) for name in ("app", "zipapp", "script")),
        ratio(row["ratio"]),
        "%.2f" % row["ratio"]["wall"],
    ]


def scale_cells(row: dict[str, Any]) -> list[str]:
    """Return a row of the table of bundle sizes."""
    counted = [row[name] for name in ("calls", "opens", "bytes", "app bytes", "app reads")]
    return [row["start"], row["codec"], f"{row['modules']:,}", size(row["size"]), *(f"{number:,}" for number in counted)]


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
