"""Arrange files and bytecode: an index entry for each name, and the groups that become frames."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bundler.analyse.binaries import is_native
from bundler.analyse.linking import Needs
from bundler.stages import Compiled, File, Interpreter
from bundler.standard_library import NAMES
from bundler.write.frames import Group, Grouping, Part
from bundler.write.index import IndexEntry
from runtime_stub.layout import (
    BEHIND,
    CODE_0,
    CONTENT,
    DIGEST,
    DIRECTORY,
    EXECUTABLE,
    EXTENSION,
    FILE,
    FILE_KEY,
    MODULE,
    MODULE_KEY,
    NAMES_FILES,
    NEEDS,
    PACKAGE,
    SOURCELESS,
    STARTS_CHILDREN,
    TOGETHER,
    ZSTD,
)

# A cold module costs the decompression of its frame: 0.3 ms for 256 KiB of zstd, 0.25 ms for 64 KiB of zlib,
# whose window is 32 KiB, so that larger frames would be no smaller.
GROUP_BYTES = {ZSTD: 256 * 1024}
GROUP_BYTES_OTHERWISE = 64 * 1024

# Modules may be tiny: opening one is not to cost the decompression of hundreds.
GROUP_MODULES = 64

# A start uses nearly all of its frames, one after the other: fewer and larger ones are smaller in all.
START_GROUP_BYTES = 512 * 1024

# Extension modules of any Python (PEP 3149): of another one they are modules too, which this one cannot load.
_FOREIGN = re.compile(r"\.(?:cpython-|pypy|abi3|cp\d)[^/]*\.(?:so|pyd)$")


@dataclass
class Arrangement:
    """What is to be written: entries by key, and groups in the order in which their frames are to lie."""

    entries: dict[str, IndexEntry] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    start: list[Group] = field(default_factory=list)
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
    interpreter: Interpreter,
    codec: int,
    sources: bool,
    needs: Mapping[str, Needs] = {},
) -> Arrangement:
    """Give each of ``files`` its entry and its place.

    ``contents`` holds their bytes and ``compiled`` the bytecode of the sources,
    by path; ``order`` is the order of sources in which they are likely to be
    read, and the first ``starting`` of them are a start's. ``needs`` says which
    files need libraries of the bundle.
    """
    made = Arrangement()
    limit = GROUP_BYTES.get(codec, GROUP_BYTES_OTHERWISE)
    modules, others = _modules(files, interpreter)
    start, code, texts = Grouping(START_GROUP_BYTES), Grouping(limit, GROUP_MODULES), Grouping(limit, GROUP_MODULES)
    # what is asked of all distributions at once lies together: entry points, then METADATA
    data, plugins, described, metadata = Grouping(limit), Grouping(limit), Grouping(limit), Grouping(limit)
    native = _Native(needs, limit)
    companions = {path for each in needs.values() if each.together for path in each.libraries}

    entry_of: dict[str, IndexEntry] = {}
    for (directory, stem), module in modules.items():
        entry = made.entries[directory + MODULE_KEY + stem] = IndexEntry(MODULE, suffix=module.suffix)
        if module.extension is not None:
            content = contents[module.extension.path]
            sourceless = module.suffix == SOURCELESS
            entry.parts[EXTENSION] = code.add(content) if sourceless else native.add(module.extension.path, content, entry)
            # what bytecode alone does cannot be read from it
            entry.flags |= NAMES_FILES if sourceless else 0
            entry.flags |= EXECUTABLE if module.extension.executable else 0
        if module.source is not None:
            entry_of[module.source.path] = entry
            entry.flags |= NAMES_FILES if compiled[module.source.path].names_files else 0
            entry.flags |= STARTS_CHILDREN if compiled[module.source.path].starts_children else 0
        entry.flags |= BEHIND if module.owner and not directory and stem in NAMES else 0
    made.modules = len(modules)

    for position, path in enumerate(order):
        if path not in entry_of:
            continue
        entry = entry_of[path]
        base = None
        for level, marshalled in sorted(compiled[path].code.items()):
            entry.parts[CODE_0 + level] = (start if position < starting else code).add(marshalled)
            base = entry.parts[CODE_0 + level].group
        if sources or not compiled[path].code:
            # bytecode and source share their strings: a third less for the source
            entry.parts[CONTENT] = texts.add(contents[path], base if codec == ZSTD else None)

    for file in others:
        directory, _, name = file.path.rpartition("/")
        grouping = data
        if directory.endswith((".dist-info", ".egg-info")):
            grouping = {"entry_points.txt": plugins, "METADATA": described, "PKG-INFO": described}.get(name, metadata)
        entry = made.entries[directory + FILE_KEY + name] = IndexEntry(FILE, EXECUTABLE if file.executable else 0)
        content = contents[file.path]
        entry.parts[CONTENT] = native.add(file.path, content, entry) if is_native(content) else grouping.add(content)
        if file.path in companions:
            native.add_digest(content, entry)
    _add_directories(made.entries, files)
    made.start = start.groups
    made.groups = native.groups + data.groups + start.groups + code.groups + texts.groups
    made.groups += plugins.groups + described.groups + metadata.groups
    return made


class _Native:
    """Put native files into frames of their own, since each is used on its own and is large, and what is to be known of them into others."""

    def __init__(self, needs: Mapping[str, Needs], limit: int) -> None:
        self._needs = needs
        self._alone = Grouping(0)
        self._small = Grouping(limit)

    def add(self, path: str, content: bytes, entry: IndexEntry) -> Part:
        """Return where ``content`` lies, and give ``entry`` what else there is to say of the file."""
        needs = self._needs.get(path)
        if needs is not None:
            entry.parts[NEEDS] = self._small.add("".join(library + "\n" for library in needs.libraries).encode("utf-8"))
            entry.flags |= TOGETHER if needs.together else 0
        self.add_digest(content, entry)
        return self._alone.add(content)

    def add_digest(self, content: bytes, entry: IndexEntry) -> None:
        """Have ``entry`` tell what the content must be, where it is found on disk."""
        entry.parts[DIGEST] = self._small.add(hashlib.sha256(content).digest())

    @property
    def groups(self) -> list[Group]:
        return self._alone.groups + self._small.groups


def _modules(files: Sequence[File], interpreter: Interpreter) -> tuple[dict[tuple[str, str], _Module], list[File]]:
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
        if (parts := _stem(file.path, interpreter))[0] == "__init__" and parts[1]
    }
    for file in files:
        stem, suffix = _stem(file.path, interpreter)
        directory = file.path.rpartition("/")[0]
        if not suffix or (directory + "/" + stem).lstrip("/") in packages:
            others.append(file)
            continue
        module = modules.setdefault((directory, stem), _Module())
        if suffix == ".py":
            module.source = file
        elif module.extension is None:
            module.extension, module.suffix = file, suffix
        elif _rank(suffix, interpreter) < _rank(module.suffix, interpreter):
            others.append(module.extension)
            module.extension, module.suffix = file, suffix
        else:
            others.append(file)
    for module in modules.values():
        if module.source and module.extension and module.suffix == SOURCELESS:
            others.append(module.extension)
            module.extension, module.suffix = None, ""
    return modules, others


def _stem(path: str, interpreter: Interpreter) -> tuple[str, str]:
    """Return a module's name and its file's suffix, which is "" if the file is no module."""
    name = path.rpartition("/")[2]
    stem, dot, rest = name.partition(".")
    suffix = dot + rest
    if suffix in (".py", SOURCELESS) or suffix in interpreter.extension_suffixes or _FOREIGN.match(suffix):
        return stem, suffix if stem else ""
    return stem, ""


def _rank(suffix: str, interpreter: Interpreter) -> int:
    suffixes = (*interpreter.extension_suffixes, SOURCELESS)
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
