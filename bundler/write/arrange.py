"""Arrange files and bytecode: an index entry for each name, and the groups that become frames."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bundler.analyse.binaries import is_native
from bundler.analyse.linking import Needs
from bundler.stages import Compiled, File, Target
from bundler.standard_library import NAMES
from bundler.write.frames import LINK_BYTES, Group
from bundler.write.index import IndexEntry
from bundler.write.room import Room
from runtime_stub.layout import (
    BEHIND,
    CODE_0,
    CONTENT,
    DIRECTORY,
    EXECUTABLE,
    EXTENSION,
    FILE,
    FILE_KEY,
    MODULE,
    MODULE_KEY,
    NAMES_FILES,
    PACKAGE,
    SOURCELESS,
    STARTS_CHILDREN,
    ZSTD,
)

# Extension modules of any Python (PEP 3149): of another one they are modules too, which this one cannot load.
_FOREIGN = re.compile(r"\.(?:cpython-|pypy|abi3|cp\d)[^/]*\.(?:so|pyd)$")


@dataclass
class Arrangement:
    """What is to be written for a target: entries by key, and the groups with a start's bytecode in the order in which it is wanted."""

    entries: dict[str, IndexEntry] = field(default_factory=dict)
    start: list[Group] = field(default_factory=list)
    native: list[str] = field(default_factory=list)  #: paths of the native files that a start loads: each extension, then what it needs, last things first
    modules: int = 0


@dataclass
class _Module:
    """The files that make one module."""

    source: File | None = None
    extension: File | None = None  #: or bytecode that has no source
    suffix: str = ""

    @property
    def owner(self) -> str:
        file = self.source or self.extension
        return file.owner if file else ""


def arrange(
    files: Sequence[File],
    contents: Mapping[str, bytes],
    compiled: Mapping[str, Compiled],
    order: Sequence[str],
    starting: int,
    target: Target,
    sources: bool,
    needs: Mapping[str, Needs],
    room: Room,
) -> Arrangement:
    """Give each of ``files`` its entry, and its place in ``room``.

    ``contents`` holds their bytes and ``compiled`` the bytecode of the sources,
    by path; ``order`` is the order of sources in which they are likely to be
    read, and the first ``starting`` of them are a start's. ``needs`` says which
    files need libraries of the bundle.
    """
    made = Arrangement()
    modules, others = _modules(files, target.extension_suffixes)
    start, code = room.code(target.interpreter.magic if target.interpreter else b"")
    companions = {path for each in needs.values() if each.together for path in each.libraries}

    entry_of: dict[str, IndexEntry] = {}
    for (directory, stem), module in modules.items():
        entry = made.entries[directory + MODULE_KEY + stem] = IndexEntry(MODULE, suffix=module.suffix)
        if module.extension is not None:
            content = contents[module.extension.path]
            sourceless = module.suffix == SOURCELESS
            entry.parts[EXTENSION] = code.add(content) if sourceless else room.add_native(content, needs.get(module.extension.path), entry)
            # what bytecode alone does cannot be read from it
            entry.flags |= NAMES_FILES if sourceless else 0
            entry.flags |= EXECUTABLE if module.extension.executable else 0
        if module.source is not None:
            entry_of[module.source.path] = entry
            entry.flags |= NAMES_FILES if compiled[module.source.path].names_files else 0
            entry.flags |= STARTS_CHILDREN if compiled[module.source.path].starts_children else 0
        entry.flags |= BEHIND if module.owner and not directory and stem in NAMES else 0
    made.modules = len(modules)
    extensions = {module.extension.path for module in modules.values() if module.extension and module.suffix != SOURCELESS}
    loaded = [path for path in order[:starting] if path in extensions and not (path in needs and needs[path].together)]
    made.native = list(dict.fromkeys(each for path in loaded for each in (path, *(needs[path].libraries[::-1] if path in needs else ()))))

    for position, path in enumerate(order):
        if path not in entry_of:
            continue
        entry = entry_of[path]
        base = None
        for level, marshalled in sorted(compiled[path].code.items()):
            # what a start of one target needs, one of another may not
            part = start.find(marshalled) or code.find(marshalled) or (start if position < starting else code).add(marshalled)
            entry.parts[CODE_0 + level] = part
            base = part.group
            if position < starting and base not in made.start:
                made.start.append(base)
        if sources or not compiled[path].code:
            # bytecode and source share their strings: a third less for the source
            entry.parts[CONTENT] = room.texts.add(contents[path], base if room.codec == ZSTD else None)

    for file in others:
        directory, _, name = file.path.rpartition("/")
        grouping = room.data
        if directory.endswith((".dist-info", ".egg-info")):
            described = {"entry_points.txt": room.plugins, "METADATA": room.described, "PKG-INFO": room.described}
            grouping = described.get(name, room.metadata)
        entry = made.entries[directory + FILE_KEY + name] = IndexEntry(FILE, EXECUTABLE if file.executable else 0)
        content = contents[file.path]
        if is_native(content):
            entry.parts[CONTENT] = room.add_native(content, needs.get(file.path), entry)
        else:
            entry.parts[CONTENT] = (room.alone if len(content) > LINK_BYTES else grouping).add(content)
        if file.path in companions:
            room.add_digest(content, entry)
    _add_directories(made.entries, files)
    return made


def _modules(files: Sequence[File], suffixes: Sequence[str]) -> tuple[dict[tuple[str, str], _Module], list[File]]:
    """Tell the modules, by directory and name, from the other files.

    As Python's own finder does: a package goes before a module of its name, an
    extension before a source, a source before bytecode, and of several extensions the first suffix wins.
    """
    modules: dict[tuple[str, str], _Module] = {}
    others = []
    packages = {
        file.path.rpartition("/")[0]
        for file in files
        # an `__init__.pyi` makes no package, nor does it hide the extension beside its directory
        if (parts := _stem(file.path, suffixes))[0] == "__init__" and parts[1]
    }
    for file in files:
        stem, suffix = _stem(file.path, suffixes)
        directory = file.path.rpartition("/")[0]
        if not suffix or (directory + "/" + stem).lstrip("/") in packages:
            others.append(file)
            continue
        module = modules.setdefault((directory, stem), _Module())
        if suffix == ".py":
            module.source = file
        elif module.extension is None:
            module.extension, module.suffix = file, suffix
        elif _rank(suffix, suffixes) < _rank(module.suffix, suffixes):
            others.append(module.extension)
            module.extension, module.suffix = file, suffix
        else:
            others.append(file)
    for module in modules.values():
        if module.source and module.extension and module.suffix == SOURCELESS:
            others.append(module.extension)
            module.extension, module.suffix = None, ""
    return modules, others


def _stem(path: str, suffixes: Sequence[str]) -> tuple[str, str]:
    """Return a module's name and its file's suffix, which is "" if the file is no module."""
    name = path.rpartition("/")[2]
    stem, dot, rest = name.partition(".")
    suffix = dot + rest
    if suffix in (".py", SOURCELESS) or suffix in suffixes or _FOREIGN.match(suffix):
        return stem, suffix if stem else ""
    return stem, ""


def _rank(suffix: str, suffixes: Sequence[str]) -> int:
    suffixes = (*suffixes, SOURCELESS)
    return suffixes.index(suffix) if suffix in suffixes else len(suffixes)


def _add_directories(entries: dict[str, IndexEntry], files: Sequence[File]) -> None:
    for file in files:
        path = file.path.rpartition("/")[0]
        while path:
            directory, _, name = path.rpartition("/")
            key = directory + FILE_KEY + name
            if key in entries:
                break
            flags = PACKAGE if path + MODULE_KEY + "__init__" in entries else 0
            flags |= BEHIND if file.owner and not directory and name in NAMES else 0
            entries[key] = IndexEntry(DIRECTORY, flags)
            path = directory
