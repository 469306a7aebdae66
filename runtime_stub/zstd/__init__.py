"""The last two rungs of the ladder of zstd decoders: libzstd through ctypes, and a decoder in plain Python.

======================  ==========================================================
``libzstd``             the system's shared library; importing it raises
                        ``ImportError`` or ``OSError`` where there is none
``frame``               the decoder in plain Python, which runs everywhere
``error``               :class:`ZstdError`, what both raise
======================  ==========================================================

Both rungs have one function, ``decompress(data, max_length, dictionary=None,
raw=False)``; this package's own is the plain one. The plain decoder is laid
out in the order of RFC 8878: ``frame`` (3.1.1.1 and 3.1.1.2), ``block`` (3.1.1.3),
``literals`` (3.1.1.3.1), ``sequences`` (3.1.1.3.2), ``execution`` (3.1.1.4 and
3.1.1.5), ``magic`` (3.1.2), ``fse`` (4.1), ``huffman`` (4.2), ``dictionary``
(5) and ``checksum``.
"""

from .error import ZstdError

__all__ = ["ZstdError", "decompress"]


def decompress(data: bytes, max_length: int, dictionary: "bytes | None" = None, raw: bool = False) -> bytes:
    """Decompress exactly one frame in plain Python; see :func:`.frame.decompress`."""
    from .frame import decompress

    return decompress(data, max_length, dictionary, raw)
