"""Read a part in pieces: a library of 25 MB is never held whole, neither compressed nor decompressed."""

import zlib

from ..codec import load_zstd
from ..layout import ZLIB, ZSTD

# So small that it stays in a core's cache, and that the C library has room for it: for each MiB it would ask the system, which
# takes as long as decompression does.
PIECE = 1 << 16


def links_of(store, entry, role):
    """Return the frames whose contents, one after the other, are an entry's part, if no other part lies in them; else None."""
    frame, _, length = entry.parts[role]
    return store.links(frame) if length == frame[2] else None


def pieces_of(store, link):
    """Yield the content of a frame in pieces. Raises ContainerError if it is damaged, at its end at the latest."""
    offset, _, raw, _, codec, _ = link
    decompressor = None
    if raw > PIECE and codec == ZSTD:
        module = getattr(load_zstd(), "module", None)
        decompressor = module and module.ZstdDecompressor()
    elif raw > PIECE and codec == ZLIB:
        decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
    if decompressor is None:
        yield store.decode(link)
        return
    data, total = store.stored(link), 0
    try:
        while not decompressor.eof:
            piece = decompressor.decompress(data, PIECE)
            if not piece and not decompressor.eof and not data:
                break  # cut off
            # that of zlib hands back what it has not read, that of zstd keeps it
            data = getattr(decompressor, "unconsumed_tail", b"")
            total += len(piece)
            yield piece
    except Exception as error:  # each decoder has its own
        raise store.source.explain("the frame at %d is damaged" % offset) from error
    if total != raw:
        raise store.source.explain("the frame at %d has %d bytes where %d were promised" % (offset, total, raw))


class Pieces:
    """The bytes of a file of ``mount``: called, it yields them in pieces. Raises ContainerError if they are damaged."""

    def __init__(self, mount, inside, entry, role):
        self._file = mount, inside, entry, role

    def __call__(self):
        mount, _, entry, role = self._file
        links = links_of(mount.store, entry, role)
        if links is None:
            yield mount.store.read(entry, role)
        else:
            for link in links:
                yield from pieces_of(mount.store, link)

    def filled(self):
        """Return the descriptor of a file in memory that has them, if one was made ahead of need or by two threads, else None."""
        from . import ahead

        filling = ahead.filled(*self._file)
        return filling and filling.descriptor
