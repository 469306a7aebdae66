"""Tell the extension modules that a start cannot do without, by reading.

Many packages have one to be faster and go on without it: a module of Python
code of the same name lies beside it (mypyc), or its import is caught. Where a
start cannot, the file is for the Pythons and platforms that load it only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bundler.analyse.conditions import Target as Conditions
from bundler.analyse.conditions import holds
from bundler.analyse.imports import catches, parsed, suppresses, targets, twin, with_parents
from bundler.stages import Compiled, Import


def needed(
    entry: Iterable[str],
    starting: Sequence[str],
    modules: Mapping[str, str],
    compiled: Mapping[str, Compiled],
    sources: Mapping[str, bytes],
    conditions: Conditions,
) -> list[str]:
    """Return the paths of the extension modules that a start imports and whose failing to import ends it, in their order.

    ``entry`` names the modules that a start imports first; ``starting`` are the
    paths of all that it imports; ``modules`` is every module's path by name,
    ``sources`` what is in these paths, and ``conditions`` what an ``if`` is
    judged for.
    """
    names = {path: name for name, path in modules.items()}
    extensions = [path for path in starting if path.endswith((".so", ".pyd")) and twin(path) not in sources]
    if not extensions:
        return []
    importers: dict[str, list[str]] = {}
    for path in starting:
        if path in compiled:
            for target in targets(names[path], path, compiled[path].imports):
                importers.setdefault(target, []).append(names[path])
    first = {parent for name in entry for parent in with_parents(name)}
    certain = _Certain(modules, sources, frozenset(entry), conditions)
    return [path for path in extensions if _reached(names[path], first, importers, certain)]


def _reached(name: str, first: set[str], importers: Mapping[str, Sequence[str]], certain: _Certain) -> bool:
    """Return whether imports that are not caught lead from ``first`` to ``name``: sought from its end, where few are."""
    seen = {name}
    pending = [name]
    while pending:
        name = pending.pop()
        if name in first:
            return True
        for importer in importers.get(name, ()):
            if importer not in seen and name in certain.imports(importer):
                seen.add(importer)
                pending.append(importer)
    return False


class _Certain:
    """What each module imports without catching that it fails; each is read once."""

    def __init__(
        self, modules: Mapping[str, str], sources: Mapping[str, bytes], entry: frozenset[str], conditions: Conditions
    ) -> None:
        self._modules = modules
        self._sources = sources
        self._entry = entry
        self._conditions = conditions
        self._known: dict[str, set[str]] = {}

    def imports(self, name: str) -> set[str]:
        """Return the names of the modules that ``name`` must have, parents and ``from`` names included."""
        if name not in self._known:
            path = self._modules[name]
            tree = parsed(self._sources.get(path, b""))
            found = _uncaught(tree.body, self._conditions, name in self._entry) if tree else ()
            self._known[name] = set(targets(name, path, found))
        return self._known[name]


def _uncaught(body: Iterable[ast.stmt], conditions: Conditions, functions: bool) -> Iterator[Import]:
    """Yield the imports in ``body`` that nothing catches; those in functions too if ``functions`` says so."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, 0, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield Import(node.module or "", node.level, tuple(alias.name for alias in node.names))
        elif isinstance(node, ast.If):
            yield from _uncaught(_branch(node, conditions), conditions, functions)
        elif isinstance(node, ast.Try):
            caught = any(catches(each.type) and not isinstance(each.body[-1], ast.Raise) for each in node.handlers)
            yield from _uncaught([*([] if caught else node.body), *node.orelse, *node.finalbody], conditions, functions)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if functions:
                yield from _uncaught(node.body, conditions, functions)
        elif isinstance(node, ast.ClassDef) or (isinstance(node, ast.With) and not any(map(suppresses, node.items))):
            yield from _uncaught(node.body, conditions, functions)


def _branch(node: ast.If, conditions: Conditions) -> list[ast.stmt]:
    """Return the branch that runs. What cannot be judged may be an odd case, and imports in its ``else`` the rule; else neither counts."""
    value = holds(node.test, conditions)
    if value is None:
        odd = not any(isinstance(each, (ast.Import, ast.ImportFrom)) for statement in node.body for each in ast.walk(statement))
        return node.orelse if odd else []
    return node.body if value else node.orelse
