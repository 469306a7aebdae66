"""The format of the container: its numbers, its records, its keys.

``docs/FORMAT.md`` specifies every byte; the section numbers here are its. The
reader owns the format: the build side imports these names and writes what
they say. All integers are little-endian and unsigned.
"""

VERSION = 1

# Section 2: the footer, the last 80 bytes of the container.
FOOTER_MAGIC = b"\x93bundler"
FOOTER_SIZE = 80
#  0 container length u64 | 8 manifest offset u64, length u32, crc u32
# 24 runtime tables offset u64, count u32, crc u32 | 40 identity 32 bytes | 72 magic

# Section 3: a runtime table.
RUNTIME_RECORD_SIZE = 24
#  0 bytecode magic 4 bytes, zero for sources | 4 offset u64 | 12 stored u32 | 16 raw u32 | 20 crc u32

# Section 4: a reference to a frame.
FRAME_RECORD_SIZE = 24
#  0 offset u64 | 8 stored u32 | 12 raw u32 | 16 crc u32 | 20 codec u8 | 21 zero u8 | 22 base u16

# ZLIB: raw deflate, without the checksum of a zlib stream; CHAIN: the records of frames whose contents make this one's
STORED, ZLIB, ZSTD, CHAIN = 0, 1, 2, 3

# Section 5: a page of the index.
PAGE_HEADER_SIZE = 12
#  0 level u8 | 1 zero u8 | 2 entries u16 | 4 frames u16 | 6 zero u16 | 8 length of keys u32

# Section 6: keys. A key is a directory, one of these, and a name.
MODULE_KEY, FILE_KEY = "\0", "\1"

# Section 7: an entry.
DIRECTORY, FILE, MODULE = 1, 2, 3

PACKAGE = 1  #: a directory that has an ``__init__``
EXECUTABLE = 2  #: a file that was executable
NAMES_FILES = 4  #: a module that may open files next to itself
BEHIND = 8  #: stands behind the standard library's module of the same name
STARTS_CHILDREN = 16  #: a module that may start ``sys.executable``
TOGETHER = 32  #: a native file that works only beside the files it needs, in directories

CONTENT, CODE_0, CODE_1, CODE_2, EXTENSION, NEEDS, DIGEST, MAPPING = 0, 1, 2, 3, 4, 5, 6, 7  #: roles of an entry's parts

PAGE = 4096  #: what is mapped begins and ends at multiples of this

SOURCELESS = ".pyc"  #: the suffix of a module of bytecode alone, whose file is its extension part

PART_SIZE = 11
#  0 role u8 | 1 frame u16 | 3 offset u32 | 7 length u32

# Directories at the root that no import statement can name.
RUNTIME_DIRECTORY = ".runtime"
SCRIPTS_DIRECTORY = ".scripts"


class ContainerError(ImportError):
    """Say that an app file is damaged, was replaced, or cannot be read here.

    ``path`` is the app file, ``name`` the module asked for, where known.
    """


class Frame(tuple):
    """Where a frame lies: ``(offset, stored, raw, crc, codec, base)``.

    Offset in bytes from the start of the container; the length in the file
    and the length decompressed; the CRC-32 of the bytes in the file; one of
    STORED, ZLIB, ZSTD; the :class:`Frame` whose content is its prefix, or None.
    """

    __slots__ = ()


class Entry:
    """What the index says of a name.

    ``kind`` is DIRECTORY, FILE or MODULE; ``flags`` as above; ``suffix`` what a
    module's name needs to become its file's name; ``parts`` a mapping from
    role to ``(frame, offset, length)`` within the decompressed frame.
    """

    __slots__ = ("kind", "flags", "suffix", "parts")

    def __init__(self, kind, flags, suffix="", parts=None):
        self.kind = kind
        self.flags = flags
        self.suffix = suffix
        self.parts = parts or {}
