"""Take the runtime's own sources for embedding: the table that a start reads, the rest for the index, the launcher."""

from __future__ import annotations

import hashlib
import marshal
import subprocess
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from token import COMMENT, DEDENT, ENCODING, ENDMARKER, INDENT, NEWLINE, NL, STRING
from tokenize import tokenize

import runtime_stub
from bundler.stages import Compiled, Interpreter

# What every start loads, each after what it imports.
EAGER = ("layout", "variables", "codec", "container", "source", "collection", "loader", "tools", "mounts", "finder", "hermetic", "boot", "doorway")

# What a start needs that has to choose its target, before it can load anything that the table does not have.
CHOOSER = "targets/__init__.py"

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
    """Return ``source`` with no docstrings, comments and blank lines, indented by one, without spaces that may go: half of it.

    There is no f-string in the runtime: from Python 3.12 on they are several tokens.
    """
    lines: list[str] = []
    line = ""
    depth = 0
    tokens = [token for token in tokenize(BytesIO(source).readline) if token.type not in (ENCODING, COMMENT, NL)]
    for token, following in zip(tokens, tokens[1:]):
        if token.type == INDENT:
            depth += 1
        elif token.type == DEDENT:
            depth -= 1
        elif token.type != NEWLINE:
            line += (" " if _is_word(line[-1:]) and _is_word(token.string[0]) else "") + token.string
            alone = token.type == STRING and line == token.string
        elif alone and following.type in (DEDENT, ENDMARKER):
            lines.append(" " * depth + '""')  # a body must have something in it
        elif not alone:
            lines.append(" " * depth + line)
        line = "" if token.type == NEWLINE else line
    return "".join(each + "\n" for each in lines).encode()


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


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


@cache
def embedded() -> Mapping[str, bytes]:
    """Return the sources of the sub-packages, by path relative to the package, sorted."""
    return {path: bare(source) for path, source in sources().items() if "/" in path}


def module(path: str) -> str:
    """Return the name that a table has for the module at ``path``; that of a package ends in a dot."""
    return path.removesuffix(".py").replace("/", ".").removesuffix("__init__")


def eager() -> dict[str, bytes]:
    """Return the sources of what every start loads, by module, each after those that it imports."""
    return {name: bare(sources()[name + ".py"]) for name in EAGER}


def compiled(compile_runtime: Callable[[Iterable[tuple[str, bytes]]], Mapping[str, Compiled]]) -> dict[str, bytes]:
    """Return the bytecode of what every start loads, as :func:`eager` does the sources."""
    made = compile_runtime([("<bundler>/%s.py" % name, source) for name, source in eager().items()])
    return {name: made["<bundler>/%s.py" % name].code[2] for name in EAGER}


def table(modules: Mapping[str, bytes]) -> bytes:
    """Return the marshal data of a table of ``modules``: version 2 has no references, so it is the same on every Python."""
    return marshal.dumps(tuple(modules.items()), 2)


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
