"""Take the runtime's own sources for embedding: the table that a start reads, the rest for the index, the launcher."""

from __future__ import annotations

import ast
import hashlib
import marshal
import subprocess
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from tokenize import COMMENT, STRING, tokenize

import runtime_stub
from bundler.stages import Compiled, Interpreter

# What every start loads, each after what it imports.
EAGER = ("layout", "variables", "codec", "ahead", "container", "source", "collection", "loader", "tools", "mounts", "finder", "hermetic", "boot", "doorway")

_ROOT = Path(runtime_stub.__file__).parent


@cache
def sources() -> Mapping[str, bytes]:
    """Return the runtime's sources by path relative to its package, sorted."""
    files = sorted(_ROOT.rglob("*.py"), key=lambda file: file.relative_to(_ROOT).as_posix())
    return {file.relative_to(_ROOT).as_posix(): file.read_bytes().replace(b"\r\n", b"\n") for file in files}


@cache
def digest() -> str:
    """Return the 12 characters by which this version of the runtime is told from others."""
    total = hashlib.sha256()
    for path, source in sources().items():
        total.update(b"%s\0%d\0" % (path.encode(), len(source)) + source)
    return total.hexdigest()[:12]


def bare(source: bytes) -> bytes:
    """Return ``source`` with no docstrings, comments and blank lines, indented by one: two fifths less in every app."""
    lines = source.splitlines(keepends=True)
    texts: set[int] = set()  # the lines that begin in a string
    for token in tokenize(BytesIO(source).readline):
        if token.type == COMMENT:
            row, column = token.start
            lines[row - 1] = token.line[:column].rstrip().encode() + b"\n"
        elif token.type == STRING:
            texts.update(range(token.start[0], token.end[0]))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            text = node.body[0]
            rest = [b"\n"] * ((text.end_lineno or 0) - text.lineno)
            # a body must have something in it
            lines[text.lineno - 1 : text.end_lineno] = [b"\n" if node.body[1:] else b" " * text.col_offset + b'""\n', *rest]
            texts.difference_update(range(text.lineno, text.end_lineno or 0))
    return b"".join(
        line if row in texts else b" " * ((len(line) - len(line.lstrip(b" ")) + 3) // 4) + line.lstrip(b" ")
        for row, line in enumerate(lines)
        if row in texts or line.strip()
    )


def launcher() -> bytes:
    """Return the launcher's source."""
    return bare(sources()["launcher.py"]).replace(b"@DIGEST@", digest().encode())


def doorway() -> bytes:
    """Return the source of a doorway: the same for every name."""
    return (
        '_ = {"__name__": "_bundler_%s.launcher", "__loader__": __loader__}\n'
        'exec(__loader__.get_code("__main__") if not __loader__.prefix else '
        'type(__loader__)(__loader__.archive).get_code("__main__"), _)\n'
        '_ = _["runtime"](__loader__.archive)\n'
        "_[0].doorway.enter(globals(), *_[1:])\n" % digest()
    ).encode()


def way_back() -> bytes:
    """Return the source of the member that leads a child of multiprocessing from the main module to the launcher."""
    return b'exec(type(__loader__)(__loader__.archive).get_code("__main__"))\n'


def embedded() -> dict[str, bytes]:
    """Return the sources that go into the index, loaded when first needed, by path relative to the package."""
    return {path: bare(source) for path, source in sources().items() if "/" in path}


def table(compile_runtime: Callable[[Iterable[tuple[str, bytes]]], Mapping[str, Compiled]] | None, choosing: bool) -> bytes:
    """Return the eager part as marshal data: pairs of name and bytes, which are sources if nothing is to compile them.

    ``choosing`` says that a start has to choose its target: it does that before it can load anything else.
    """
    pairs = [(name, bare(sources()[name + ".py"])) for name in EAGER]
    if choosing:
        pairs.insert(0, ("targets", bare(sources()["targets/__init__.py"])))
    if compile_runtime is not None:
        compiled = compile_runtime([("<bundler>/%s.py" % name, source) for name, source in pairs])
        pairs = [(name, compiled["<bundler>/%s.py" % name].code[2]) for name, _ in pairs]
    # marshal's version 2 has no references: the same bytes on every Python
    return marshal.dumps(tuple(pairs), 2)


def source_hash(interpreter: Interpreter, source: bytes) -> bytes:
    """Return the hash of ``source`` that a hash-based ``.pyc`` of ``interpreter`` carries (PEP 552): it differs by version."""
    program = "import sys, _imp, _frozen_importlib_external as e; " + (
        "n = getattr(e, '_RAW_MAGIC_NUMBER', None) or int.from_bytes(e.MAGIC_NUMBER, 'little'); "
        "sys.stdout.buffer.write(_imp.source_hash(n, sys.stdin.buffer.read()))"
    )
    command = [interpreter.executable, "-I", "-S", "-c", program]
    return subprocess.run(command, input=source, capture_output=True, check=True).stdout


def pyc(interpreter: Interpreter, source: bytes, code: bytes) -> bytes:
    """Return an unchecked hash-based ``.pyc`` (PEP 552)."""
    return interpreter.magic + (1).to_bytes(4, "little") + source_hash(interpreter, source) + code
