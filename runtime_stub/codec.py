"""Decompress frames with whatever this interpreter offers.

Every CPython has zlib; zstd has a ladder of decoders, tried from the cheapest
to the dearest to load. Nothing is ever taken from site-packages: that would run
the environment's code inside the application.
"""

import os
import zlib
from _thread import allocate_lock

from .layout import STORED, ZLIB, ZSTD, ContainerError
from .variables import tell

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
    """Return ``decompress(data, raw, base)`` for zstd, from the first rung that holds.

    The standard library's since 3.14; one carried in an app file; libzstd of
    the system; the carried one again, from disk; plain Python. Later calls
    return what the first one chose.
    """
    global _decompress_zstd
    with _loading:  # the thread that reads ahead asks at the same time
        if _decompress_zstd is None:
            for rung in (_standard_library, _carried, _system_library, _carried_from_disk, _plain_python):
                try:
                    _decompress_zstd = rung()
                    tell("zstd is decoded by: %s", rung.__name__.strip("_").replace("_", " "))
                    break
                except (ImportError, OSError):
                    continue
        return _decompress_zstd


def _standard_library():
    # ``import compression.zstd`` costs 4-5 ms, ``_zstd`` itself 0.1-1.1 ms
    import _zstd

    return native(_zstd)


def _carried(from_disk=False):
    for store in carried:
        module = store.load_decoder(from_disk)
        if module is not None:
            return native(module)
    raise ImportError("no app file carries a decoder for this Python")


def _carried_from_disk():
    return _carried(True)


def native(module):
    """Return ``decompress(data, raw, base)`` over a module shaped like ``_zstd``."""

    def decompress_native(data, raw, base):
        if base is None:
            decompressor = module.ZstdDecompressor()
        else:
            # as a prefix, even one that begins with the dictionary magic number
            decompressor = module.ZstdDecompressor(module.ZstdDict(base, is_raw=True).as_prefix)
        try:
            content = decompressor.decompress(data, raw + 1)
        except module.ZstdError as error:
            raise ContainerError("damaged zstd frame") from error
        # a truncated frame gives less, with no error
        if not decompressor.eof or decompressor.unused_data:
            raise ContainerError("truncated zstd frame")
        return content

    decompress_native.module = module  # for who reads in pieces
    return decompress_native


def _system_library():
    from .zstd.libzstd import decompress as decompress_shared

    return _translated(decompress_shared)


def _plain_python():
    from .zstd import decompress as decompress_plain

    return _translated(decompress_plain)


def _translated(decoder):
    def decompress_translated(data, raw, base):
        try:
            return decoder(data, raw, base, raw=True)
        except ValueError as error:
            raise ContainerError("damaged zstd frame: %s" % error) from error

    return decompress_translated
