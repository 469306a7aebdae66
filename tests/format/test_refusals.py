"""What a reader must refuse (docs/FORMAT.md, section 12), though its CRC is right; the reader of the page refuses it too."""

from __future__ import annotations

import hashlib
import struct
import zlib

import pytest
from in_memory import container
from reader import Reader, Refused

from runtime_stub.layout import ContainerError

TEXT = b"some text, some text, some text"
KEYS = (b"\1a", b"\1b")


def frame(offset: int, stored: bytes, raw: int, codec: int, base: int = 0) -> bytes:
    return struct.pack("<QIIIBBH", offset, len(stored), raw, zlib.crc32(stored), codec, 0, base)


def page(frames=(), keys=KEYS, count=None, level=0, part=(0, 0, len(TEXT)), place=None) -> bytes:
    """A leaf in which each key is a file with one part; an inner page if ``level`` is not 0."""
    text = b"\n".join(keys)
    header = struct.pack("<BBHHHI", level, 0, len(keys) if count is None else count, len(frames), 0, len(text))
    head = header + text + b"".join(frames)
    if level:
        return head
    entry = bytes([2, 0, 1, 0, 0]) + struct.pack("<HII", *part)
    at = len(head) + 2 * len(keys) if place is None else place
    return head + struct.pack("<H", at) * len(keys) + entry


def built(root: bytes, body: bytes, version: int = 1, root_at: int | None = None) -> bytes:
    """A container with ``body`` at its start, the root page and no runtime."""
    at = len(body) if root_at is None else root_at
    table = zlib.compress(b"(\0\0\0\0")
    data = body + root + table
    record = struct.pack("<4sQIII", bytes(4), len(data) - len(table), len(table), 5, zlib.crc32(table))
    numbers = (at, len(root), len(root), zlib.crc32(root), 0)
    manifest = b"bundler %d\nentry none\noptimize 0\ntarget cp311-linux_x86_64 py3-none-any a70d0d0a %d %d %d %d %d\nsources\n" % (version, *numbers)
    data += record + manifest
    footer = struct.pack("<QQII", len(data) + 80, len(data) - len(manifest), len(manifest), zlib.crc32(manifest))
    footer += struct.pack("<QII", len(data) - len(manifest) - len(record), 1, zlib.crc32(record))
    data += footer
    return data + hashlib.sha256(data).digest() + b"\x93bundler"


def one_frame(stored: bytes, raw: int, codec: int) -> bytes:
    return built(page([frame(0, stored, raw, codec)]), stored)


def read_both(data: bytes) -> bytes:
    store = container(data)
    found = [store.read(store.find("\1" + name), 0) for name in "ab"]
    assert found == [store.read(entry, 0) for _, _, entry in store.list("")]
    return found[0]


def read_by_the_page(data: bytes) -> bytes:
    read = Reader(data)
    where, offset, length = read.entries()[b"\1b"].parts[0]
    return read.content(where)[offset : offset + length]


PACKED = zlib.compress(TEXT)[2:-4]  # of a zlib stream, the deflate stream in it
STORED = [frame(0, TEXT, len(TEXT), 0)]

GOOD = {
    "stored": one_frame(TEXT, len(TEXT), 0),
    "zlib": one_frame(PACKED, len(TEXT), 1),
}

DAMAGE = "its index is damaged"
REFUSED = {
    "unknown codec": (one_frame(TEXT, len(TEXT), 9), "frame with unknown codec 9"),
    "raw length too large": (one_frame(TEXT, 40, 0), "frame of 31 bytes where 40 were promised"),
    "raw length too small": (one_frame(PACKED, 30, 1), "frame of 31 bytes where 30 were promised"),
    "no deflate stream": (one_frame(TEXT, len(TEXT), 1), "damaged or truncated zlib frame"),
    "deflate stream without its end": (one_frame(PACKED[:-1], len(TEXT), 1), "damaged or truncated zlib frame"),
    "deflate stream in a zlib stream": (one_frame(zlib.compress(TEXT), len(TEXT), 1), "damaged or truncated zlib frame"),
    "part outside its frame": (built(page(STORED, part=(0, 1, len(TEXT))), TEXT), "an index entry points past its frame"),
    "part in a frame that is not there": (built(page(STORED, part=(1, 0, 1)), TEXT), DAMAGE),
    "entry outside its page": (built(page(STORED, place=0xFFFF), TEXT), DAMAGE),
    "more keys than promised": (built(page(STORED, count=1), TEXT), DAMAGE),
    "fewer keys than promised": (built(page(STORED, count=3), TEXT), DAMAGE),
    "the same key twice": (built(page(STORED, keys=(b"\1a", b"\1a")), TEXT), DAMAGE),
    "keys that are not UTF-8": (built(page(STORED, keys=(b"\1\xff", b"\1b")), TEXT), DAMAGE),
    "base after the frame": (built(page([frame(0, TEXT, len(TEXT), 0, base=1)]), TEXT), DAMAGE),
    "page that leads to no page": (built(page(keys=(b"\1a",), level=1), b""), DAMAGE),
    "page of the wrong level": (
        built(page([frame(0, page(STORED), len(page(STORED)), 0)], keys=(b"\1a",), level=2), page(STORED)),
        DAMAGE,
    ),
    "empty page": (built(b"", TEXT), DAMAGE),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_these_tests_build_is_read_where_nothing_is_wrong(name):
    assert read_both(GOOD[name]) == read_by_the_page(GOOD[name]) == TEXT


@pytest.mark.parametrize("name", REFUSED)
def test_runtime_refuses(name):
    data, message = REFUSED[name]
    with pytest.raises(ContainerError) as caught:
        read_both(data)
    assert (str(caught.value), caught.value.path) == ("`example` is damaged: " + message, "example")


@pytest.mark.parametrize("name", REFUSED)
def test_reader_of_the_page_refuses(name):
    with pytest.raises((Refused, IndexError, ValueError, struct.error, zlib.error)):
        read_by_the_page(REFUSED[name][0])


def test_runtime_refuses_a_version_that_it_does_not_know():
    with pytest.raises(ContainerError) as caught:
        container(built(page(STORED), TEXT, version=2))
    assert str(caught.value) == "`example` has format version 2, this reader knows 1"
