"""Keep results: one section of ``results.json`` for each benchmark and Python.

Rows are written to ``build/bench/partial`` as they come: with ``--go-on``, a benchmark that was
interrupted goes on where it stopped, if the commit and the options are the same.
A quick look goes to ``build/bench/quick.json`` and leaves the results alone.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

from installing import WORK

RESULTS = Path(__file__).resolve().parent / "results.json"
QUICK = WORK / "quick.json"


class Section:
    """The rows of one benchmark on one Python: ``start 3.11``.

    ``python`` is the full version, ``options`` those of :mod:`options`, and
    ``settings`` what the rows depend on besides these and the commit: with
    others, rows of an interrupted run are of no use.
    """

    def __init__(self, name: str, python: str, options: argparse.Namespace, **settings: Any) -> None:
        self.name, self.python, self.kept = name, python, not options.only
        self.file = QUICK if options.quick else RESULTS
        self.notes: dict[str, Any] = {}
        # as they will be when read again
        known = {"commit": _commit(), "python": python, "settings": {**settings, "rounds": options.rounds, "only": options.only}}
        self._made_of = json.loads(json.dumps(known))
        self._partial = WORK / "partial" / ("-".join([*name.split(), *["quick"] * options.quick, *options.only.split()]) + ".json")
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._loads = [round(os.getloadavg()[0], 1)]
        if options.go_on and self._partial.is_file():
            found = json.loads(self._partial.read_text("utf-8"))
            # what was changed since its commit may be changed again
            if found.pop("made of") == self._made_of and "+" not in self._made_of["commit"]:
                self._rows, self._loads = found["rows"], [*found["loads"], *self._loads]

    def has(self, key: str) -> bool:
        """Tell whether the rows that ``key`` stands for were measured already."""
        return key in self._rows

    def add(self, key: str, *rows: dict[str, Any]) -> None:
        """Keep the rows that ``key`` stands for."""
        self._rows[key] = list(rows)
        self._loads.append(round(os.getloadavg()[0], 1))
        self._partial.parent.mkdir(parents=True, exist_ok=True)
        kept = {"made of": self._made_of, "rows": self._rows, "loads": self._loads}
        self._partial.write_text(json.dumps(kept, indent=1), "utf-8")

    def finish(self) -> list[dict[str, Any]]:
        """Make the rows the section's results, if they are to be kept, and return them."""
        rows = [row for rows in self._rows.values() for row in rows]
        if self.kept:
            results = load(self.file)
            results[self.name] = {
                "commit": self._made_of["commit"],
                "date": date.today().isoformat(),
                "load": [min(self._loads), max(self._loads)],
                "machine": "%s, %d cores, %s %s" % (_processor(), os.cpu_count() or 1, platform.system(), platform.release()),
                "python": self.python,
                "rows": rows,
                **self.notes,
            }
            self.file.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", "utf-8")
        return rows


def load(file: Path = RESULTS) -> dict[str, Any]:
    """Return all sections by name; none if there are no results yet."""
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def _commit() -> str:
    """Return the commit measured, with a ``+`` if what is measured was changed since."""
    place = RESULTS.parent.parent
    commit = _git(place, "rev-parse", "--short", "HEAD").stdout.strip()
    changed = _git(place, "diff", "--quiet", "HEAD", "--", "bundler", "runtime_stub").returncode
    return commit + ("+" if changed else "") if commit else "unknown"


def _git(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], check=False, cwd=place, capture_output=True, text=True)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return "%s %s" % (platform.machine(), names[0] if names else "")
