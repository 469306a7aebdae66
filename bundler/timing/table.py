"""The account of a start as text for a terminal, and as plain data for JSON."""

from __future__ import annotations

from typing import Any

from bundler.timing.modules import PHASES, Account

#: What each part of the total is, in the order of the page and the table.
MEANINGS = {
    "interpreter": "until the interpreter had started itself, `site` and `.pth` files included",
    "runpy": "the standard library's way to a zip file's main module",
    "find": "finding modules",
    "read": "reading files, or parts of the app file",
    "decode": "decompressing on the main thread, or waiting for the second one",
    "unmarshal": "making code objects of bytecode",
    "run": "running the bodies of modules",
    "other": "the import system's own work, extension modules being loaded",
    "collect": "collecting garbage",
    "application": "the entry point's own work, and the runtime's",
}


def table(account: Account, top: int) -> str:
    """Return the totals, and the ``top`` modules by own time, 0 for all, as lines of text."""
    start = account.start
    lines = [
        "%s on Python %s, exit code %d: %s, %d modules"
        % (" ".join((start.app, *start.arguments)), start.python, start.status, milliseconds(start.ended), len(account.modules)),
        "",
    ]
    for kind, meaning in MEANINGS.items():
        share = 100 * account.total[kind] / start.ended
        lines.append("%11s %5.1f %%  %-12s %s" % (milliseconds(account.total[kind]), share, kind, meaning))
    if account.ahead:
        lines.append("%11s          ahead        on other threads, meanwhile" % milliseconds(account.ahead))
    lines += ["", "".join("%11s" % word for word in ("own", "cumulative", *PHASES)) + "  module"]
    chosen = sorted(account.modules, key=lambda module: -module.own)
    for module in chosen[:top] if top else chosen:
        figures = (module.own, module.cumulative, *module.phases.values())
        lines.append("".join("%11s" % (milliseconds(figure) if figure >= 5000 else "") for figure in figures) + "  " + module.name)
    left = len(chosen) - top
    if top and left > 0:
        rest = sum(module.own for module in chosen[top:])
        lines.append("%11s%s  %d more" % (milliseconds(rest), " " * 11 * (1 + len(PHASES)), left))
    return "\n".join(lines)


def milliseconds(nanoseconds: int) -> str:
    """Return a time as people read it: ``12.34 ms``."""
    return "%.2f ms" % (nanoseconds / 1e6)


def data(account: Account) -> dict[str, Any]:
    """Return the account as JSON can hold it; times in nanoseconds, ``begin`` since the process was started."""
    start = account.start
    return {
        "app": start.app,
        "arguments": list(start.arguments),
        "python": start.python,
        "status": start.status,
        "length": start.ended,
        "total": account.total,
        "ahead": account.ahead,
        "modules": [
            {
                "name": module.name,
                "origin": module.origin,
                "begin": module.begin,
                "depth": module.depth,
                "own": module.own,
                "cumulative": module.cumulative,
                **module.phases,
            }
            for module in account.modules
        ],
    }
