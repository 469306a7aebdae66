"""Embed the runtime: its tables, its part of the index, and the zip members that start it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set

from bundler.stages import Compiled, Distribution, EntryPoint, Interpreter, Target
from bundler.write import runtime
from bundler.write.codecs import Choice
from bundler.write.doorways import doorways
from bundler.write.frames import Grouping, Packed, Group, pack
from bundler.write.index import IndexEntry
from runtime_stub.layout import (
    CODE_0,
    CODE_1,
    CODE_2,
    CONTENT,
    DIGEST,
    DIRECTORY,
    FILE,
    FILE_KEY,
    MODULE,
    MODULE_KEY,
    NAMES_FILES,
    PACKAGE,
    RUNTIME_DIRECTORY,
    SOURCELESS,
    STARTS_CHILDREN,
    ZLIB,
    ZSTD,
)

# What starts load most, of what not every start does: together, so that they read one frame of it.
OFTEN = ("awaiting", "python39", "overlay/__init__", "overlay/table", "overlay/wrapped", "overlay/paths", "overlay/tree", "process/__init__",
         "process/arguments", "process/children", "startup/__init__", "startup/patterns", "native/__init__", "native/memory", "native/decoder")  # fmt: skip

Compile = Callable[[Iterable[tuple[str, bytes]]], Mapping[str, Compiled]]


def tables(makers: Mapping[bytes, Compile], choosing: bool) -> list[tuple[bytes, bytes]]:
    """Return the runtime's tables by bytecode magic number, the one with the sources last.

    ``makers`` compile for each of these numbers; ``choosing`` says that there are several targets, or that not every Python can take the only one.
    """
    made = {magic: runtime.table(compile_runtime, choosing) for magic, compile_runtime in makers.items()}
    return [*made.items(), (bytes(4), runtime.table(None, choosing))]


def used(
    entries: Mapping[str, IndexEntry],
    distributions: Sequence[Distribution],
    target: Target,
    choice: Choice,
    startup: bool,
    disk: bool = False,
) -> tuple[set[str], set[str]]:
    """Return the parts of the runtime that no start of this app loads, and those that one on ``target`` may.

    ``startup`` says that there are compiled patterns or lines of ``.pth`` files, ``disk`` that there are files to be on disk.
    """
    flags = kinds = 0
    linked = sourceless = False
    for entry in entries.values():
        flags |= entry.flags
        kinds |= 1 << entry.kind
        linked = linked or DIGEST in entry.parts
        sourceless = sourceless or entry.suffix == SOURCELESS
    files = kinds & 1 << FILE
    native = linked or bool(choice.decoders)
    wanted = {
        "overlay": flags & NAMES_FILES or files,  # resources need these two
        "foreign": flags & NAMES_FILES,
        "native": native or flags & NAMES_FILES or files,
        "process": flags & STARTS_CHILDREN,
        "resources": files,
        "metadata": distributions,
        "sourceless": sourceless,
        "startup": startup,
        "disk": disk,
        "written": disk,
        "python39": target.version < (3, 10),
        "awaiting": target.version < (3, 10) or flags & NAMES_FILES,
        "zstd": choice.codec == ZSTD and not choice.decoders and target.version < (3, 14),
    }
    needless = {
        "startup": not startup,
        "sourceless": not sourceless,
        "disk": not disk,
        "foreign": not (flags & NAMES_FILES or files),
        "zstd": choice.codec != ZSTD,
        "native/decoder": not choice.decoders,
        "native/ladder": not native,
        "native/libraries": not linked,
        "native/linker": not linked,
        "native/pieces": not linked,
        **{"written/" + name: not linked for name in ("rungs", "unlinked", "cache", "locks")},
        "written": not (linked or disk),
    }
    return {name for name, reason in needless.items() if reason}, {name for name, reason in wanted.items() if reason}


def add_runtime(
    entries: dict[str, IndexEntry], needless: Set[str], wanted: Collection[str], compile_runtime: Compile
) -> dict[Group, Packed]:
    """Give the part of the runtime that is loaded when needed its entries, and return its frames.

    All of it but the sub-packages and modules in ``needless`` is there as source, those in
    ``wanted`` as bytecode too: compiling what nearly no start asks for when one
    does keeps 20 KB out of the smallest apps. The frames are of zlib in every
    app: the decoders for zstd are among them, if any is needed.
    """
    grouping, texts = Grouping(32 * 1024), Grouping(1 << 30)  # sources are as small as can be, bytecode is soon read
    sources = {
        RUNTIME_DIRECTORY + "/" + path: source
        for path, source in runtime.embedded().items()
        if not needless & {path.split("/")[0], path.removesuffix(".py")}
    }
    compiled = compile_runtime([(path, source) for path, source in sources.items() if path.split("/")[1] in wanted])
    entries[FILE_KEY + RUNTIME_DIRECTORY] = IndexEntry(DIRECTORY)
    for path in sorted(sources, key=_place):
        directory, _, name = path.removesuffix(".py").rpartition("/")
        parent, _, package = directory.rpartition("/")
        entries[parent + FILE_KEY + package] = IndexEntry(DIRECTORY, PACKAGE)
        entry = entries[directory + MODULE_KEY + name] = IndexEntry(MODULE)
        if path in compiled:
            # one for all levels: it has no assertions, and its docstrings are left out
            part = grouping.add(compiled[path].code[2])
            entry.parts.update({CODE_0: part, CODE_1: part, CODE_2: part})
    for path, source in sources.items():
        directory, _, name = path.removesuffix(".py").rpartition("/")
        entries[directory + MODULE_KEY + name].parts[CONTENT] = texts.add(source)
    return pack(grouping.groups + texts.groups, ZLIB, 9, None)


def _place(path: str) -> tuple[int, str]:
    inside = path.partition("/")[2]
    return next((number for number, each in enumerate(OFTEN) if inside.startswith(each)), len(OFTEN)), path


def members(
    indexes: Sequence[Mapping[str, IndexEntry]],
    described: Sequence[Mapping[str, bytes]],
    start: EntryPoint | None,
    maker: Interpreter | None,
    compile_runtime: Compile,
) -> tuple[dict[str, bytes], int]:
    """Return the zip's members before the container, in their order, and for how many names there is no doorway.

    ``indexes`` are the entries of each target, and ``described`` the files of
    its metadata: a member can be for one target only if it is the same for all.
    A zip has one ``__main__.pyc``: that of ``maker``.
    """
    launcher = runtime.launcher()
    made = {}
    if maker is not None:
        code = compile_runtime([("__main__.py", launcher)])["__main__.py"].code[2]
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
    if start is None or start.callable is not None:
        return None
    path = (start.script or start.module.replace(".", "/")).removesuffix(".py")
    if path + MODULE_KEY + "__init__" in entries:
        path += "/__main__"
    return path + ".py/__main__.py"
