"""Embed the runtime: its tables, its part of the index, and the zip members that start it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from bundler.stages import Compiled, Distribution, EntryPoint, Interpreter
from bundler.write import runtime
from bundler.write.doorways import doorways
from bundler.write.frames import Group, Grouping, Packed, Part, pack
from bundler.write.index import IndexEntry
from bundler.write.parts import Parts
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
)

Compile = Callable[[Iterable[tuple[str, bytes]]], Mapping[str, Compiled]]


def add_runtime(
    entries: dict[str, IndexEntry], parts: Parts, interpreter: Interpreter, compile_runtime: Compile
) -> tuple[dict[Group, Packed], list[tuple[bytes, bytes]]]:
    """Give the parts of the runtime that are loaded when needed their entries.

    Returns their frames, and the tables with what every start needs, by
    bytecode magic number: the interpreter's, and the one with sources. A table
    is a frame, too: the sources of what is loaded when needed stand
    behind those that it lists, and bytecode that it lists has an entry where it is in a
    sub-package, for whoever loads the runtime from another app. Everything is
    there as source: compiling what nearly no start asks for when one does
    keeps 20 KB out of the smallest apps. The frames are of zlib in every app: the
    decoders for zstd are among them, if any is needed.
    """
    sources = runtime.embedded()
    early = {path: "<bundler>/" + path for path in parts.early}
    named = {early.get(path, RUNTIME_DIRECTORY + "/" + path): path for path in dict.fromkeys([*parts.early, *parts.compiled])}
    compiled = compile_runtime([(name, sources[path]) for name, path in named.items()])
    # one for all levels: it has no assertions, and its docstrings are left out
    code = {path: compiled[name].code[2] for name, path in named.items()}
    eager = runtime.compiled(compile_runtime)

    started, texts, grouping = Group(), Group(), Grouping(32 * 1024)  # bytecode is soon read, sources are as small as can be
    table = runtime.table({**eager, **{runtime.module(path): code[path] for path in parts.early}})
    started.add(table)
    texts.add(runtime.table(runtime.eager()))
    entries[FILE_KEY + RUNTIME_DIRECTORY] = IndexEntry(DIRECTORY)
    for path in parts.carried:
        directory, _, name = (RUNTIME_DIRECTORY + "/" + path).removesuffix(".py").rpartition("/")
        parent, _, package = directory.rpartition("/")
        entries[parent + FILE_KEY + package] = IndexEntry(DIRECTORY, PACKAGE)
        entry = entries[directory + MODULE_KEY + name] = IndexEntry(MODULE)
        if path in code:
            part = Part(started, table.index(code[path]), len(code[path])) if path in early else grouping.add(code[path])
            entry.parts.update({CODE_0: part, CODE_1: part, CODE_2: part})
        entry.parts[CONTENT] = Part(texts, texts.add(sources[path]), len(sources[path]))
    packed = pack([*grouping.groups, started, texts], ZLIB, 9, None)
    return packed, [(interpreter.magic, started.content()), (bytes(4), texts.content())]


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
        made[back] = runtime.way_back()
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
    path = _main_module(start, entries)
    return path and path + ".py/__main__.py"


def _main_module(start: EntryPoint | None, entries: Mapping[str, IndexEntry]) -> str | None:
    """Return the path of what runs as ``__main__``, without its suffix; None for a callable."""
    if start is None or start.callable is not None:
        return None
    path = (start.script or start.module.replace(".", "/")).removesuffix(".py")
    return path + "/__main__" if path + MODULE_KEY + "__init__" in entries else path


def asks_for_resources(start: EntryPoint | None, entries: Mapping[str, IndexEntry], contents: Mapping[str, bytes]) -> bool:
    """Tell whether what runs as ``__main__``, if it is a module, may ask for the resources beside it. Any doubt is a yes."""
    path = _main_module(start, entries)
    return path is not None and start is not None and start.script is None and b"resources" in contents.get(path + ".py", b"resources")
