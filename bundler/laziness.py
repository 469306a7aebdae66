"""Lazy imports (PEP 810), where they are asked for: check what is named, and say which imports would never be done (docs/lazy.md)."""

from __future__ import annotations

from collections.abc import Sequence

from bundler.analyse.unused import Unused, unused
from bundler.errors import UsageError
from bundler.gather import importable
from bundler.prepare import Prepared
from bundler.report import Report

ALL = "all"


def check(packages: Sequence[str]) -> None:
    """Raise UsageError for what can be no package's name, or for names beside ``all``."""
    for name in packages:
        if not name.isidentifier():
            raise UsageError("`--lazy %s` names no package" % name, hint="give a top-level name, such as `--lazy rich`, or `all`")
    if ALL in packages and len(set(packages)) > 1:
        raise UsageError("`--lazy all` leaves nothing to name", hint="leave the other packages out, or `all`")


def advise(packages: Sequence[str], prepared: Sequence[Prepared], report: Report) -> None:
    """Warn of a package that is not there, of imports of the application's own that lazily are never done, and tell of others'.

    An import whose name nothing uses is there for what the module does when
    it runs: a handler registers itself, a class is declared.
    """
    if not packages:
        return
    newest = max(prepared, key=lambda each: each.gathered.target.version)
    if newest.gathered.target.version < (3, 15):
        report.warn("`--lazy` does nothing before Python 3.15, and none of the targets is that new", hint="build for one with `-p 3.15`")
        return
    files = newest.gathered.files
    tops = {_top(file.path) for file in files}
    for name in packages:
        if name != ALL and name != "__main__" and name not in tops:
            report.warn("`--lazy %s` names nothing in the bundle" % name, hint="see the names with `bundler info`")
    reached = set(newest.order[: newest.starting])
    sources = {
        file.path: newest.gathered.contents[file.path]
        for file in files
        if file.path in reached and file.path.endswith(".py") and (ALL in packages or _top(file.path) in packages)
    }
    own = {file.path for file in files if not file.owner}
    for each in unused(sources, importable(files, newest.gathered.target)):
        if each.path in own:
            report.warn(_sentence(each), hint="import it in a function, or have the module use it")
        else:
            report.detail(_sentence(each))


def _top(path: str) -> str:
    return path.partition("/")[0].removesuffix(".py")


def _sentence(each: Unused) -> str:
    return "%s:%d imports `%s` and does not use it: lazily, it is never imported" % (each.path, each.line, each.module)
