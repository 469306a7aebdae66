"""The worked example of docs/FORMAT.md says what the runtime reads and the build side writes."""

from __future__ import annotations

import hashlib
import marshal
import zlib

import example
import pytest
from document import dump, rows
from in_memory import container
from reader import Reader

from runtime_stub.container import Page, parse_frame, read_footer
from runtime_stub.layout import FILE_KEY, FOOTER_SIZE, MODULE_KEY, ContainerError


def escaped(text: str) -> str:
    return text.encode("unicode_escape").decode().replace("\\x0", "\\")


def test_document_says_what_the_runtime_reads():
    data = dump("container")
    length, manifest, runtime, identity = read_footer(data[-FOOTER_SIZE:])
    read = container(data)
    offset, stored, raw, crc, codec, _ = parse_frame(read.target[3:])
    found = {
        "length": str(length),
        "manifest": "%d %d %d" % manifest,
        "runtime records": "%d %d %d" % runtime,
        "identity": identity.hex(),
        "entry": " ".join(read.manifest["entry"][0]),
        "target": " ".join(read.target[:3]),
        "root page": "%d %d %d %d %d" % (offset, stored, raw, crc, codec),
        "optimize": str(read.optimize),
        "sources": "yes" if "sources" in read.manifest else "no",
    }
    record = data[runtime[0] : runtime[0] + 24]
    at, size = int.from_bytes(record[4:12], "little"), int.from_bytes(record[12:16], "little")
    table = marshal.loads(zlib.decompress(data[at : at + size], wbits=-15))
    found["runtime modules"] = " ".join(name for name, _ in table)
    contents = {}
    for directory in ("", "data"):
        for kind, name, entry in read.list(directory):
            key = escaped(directory + kind + name)
            roles = " ".join(map(str, sorted(entry.parts))) or "none"
            found[key] = "kind %d, flags %d, roles %s" % (entry.kind, entry.flags, roles)
            for role in sorted(entry.parts):
                contents["%s role %d" % (key, role)] = escaped(read.read(entry, role).decode())
    assert rows("What a reader makes of it") == found | contents


def test_document_shows_the_page_that_the_container_holds():
    data = dump("container")
    offset, stored, *_ = parse_frame(container(data).target[3:])
    assert zlib.decompress(data[offset : offset + stored], wbits=-15) == dump("page")
    assert list(Page(dump("page")).keys) == [MODULE_KEY + "hi", FILE_KEY + "data", "data" + FILE_KEY + "hello.txt"]


def test_identity_is_the_digest_of_all_that_is_before_it():
    data = dump("container")
    assert container(data).identity() == hashlib.sha256(data[:-40]).digest()


@pytest.mark.skipif("ng" in zlib.ZLIB_RUNTIME_VERSION, reason="zlib-ng makes other streams than zlib")
def test_build_side_writes_the_bytes_of_the_document():
    assert example.write() == dump("container")


def test_reader_written_from_the_document_reads_the_example():
    read = Reader(dump("container"))
    entries = read.entries()
    assert list(entries) == [b"\0hi", b"\1data", b"data\1hello.txt"]
    frame, offset, length = entries[b"data\1hello.txt"].parts[0]
    assert read.content(frame)[offset : offset + length] == example.TEXT
    assert list(read.tables().values()) == [(("boot", b"pass\n"),)]


@pytest.mark.parametrize("at", range(len(dump("container")) - FOOTER_SIZE))
def test_runtime_refuses_or_never_reads_a_damaged_byte(at):
    good, data = container(dump("container")), bytearray(dump("container"))
    data[at] ^= 0x40
    try:
        read = container(bytes(data))
        for directory in ("", "data"):
            for kind, name, entry in read.list(directory):
                same = good.find(directory + kind + name)
                for role in entry.parts:
                    assert read.read(entry, role) == good.read(same, role)
    except ContainerError as error:
        assert str(error).startswith("`example` is damaged: ")
    else:
        # the launcher checks the runtime's records and tables
        _, manifest, runtime, _ = read_footer(bytes(data[-FOOTER_SIZE:]))
        assert 0x78 <= at < manifest[0] and runtime[0] < manifest[0]
