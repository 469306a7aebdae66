"""Decompress frames with whatever this interpreter offers.

Every CPython has zlib; for zstd there is a ladder of decoders.
"""

import os
import zlib
from _thread import allocate_lock

from .layout import STORED, ZLIB, ZSTD, ContainerError

carried = []  #: stores that carry a decoder for zstd
_decompress_zstd = None
_loading = allocate_lock()
if hasattr(os, "register_at_fork"):
    # a child would wait for ever for another thread's lock
    os.register_at_fork(before=_loading.acquire, after_in_parent=_loading.release, after_in_child=_loading.release)


def decompress(codec, data, raw, base=None):
    """Return the ``raw`` bytes that the frame ``data`` holds.

    ``base`` is the content of the frame that this one was compressed against,
    or None. Raises ContainerError if the frame is damaged or truncated or
    holds any other number of bytes.
    """
    if codec == ZLIB:
        content = _decompress_zlib(data, raw)
    elif codec == ZSTD:
        content = (_decompress_zstd or load_zstd())(data, raw, base)
    elif codec == STORED:
        content = data
    else:
        raise ContainerError("frame with unknown codec %d" % codec)
    if len(content) != raw:
        raise ContainerError("frame of %d bytes where %d were promised" % (len(content), raw))
    return content


def _decompress_zlib(data, raw):
    try:
        # raw deflate, into a buffer of the right size; what is cut off is an error
        return zlib.decompress(data, -zlib.MAX_WBITS, raw or 1)
    except zlib.error as error:
        raise ContainerError("damaged or truncated zlib frame") from error


def load_zstd():
    """Return ``decompress(data, raw, base)`` for zstd; see :func:`.decoders.climb`."""
    global _decompress_zstd
    with _loading:  # the thread that reads ahead asks at the same time
        if _decompress_zstd is None:
            from .decoders import climb

            _decompress_zstd = climb(carried)
        return _decompress_zstd
