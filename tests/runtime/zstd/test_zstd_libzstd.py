"""The rung above the plain decoder: what it needs, and what it says where that is missing."""

import sys

import hand_made as made
import pytest

from runtime_stub.zstd import ZstdError

FRAME = made.frame(made.block(made.RAW, b"abcd"))


def test_missing_library_is_an_os_error(libzstd, monkeypatch):
    from runtime_stub.zstd import libzstd as rung

    monkeypatch.setattr(rung, "NAMES", ("libzstd-that-does-not-exist.so.1",))
    with pytest.raises(OSError, match="libzstd-that-does-not-exist"):
        rung._open()


def test_library_without_the_functions_is_an_import_error(libzstd, monkeypatch):
    from runtime_stub.zstd import libzstd as rung

    # Any other shared library stands for one that is too old.
    other = getattr(sys.modules["_ctypes"], "__file__", None)
    if other is None:
        pytest.skip("this interpreter has no shared library of its own")
    monkeypatch.setattr(rung, "NAMES", ("libzstd-that-does-not-exist.so.1", other))
    with pytest.raises(ImportError, match="^libzstd has no function ZSTD_createDCtx: it is older than 1.4.0$"):
        rung._open()


@pytest.mark.parametrize(
    "frame, message",
    [
        (FRAME + b"ab", "2 bytes follow the frame, at offset 13 of the frame"),
        (FRAME * 2, "13 bytes follow the frame, at offset 13 of the frame"),
        (b"\x50\x2a\x4d\x18\1\0\0\0x" + FRAME + b"ab", "2 bytes follow the frame, at offset 22 of the frame"),
        # Magic of the format before its specification, which some builds of libzstd still read.
        (b"\x27" + FRAME[1:], "there is no Zstandard frame, at offset 0 of the frame"),
        (FRAME[:-1], "libzstd: src size is incorrect"),
    ],
)
def test_anything_but_one_whole_frame_is_refused(frame, message, libzstd):
    with pytest.raises(ZstdError) as caught:
        libzstd(frame, 100)
    assert str(caught.value) == message


def test_frame_without_a_size_takes_no_more_room_than_its_blocks_need(libzstd):
    assert libzstd(FRAME, 1 << 60) == b"abcd"
