"""Read what ``.pth`` and ``.start`` files ask to be done at start, and tell what makes sense in a bundle.

In site-packages a line of a ``.pth`` file is run if it begins with ``import``,
else it is a path to add to ``sys.path``; a line of a ``.start`` file, since
Python 3.15, is an entry point to call (documentation of ``site``, PEP 829).
What leads out of the bundle was made for the environment that it lay in.
"""

from __future__ import annotations

import ast
import os
import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bundler.stages import File, StartLine

_IMPORTS = ("import ", "import\t")


@dataclass(frozen=True)
class LeftOut:
    """A line that is not taken over."""

    file: str
    number: int  #: from 1
    reason: str  #: ``it imports `x`, which is not in the bundle``


def read(
    files: Sequence[File], contents: Mapping[str, bytes], standard_library: Collection[str]
) -> tuple[list[StartLine], list[LeftOut]]:
    """Return the lines that a start is to act on, in the order of their files' names, and those that are left out.

    These are the lines of the files at the root that belong to dependencies.
    """
    names = [file.path for file in files if file.owner and "/" not in file.path and not file.path.startswith(".")]
    lines = [line for name in sorted(names) if name.endswith((".pth", ".start")) for line in _lines(name, contents[name])]
    paths = {file.path for file in files}
    directories = {parent for path in paths for parent in _parents(path)}
    added = {line.text for line in lines if _is_path(line)} & directories | {"", "."}
    importable = set(standard_library)
    for path in [*(path for path in paths if path.endswith((".py", ".so", ".pyd"))), *directories]:
        parent, _, name = path.rpartition("/")
        if parent in added:
            importable.add(name.partition(".")[0])
    kept: list[StartLine] = []
    left_out: list[LeftOut] = []
    for line in lines:
        if _is_path(line):
            reason = _leads_nowhere(line.text, paths, directories)
        elif line.file.endswith(".start"):
            reason = _missing([line.text.partition(":")[0]], importable)
        else:
            reason = _missing(_imported(line.text), importable) or _of_one_machine(line.text)
        if reason:
            left_out.append(LeftOut(line.file, line.number, reason))
        elif line.text != ".":
            kept.append(line)
    return kept, left_out


def _lines(name: str, data: bytes) -> Iterator[StartLine]:
    if name.endswith(".start"):
        # that it is there is enough to keep the import lines of its `.pth` file from running
        yield StartLine(name, 0, "")
    for number, line in enumerate(_text(data).splitlines(), 1):
        text = line.strip()
        if text and not line.startswith("#"):
            if name.endswith(".pth") and not line.startswith(_IMPORTS):
                text = posixpath.normpath(line.rstrip().replace(os.sep, "/"))
            yield StartLine(name, number, text)


def _is_path(line: StartLine) -> bool:
    return line.file.endswith(".pth") and not line.text.startswith(_IMPORTS)


def modules(lines: Sequence[StartLine]) -> list[str]:
    """Return the names of the modules that ``lines`` import when they are run, the standard library's among them."""
    found: list[str] = []
    for line in lines:
        if line.file.endswith(".start"):
            found += [line.text.partition(":")[0]] if line.text else []
        elif line.text.startswith(_IMPORTS):
            # what is in text that the line runs in its turn is likely to depend on the environment
            found += _imported(line.text, within=False)
    return found


def unused(file: File, kept: Sequence[StartLine], left_out: Sequence[LeftOut]) -> bool:
    """Tell whether ``file`` is a ``.pth`` file of which nothing is taken over."""
    return any(each.file == file.path for each in left_out) and not any(each.file == file.path for each in kept)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _leads_nowhere(path: str, paths: Collection[str], directories: Collection[str]) -> str | None:
    if posixpath.isabs(path) or os.path.isabs(path):
        return f"`{path}` is a path of one machine"
    if path.split("/")[0] == "..":
        return f"`{path}` leads outside"
    if path in paths:
        return f"`{path}` is a file, which cannot be imported from in a bundle"
    if path != "." and path not in directories:
        return f"there is no directory `{path}` in the bundle"
    return None


def _missing(modules: Sequence[str], importable: Collection[str]) -> str | None:
    for module in filter(None, modules):
        if module.partition(".")[0] not in importable:
            return f"it imports `{module}`, which is not in the bundle"
    return None


def _of_one_machine(line: str) -> str | None:
    for node in _nodes(line):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if os.path.isabs(node.value) and node.value.strip("/") and os.path.isdir(node.value):
                return f"it names `{node.value}`, a path of one machine"
    return None


def _imported(line: str, within: bool = True) -> list[str]:
    """Return the modules that the line imports, by a statement or a call of a function for it, ``within`` text that it runs too."""
    found = []
    for node in _nodes(line, within):
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
        elif isinstance(node, ast.Call) and _called(node) in ("__import__", "import_module"):
            found += _texts(node)[:1]
    return found


def _nodes(source: str, within: bool = True) -> Iterator[ast.AST]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # a start will say so
        return
    for node in ast.walk(tree):
        yield node
        if within and isinstance(node, ast.Call) and _called(node) == "exec":
            for text in _texts(node):
                yield from _nodes(text)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _texts(node: ast.Call) -> list[str]:
    return [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
