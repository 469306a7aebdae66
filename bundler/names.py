"""Read from a module's source, without running it, which names it has."""

from __future__ import annotations

import ast
from collections.abc import Iterator

#: With one of these a module can have names that its source does not show.
_DYNAMIC = (b"__getattr__", b"globals(", b"locals(", b"vars(", b"exec(", b"setattr(", b"sys.modules")


def is_top_level_name(source: bytes, name: str) -> tuple[bool, list[str]]:
    """Return whether the module binds ``name`` at its top level, and all names that it binds.

    It is given the benefit of the doubt where that cannot be read: if it
    imports ``*``, makes names dynamically, or does not parse, which is not
    this function's to report.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True, []
    names = set(_bound(tree.body))
    found = name in names or "*" in names or any(word in source for word in _DYNAMIC)
    return found, sorted(each for each in names if not each.startswith("__") and each != "*")


def uses_relative_imports(source: bytes) -> bool:
    """Tell whether the module imports from its own package with leading dots."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """Yield the names that the statements bind; functions and classes are not entered."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or (alias.name.split(".")[0] if isinstance(node, ast.Import) else alias.name)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                yield node.id
        elif not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
                yield node.name
            pending.extend(ast.iter_child_nodes(node))
