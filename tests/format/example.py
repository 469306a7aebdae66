"""The contents of the worked example (docs/FORMAT.md, section 13). Run it to see its bytes."""

from __future__ import annotations

import io
import marshal

from bundler.stages import EntryPoint
from bundler.write.container import Contents, Section, write_container
from bundler.write.frames import Grouping, Levels, pack
from bundler.write.index import IndexEntry
from runtime_stub.layout import (
    CODE_0,
    CONTENT,
    DIRECTORY,
    EXECUTABLE,
    FILE,
    FILE_KEY,
    MODULE,
    MODULE_KEY,
    NAMES_FILES,
    STORED,
    ZLIB,
)

TEXT = b"Hello, hello, hello!\n"
SOURCE = b'print("hi")\n'
BYTECODE = b"BYTECODE"  # any bytes will do: nothing unmarshals them
TABLE = marshal.dumps((("boot", b"pass\n"),), 2)
MAGIC = bytes.fromhex("a70d0d0a")


def write() -> bytes:
    """Return the container that the build side writes of these contents."""
    modules, files = Grouping(1024), Grouping(1024)
    entries = {
        MODULE_KEY + "hi": IndexEntry(MODULE, NAMES_FILES, "", {CODE_0: modules.add(BYTECODE), CONTENT: modules.add(SOURCE)}),
        FILE_KEY + "data": IndexEntry(DIRECTORY),
        "data" + FILE_KEY + "hello.txt": IndexEntry(FILE, EXECUTABLE, "", {CONTENT: files.add(TEXT)}),
    }
    packed = pack(modules.groups, STORED, Levels(0, 0), None) | pack(files.groups, ZLIB, Levels(9, 9), None)
    out = io.BytesIO()
    section = Section("cp311-linux_x86_64", "py3-none-any", MAGIC, entries)
    write_container(out, Contents(packed, [(bytes(4), TABLE)], EntryPoint("hi"), [section]))
    return out.getvalue()


def _print(data: bytes) -> None:
    for at in range(0, len(data), 16):
        print("%04x  %s" % (at, data[at : at + 16].hex(" ")))


if __name__ == "__main__":
    _print(write())
