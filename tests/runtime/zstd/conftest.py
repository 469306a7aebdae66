"""The decoders under test, and the reference."""

import pytest
import zstandard


def _plain():
    from runtime_stub.zstd.frame import decompress

    return decompress


def _libzstd():
    try:
        from runtime_stub.zstd.libzstd import decompress
    except (ImportError, OSError) as problem:
        pytest.skip("no libzstd: %s" % problem)
    return decompress


@pytest.fixture
def plain():
    """The decoder in plain Python."""
    return _plain()


@pytest.fixture
def libzstd():
    """The system's library through ctypes."""
    return _libzstd()


@pytest.fixture(params=[_plain, _libzstd], ids=["plain", "libzstd"])
def decompress(request):
    """Either of the two."""
    return request.param()


@pytest.fixture
def reference():
    """The reference decoder, for frames made by hand: what it reads is a frame."""

    def decompress(frame, max_length):
        return zstandard.ZstdDecompressor(max_window_size=1 << 31).decompress(frame, max_output_size=max_length)

    return decompress
