"""Read from ELF files which of the bundle's libraries each of them needs, as the dynamic linker would find them.

The search is that of ld.so(8): a file's RUNPATH; without one its RPATH and
those of the files on the way to it. Directories outside the bundle are left to
the dynamic linker of the machine that the app runs on.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile

from bundler.analyse.binaries import ELF


@dataclass(frozen=True)
class Linked:
    """What an ELF file says to the dynamic linker."""

    machine: tuple[int, str]  #: bits, and the architecture: files of another one are passed over
    soname: str = ""
    needed: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()  #: bundle paths of directories; empty where there is a RUNPATH
    runpath: tuple[str, ...] | None = None
    program: bool = False  #: is started, not loaded


@dataclass(frozen=True)
class Needs:
    """The libraries of the bundle that a file needs, and theirs: bundle paths, in the order in which they can be loaded."""

    libraries: tuple[str, ...]
    together: bool = False  #: the dynamic linker finds them in directories only: they must lie beside one another on disk


def read(path: str, content: bytes) -> Linked | None:
    """Return what the file with this bundle path and content says to the dynamic linker; None if it is no ELF file, or says nothing."""
    if not content.startswith(ELF):
        return None
    try:
        file = ELFFile(io.BytesIO(content))
        tags = [tag for segment in file.iter_segments("PT_DYNAMIC") if isinstance(segment, DynamicSegment) for tag in segment.iter_tags()]
        program = any(True for _ in file.iter_segments("PT_INTERP"))
        machine = file.elfclass, file["e_machine"]
    except (ELFError, ValueError, UnicodeDecodeError):
        return None  # cut off, or made on purpose: the dynamic linker will say so
    found: dict[str, list[str]] = {}
    for tag in tags:
        for name in ("needed", "soname", "rpath", "runpath"):
            if tag.entry.d_tag == "DT_" + name.upper():
                found.setdefault(name, []).append(getattr(tag, name))
    directory = posixpath.dirname(path)
    runpath = _directories(found["runpath"][0], directory) if "runpath" in found else None
    rpath = _directories(found["rpath"][0], directory) if "rpath" in found and runpath is None else ()
    return Linked(machine, found.get("soname", [""])[0], tuple(found.get("needed", ())), rpath, runpath, program)


def needs(files: Mapping[str, Linked]) -> dict[str, Needs]:
    """Return the Needs of those of ``files``, by bundle path, that need any others of them."""
    found = {}
    for path in files:
        libraries, together = _closure(path, files)
        if libraries:
            found[path] = Needs(libraries, together or files[path].program)
    return found


def _closure(root: str, files: Mapping[str, Linked]) -> tuple[tuple[str, ...], bool]:
    """Return the libraries that ``root`` needs, those that others need first, and whether they must lie together.

    What has been loaded under a name serves whoever needs that name (ld.so
    goes through the files breadth first).
    """
    known: dict[str, str] = {files[root].soname: root} if files[root].soname else {}
    edges: dict[str, list[str]] = {}
    together = False
    queue: list[tuple[str, tuple[str, ...]]] = [(root, ())]
    for path, inherited in queue:
        file = files[path]
        edges[path] = []
        above = file.rpath + inherited
        for name in file.needed:
            target = known.get(name) or _search(name, path, file.runpath if file.runpath is not None else above, files)
            if target is None:
                continue
            # glibc knows what is loaded already by its SONAME only
            together = together or name != files[target].soname
            if target not in edges and target not in [each for each, _ in queue]:
                queue.append((target, above))
            known[name] = target
            edges[path].append(target)
    order: dict[str, bool] = {}  # whether all that it needs has been passed
    circular = _visit(root, edges, order)
    return tuple(path for path in order if path != root), together or circular


def _visit(path: str, edges: Mapping[str, list[str]], order: dict[str, bool], above: tuple[str, ...] = ()) -> bool:
    circular = False
    for target in edges[path]:
        if target == path or target in above:
            circular = True
        elif target not in order:
            circular = _visit(target, edges, order, (*above, path)) or circular
    order[path] = True
    return circular


def _search(name: str, path: str, directories: tuple[str, ...], files: Mapping[str, Linked]) -> str | None:
    if "/" in name:
        # a path, which the dynamic linker opens as it stands
        expanded = _expanded(name, posixpath.dirname(path))
        candidates = [] if expanded is None else [expanded]
    else:
        candidates = [posixpath.join(directory, name) for directory in directories]
    for candidate in candidates:
        if candidate in files and files[candidate].machine == files[path].machine:
            return candidate
    return None


def _directories(paths: str, directory: str) -> tuple[str, ...]:
    found = [_expanded(path, directory) for path in paths.split(":")]
    return tuple(path for path in found if path is not None)


def _expanded(path: str, directory: str) -> str | None:
    """Return the bundle path of ``path`` in a file of ``directory``; None where it leads elsewhere, or depends on the machine."""
    for origin in ("$ORIGIN", "${ORIGIN}"):
        rest = path.removeprefix(origin)
        if rest != path and rest[:1] in ("", "/") and "$" not in rest:
            expanded = posixpath.normpath(posixpath.join(directory or ".", "." + rest))
            if expanded == "..":
                return None
            return None if expanded.startswith("../") else "" if expanded == "." else expanded
    return None
