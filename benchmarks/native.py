"""Import numpy and pandas from a file and from an environment, and tell where the time goes.

Usage: ``python benchmarks/native.py [PYTHON...]``. Prints milliseconds, the least of ROUNDS runs: until the package is imported, and until the
process has ended; then what native files take, on one thread.
"""

from __future__ import annotations

import json
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
            app = str(build(WORK / "apps" / ("native-%s-%s.pyz" % (package, version)), ["--with", package, str(source)], python))
            sides = {"environment": [installed, "-c", IMPORT % package], "file": [bare, app]}
            runs: dict[str, list[tuple[float, float]]] = {side: [] for side in sides}
            for _ in range(ROUNDS):
                for side, command in sides.items():
                    runs[side].append(once(command))
            best = {side: [min(column) * 1000 for column in zip(*each)] for side, each in runs.items()}
            print("\n%s on %s   until imported   process" % (package, version))
            for side, (imported, whole) in best.items():
                print("%-18s %14.1f %9.1f" % (side, imported, whole))
            print("%-18s %14.2f %9.2f" % ("ratio", *(one / other for one, other in zip(best["file"], best["environment"]))))
            answer = subprocess.run([bare, app, "-c", PARTS], env={**ENVIRONMENT, "BUNDLER_INTERPRETER": "1"}, stdout=subprocess.PIPE, check=True)
            count, size, took = json.loads(answer.stdout)
            parts = ", ".join("%s in %.1f" % (kind, seconds * 1000) for kind, seconds in took.items())
            print("%d native files, %.1f MB, on one thread %s" % (count, size / 1e6, parts))


def once(command: list[str]) -> tuple[float, float]:
    """Run ``command`` and return the seconds until it prints that it has imported, and until it has ended."""
    started = time.monotonic()
    ran = subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True)
    return float(ran.stdout) - started, time.monotonic() - started


if __name__ == "__main__":
    main()
