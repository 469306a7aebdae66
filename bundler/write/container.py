"""Write a container: frames, index, runtime tables, manifest, footer (docs/FORMAT.md)."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from bundler.stages import EntryPoint, OnDisk, StartLine
from bundler.standard_library import NAMES
from bundler.write.frames import Group, Packed, compress
from bundler.write.index import IndexEntry, frame_record, of_metadata, write_index
from runtime_stub.layout import (
    BEHIND,
    CHAIN,
    FILE_KEY,
    FOOTER_MAGIC,
    MODULE,
    MODULE_KEY,
    PACKAGE,
    PAGE,
    VERSION,
    ZLIB,
    ZSTD,
    Frame,
)


@dataclass
class Section:
    """What a container holds for one target."""

    name: str  #: ``cp313-manylinux_2_28_x86_64``
    demands: str  #: the tag of what its files demand
    magic: bytes  #: of its bytecode; four zeros where it has none
    entries: Mapping[str, IndexEntry]
    native: Sequence[str] = ()  #: the native files that a start is likely to load, in the order in which it does
    start: Sequence[Group] = ()  #: the groups with a start's bytecode, in the order in which it is wanted
    patterns: tuple[str, Packed] | None = None  #: which interpreters can use it, and the table of regular expressions
    start_lines: Sequence[StartLine] = ()  #: of ``.pth`` files, in their order
    files: str = ""  #: when the overlay is installed: ``start``, ``always``, ``never``, or when it is found to be needed
    on_disk: OnDisk | None = None
    anchor: bool = False  #: whether the main module may ask for the resources beside it
    sources: bool = True


@dataclass
class Contents:
    """All that a container is made of, compressed already except for indexes and manifest."""

    packed: Mapping[Group, Packed]  #: in the order in which frames are to lie, bases before what needs them
    runtime: Sequence[tuple[bytes, bytes]]  #: (bytecode magic or four zeros, table), the one for sources last
    entry: EntryPoint | None
    sections: Sequence[Section]  #: in the order in which a start looks at them
    optimize: int = 0
    decoders: Sequence[tuple[str, bytes]] = ()  #: extension suffix, and the carried zstd decoder
    inherit: str = "no"  #: how the environment's path entries reach the app: ``no``, ``fallback``, ``prefer``
    account: bytes = b""  #: what is in the file, as JSON
    lazy: Sequence[str] = ()  #: top-level names of the packages whose imports are lazy, or ``all``


class Writer:
    """Append to ``out`` and know where one is, relative to the container's start."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._frames: dict[bytes, Frame] = {}
        self.position = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Append ``data`` and return its offset."""
        offset = self.position
        self._out.write(data)
        self.digest.update(data)
        self.position += len(data)
        return offset

    def frame(self, packed: Packed, base: Frame | None = None, aligned: bool = False) -> Frame:
        """Append a frame, ``aligned`` to the beginning of a page, unless the same bytes are there already, and return where it lies."""
        key = hashlib.sha256(packed.data + bytes([packed.codec]) + repr(base).encode()).digest()
        frame = self._frames.get(key)
        if frame is None:
            if aligned:
                self.write(bytes(-self.position % PAGE))
            offset = self.write(packed.data)
            crc = zlib.crc32(packed.data)
            frame = self._frames[key] = Frame((offset, len(packed.data), packed.raw, crc, packed.codec, base))
        return frame


def write_container(out: BinaryIO, contents: Contents) -> int:
    """Write the container to ``out`` and return its length in bytes."""
    writer = Writer(out)
    frames: dict[Group, Frame] = {}
    for group, packed in contents.packed.items():
        # a frame that is stored as it is needs no prefix
        base = frames[group.base] if group.base and packed.codec == ZSTD else None
        if group.links:
            packed = Packed(b"".join(frame_record(frames[link], []) for link in group.links), packed.raw, CHAIN)
        frames[group] = writer.frame(packed, base, group.aligned)
    lines = ["bundler %d" % VERSION, _entry_line(contents.entry)]
    for suffix, module in contents.decoders:
        lines.append("decoder %s %s" % (suffix, _words(writer.frame(compress(module, ZLIB, 9)))))
    lines.append("optimize %d" % contents.optimize)
    lines += ["inherit " + contents.inherit] if contents.inherit != "no" else []
    lines += ["lazy " + " ".join(contents.lazy)] if contents.lazy else []
    if contents.account:
        lines.append("account %s" % _words(writer.frame(compress(contents.account, ZLIB, 9))))
    for section in contents.sections:
        lines += _section_lines(section, frames, writer, len(contents.sections) > 1)
    records = b""
    for magic, content in contents.runtime:
        # the index may lead to the same frame
        offset, stored, raw, crc, *_ = writer.frame(compress(content, ZLIB, 9))
        records += magic + _number(offset, 8) + _number(stored, 4) + _number(raw, 4) + _number(crc, 4)
    records_at = writer.write(records)
    manifest = "".join(line + "\n" for line in lines).encode("utf-8")
    manifest_at = writer.write(manifest)
    footer = _number(writer.position + 80, 8)
    footer += _number(manifest_at, 8) + _number(len(manifest), 4) + _number(zlib.crc32(manifest), 4)
    footer += _number(records_at, 8) + _number(len(contents.runtime), 4) + _number(zlib.crc32(records), 4)
    writer.digest.update(footer)
    writer.write(footer + writer.digest.digest() + FOOTER_MAGIC)
    return writer.position


def _section_lines(section: Section, frames: Mapping[Group, Frame], writer: Writer, shared: bool) -> list[str]:
    """Write the indexes of a target and what else it has of its own, and return its lines."""

    def page(data: bytes) -> Frame:
        # index and runtime are read before any decoder for zstd is there: zlib is in every Python
        return writer.frame(compress(data, ZLIB, 9))

    root = write_index(section.entries, frames, page, shared)
    lines = ["target %s %s %s %s" % (section.name, section.demands, section.magic.hex(), _words(root))]
    metadata = of_metadata(section.entries)
    if metadata:
        lines.append("metadata %s" % _words(write_index(metadata, frames, page, shared)))
    lines += ["start %s" % _words(frames[group]) for group in section.start]
    if section.native:
        listed = "".join(path + "\n" for path in section.native).encode("utf-8")
        lines.append("native %s" % _words(writer.frame(compress(listed, ZLIB, 9))))
    if section.patterns:
        key, table = section.patterns
        lines.append("patterns %s %s" % (key, _words(writer.frame(table))))
    lines += ["pth %d %s\t%s" % (each.number, each.file, each.text) for each in section.start_lines]
    lines += ["files " + section.files] if section.files else []
    if section.on_disk:
        lines.append("disk %s" % _words(writer.frame(compress(_paragraphs(section.on_disk), ZLIB, 9))))
    shadows = _shadows(section.entries)
    lines += ["shadows " + " ".join(shadows)] if shadows else []
    lines += ["anchor"] if section.anchor else []
    return lines + (["sources"] if section.sources else [])


def _shadows(entries: Mapping[str, IndexEntry]) -> list[str]:
    """Return the names of modules at the root that stand in front of the standard library's, of any Python."""
    found = []
    for key, entry in entries.items():
        if key[0] in (MODULE_KEY, FILE_KEY) and key[1:] in NAMES and not entry.flags & BEHIND:
            found += [key[1:]] if entry.kind == MODULE or entry.flags & PACKAGE else []
    return sorted(set(found))


def _entry_line(entry: EntryPoint | None) -> str:
    if entry is None:
        return "entry none"
    if entry.script is not None:
        return "entry script %s" % entry.script.removesuffix(".py")
    if entry.callable is None:
        return "entry module %s" % entry.module
    return "entry callable %s %s" % (entry.module, entry.callable)


def _paragraphs(on_disk: OnDisk) -> bytes:
    parts = (on_disk.names, on_disk.directories, on_disk.files)
    return "\n".join("".join(line + "\n" for line in part) for part in parts).encode("utf-8")


def _words(frame: Frame) -> str:
    return " ".join(str(number) for number in frame[:5])


def _number(value: int, size: int) -> bytes:
    return value.to_bytes(size, "little")
