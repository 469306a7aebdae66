"""Import numpy and pandas from a file and from an environment, in turns, and tell where the time goes.

Two times are taken of each run: until the package is imported, and until the
process has ended; then what native files take, on one thread, once. Compressed
and mapped are those of ``bundler build --native``.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Sequence
from itertools import product
from typing import Any

from installing import WORK, build, environment, full_version, pins, pythons
from measuring import ENVIRONMENT, spread
from options import parse, parser
from recording import Section

IMPORT = "import sys, time, %s; sys.stdout.write('%%.6f' %% time.monotonic())"

# Each kind of work by itself, with what the system takes to have the memory back when the process ends.
PARTS = """
import json, os, sys, time
package = next(name for name in sys.modules if name.startswith("_bundler_")).partition(".")[0]
from importlib import import_module
mounts, pieces, memory = (import_module(package + name) for name in (".mounts", ".native.pieces", ".native.memory"))
bundle, = mounts.present()
store, manifest = bundle.store, bundle.store.manifest
took, size = {"read": 0, "decompressed": 0, "written": 0, "given back": 0}, 0
def spend(kind, function, *arguments):
    before = time.perf_counter()
    found = function(*arguments)
    took[kind] += time.perf_counter() - before
    return found
paths = store.content(manifest["native"][0]).decode().split()
for inside in paths:
    entry, role = bundle.file(inside)
    descriptor = memory.create(inside)
    for link in pieces.links_of(store, entry, role):
        spend("read", store.stored, link)
        parts = pieces.pieces_of(store, link)
        while True:
            piece = spend("decompressed", next, parts, None)
            if piece is None:
                break
            size += spend("written", os.write, descriptor, piece)
    spend("given back", os.close, descriptor)
took["decompressed"] -= took["read"]  # it was read again
print(json.dumps([len(paths), size, took]))
"""


def main() -> None:
    """Measure, print two lines for each package, and record the rows."""
    options = parse(parser(__doc__, 15, "packages whose name contains this"))
    for version, python in pythons(options.python).items():
        section = Section("native " + version, full_version(python), options)
        for package, way in product(("numpy", "pandas"), ("compressed", "mapped")):
            name = "%s, %s" % (package, way)
            if options.only in name and not section.has(name):
                row = measure(package, way, version, python, options.rounds)
                print("%-6s%-19s imported: file %6.1f ms, environment %6.1f ms, ratio %.2f; process: %6.1f, %6.1f, %.2f" % (
                    version, name, *row["imported"]["ms"], row["imported"]["ratio"], *row["process"]["ms"], row["process"]["ratio"]
                ), flush=True)  # fmt: skip
                parts = ", ".join("%s in %.1f" % (kind, taken) for kind, taken in row["parts"].items())
                print("%d native files, %.1f MB, on one thread %s" % (row["files"], row["bytes"] / 1e6, parts), flush=True)
                section.add(name, row)
        section.finish()


def measure(package: str, way: str, version: str, python: str, rounds: int) -> dict[str, Any]:
    """Return the row of one package: medians in milliseconds of the file and of the environment, ratios, and the parts."""
    bare = str(environment(python, "empty-" + version) / "bin" / "python")
    place = environment(python, "native-%s-%s" % (package, version), [package])
    source = WORK / "sources" / ("native-" + package)
    source.mkdir(parents=True, exist_ok=True)
    (source / "__main__.py").write_text(IMPORT % package, "utf-8")
    pinned = [word for pin in pins(place) for word in ("--with", pin)]
    app = str(build(WORK / "apps" / ("native-%s-%s-%s.pyz" % (package, version, way)), [*pinned, "--native", way, str(source)], python))
    sides = [[bare, app], [str(place / "bin" / "python"), "-c", IMPORT % package]]
    runs: list[list[tuple[float, float]]] = [[], []]
    for turn in range(-1, rounds):
        for side in (0, 1) if turn % 2 else (1, 0):
            taken = once(sides[side])
            if turn >= 0:
                runs[side].append(taken)
    answer = subprocess.run([bare, app, "-c", PARTS], env={**ENVIRONMENT, "BUNDLER_INTERPRETER": "1"}, stdout=subprocess.PIPE, check=True)
    count, size, took = json.loads(answer.stdout)
    file, other = (list(zip(*each)) for each in runs)
    return {
        "package": "%s, %s" % (package, way), "imported": figures(file[0], other[0]), "process": figures(file[1], other[1]), "files": count,
        "bytes": size, "parts": {kind: round(seconds * 1000, 1) for kind, seconds in took.items()} if way == "compressed" else {},
    }  # fmt: skip


def figures(file: Sequence[float], other: Sequence[float]) -> dict[str, Any]:
    """Return the medians of the seconds of both in milliseconds, and of the ratios within each round, with their spread."""
    ratios = [one / two for one, two in zip(file, other)]
    return {
        "ms": [round(statistics.median(each) * 1000, 1) for each in (file, other)],
        "ratio": round(statistics.median(ratios), 3),
        "spread": round(spread(ratios), 1),
    }


def once(command: list[str]) -> tuple[float, float]:
    """Run ``command`` and return the seconds until it prints that it has imported, and until it has ended."""
    started = time.monotonic()
    ran = subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True)
    return float(ran.stdout) - started, time.monotonic() - started


if __name__ == "__main__":
    main()
