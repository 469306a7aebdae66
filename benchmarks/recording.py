"""Keep results: one section of ``results.json`` for each benchmark and Python."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results.json"


def load() -> dict[str, Any]:
    """Return all sections by name; none if there are no results yet."""
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}


def record(section: str, python: str, rows: list[dict[str, Any]]) -> None:
    """Replace the rows of ``section`` (``start 3.11``); ``python`` is the full version they were measured with."""
    results = load()
    results[section] = {
        "commit": _commit(),
        "date": date.today().isoformat(),
        "machine": "%s, %d cores, %s %s" % (_processor(), os.cpu_count() or 1, platform.system(), platform.release()),
        "python": python,
        "rows": rows,
    }
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", "utf-8")


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
