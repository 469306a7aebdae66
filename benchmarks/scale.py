"""Measure what a start that opens one module reads, asks of the kernel and takes, in bundles of 10 to 100,000 modules.

Needs strace. Two starts are counted: of a module that the entry point
imports, and of one named only at run time, which the build cannot foresee. Both are
then timed, bundles of all sizes in turns, against the start of the smallest one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from installing import WORK, build, environment, full_version, pythons
from measuring import ENVIRONMENT, Command, WrongResult, compare, interleave, summary
from options import parse, parser
from recording import Section

SIZES = (10, 1_000, 10_000, 100_000)
CODECS = ("auto", "zlib")
PER_PACKAGE = 100

MODULE = '''\
"""Module {number}."""

NAME = "module {number}"


class Shape{number}:
    """A shape with {number} sides."""

    def __init__(self, width, height={number}):
        self.width = width
        self.height = height

    def area(self):
        """Return width times height, and {number}."""
        return self.width * self.height + {number}


def shapes(limit):
    """Yield ``limit`` shapes."""
    for width in range(limit):
        yield Shape{number}(width)
'''

# the first module is what the build foresees; another one is named by an argument
ENTRY = """\
import sys


def main():
    if len(sys.argv) > 1:
        import importlib
        module = importlib.import_module(sys.argv[1])
    else:
        from many.part0 import module0 as module
    print(module.NAME)
"""


def main() -> None:
    """Count, time, print a line for each size and start, and record the rows."""
    made = parser(__doc__, 15, "codecs whose name contains this")
    made.add_argument("--size", type=int, action="append", help="modules (repeatable; default: 10 to 100,000)")
    options = parse(made)
    if shutil.which("strace") is None:
        sys.exit("error: there is no `strace`, which counts system calls")
    sizes = options.size or (SIZES[:3] if options.quick else SIZES)
    for version, python in pythons(options.python).items():
        bare = str(environment(python, "empty-" + version) / "bin" / "python")
        section = Section("scale " + version, full_version(python), options, sizes=sizes)
        for codec in CODECS:
            if options.only in codec and not section.has(codec):
                rows = [row for size in sizes for row in measure(version, python, bare, codec, size)]
                section.add(codec, *in_turns(rows, version, bare, options.rounds))
        section.finish()


def measure(version: str, python: str, bare: str, codec: str, size: int) -> list[dict[str, Any]]:
    """Build a bundle of ``size`` modules and return a row for each of the two starts."""
    output = app_of(version, codec, size)
    source = write_modules(WORK / "sources" / ("scale-%d" % size), size)
    build(output, ["--codec", codec, "-e", "start:main", str(source)], python)
    rows = []
    for start, arguments, expected in starts(size):
        row = count([bare, str(output), *arguments], expected, output)
        rows.append({"modules": size, "start": start, "codec": codec, "size": output.stat().st_size, **row})
        print(
            "%-6s%-5s %6d modules, %-28s %4d calls, %7d bytes read, %7d of them of the app file in %d reads"
            % (version, codec, size, start, row["calls"], row["bytes"], row["app bytes"], row["app reads"]),
            flush=True,
        )
    return rows


def app_of(version: str, codec: str, size: int) -> Path:
    """Return the app file of ``size`` modules."""
    return WORK / "apps" / ("scale-%d-%s-%s.pyz" % (size, version, codec))


def starts(size: int) -> list[tuple[str, list[str], str]]:
    """Return the two starts: what each is, its arguments, and what it prints."""
    last = size - 1
    return [
        ("imported by the entry point", [], "module 0"),
        ("named at run time", ["many.part%d.module%d" % (last // PER_PACKAGE, last)], "module %d" % last),
    ]


def in_turns(rows: list[dict[str, Any]], version: str, bare: str, rounds: int) -> list[dict[str, Any]]:
    """Return ``rows`` with the time of each start, and its ratio to the same start of the smallest bundle."""
    for kind in dict.fromkeys(row["start"] for row in rows):
        alike = [row for row in rows if row["start"] == kind]
        commands = []
        for row in alike:
            arguments, expected = next((words, text) for start, words, text in starts(row["modules"]) if start == kind)
            commands.append(Command((bare, str(app_of(version, row["codec"], row["modules"])), *arguments), expected))
        runs = interleave(commands, rounds)
        for row, taken in zip(alike, runs):
            row.update({"time": summary(taken), "ratio": compare(taken, runs[0])})
            print("%-6s%-5s %6d modules, %-28s %5.1f ms, %.3f" % (
                version, row["codec"], row["modules"], kind, row["time"]["cpu"], row["ratio"]["cpu"]
            ), flush=True)  # fmt: skip
    return rows


def write_modules(place: Path, size: int) -> Path:
    """Write ``size`` modules, in packages of a hundred, and the entry point; return the directory."""
    if not (place / "start.py").is_file():
        shutil.rmtree(place, ignore_errors=True)
        for number in range(size):
            package = place / "many" / ("part%d" % (number // PER_PACKAGE))
            if number % PER_PACKAGE == 0:
                package.mkdir(parents=True)
                (package / "__init__.py").touch()
            (package / ("module%d.py" % number)).write_text(MODULE.format(number=number), "utf-8")
        (place / "many" / "__init__.py").touch()
        (place / "start.py").write_text(ENTRY, "utf-8")
    return place


def count(command: list[str], expected: str, app: Path) -> dict[str, int]:
    """Run ``command`` under strace once and return its calls, the bytes that it read, and those of ``app``."""
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as trace:
        done = subprocess.run(
            ["strace", "-f", "-y", "-o", trace.name, *command],
            check=False, cwd="/", env=ENVIRONMENT, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode or expected not in done.stdout:
            raise WrongResult("`%s` printed:\n%s" % (" ".join(command), done.stdout + done.stderr))
        lines = trace.read().splitlines()
    calls: Counter[str] = Counter()
    counted = {"calls": 0, "opens": 0, "bytes": 0, "app reads": 0, "app bytes": 0}
    for line in lines:
        call = re.match(r"\d+ +(\w+)\(", line)
        if call is None:
            continue  # a signal, or the end of the process
        counted["calls"] += 1
        calls[call[1]] += 1
        result = re.search(r"\) += (\d+)", line)
        if call[1] in ("read", "pread64", "readv") and result:
            counted["bytes"] += int(result[1])
            if "<%s>" % app in line:
                counted["app reads"] += 1
                counted["app bytes"] += int(result[1])
    counted["opens"] = calls["open"] + calls["openat"]
    return counted


if __name__ == "__main__":
    main()
