"""The limit of the caller: what is declared or decoded beyond it is refused before memory is taken."""

import tracemalloc

import hand_made as made
import pytest

from runtime_stub.zstd import ZstdError

PAST = made.block(made.RAW, b"0123")


@pytest.mark.parametrize("size", [0, 3])
def test_declared_size_beyond_max_length_is_refused(size, decompress):
    frame = made.MAGIC + b"\xe0" + (1 << 60).to_bytes(8, "little") + b"\x01\0\0"
    with pytest.raises(
        ZstdError, match="^the frame declares %d bytes, more than max_length of %d bytes, at" % (1 << 60, size)
    ):
        decompress(frame, size)


@pytest.mark.parametrize(
    "last",
    [
        made.block(made.RAW, b"abcd"),
        made.block(made.RLE, b"a", 4),
        made.compressed(made.raw_literals(b"abcd")),
        made.compressed(made.raw_literals(b"a"), made.sequences(1, tables=made.rle_codes(1, 0, 0))),
    ],
    ids=["raw", "RLE", "literals", "match"],
)
def test_content_beyond_max_length_is_refused(last, plain, libzstd):
    frame = made.frame(PAST, last)
    assert len(plain(frame, 8)) == len(libzstd(frame, 8)) == 8
    with pytest.raises(
        ZstdError, match="^the content is longer than max_length of 7 bytes, at offset 16 of the frame$"
    ):
        plain(frame, 7)
    with pytest.raises(ZstdError, match="^libzstd: destination buffer is too small$"):
        libzstd(frame, 7)


def test_refused_frame_takes_little_memory(plain):
    # 7,000 blocks of 4 bytes, each of which stands for 128 KiB: 900 MB.
    block = made.block(made.RLE, b"a", 1 << 17)
    frame = made.frame(*[block] * 7000)
    plain(made.frame(PAST), 4)
    tracemalloc.start()
    try:
        with pytest.raises(ZstdError, match="^the content is longer than max_length of 1000000 bytes"):
            plain(frame, 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
