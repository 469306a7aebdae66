"""Read app files by docs/FORMAT.md alone: nothing here comes from the runtime or from the build side.

It reads whole files at once, checks all that the page says must be checked, and
takes no short cut. The numbers of the sections stand above what follows them.
"""

from __future__ import annotations

import hashlib
import marshal
import struct
import zlib
from dataclasses import dataclass, field
from functools import cached_property

import zstandard


class Refused(Exception):
    """Say why the bytes are no valid app file."""


def require(condition: bool, problem: str) -> None:
    if not condition:
        raise Refused(problem)


@dataclass(frozen=True)
class Frame:
    offset: int
    stored: int
    raw: int
    crc: int
    codec: int
    base: Frame | None = None


@dataclass
class Entry:
    kind: int
    flags: int
    suffix: str
    parts: dict[int, tuple[Frame, int, int]] = field(default_factory=dict)


def find_container(app: bytes) -> bytes:
    """Section 1: return the container of an app file."""
    end = app.rfind(b"PK\5\6", max(len(app) - 65536, 0))
    require(end >= 0 and len(app) - end >= 22, "no end of central directory record")
    (directory_size,) = struct.unpack_from("<I", app, end + 12)
    container_end = end - directory_size
    require(container_end >= 80, "no room for a footer")
    (length,) = struct.unpack_from("<Q", app, container_end - 80)
    require(80 <= length <= container_end, "a container that begins before its file")
    return app[container_end - length : container_end]


class Reader:
    """A container, read and checked, for one of its targets, which are counted from 0."""

    def __init__(self, data: bytes, target: int = 0) -> None:
        self.data = data
        # 2. The footer
        require(data[-8:] == b"\x93bundler", "no footer")
        length, *manifest, tables_at, count, tables_crc, self.identity = struct.unpack("<QQIIQII32s", data[-80:-8])
        require(length == len(data), "another length")
        require(hashlib.sha256(data[:-40]).digest() == self.identity, "another identity")
        self._records = self._checked(tables_at, 24 * count, tables_crc)
        # 8. The manifest
        text = self._checked(*manifest).decode("utf-8")
        require(text.endswith("\n"), "manifest without its end")
        lines = [line.split(" ") for line in text[:-1].split("\n")]
        require(lines[0] == ["bundler", "1"], "unknown version")
        starts = [at for at, line in enumerate(lines) if line[0] == "target"]
        require(bool(starts), "no target")
        self.targets = len(starts)
        self.lines = lines[: starts[0]] + lines[starts[target] : [*starts, len(lines)][target + 1]]

    def words(self, name: str) -> list[list[str]]:
        """Return what follows the word ``name`` on each line that begins with it."""
        return [line[1:] for line in self.lines if line[0] == name]

    @cached_property
    def root(self) -> Frame:
        return self.frame_of(self.words("target")[0][3:])

    def frame_of(self, words: list[str]) -> Frame:
        """Section 8: return the frame that the last five words of a line name."""
        require(len(words) == 5, "a line with other than five numbers")
        return Frame(*map(int, words))

    # 3. Runtime tables
    def tables(self) -> dict[bytes, tuple[tuple[str, bytes], ...]]:
        found = {}
        for magic, offset, stored, raw, crc in struct.iter_unpack("<4sQIII", self._records):
            found[magic] = marshal.loads(self.content(Frame(offset, stored, raw, crc, 1)))
        require(magic == bytes(4), "no sources at the end of the runtime tables")
        return found

    # 4. Frames and codecs
    def content(self, frame: Frame) -> bytes:
        stored = self._checked(frame.offset, frame.stored, frame.crc)
        require(frame.base is None or frame.codec == 2, "a base for other than zstd")
        content = (self._stored, self._zlib, self._zstd, self._chain)[frame.codec](stored, frame)
        require(len(content) == frame.raw, "frame of another length")
        return content

    def _stored(self, stored: bytes, frame: Frame) -> bytes:
        return stored

    def _zlib(self, stored: bytes, frame: Frame) -> bytes:
        decompressor = zlib.decompressobj(wbits=-15)
        content = decompressor.decompress(stored)
        require(decompressor.eof and not decompressor.unused_data, "deflate stream that does not end with its frame")
        return content

    def _zstd(self, stored: bytes, frame: Frame) -> bytes:
        prefix = None
        if frame.base is not None:
            prefix = zstandard.ZstdCompressionDict(self.content(frame.base), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        decompressor = zstandard.ZstdDecompressor(dict_data=prefix).decompressobj()
        content = decompressor.decompress(stored)
        require(decompressor.eof and not decompressor.unused_data, "zstd frame that does not end with its frame")
        return content

    def _chain(self, stored: bytes, frame: Frame) -> bytes:
        links = [(Frame(*numbers), zero, base) for *numbers, zero, base in struct.iter_unpack("<QIIIBBH", stored)]
        require(all(link.codec != 3 and zero == base == 0 for link, zero, base in links), "a chain of other than plain frames")
        return b"".join(self.content(link) for link, _, _ in links)

    def _checked(self, offset: int, length: int, crc: int) -> bytes:
        found = self.data[offset : offset + length]
        require(len(found) == length and zlib.crc32(found) == crc, "damaged bytes at %d" % offset)
        return found

    # 5. Pages
    def entries(self) -> dict[bytes, Entry]:
        """Return all entries by key, in the order in which they stand."""
        found = list(self._entries(self.root, None))
        keys = [key for key, _ in found]
        require(keys == sorted(set(keys)), "keys out of order")
        return dict(found)

    def _entries(self, frame: Frame, level: int | None):
        page = self.content(frame)
        found_level, zero, n, f, zeros, k = struct.unpack_from("<BBHHHI", page)
        require(zero == zeros == 0 and level in (None, found_level), "page header")
        keys = page[12 : 12 + k].split(b"\n") if n else []
        require(len(keys) == n and b"\n".join(keys) == page[12 : 12 + k], "another number of keys")
        frames: list[Frame] = []
        for *numbers, zero, base in struct.iter_unpack("<QIIIBBH", page[12 + k : 12 + k + 24 * f]):
            require(zero == 0 and base <= len(frames), "frame record")
            frames.append(Frame(*numbers, frames[base - 1] if base else None))
        at = 12 + k + 24 * f
        if found_level:
            require(n == f and at == len(page), "inner page")
            for key, child in zip(keys, frames):
                below = list(self._entries(child, found_level - 1))
                require(below[0][0] == key, "child that does not begin with its key")
                yield from below
            return
        for key, place in zip(keys, struct.unpack_from("<%dH" % n, page, at)):
            yield key, self._entry(page, place, frames)

    # 7. Entries
    def _entry(self, page: bytes, at: int, frames: list[Frame]) -> Entry:
        kind, flags, p, s = page[at : at + 4]
        entry = Entry(kind, flags, page[at + 4 : at + 4 + s].decode("utf-8"))
        at += 4 + s
        require(at + 11 * p <= len(page), "entry outside its page")
        for role, number, offset, length in struct.iter_unpack("<BHII", page[at : at + 11 * p]):
            require(role not in entry.parts and role >= max(entry.parts, default=0), "roles out of order")
            require(offset + length <= frames[number].raw, "part outside its frame")
            entry.parts[role] = frames[number], offset, length
        return entry
