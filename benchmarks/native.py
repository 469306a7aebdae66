"""Import numpy and pandas from a file and from an environment, and tell where the time goes.

Usage: ``python benchmarks/native.py [PYTHON...]``. Prints the least of ROUNDS runs, with the ratio to the environment's: milliseconds until the package is imported,
and until the process has ended, and peak memory; then what native files take on one thread where they are compressed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from installing import WORK, build, environment, pythons
from measuring import ENVIRONMENT

ROUNDS = 15

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
    """Print a table for each Python and package."""
    for version, python in pythons(sys.argv[1:]).items():
        bare = str(environment(python, "empty-" + version) / "bin" / "python")
        for package in ("numpy", "pandas"):
            installed = str(environment(python, "native-%s-%s" % (package, version), [package]) / "bin" / "python")
            source = WORK / "sources" / ("native-" + package)
            source.mkdir(parents=True, exist_ok=True)
            (source / "__main__.py").write_text(IMPORT % package, "utf-8")
            sides = {"environment": [installed, "-c", IMPORT % package]}
            for way in ("compressed", "mapped"):
                app = WORK / "apps" / ("native-%s-%s-%s.pyz" % (package, version, way))
                sides[way] = [bare, str(build(app, ["--with", package, "--native", way, str(source)], python))]
            runs: dict[str, list[tuple[float, float, float]]] = {side: [] for side in sides}
            for _ in range(ROUNDS):
                for side, command in sides.items():
                    runs[side].append(once(command))
            print("\n%-20s until imported        process         memory" % (package + " on " + version))
            best = {side: [min(column) for column in zip(*each)] for side, each in runs.items()}
            for side, figures in best.items():
                ratios = [one / other for one, other in zip(figures, best["environment"])]
                imported, whole, memory = zip(figures, ratios)
                print("%-16s %9.1f ms (%.2f) %5.1f ms (%.2f) %5.1f MB (%.2f)" % (side, *imported, *whole, *memory))
            compressed = sides["compressed"]
            answer = subprocess.run([*compressed, "-c", PARTS], env={**ENVIRONMENT, "BUNDLER_INTERPRETER": "1"}, stdout=subprocess.PIPE, check=True)
            count, size, took = json.loads(answer.stdout)
            parts = ", ".join("%s in %.1f" % (kind, seconds * 1000) for kind, seconds in took.items())
            print("%d native files, %.1f MB, compressed, on one thread %s" % (count, size / 1e6, parts))


def once(command: list[str]) -> tuple[float, float, float]:
    """Run ``command`` and return the milliseconds until it prints that it has imported, and until it has ended, and its peak resident memory in MB."""
    started = time.monotonic()
    ran = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE)
    assert ran.stdout is not None
    with ran.stdout:
        printed = ran.stdout.read()
    _, status, used = os.wait4(ran.pid, 0)
    ended = time.monotonic()
    ran.returncode = os.waitstatus_to_exitcode(status)
    if ran.returncode:
        raise subprocess.CalledProcessError(ran.returncode, command)
    return (float(printed) - started) * 1000, (ended - started) * 1000, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
