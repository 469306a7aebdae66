"""Measure what a start costs where there is nothing to import: hello world as an app file, as a plain zipapp, as a script."""

from __future__ import annotations

import shutil
import zipapp

from installing import WORK, build, environment, full_version, pythons
from measuring import Command, compare, interleave, summary
from options import parse, parser
from recording import Section

HELLO = "def main():\n    print('hello, world')\n"


def main() -> None:
    """Measure, print a line for each Python, and record the rows."""
    options = parse(parser(__doc__, 25))
    source = WORK / "sources" / "hello"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    (source / "hello.py").write_text(HELLO, "utf-8")
    plain = WORK / "apps" / "hello-zipapp.pyz"
    plain.parent.mkdir(parents=True, exist_ok=True)
    zipapp.create_archive(source, plain, main="hello:main", compressed=True)
    script = source.with_name("hello-script.py")
    script.write_text(HELLO + "main()\n", "utf-8")
    for version, python in pythons(options.python).items():
        section = Section("hello " + version, full_version(python), options)
        bare = str(environment(python, "empty-" + version) / "bin" / "python")
        app = build(WORK / "apps" / ("hello-%s.pyz" % version), ["-e", "hello:main", str(source)], python)
        commands = [Command((bare, str(file)), "hello, world") for file in (app, plain, script)]
        runs, zipped, simple = interleave(commands, options.rounds)
        row = {
            "app": summary(runs),
            "zipapp": summary(zipped),
            "script": summary(simple),
            "ratio": compare(runs, zipped),
            "size": app.stat().st_size,
        }
        print(
            "%-6s app %5.1f ms  zipapp %5.1f ms  script %5.1f ms  cpu %.3f +-%.1f%%  wall %.3f"
            % (
                version, row["app"]["cpu"], row["zipapp"]["cpu"], row["script"]["cpu"],
                row["ratio"]["cpu"], row["ratio"]["spread"], row["ratio"]["wall"],
            ),
            flush=True,
        )  # fmt: skip
        section.add("hello", row)
        section.finish()


if __name__ == "__main__":
    main()
