"""Choose the parts of the runtime that an app carries, and in which form.

The runtime's flat modules are in every app. What lies in its sub-packages is
left out where nothing of the app can come to need it; is there as source where
something may; has bytecode, too, where a start on the target may; and goes
into the table that a start loads anyway where each start needs it, since
loading a module by the import system takes five times as long.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bundler.stages import Compiled, Distribution, Target
from bundler.write import runtime
from bundler.write.codecs import Choice
from bundler.write.index import IndexEntry
from runtime_stub.layout import DIGEST, FILE, FILE_KEY, MAPPING, NAMES_FILES, SOURCELESS, STARTS_CHILDREN, ZSTD

# The key of a file of a distribution's metadata.
_METADATA = re.compile(r"-info(?:/[^%s]*)?%s[^/]*\Z" % (FILE_KEY, FILE_KEY))

# What code asks for distributions and resources with. Who builds these names otherwise waits until the runtime's parts are compiled, in that start.
_ASKED = frozenset(["importlib.metadata", "importlib.resources", "importlib_metadata", "importlib_resources", "pkg_resources"])


@dataclass(frozen=True)
class Parts:
    """Paths of modules relative to the runtime's package, sorted; those of ``early`` in the order in which they import each other."""

    carried: Sequence[str]
    compiled: Sequence[str]
    early: Sequence[str]


def choose(
    entries: Mapping[str, IndexEntry],
    distributions: Sequence[Distribution],
    target: Target,
    choice: Choice,
    starting: Mapping[str, Compiled | None],
    overlay: str,
    several: bool = False,
    patterns: bool = False,
    start_lines: bool = False,
    on_disk: bool = False,
    choosing: bool = False,
    lazy: bool = False,
    asking: bool = True,
) -> Parts:
    """Return the Parts for a ``target`` with ``entries``, whose starts import the modules at the paths ``starting``.

    ``overlay`` is when it is installed, as the manifest has it; ``several`` says
    that a start's bytecode fills several frames, ``patterns``, ``start_lines``
    and ``on_disk`` that there are compiled regular expressions, lines of ``.pth`` files, files to be on disk, and ``choosing``
    that a start has to choose its target, which it does before it can load anything else. ``lazy`` says that imports are to be,
    ``asking`` that a module may ask for distributions or resources: see :func:`asks`.
    """
    flags = kinds = 0
    linked = mapped = sourceless = False
    for key, entry in entries.items():
        flags |= entry.flags
        # that distributions have METADATA does not say that anything asks for it
        kinds |= 1 << entry.kind if asking or not _METADATA.search(key) else 0
        linked = linked or DIGEST in entry.parts
        mapped = mapped or MAPPING in entry.parts
        sourceless = sourceless or entry.suffix == SOURCELESS
    files, names_files = bool(kinds & 1 << FILE), bool(flags & NAMES_FILES)
    decoder, zstd, old = bool(choice.decoders), choice.codec == ZSTD, target.version < (3, 10)
    startup = patterns or start_lines or several or lazy
    native = linked or decoder
    way, _, shown = overlay.partition(" ")  # what shows below `sys.prefix`
    # without files in memory, or finding libraries by place, starts write (docs/native.md)
    writing = native and target.platform.kind not in ("linux", "manylinux")

    # sub-package or module: whether anything may need it, whether a start on the target may
    reasons = {
        "awaiting": (True, old or names_files),
        "decoders": (zstd, zstd),
        "beside": (on_disk or bool(shown), on_disk or bool(shown)),
        "disk": (on_disk, on_disk),
        "foreign": (names_files or files, names_files),
        "lines": (True, False),
        "metadata": (True, bool(distributions) and asking),
        "native": (True, native or names_files or files),
        "native/ahead": (linked, linked),
        "native/decoder": (decoder, decoder),
        "native/extensions": (linked, linked),
        "native/ladder": (native, native),
        "native/libraries": (linked, linked),
        "native/linker": (linked, linked),
        "native/mapped": (mapped, mapped),
        "native/pieces": (linked, linked),
        "overlay": (True, names_files or files),  # resources need it, too
        "process": (True, bool(flags & STARTS_CHILDREN)),
        "python39": (True, old),
        "resources": (True, files),
        "sourceless": (sourceless, sourceless),
        "startup": (startup, startup),
        "startup/ahead": (several, several),
        "startup/lazy": (lazy, lazy),
        "startup/library": (False, False),  # there is no gain in loading it by itself
        "startup/patterns": (patterns, patterns),
        "startup/pth": (start_lines, start_lines),
        "targets": (True, choosing),  # another app's start may have to
        "written": (native or on_disk, writing or on_disk),
        **{"written/" + name: (native, writing) for name in ("rungs", "unlinked", "cache", "locks")},
        "zstd": (zstd, zstd and not decoder and target.version < (3, 14)),
    }
    native_start = any(not path.endswith((".py", SOURCELESS)) for path in starting)
    roots = {
        "decoders/__init__": zstd,
        "native/decoder": decoder,
        "native/extensions": native_start,
        "native/libraries": native_start,
        "overlay/table": way in ("start", "always"),
        "process/children": any(each.starts_children for each in starting.values() if each),
        "python39/__init__": old,
        "startup/lazy": lazy,
        "startup/ahead": several,
        "startup/library": any(_imports_standard_library(each, target) for each in starting.values() if each),
        "startup/patterns": patterns,
        "startup/pth": start_lines,
        runtime.CHOOSER.removesuffix(".py"): choosing,
    }

    def chosen(form: int) -> list[str]:
        package_and_module = ((path, path.partition("/")[0], path.removesuffix(".py")) for path in runtime.embedded())
        return [path for path, package, name in package_and_module if reasons[package][form] and reasons.get(name, (True, True))[form]]

    early = _with_imports(name + ".py" for name, reason in roots.items() if reason)
    return Parts(chosen(0), chosen(1), early)


def asks(modules: Iterable[Compiled]) -> bool:
    """Tell whether one of ``modules`` imports what asks for distributions or resources."""
    return any(not _ASKED.isdisjoint([each.name, *(each.name + "." + name for name in each.names)]) for module in modules for each in module.imports)


def _imports_standard_library(module: Compiled, target: Target) -> bool:
    return any(
        not each.level and each.name.partition(".")[0] in target.standard_library - {"sys", "__future__"} for each in module.imports
    )


def _with_imports(paths: Iterable[str]) -> list[str]:
    """Return ``paths`` and the modules that they import when they run, each after those that it imports."""
    found: dict[str, None] = {}

    def add(path: str) -> None:
        for each in _imports(path):
            if each not in found and each != path:
                add(each)
        found.setdefault(path)

    for path in paths:
        add(path)
    return list(found)


@cache
def _imports(path: str) -> list[str]:
    """Return which modules of sub-packages the one at ``path`` imports at once, its own package first."""
    known = runtime.embedded()
    package = path.partition("/")[0]
    found = [package + "/__init__.py"]
    for node in ast.parse(known[path]).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            base = "/".join([package][: 2 - node.level] + (node.module or "").split(".")).strip("/")
            for name in [base, *(base + "/" + each.name for each in node.names)]:
                found += [each.lstrip("/") for each in (name + "/__init__.py", name + ".py") if each.lstrip("/") in known]
    return list(dict.fromkeys(found))
