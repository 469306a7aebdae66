"""Read a large part in pieces: a library of 25 MB is never held whole, neither compressed nor decompressed."""

import zlib
from zlib import crc32

from ..codec import load_zstd
from ..layout import DIGEST, STORED, ZLIB, ContainerError

# Small enough to stay in a core's cache between decompression and use.
PIECE = 1 << 18


def by_ladder(step, store, name, entry, role, *more):
    """Return ``step(name, digest, pieces, *more)`` for the bytes of an entry's part; ``step`` is a function of ``ladder``.

    Raises ContainerError if the bytes are damaged, and what ``step`` raises.
    """
    digest = store.read(entry, DIGEST)

    def pieces():
        return pieces_of(store, entry, role)

    try:
        return step(name, digest, pieces, *more)
    except Damaged:
        # the descriptor may have been closed and its number reused
        store.source.read_again(entry.parts[role][0][0], 0)
        return step(name, digest, pieces, *more)


class Damaged(ContainerError):
    """The bytes that were handed out are not those that were stored."""


def pieces_of(store, entry, role):
    """Yield the bytes of an entry's part in pieces.

    Raises ContainerError, at the end at the latest, if they are damaged:
    nothing may be done with them before.
    """
    frame, _, length = entry.parts[role]
    offset, _, raw, _, codec, base = frame
    if raw <= PIECE or length != raw or base is not None:
        yield store.read(entry, role)
        return
    size = 0
    try:
        for piece in _decompressed(codec, _stored(store.source, frame), frame):
            size += len(piece)
            yield piece
        if size != raw:
            raise ValueError
    except Exception as error:  # each decoder has its own, and so may the one with the next bytes
        raise Damaged(str(store.source.explain("the frame at %d is damaged" % offset)), path=store.source.path) from error


def _stored(source, frame):
    """Yield the stored bytes of a frame. Raises ValueError at their end if they are not what they were."""
    offset, left, _, expected = frame[:4]
    crc = 0
    while left:
        data = source.read_at(offset, min(left, PIECE))
        if not data:
            break
        crc = crc32(data, crc)
        offset += len(data)
        left -= len(data)
        yield data
    if left or crc != expected:
        raise ValueError("another CRC")


def _decompressed(codec, stored, frame):
    if codec == STORED:
        return stored
    if codec == ZLIB:
        return _inflated(stored)
    decompress = load_zstd()
    if hasattr(decompress, "module"):
        return _zstd(stored, decompress.module.ZstdDecompressor())
    # a decoder that has to have all of it
    data = b"".join(stored)
    return iter((decompress(data, frame[2], None),))


def _inflated(stored):
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
    for data in stored:
        piece = True
        while data or piece:
            piece = decompressor.decompress(data, PIECE)
            data = decompressor.unconsumed_tail
            yield piece
    if not decompressor.eof or decompressor.unused_data:
        raise ValueError("truncated zlib frame")


def _zstd(stored, decompressor):
    for data in stored:
        while data or not (decompressor.needs_input or decompressor.eof):
            yield decompressor.decompress(data, PIECE)
            data = b""
    if not decompressor.eof or decompressor.unused_data:
        raise ValueError("truncated zstd frame")
