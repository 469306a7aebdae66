"""XXH64 against published values, and against what the reference compressor writes."""

import pytest
import samples
import zstandard

from runtime_stub.zstd import checksum


@pytest.mark.parametrize(
    "data, digest",
    [
        (b"", 0xEF46DB3751D8E999),
        (b"a", 0xD24EC4F1A98C6E5B),
        (b"abc", 0x44BC2CF5AD770999),
        (b"Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1),
    ],
)
def test_published_values(data, digest):
    assert checksum.xxh64(data) == digest


@pytest.mark.parametrize("start", [0, 31, checksum.CHUNK - 100, checksum.CHUNK, 3 * checksum.CHUNK - 100])
def test_checksum_of_each_length_is_the_reference_compressors(start):
    compressor = zstandard.ZstdCompressor(level=1, write_checksum=True)
    for length in range(start, start + 70):
        data = samples.SOURCES[length : 2 * length]
        assert checksum.xxh64(data) & 0xFFFFFFFF == int.from_bytes(compressor.compress(data)[-4:], "little")
