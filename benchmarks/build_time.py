"""Measure builds: httpie's installed tree, with an empty cache and unchanged, against `compileall` in one process."""

from __future__ import annotations

import shutil
import sys
import time

from installing import WORK, bundler_command, bundler_environment, full_version, pythons, tree
from measuring import Command, compare, interleave, summary
from options import parse, parser
from recording import Section


def main() -> None:
    """Measure, print a line for each Python, and record the rows."""
    made = parser(__doc__, 5)
    made.add_argument("--codec", default="auto", help="as of `bundler build`")
    options = parse(made)
    for version, python in pythons(options.python).items():
        section = Section("build " + version, full_version(python), options, codec=options.codec)
        installed = tree(python, "httpie-tree-" + version, ["httpie"])
        copy = WORK / "httpie-tree-compiled"
        output = WORK / "apps" / ("built-%s.pyz" % version)
        output.parent.mkdir(parents=True, exist_ok=True)
        caches = {name: WORK / ("cache-" + name) for name in ("cold", "unchanged")}
        arguments = ["-q", "-o", str(output), "--site-packages", str(installed), "-c", "http", "-p", python]
        arguments += ["--codec", options.codec]

        def fresh_copy() -> None:
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(installed, copy)

        def fresh_cache() -> None:
            shutil.rmtree(caches["cold"], ignore_errors=True)

        def run_builds(name, rounds, before):
            variables = dict(bundler_environment(), XDG_CACHE_HOME=str(caches[name]))
            return interleave([Command((*bundler_command(), *arguments))], rounds, [before], variables, warm=False)[0]

        shutil.rmtree(caches["unchanged"], ignore_errors=True)
        run_builds("unchanged", 1, None)  # fills it
        compiling, cold, unchanged = [], [], []
        compileall = Command((python, "-I", "-m", "compileall", "-q", "-f", str(copy)))
        for _ in range(options.rounds):
            compiling += interleave([compileall], 1, [fresh_copy], warm=False)[0]
            cold += run_builds("cold", 1, fresh_cache)
            unchanged += run_builds("unchanged", 1, None)
            time.sleep(0.2)  # what is written lazily is the next one's cost
        row = {
            "codec": options.codec,
            "files": sum(1 for file in installed.rglob("*") if file.is_file()),
            "size": output.stat().st_size,
            "compileall": summary(compiling),
            "cold": summary(cold),
            "unchanged": summary(unchanged),
            "ratio cold": compare(cold, compiling),
            "ratio unchanged": compare(unchanged, compiling),
        }
        print(
            "%-6s %d files  compileall %.2f s  cold %.2f s, %.2fx  unchanged %.2f s, %.2fx  (wall; cpu %.2fx and %.2fx)"
            % (
                version, row["files"], row["compileall"]["wall"] / 1000,
                row["cold"]["wall"] / 1000, row["ratio cold"]["wall"],
                row["unchanged"]["wall"] / 1000, row["ratio unchanged"]["wall"],
                row["ratio cold"]["cpu"], row["ratio unchanged"]["cpu"],
            ),
            flush=True,
        )  # fmt: skip
        section.add("httpie", row)
        section.finish()


if __name__ == "__main__":
    sys.exit(main())
