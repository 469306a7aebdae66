"""Embed the runtime: its tables, its part of the index, and the zip members that start it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from bundler.stages import Compiled, Distribution, EntryPoint, Interpreter
from bundler.write import runtime
from bundler.write.doorways import doorways
from bundler.write.frames import Grouping, Packed, Group, pack
from bundler.write.index import IndexEntry
from runtime_stub.layout import (
    CODE_0,
    CODE_1,
    CODE_2,
    CONTENT,
    DIRECTORY,
    FILE_KEY,
    MODULE,
    MODULE_KEY,
    PACKAGE,
    RUNTIME_DIRECTORY,
    ZLIB,
    ZSTD,
)

Compile = Callable[[Iterable[tuple[str, bytes]]], Mapping[str, Compiled]]


def tables(interpreter: Interpreter, compile_runtime: Compile) -> list[tuple[bytes, bytes]]:
    """Return the runtime's tables by bytecode magic number, the one with the sources last."""
    return [(interpreter.magic, runtime.table(compile_runtime)), (bytes(4), runtime.table(None))]


def add_runtime(entries: dict[str, IndexEntry], codec: int, compile_runtime: Compile) -> dict[Group, Packed]:
    """Give the part of the runtime that is loaded when needed its entries, and return its frames.

    They are of zlib in every app: the decoders for zstd are among them, if
    ``codec`` needs any.
    """
    grouping = Grouping(32 * 1024)
    sources = {
        RUNTIME_DIRECTORY + "/" + path: source
        for path, source in runtime.embedded().items()
        if codec == ZSTD or not path.startswith("zstd/")
    }
    compiled = compile_runtime(sources.items())
    entries[FILE_KEY + RUNTIME_DIRECTORY] = IndexEntry(DIRECTORY)
    for path in sources:
        directory, _, name = path.removesuffix(".py").rpartition("/")
        parent, _, package = directory.rpartition("/")
        entries[parent + FILE_KEY + package] = IndexEntry(DIRECTORY, PACKAGE)
        # one for all levels: it has no assertions, and its docstrings are left out
        part = grouping.add(compiled[path].code[2])
        parts = {CODE_0: part, CODE_1: part, CODE_2: part}
        entries[directory + MODULE_KEY + name] = IndexEntry(MODULE, parts=parts)
    for path, source in sources.items():
        directory, _, name = path.removesuffix(".py").rpartition("/")
        entries[directory + MODULE_KEY + name].parts[CONTENT] = grouping.add(source)
    return pack(grouping.groups, ZLIB, 9, None)


def members(
    entries: Mapping[str, IndexEntry],
    distributions: Sequence[Distribution],
    contents: Mapping[str, bytes],
    start: EntryPoint | None,
    interpreter: Interpreter,
    compile_runtime: Compile,
) -> tuple[dict[str, bytes], int]:
    """Return the zip's members before the container, in their order, and for how many names there is no doorway."""
    launcher = runtime.launcher()
    code = compile_runtime([("__main__.py", launcher)])["__main__.py"].code[2]
    made = {"__main__.pyc": runtime.pyc(interpreter, launcher, code), "__main__.py": launcher}
    names, left_out = doorways(entries)
    for name in names:
        made[name] = b"" if name.endswith("/") else runtime.doorway()
    back = _way_back(start, entries)
    if back:
        made[back] = launcher
    for distribution in distributions:
        for name in ("METADATA", "PKG-INFO", "entry_points.txt"):
            path = distribution.metadata + "/" + name
            if path in contents:
                made[path] = contents[path]
    return made, left_out


def _way_back(start: EntryPoint | None, entries: Mapping[str, IndexEntry]) -> str | None:
    """Return the member by which a child of multiprocessing gets from the main module's ``__file__`` to the launcher.

    The child runs the ``__main__`` that it finds at that path, which for a
    module of the bundle is a directory of the zip.
    """
    if start is None or start.callable is not None:
        return None
    path = (start.script or start.module.replace(".", "/")).removesuffix(".py")
    if path + MODULE_KEY + "__init__" in entries:
        path += "/__main__"
    return path + ".py/__main__.py"
