"""Decide how an app serves code that opens files next to itself: ``--files`` (docs/overlay.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bundler import prefixed
from bundler.collect import excluded
from bundler.errors import UsageError
from bundler.stages import Compiled, File, OnDisk
from runtime_stub.layout import SCRIPTS_DIRECTORY

WAYS = ("auto", "overlay", "never")
PLACES = ("memory", "disk")


@dataclass(frozen=True)
class Rule:
    """Where the files that ``glob`` matches are to be; later rules go before earlier ones."""

    place: str
    glob: str


@dataclass(frozen=True)
class Wish:
    """What ``--files`` asked for."""

    way: str  #: one of WAYS
    rules: tuple[Rule, ...]


def parse(values: Sequence[str]) -> Wish:
    """Return what the values of ``--files`` say. Raises UsageError for one that says nothing, or the contrary of another."""
    ways: list[str] = []
    rules = []
    for value in values:
        place, equals, glob = value.partition("=")
        if value in WAYS:
            ways.append(value)
        elif place in PLACES and glob.strip("/"):
            rules.append(Rule(place, glob))
        elif place in PLACES:
            raise UsageError("`--files %s` names no files" % value, hint="give a pattern: `--files %s=package/data`" % place)
        elif equals:
            raise UsageError("`--files %s` names no place that there is" % value, hint="a place is `memory` or `disk`: `--files disk=GLOB`")
        else:
            raise UsageError("`--files %s` is none of its values" % value, hint="give `auto`, `overlay`, `never` or `PLACE=GLOB`")
    if len(set(ways)) > 1:
        raise UsageError("`--files %s` and `--files %s` contradict each other" % tuple(dict.fromkeys(ways))[:2], hint="give one of them")
    return Wish(ways[0] if ways else "auto", tuple(rules))


def unmatched(wish: Wish, files: Sequence[File]) -> list[Rule]:
    """Return the rules that match none of ``files``."""
    return [rule for rule in wish.rules if not any(excluded(file.path, [rule.glob]) for file in files)]


def on_disk(wish: Wish, files: Sequence[File]) -> OnDisk | None:
    """Return what is to be on disk while the app runs, or None for nothing.

    Files of a distribution, and those of the application's own, find each
    other by relative paths: the top-level names of whichever has a file on
    disk are imported from there, and all of their directories are there.
    """
    chosen = [file for file in files if _place(wish, file.path) == "disk"]
    if not chosen:
        return None
    owners = {file.owner for file in chosen if not _top(file).endswith(_NO_MODULES)}
    tops = {_top(file) for file in files if file.owner in owners and not _top(file).endswith(_NO_MODULES)}
    names = {top if any(file.path.startswith(top + "/") for file in files) else top.partition(".")[0] for top in tops}
    directories = {
        file.path[:position]
        for file in files
        if _top(file) in tops or file in chosen
        for position, character in enumerate(file.path)
        if character == "/"
    }
    return OnDisk(tuple(sorted(names)), tuple(sorted(directories)), tuple(file.path for file in chosen))


_NO_MODULES = (".dist-info", ".egg-info", SCRIPTS_DIRECTORY)


def _top(file: File) -> str:
    return file.path.partition("/")[0]


def _place(wish: Wish, path: str) -> str:
    for rule in reversed(wish.rules):
        if excluded(path, [rule.glob]):
            return rule.place
    return "memory"


def when(wish: Wish, starting: Iterable[str], compiled: Mapping[str, Compiled], files: Iterable[File] = ()) -> tuple[str, str]:
    """Return when the overlay is installed and what shows below ``sys.prefix``, as the manifest has it, and a sentence that says why.

    ``starting`` are the paths of the modules that a start imports. What has no
    facts, since it has no source, is waited for.
    """
    way, reason = _when(wish, starting, compiled)
    shown = prefixed.directories(files)
    if way == "never" or not shown or not any(map(prefixed.looks_there, compiled.values())):
        return way, reason
    words = [way or "later", *map(prefixed.word, shown)]
    return " ".join(words), "%s; `%s` shows below `sys.prefix`" % (reason, "`, `".join(shown))


def _when(wish: Wish, starting: Iterable[str], compiled: Mapping[str, Compiled]) -> tuple[str, str]:
    if wish.way == "overlay":
        return "always", "files: overlay installed at every start, as `--files overlay` says"
    if wish.way == "never":
        return "never", "files: overlay never installed, as `--files never` says"
    for path in starting:
        if path in compiled and compiled[path].names_files:
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            return "start", "files: overlay installed at start, as `%s` opens files next to itself" % name
    if any(each.names_files for each in compiled.values()):
        return "", "files: overlay installed when a module that opens files next to itself is imported, which no start does"
    return "", "files: overlay not needed, as no module opens files next to itself"
