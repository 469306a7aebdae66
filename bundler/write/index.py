"""Write the index of a target: a tree of pages, sorted by directory and name (docs/FORMAT.md, sections 5 to 7)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bundler.write.frames import Group, Part
from runtime_stub.layout import FILE_KEY, MODULE_KEY, Frame

# Large enough that a start reads few pages, small enough that it reads little it does not need.
PAGE_BYTES = 8192

# With fewer the pages that a start reads are likely to have the metadata on them.
FEW_PAGES = 4

_METADATA = re.compile(f"-info(?:[{MODULE_KEY}{FILE_KEY}]|\\Z)", re.IGNORECASE)

Item = TypeVar("Item")


@dataclass
class IndexEntry:
    """What the index is to say of a key: numbers as in ``runtime_stub.layout``."""

    kind: int
    flags: int = 0
    suffix: str = ""
    parts: dict[int, Part] = field(default_factory=dict)


def of_metadata(entries: Mapping[str, IndexEntry]) -> dict[str, IndexEntry]:
    """Return what an index of the metadata alone has: for each distribution its directory, and what stands in it.

    Empty where all ``entries`` are on few pages anyway.
    """
    if sum(map(_size, entries, entries.values())) < FEW_PAGES * PAGE_BYTES:
        return {}
    return {key: entry for key, entry in entries.items() if _METADATA.search(key)}


def write_index(
    entries: Mapping[str, IndexEntry], frames: Mapping[Group, Frame], append: Callable[[bytes], Frame], shared: bool = False
) -> Frame:
    """Write all pages with ``append``, leaves first, and return the root's frame.

    ``shared`` says that there are other indexes with nearly the same entries:
    pages then begin at the same keys in all, so that many are the same.
    """
    level = 0
    pages: list[tuple[str, Frame]] = []
    split = _split_alike if shared else _split
    for keys in split(sorted(entries), lambda key: _size(key, entries[key])):
        pages.append((keys[0] if keys else "", append(_leaf(keys, entries, frames))))
    while len(pages) > 1:
        level += 1
        above = []
        for chunk in _split(pages, lambda page: len(page[0].encode()) + 24):
            above.append((chunk[0][0], append(_inner(level, chunk))))
        pages = above
    return pages[0][1]


def _size(key: str, entry: IndexEntry) -> int:
    return len(key.encode()) + 30 + 11 * len(entry.parts)


def _split(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Cut ``items`` into runs of about PAGE_BYTES; at least one run, possibly empty."""
    run: list[Item] = []
    total = 0
    for item in items:
        if total > PAGE_BYTES and len(run) > 1:
            yield run
            run, total = [], 0
        run.append(item)
        total += size(item)
    yield run


def _split_alike(keys: Iterable[str], size: Callable[[str], int]) -> Iterator[list[str]]:
    """Cut ``keys`` into runs of half to twice PAGE_BYTES, most of them at places that depend on the key there alone."""
    run: list[str] = []
    total = 0
    for key in keys:
        # about one key in 32 begins a page, and so many take some 3 KiB
        if len(run) > 1 and (total > 2 * PAGE_BYTES or (total > PAGE_BYTES // 2 and zlib.crc32(key.encode()) % 32 == 0)):
            yield run
            run, total = [], 0
        run.append(key)
        total += size(key)
    yield run


def _leaf(keys: list[str], entries: Mapping[str, IndexEntry], frames: Mapping[Group, Frame]) -> bytes:
    table: list[Frame] = []

    def ordinal(frame: Frame) -> int:
        if frame[5] is not None:
            ordinal(frame[5])
        if frame not in table:
            table.append(frame)
        return table.index(frame)

    records = []
    for key in keys:
        entry = entries[key]
        suffix = entry.suffix.encode()
        record = bytes([entry.kind, entry.flags, len(entry.parts), len(suffix)]) + suffix
        for role, part in sorted(entry.parts.items()):
            number = ordinal(frames[part.group])
            record += bytes([role]) + _number(number, 2) + _number(part.offset, 4) + _number(part.length, 4)
        records.append(record)
    return _page(0, keys, table, records)


def _inner(level: int, children: list[tuple[str, Frame]]) -> bytes:
    return _page(level, [key for key, _ in children], [frame for _, frame in children], [])


def _page(level: int, keys: list[str], table: list[Frame], records: list[bytes]) -> bytes:
    text = "\n".join(keys).encode("utf-8")
    header = bytes([level, 0]) + _number(len(keys), 2) + _number(len(table), 2) + bytes(2) + _number(len(text), 4)
    frames = b"".join(frame_record(frame, table) for frame in table)
    where = []
    position = len(header) + len(text) + len(frames) + 2 * len(records)
    for record in records:
        where.append(_number(position, 2))
        position += len(record)
    return header + text + frames + b"".join(where) + b"".join(records)


def frame_record(frame: Frame, table: list[Frame]) -> bytes:
    """Return the 24 bytes that refer to ``frame``, whose base, if any, stands before it in ``table``."""
    offset, stored, raw, crc, codec, base = frame
    ordinal = 0 if base is None else table.index(base) + 1
    return (
        _number(offset, 8)
        + _number(stored, 4)
        + _number(raw, 4)
        + _number(crc, 4)
        + bytes([codec, 0])
        + _number(ordinal, 2)
    )


def _number(value: int, size: int) -> bytes:
    return value.to_bytes(size, "little")
