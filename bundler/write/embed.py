"""Embed the runtime: its tables, its part of the index, and the zip members that start it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bundler.stages import Compiled, Distribution, EntryPoint, Interpreter
from bundler.write import runtime
from bundler.write.doorways import doorways
from bundler.write.frames import Group, Grouping, Levels, Packed, Part, pack
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


@dataclass(frozen=True)
class Wanted:
    """What the index of a target is to have of the runtime."""

    entries: dict[str, IndexEntry]
    parts: Parts
    maker: Interpreter | None  #: what makes its bytecode


def add_runtime(
    wanted: Sequence[Wanted], compiler: Callable[[Interpreter], Compile]
) -> tuple[dict[Group, Packed], list[tuple[bytes, bytes]]]:
    """Give the parts of the runtime that are loaded when needed their entries in the indexes of all targets.

    Returns their frames, and the tables with what every start needs, by
    bytecode magic number, the one with sources last. A table
    is a frame, too: the sources of what is loaded when needed stand
    behind those that it lists, and bytecode that it lists has an entry where it is in a
    sub-package, for whoever loads the runtime from another app. Everything is
    there as source: compiling what nearly no start asks for when one does
    keeps 20 KB out of the smallest apps. The frames are of zlib in every app: the
    decoders for zstd are among them, if any is needed.
    """
    sources = runtime.embedded()
    texts, grouping = Group(), Grouping(32 * 1024)  # sources are as small as can be, bytecode is soon read
    choosing = [runtime.CHOOSER] if any(runtime.CHOOSER in each.parts.early for each in wanted) else []
    texts.add(runtime.table({**runtime.eager(), **{runtime.module(path): sources[path] for path in choosing}}))
    carried = sorted({path for each in wanted for path in each.parts.carried})
    written = {path: Part(texts, texts.add(sources[path]), len(sources[path])) for path in carried}
    started: dict[bytes, Group] = {}
    code: dict[bytes, dict[str, Part]] = {}
    for maker in {each.maker.magic: each.maker for each in wanted if each.maker}.values():
        parts = [each.parts for each in wanted if each.maker and each.maker.magic == maker.magic]
        started[maker.magic] = Group()
        code[maker.magic] = _compiled(parts, compiler(maker), started[maker.magic], grouping)
    for each in wanted:
        each.entries[FILE_KEY + RUNTIME_DIRECTORY] = IndexEntry(DIRECTORY)
        for path in carried:
            directory, _, name = (RUNTIME_DIRECTORY + "/" + path).removesuffix(".py").rpartition("/")
            parent, _, package = directory.rpartition("/")
            each.entries[parent + FILE_KEY + package] = IndexEntry(DIRECTORY, PACKAGE)
            entry = each.entries[directory + MODULE_KEY + name] = IndexEntry(MODULE, parts={CONTENT: written[path]})
            if each.maker and (part := code[each.maker.magic].get(path)):
                # one for all levels: it has no assertions, and its docstrings are left out
                entry.parts.update({CODE_0: part, CODE_1: part, CODE_2: part})
    packed = pack([*grouping.groups, *started.values(), texts], ZLIB, Levels(9, 9), None)
    return packed, [*((magic, group.content()) for magic, group in started.items()), (bytes(4), texts.content())]


def _compiled(parts: Sequence[Parts], compile_runtime: Compile, started: Group, grouping: Grouping) -> dict[str, Part]:
    """Put the table with what every start of targets with these ``parts`` needs into ``started``, and return where bytecode lies, by path."""
    sources = runtime.embedded()
    early = {path: "<bundler>/" + path for each in parts for path in each.early}
    named = {early.get(path, RUNTIME_DIRECTORY + "/" + path): path for each in parts for path in [*each.early, *each.compiled]}
    compiled = compile_runtime([(name, sources[path]) for name, path in named.items()])
    code = {path: compiled[name].code[2] for name, path in named.items()}
    table = runtime.table({**runtime.compiled(compile_runtime), **{runtime.module(path): code[path] for path in early}})
    started.add(table)
    return {
        path: Part(started, table.index(data), len(data)) if path in early else grouping.add(data) for path, data in code.items()
    }


def members(
    indexes: Sequence[Mapping[str, IndexEntry]],
    described: Sequence[Mapping[str, bytes]],
    start: EntryPoint | None,
    maker: Interpreter | None,
    compiler: Callable[[Interpreter], Compile],
) -> tuple[dict[str, bytes], int]:
    """Return the zip's members before the container, in their order, and for how many names there is no doorway.

    ``indexes`` are the entries of each target, and ``described`` the files of
    its metadata: a member can be for one target only if it is the same for all.
    A zip has one ``__main__.pyc``: that of ``maker``.
    """
    launcher = runtime.launcher()
    made = {}
    if maker is not None:
        code = compiler(maker)([("__main__.py", launcher)])["__main__.py"].code[2]
        made["__main__.pyc"] = runtime.pyc(maker, launcher, code)
    made["__main__.py"] = launcher
    entries = {key: entry for each in reversed(indexes) for key, entry in each.items()}
    names, left_out = doorways(entries)
    for name in names:
        made[name] = b"" if name.endswith("/") else runtime.doorway()
    back = _way_back(start, entries)
    if back:
        made[back] = runtime.way_back()
    for path, content in described[0].items():
        if all(each.get(path) == content for each in described):
            made[path] = content
    return made, left_out


def described(distributions: Sequence[Distribution], contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what ``importlib.metadata`` is to see in the zip of ``distributions``, by path: their METADATA and entry points."""
    paths = [each.metadata + "/" + name for each in distributions for name in ("METADATA", "PKG-INFO", "entry_points.txt")]
    return {path: contents[path] for path in paths if path in contents}


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
