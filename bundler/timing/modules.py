"""From spans to rows: what each module's import took, and what the start as a whole was spent on."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from bundler.timing.measuring import Span, Start

#: What a row's own time is made of, in the order in which an import does it.
PHASES = ("find", "read", "decode", "unmarshal", "run", "other")


@dataclass
class Node:
    """A span and those within it."""

    span: Span
    children: list[Node] = field(default_factory=list)

    @property
    def own(self) -> int:
        """Nanoseconds that none of the spans within accounts for."""
        return self.span.length - sum(child.span.length for child in self.children)


@dataclass
class Module:
    """What the import of one module took: nanoseconds."""

    name: str
    origin: str  #: bundle, runtime (the importer's own), library (the standard one), built-in, elsewhere
    begin: int  #: since the process was started
    depth: int  #: how many imports were under way
    phases: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PHASES, 0))
    cumulative: int = 0  #: with all imports within

    @property
    def own(self) -> int:
        """Without the imports within."""
        return sum(self.phases.values())


@dataclass(frozen=True)
class Account:
    """Where the time of a start went."""

    start: Start
    modules: list[Module]  #: in the order in which they were imported
    total: dict[str, int]  #: what the process's time is made of, nanoseconds
    ahead: int  #: nanoseconds of work on other threads meanwhile


def account(start: Start) -> Account:
    """Return the account of ``start``."""
    roots = nest(span for span in start.spans if span.thread == 0)
    modules: dict[str, Module] = {}
    total = dict.fromkeys(("interpreter", "runpy", *PHASES, "collect", "application"), 0)
    total["interpreter"] = start.began
    for root in roots:
        _add(root, None, 0, modules, total, start)
    inside = sum(root.span.length for root in roots)
    total["application"] = start.ended - start.began - inside
    ahead = sum(node.span.length for node in nest(span for span in start.spans if span.thread))
    return Account(start, [each for each in modules.values() if each.cumulative], total, ahead)


def nest(spans: Iterable[Span]) -> list[Node]:
    """Return the outermost of ``spans``, which are sorted by thread and beginning, with the others within them."""
    roots: list[Node] = []
    open_: list[Node] = []
    for span in spans:
        while open_ and (open_[-1].span.end <= span.begin or open_[-1].span.thread != span.thread):
            open_.pop()
        node = Node(span)
        (open_[-1].children if open_ else roots).append(node)
        open_.append(node)
    return roots


def _add(node: Node, within: Module | None, depth: int, modules: dict[str, Module], total: dict[str, int], start: Start) -> None:
    """Book ``node`` and what is in it; ``within`` is the module whose import is under way."""
    kind = node.span.kind
    module = within
    if kind in ("find", "load"):
        module = modules.get(node.span.name)
        if module is None:
            module = modules[node.span.name] = Module(node.span.name, "elsewhere", node.span.begin, depth)
        module.cumulative += node.span.length
        if kind == "load":
            module.origin = _origin(node.span, start)
            depth += 1
    elif kind == "run" and module is None:
        # the main module's: what it runs is the application
        total["application"] += node.own
    phase = "other" if kind == "load" else kind
    if kind in ("collect", "runpy"):
        total[kind] += node.own
    elif module is not None:
        module.phases[phase] += node.own
        total[phase] += node.own
    elif kind != "run":
        total[phase] += node.own
    for child in node.children:
        _add(child, module, depth, modules, total, start)


def _origin(span: Span, start: Start) -> str:
    if span.origin in (None, "None", "built-in", "frozen"):
        return "built-in"
    if span.name.startswith("_bundler_"):
        return "runtime"
    if span.origin.startswith(os.path.abspath(start.app) + os.sep):
        return "bundle"
    inside = span.origin.startswith(start.library + os.sep) and "-packages" not in span.origin
    return "library" if inside else "elsewhere"
