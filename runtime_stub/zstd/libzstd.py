"""The system's libzstd through ctypes.

Importing this module raises ``ImportError`` or ``OSError`` where there is no
ctypes, no libzstd, or one older than 1.4.0. The library is opened by SONAME:
``ctypes.util.find_library`` starts a compiler.
"""

import ctypes
import sys

from .error import ZstdError
from .magic import find_frame

# macOS has no libzstd of its own, and looks for a bare name in the working directory too: the package managers' paths.
NAMES = {
    "darwin": ("/opt/homebrew/lib/libzstd.1.dylib", "/usr/local/lib/libzstd.1.dylib", "/opt/local/lib/libzstd.1.dylib"),
    "win32": ("libzstd.dll", "zstd.dll"),
}.get(sys.platform, ("libzstd.so.1",))

UNKNOWN_SIZE = 2**64 - 1  # ZSTD_CONTENTSIZE_UNKNOWN; ZSTD_CONTENTSIZE_ERROR is one less

SIGNATURES = {
    "ZSTD_createDCtx": (ctypes.c_void_p, ()),
    "ZSTD_freeDCtx": (ctypes.c_size_t, (ctypes.c_void_p,)),
    "ZSTD_DCtx_loadDictionary": (ctypes.c_size_t, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t)),
    "ZSTD_DCtx_refPrefix": (ctypes.c_size_t, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t)),
    "ZSTD_decompressDCtx": (
        ctypes.c_size_t,
        (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t),
    ),
    "ZSTD_decompressBound": (ctypes.c_ulonglong, (ctypes.c_char_p, ctypes.c_size_t)),
    "ZSTD_findFrameCompressedSize": (ctypes.c_size_t, (ctypes.c_char_p, ctypes.c_size_t)),
    "ZSTD_getErrorName": (ctypes.c_char_p, (ctypes.c_size_t,)),
    "ZSTD_getFrameContentSize": (ctypes.c_ulonglong, (ctypes.c_char_p, ctypes.c_size_t)),
    "ZSTD_isError": (ctypes.c_uint, (ctypes.c_size_t,)),
}


def _open():
    """Return the library with the signatures of its functions set."""
    for name in NAMES:
        try:
            library = ctypes.CDLL(name)
            break
        except OSError as problem:
            missing = problem
    else:
        raise missing
    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(library, name, None)
        if function is None:
            raise ImportError("libzstd has no function %s: it is older than 1.4.0" % name)
        function.restype = result
        function.argtypes = arguments
    return library


library = _open()


def decompress(data: bytes, max_length: int, dictionary: "bytes | None" = None, raw: bool = False) -> bytes:
    """Decompress exactly one frame; arguments, result and errors are those of :func:`.frame.decompress`.

    A ZstdError has the library's words and no offset for what the library finds.
    """
    data = bytes(data)
    start = find_frame(data)
    frame = data[start:] if start else data
    length = _checked(library.ZSTD_findFrameCompressedSize(frame, len(frame)))
    if length != len(frame):
        raise ZstdError("%d bytes follow the frame" % (len(frame) - length), start + length)
    size = library.ZSTD_getFrameContentSize(frame, len(frame))
    if size == UNKNOWN_SIZE:
        # A bound from the number of blocks: max_length alone may be far more than there is memory.
        room = max(0, min(max_length, library.ZSTD_decompressBound(frame, len(frame))))
    elif size > max_length:
        raise ZstdError("the frame declares %d bytes, more than max_length of %d bytes" % (size, max_length), start)
    else:
        room = size

    content = ctypes.create_string_buffer(max(room, 1))
    context = library.ZSTD_createDCtx()
    if not context:
        raise MemoryError
    try:
        if dictionary:
            dictionary = bytes(dictionary)
            load = library.ZSTD_DCtx_refPrefix if raw else library.ZSTD_DCtx_loadDictionary
            _checked(load(context, dictionary, len(dictionary)))
        length = _checked(library.ZSTD_decompressDCtx(context, content, room, frame, len(frame)))
    finally:
        library.ZSTD_freeDCtx(context)
    return ctypes.string_at(content, length)


def _checked(result):
    if library.ZSTD_isError(result):
        raise ZstdError("libzstd: %s" % library.ZSTD_getErrorName(result).decode("ascii", "replace").lower())
    return result
