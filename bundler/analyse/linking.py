"""Find out which of the bundle's libraries each native file needs, and in which order they can be loaded one by one.

The search is that of ld.so(8): a file's RUNPATH; without one its RPATH and
those of the files on the way to it. What a directory gives the dynamic linker
and memory does not is made up for here: a circle of libraries is opened, and
two libraries of one name are told apart.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from elftools.common.exceptions import ELFError

from bundler.analyse.elf import Linked, Words, expanded, read
from bundler.analyse.namesakes import Edges, tell_apart


@dataclass(frozen=True)
class Needs:
    """The libraries of the bundle that a file needs, and theirs: bundle paths, in an order in which they can be loaded."""

    libraries: tuple[str, ...]  #: the file itself among them, if one of them needs it
    together: bool = False  #: there is no such order: they must lie beside one another, in directories


@dataclass
class Linking:
    """What was found: Needs by bundle path, and the contents that were changed for it."""

    needs: dict[str, Needs] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)


def link(contents: Mapping[str, bytes], owners: Mapping[str, str]) -> Linking:
    """Link the files with these ``contents``, by bundle path. ``owners`` are the names of their distributions.

    Raise ConflictError if two distributions have a library of one name, which cannot be told apart.
    """
    files = {path: said for path, content in contents.items() if (said := read(path, content))}
    reached = {path: edges for path in files if len(edges := _reach(path, files)) > 1}
    cuts = _Cuts(files, contents)
    orders = {path: _order(path, edges, cuts) if _by_soname(path, edges, files) else None for path, edges in reached.items()}
    together = {path for path, order in orders.items() if order is None}
    same, changed = tell_apart(reached, together, files, {**contents, **cuts.changed}, owners)
    made = Linking(contents={**cuts.changed, **changed})
    for path, order in orders.items():
        libraries = sorted(reached[path].keys() - {path}) if order is None else dict.fromkeys(same.get(each, each) for each in order)
        made.needs[path] = Needs(tuple(libraries), order is None)
    return made


def _by_soname(root: str, edges: Edges, files: Mapping[str, Linked]) -> bool:
    """Tell whether the dynamic linker recognises by their SONAME all that ``root`` needs, and if so whether memory will do."""
    return not files[root].program and all(name == files[target].soname for each in edges.values() for name, target in each.items())


def _reach(root: str, files: Mapping[str, Linked]) -> dict[str, dict[str, str]]:
    """Return what ``root`` and the libraries it needs need: for each path a mapping from names to paths."""
    known = {files[root].soname: root} if files[root].soname else {}
    edges: dict[str, dict[str, str]] = {root: {}}
    queue: list[tuple[str, tuple[str, ...]]] = [(root, ())]
    for path, inherited in queue:
        file = files[path]
        rpath = file.rpath + inherited
        for name in file.needed:
            # what has been loaded serves whoever needs that name: ld.so goes through the files breadth first
            target = known.get(name) or _search(name, path, rpath if file.runpath is None else file.runpath, files)
            if target is not None:
                known[name] = target
                edges[path][name] = target
                if target not in edges:
                    edges[target] = {}
                    queue.append((target, rpath))
    return edges


def _search(name: str, path: str, directories: tuple[str, ...], files: Mapping[str, Linked]) -> str | None:
    if "/" in name:  # the dynamic linker opens it as it stands
        candidates = [expanded(name, posixpath.dirname(path))]
    else:
        candidates = [posixpath.join(directory, name) for directory in directories]
    for candidate in candidates:
        if candidate is not None and candidate in files and files[candidate].machine == files[path].machine:
            return candidate
    return None


def _order(root: str, edges: Edges, cuts: _Cuts) -> tuple[str, ...] | None:
    """Return the order in which all of them can be loaded, ``root`` left out at its end; None if a circle cannot be opened."""
    while True:
        order: list[str] = []
        circle = None
        for path in [root, *edges]:
            circle = circle or _visit(path, edges, cuts, order, [])
        if circle is None:
            return tuple(order[:-1] if order[-1] == root else order)
        if not any(cuts.cut(*edge) for edge in circle):
            return None


def _visit(path: str, edges: Edges, cuts: _Cuts, order: list[str], above: list[tuple[str, str, str]]) -> list[tuple[str, str, str]] | None:
    """Append ``path`` to ``order``, behind all that it needs; return the edges of a circle instead if there is one."""
    if path in order:
        return None
    for name, target in edges[path].items():
        if target == path or (path, name) in cuts.made:
            continue
        way = [*above, (path, name, target)]
        begins = [number for number, (start, _, _) in enumerate(way) if start == target]
        if begins:
            return way[begins[0] :][::-1]
        circle = _visit(target, edges, cuts, order, way)
        if circle:
            return circle
    order.append(path)
    return None


class _Cuts:
    """Where circles were opened: a library does not ask for another that it only calls functions of; they are there when it calls them."""

    def __init__(self, files: Mapping[str, Linked], contents: Mapping[str, bytes]) -> None:
        self._files = files
        self._contents = contents
        self.made: set[tuple[str, str]] = set()
        self.changed: dict[str, bytes] = {}

    def cut(self, path: str, name: str, target: str) -> bool:
        """Open the circle between ``path`` and the library ``name`` at ``target``, if that can be, and tell whether it could."""
        if "libc.so.6" not in self._files[path].needed:
            return False  # musl finds all symbols when it loads a file
        try:
            words = Words(self.changed.get(path, self._contents[path]))
            changed = words.without(name) if words.waits_for(Words(self._contents[target]).defined) else None
        except (ELFError, ValueError, StopIteration):
            return False
        if changed is None:
            return False
        self.changed[path] = changed
        self.made.add((path, name))
        return True
