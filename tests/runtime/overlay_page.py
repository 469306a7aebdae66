"""Write the table of docs/overlay.md from the overlay's own: run as a program, it does so."""

from __future__ import annotations

import _io
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "overlay.md"
MARK = "<!-- table -->\n"
NAMES = {os.path: "os.path", _io: "_io"}  # the same on every Python and platform


def table() -> str:
    """Return what the page says after the mark."""
    sys.path.insert(0, str(ROOT))
    from runtime_stub.overlay.table import FINDING, FOREIGN, FUNCTIONS

    lines = ["", "| function | who calls it, or why |", "|---|---|"]
    for module, name, _, _, reason in FUNCTIONS:
        lines.append("| `%s.%s` | %s |" % (NAMES.get(module, module.__name__), name, reason))
    lines += ["", "When code has the standard finder or `zipimport` look at a path of the bundle, and only then (extension modules that it finds come from memory, too):", "", "| function | |", "|---|---|"]
    lines += ["| `%s` of the import system | %s |" % (name, reason) for _, name, _, _, reason in FINDING]
    lines += ["", "Once the module is imported:", "", "| function | what opens paths itself |", "|---|---|"]
    lines += ["| `%s.%s` | %s |" % (module, name, reason) for module, name, _, reason in FOREIGN]
    lines += ["", "On Windows the tests of `os.path`, functions in C since Python 3.12, give way to those of `genericpath`."]
    return "\n".join(lines) + "\n"


def page() -> str:
    """Return the page as it is to be."""
    return PAGE.read_text(encoding="utf-8").partition(MARK)[0] + MARK + table()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
