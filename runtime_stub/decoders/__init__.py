"""The ladder of decoders for zstd, from the cheapest to load to the dearest.

Nothing is ever taken from site-packages: that would run the environment's code
inside the application.
"""

from ..layout import ContainerError
from ..variables import tell


def climb(stores):
    """Return ``decompress(data, raw, base)`` from the first rung that holds.

    The standard library's since 3.14; one carried in an app file, of those in
    ``stores`` that carry any; libzstd of the system; the carried one again,
    from disk; plain Python.
    """
    for rung in (_standard_library, _carried, _system_library, _carried_from_disk, _plain_python):
        try:
            found = rung(stores)
            tell("zstd is decoded by: %s", rung.__name__.strip("_").replace("_", " "))
            return found
        except (ImportError, OSError):
            continue
    return None


def _standard_library(stores):
    # ``import compression.zstd`` costs 4-5 ms, ``_zstd`` itself 0.1-1.1 ms
    import _zstd

    return native(_zstd)


def _carried(stores, from_disk=False):
    for store in stores:
        module = store.load_decoder(from_disk)
        if module is not None:
            return native(module)
    raise ImportError("no app file carries a decoder for this Python")


def _carried_from_disk(stores):
    return _carried(stores, True)


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


def _system_library(stores):
    from ..zstd.libzstd import decompress as decompress_shared

    return _translated(decompress_shared)


def _plain_python(stores):
    from ..zstd import decompress as decompress_plain

    return _translated(decompress_plain)


def _translated(decoder):
    def decompress_translated(data, raw, base):
        try:
            return decoder(data, raw, base, raw=True)
        except ValueError as error:
            raise ContainerError("damaged zstd frame: %s" % error) from error

    return decompress_translated
