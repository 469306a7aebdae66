"""Find imports that nothing uses but that they are done: with ``--lazy`` they never are."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Unused:
    """An import of a module of the bundle for what it does when it runs: its name stands nowhere else in the source."""

    path: str
    line: int
    module: str


def unused(sources: Mapping[str, bytes], modules: Collection[str]) -> list[Unused]:
    """Return such imports in ``sources``, by path, of ``modules`` (dotted names); in their order.

    Only imports that are lazy count: at the top of a module, not in ``try``,
    not of ``*``. A source that this Python cannot parse has none.
    """
    found = []
    for path, source in sources.items():
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        used = _used(tree)
        package = path.removesuffix(".py").removesuffix("/__init__").split("/")
        if not path.endswith("__init__.py"):
            package.pop()
        for node in _at_the_top(tree.body):
            for name, module in _bound(node, package):
                if name not in used and module in modules:
                    found.append(Unused(path, node.lineno, module))
    return found


def _at_the_top(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If):
            yield from _at_the_top(node.body + node.orelse)


def _bound(node: ast.Import | ast.ImportFrom, package: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the names that an import binds, with the module that each stands for, if it is one."""
    if isinstance(node, ast.Import):
        for each in node.names:
            yield each.asname or each.name.partition(".")[0], each.name
        return
    above = package[: len(package) - node.level + 1] if node.level else []
    base = ".".join([*above, *([node.module] if node.module else [])])
    for each in node.names:
        yield each.asname or each.name, "%s.%s" % (base, each.name) if base else each.name


def _used(tree: ast.Module) -> set[str]:
    """Return all names that stand in expressions, annotations as text and ``__all__`` among them."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
            names.update(word for word in node.value.replace(".", " ").replace("[", " ").replace("]", " ").split() if word.isidentifier())
    return names
