"""What the bytes of an app file are: so many of bytecode, so many of sources. Each byte counts once.

A frame that holds parts of several kinds counts for each by its share of the
frame's content. What several names or targets have in common counts as what
it is for the first of them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bundler.terminal import human
from runtime_stub.codec import decompress
from runtime_stub.container import Page, parse_frame, parse_frames
from runtime_stub.layout import (
    CHAIN,
    CODE_0,
    CODE_1,
    CODE_2,
    CONTENT,
    DIGEST,
    EXTENSION,
    FILE_KEY,
    MODULE,
    MODULE_KEY,
    RUNTIME_DIRECTORY,
    RUNTIME_RECORD_SIZE,
    SOURCELESS,
    ZLIB,
    Entry,
    Frame,
)
from runtime_stub.source import LocalFile

#: The kinds, and what people call them. The index has the manifest and all lists with it, the runtime the launcher, doorways and the zip's headers.
KINDS = {
    "bytecode": "bytecode",
    "sources": "sources",
    "native": "native files",
    "data": "data files",
    "metadata": "metadata",
    "index": "index",
    "runtime": "runtime and launcher",
    "decoder": "zstd decoder",
    "padding": "padding",
}

# Lines of the manifest that lead to a frame, by what it is (docs/FORMAT.md, section 8). Compiled regular expressions are code, too.
_LINES = {"decoder": "decoder", "patterns": "bytecode", "account": "index", "native": "index", "disk": "index"}

Place = tuple[int, int]  # where a frame lies, and its length there


def measured(path: Path, source: LocalFile, manifest: str, length: int, tables: tuple[int, int]) -> dict[str, int]:
    """Return how many bytes of the app file ``path`` are of each of KINDS; together they are its size.

    ``source`` reads its container, which has ``length`` bytes; ``tables`` is where
    its runtime records begin, and how many there are.
    """
    sizes = dict.fromkeys(KINDS, 0)
    counted: set[Place] = set()

    def count(frame: Frame, shares: Mapping[str, int]) -> None:
        for place in _places(source, frame):
            if place not in counted:
                counted.add(place)
                for kind, share in _divided(place[1], shares):
                    sizes[kind] += share

    for frame, kind in [*_of_runtime(source, *tables), *_of_manifest(manifest)]:
        count(frame, {kind: 1})
    contents: dict[tuple, dict[tuple[int, int], str]] = {}
    for root in _roots(manifest):
        for page, keys in _pages(source, root):
            count(page, {"index": 1})
            for key, entry in keys:
                for role, (frame, offset, size) in entry.parts.items():
                    if size:
                        contents.setdefault(frame, {}).setdefault((offset, size), _kind(key, entry, role))
    for frame, parts in contents.items():
        shares: dict[str, int] = {}
        for (_, size), kind in parts.items():
            shares[kind] = shares.get(kind, 0) + size
        count(frame, shares)
    fixed = len(manifest.encode("utf-8")) + len(source.footer) + tables[1] * RUNTIME_RECORD_SIZE
    sizes["padding"] = length - sum(sizes.values()) - fixed
    sizes["index"] += fixed
    described = _described(path)
    sizes["metadata"] += described
    sizes["runtime"] += path.stat().st_size - length - described
    return sizes


def text(sizes: Mapping[str, int]) -> str:
    """Return ``sizes`` as people read them: the largest first, without what is not there."""
    shown = sorted((kind for kind in sizes if sizes[kind]), key=lambda kind: -sizes[kind])
    return ", ".join("%s %s" % (KINDS[kind], human(sizes[kind])) for kind in shown)


def _kind(key: str, entry: Entry, role: int) -> str:
    directory, _, name = key.replace(MODULE_KEY, FILE_KEY).rpartition(FILE_KEY)
    if directory == RUNTIME_DIRECTORY or directory.startswith(RUNTIME_DIRECTORY + "/"):
        return "runtime"
    if role in (CODE_0, CODE_1, CODE_2):
        return "bytecode"
    if role == EXTENSION:
        return "bytecode" if entry.suffix == SOURCELESS else "native"
    if role != CONTENT:
        return "index"
    if entry.kind == MODULE or name.endswith(".py"):
        return "sources"
    if DIGEST in entry.parts:
        return "native"
    return "metadata" if any(part.lower().endswith("-info") for part in directory.split("/")) else "data"


def _divided(total: int, shares: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Divide ``total`` by ``shares``, and lose nothing."""
    left, whole = total, sum(shares.values())
    for kind, share in shares.items():
        part = left * share // whole
        left, whole = left - part, whole - share
        yield kind, part


def _places(source: LocalFile, frame: Frame) -> list[Place]:
    """Return where the bytes of ``frame`` lie: of a chain, its links too."""
    links = parse_frames(source.read_at(frame[0], frame[1])) if frame[4] == CHAIN else []
    return [(each[0], each[1]) for each in (frame, *links) if each[1]]


def _of_runtime(source: LocalFile, offset: int, count: int) -> Iterator[tuple[Frame, str]]:
    records = source.read_at(offset, count * RUNTIME_RECORD_SIZE)
    for at in range(0, len(records), RUNTIME_RECORD_SIZE):
        numbers = [int.from_bytes(records[at + first : at + end], "little") for first, end in ((4, 12), (12, 16), (16, 20), (20, 24))]
        yield Frame((*numbers, ZLIB, None)), "runtime"


def _of_manifest(manifest: str) -> Iterator[tuple[Frame, str]]:
    for word, words in _lines(manifest):
        if word in _LINES:
            yield parse_frame(words[-5:]), _LINES[word]


def _roots(manifest: str) -> list[Frame]:
    return [parse_frame(words[-5:]) for word, words in _lines(manifest) if word in ("target", "metadata")]


def _lines(manifest: str) -> Iterator[tuple[str, list[str]]]:
    for line in manifest.split("\n"):
        word, *words = line.split(" ")
        yield word, words


def _pages(source: LocalFile, frame: Frame) -> Iterator[tuple[Frame, Sequence[tuple[str, Entry]]]]:
    """Yield the frame of each page below and including that in ``frame``, with the entries that it has."""
    page = Page(decompress(frame[4], source.read_at(frame[0], frame[1]), frame[2]))
    yield frame, [] if page.level else [(key, page.entry(key)) for key in page.keys]
    for child in page.frames if page.level else ():
        yield from _pages(source, child)


def _described(path: Path) -> int:
    """Return how many bytes the zip's own members with metadata have."""
    with zipfile.ZipFile(path) as archive:
        members: Iterable[zipfile.ZipInfo] = archive.infolist()
        return sum(each.compress_size for each in members if each.filename.partition("/")[0].endswith("-info"))
