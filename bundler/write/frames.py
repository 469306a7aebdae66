"""Gather the parts of files into frames, and compress the frames.

Parts that are used together lie together: a frame is decompressed whole. The
same bytes are stored once, however many entries use them.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import zstandard

from bundler.cache import Cache
from runtime_stub.layout import CHAIN, STORED, ZLIB, ZSTD

CODEC_NAMES = {STORED: "stored", ZLIB: "zlib", ZSTD: "zstd"}

# What is larger lies in frames of this size, which two threads can decompress at once: OpenBLAS is a seventh larger for it,
# others a fiftieth. With 1 MiB it would be twice that.
LINK_BYTES = 2 << 20


# A start's bytecode is stored as it is where the file grows by no more than this part of itself: decompressing it is 3 to 8 % of
# the instructions of a start.
PLAIN_PAYS = 1 / 10


@dataclass(eq=False)
class Group:
    """The parts of one frame, one after the other, and the group that it is compressed against; or the groups whose contents make its own."""

    base: "Group | None" = None
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0
    links: list["Group"] = field(default_factory=list)
    aligned: bool = False  #: is stored as it is, from the beginning of a page on: it can be mapped

    def add(self, data: bytes) -> int:
        """Append ``data`` and return its offset within the frame."""
        offset = self.size
        self.chunks.append(data)
        self.size += len(data)
        return offset

    def content(self) -> bytes:
        return b"".join(self.chunks)


@dataclass(frozen=True)
class Part:
    """Where a part's bytes lie: within a group."""

    group: Group
    offset: int
    length: int


@dataclass(frozen=True)
class Levels:
    """How hard to compress."""

    alone: int
    against: int  #: a frame that has a base


@dataclass(frozen=True)
class Packed:
    """A compressed frame."""

    data: bytes
    raw: int
    codec: int


class Grouping:
    """Put parts into groups of about ``limit`` bytes and at most ``most`` parts, in the order in which they come; equal parts once."""

    def __init__(self, limit: int, most: int = 1 << 30) -> None:
        self.groups: list[Group] = []
        self._limit = limit
        self._most = most
        self._known: dict[bytes, Part] = {}

    def add(self, data: bytes, base: Group | None = None) -> Part:
        """Place ``data``, in a frame compressed against ``base`` if given, and return its Part; that of equal data if there is some."""
        key = hashlib.sha256(data).digest()
        part = self._known.get(key)
        if part is None:
            last = self.groups[-1] if self.groups else None
            if last is None or last.base is not base or self._full(last, data):
                last = Group(base)
                self.groups.append(last)
            part = self._known[key] = Part(last, last.add(data), len(data))
        return part

    def find(self, data: bytes) -> Part | None:
        """Return where equal data lies, or None."""
        return self._known.get(hashlib.sha256(data).digest())

    def _full(self, group: Group, data: bytes) -> bool:
        return len(group.chunks) >= self._most or bool(group.size and group.size + len(data) > self._limit)


class Chains:
    """Put each content into frames of its own, of LINK_BYTES at most, which a reader can decompress one after the other; equal ones once."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._known: dict[bytes, Part] = {}

    def add(self, data: bytes, aligned: bool = False) -> Part:
        """Place ``data``, such that it can be mapped if it is to be ``aligned``, and return its Part."""
        key = hashlib.sha256(data).digest()
        if key not in self._known:
            links = [Group(aligned=aligned) for _ in range(0, max(len(data), 1), LINK_BYTES)]
            for number, link in enumerate(links):
                link.add(data[number * LINK_BYTES : (number + 1) * LINK_BYTES])
            last = links[0] if len(links) == 1 else Group(size=len(data), links=links)
            self.groups += dict.fromkeys([*links, last])
            self._known[key] = Part(last, 0, len(data))
        return self._known[key]


def pack(
    groups: Iterable[Group],
    codec: int,
    levels: Levels,
    cache: Cache | None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[Group, Packed]:
    """Compress ``groups``, on threads, each with ``codec`` at its level; what does not shrink is stored.

    ``progress`` is called with bytes done and bytes in all. The result does
    not depend on ``workers`` or on what ``cache`` holds.
    """
    pending = list(groups)
    total = sum(group.size for group in pending if not group.links)
    packed: dict[Group, Packed] = {}
    done = 0
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        try:
            for group, result in zip(pending, pool.map(lambda group: _pack_cached(group, codec, levels, cache), pending)):
                packed[group] = result
                done += 0 if group.links else group.size
                if progress:
                    progress(done, total)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return packed


def plainly(packed: Mapping[Group, Packed], start: Collection[Group]) -> dict[Group, Packed]:
    """Return ``packed`` with the groups of ``start`` as they are, if that pays."""
    grown = sum(packed[group].raw - len(packed[group].data) for group in start)
    if grown > PLAIN_PAYS * sum(len(each.data) for each in packed.values()):
        return dict(packed)
    return {group: Packed(group.content(), each.raw, STORED) if group in start else each for group, each in packed.items()}


def _pack_cached(group: Group, codec: int, levels: Levels, cache: Cache | None) -> Packed:
    if group.links:  # where they lie is not known yet
        return Packed(b"", group.size, CHAIN)
    content = group.content()
    if group.aligned:
        return Packed(content, group.size, STORED)
    base = group.base.content() if group.base and codec == ZSTD else b""
    level = levels.against if base else levels.alone
    if cache is None:
        return compress(content, codec, level, base)
    key = "frame %s %d %s %s" % (
        _version(codec),
        level,
        hashlib.sha256(base).hexdigest(),
        hashlib.sha256(content).hexdigest(),
    )
    data = cache.get(key)
    if data is None:
        packed = compress(content, codec, level, base)
        cache.put(key, bytes([packed.codec]) + packed.data)
        return packed
    return Packed(data[1:], len(content), data[0])


def _version(codec: int) -> str:
    version = "raw-" + zlib.ZLIB_RUNTIME_VERSION if codec == ZLIB else "%d.%d.%d" % zstandard.ZSTD_VERSION
    return "%s-%s" % (CODEC_NAMES[codec], version)


def compress(content: bytes, codec: int, level: int, base: bytes = b"") -> Packed:
    """Compress one frame; ``base`` is its prefix (zstd only). Store it where that is no smaller."""
    if codec == ZSTD:
        dictionary = zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if base else None
        parameters = zstandard.ZstdCompressionParameters.from_level(
            level, source_size=len(content) + len(base), write_content_size=True, write_checksum=False, write_dict_id=False
        )
        data = zstandard.ZstdCompressor(dict_data=dictionary, compression_params=parameters).compress(content)
    elif codec == ZLIB:
        # raw deflate: the index has a checksum already, and a second one costs 2.4 instructions a byte at each start
        compressor = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        data = compressor.compress(content) + compressor.flush()
    else:
        data = content
    if len(data) >= len(content):
        return Packed(content, len(content), STORED)
    return Packed(data, len(content), codec)
