"""Random content and random ways to compress it, all from a seed."""

import random
import sys
from pathlib import Path

import zstandard

LEVELS = (-7, -3, -1, 1, 2, 3, 5, 7, 9, 12, 15, 17, 19, 20, 22)


def _sources():
    # The standard library's own sources: real text that is there wherever the tests are.
    directory = Path(sys.modules["random"].__file__).parent
    return b"".join(path.read_bytes() for path in sorted(directory.glob("*.py"))[:80])


SOURCES = _sources()


def trained_dictionary():
    """A formatted dictionary, entropy tables and all."""
    pieces = [SOURCES[start : start + 3000] for start in range(0, 600_000, 3000)]
    return zstandard.train_dictionary(20_000, pieces)


def content(source: random.Random, size: int) -> bytes:
    """Bytes of one of seven kinds."""
    kind = source.randrange(7)
    if kind == 0:
        return source.randbytes(size)
    if kind == 1:
        return bytes(source.choices(range(source.randrange(1, 257)), k=size))
    if kind == 2:
        start = source.randrange(len(SOURCES))
        return SOURCES[start : start + size]
    if kind == 3:
        piece = source.randbytes(source.randrange(1, 300))
        return (piece * (size // len(piece) + 1))[:size]
    if kind == 4:
        return bytes([source.randrange(256)]) * size
    if kind == 5:
        return bytes(source.choices(range(256), weights=[1 << min(40, index // 2) for index in range(256)], k=size))
    result = bytearray()
    while len(result) < size:
        if result and source.random() < 0.7:
            start = source.randrange(len(result))
            result += result[start : start + source.randrange(1, 200)]
        else:
            result += bytes(source.choices(b"abcdefgh \n", weights=range(1, 11), k=source.randrange(1, 50)))
    return bytes(result[:size])


def compress(source: random.Random, data: bytes, dictionary=None):
    """Compress with random parameters; returns the frame and whether it has a checksum."""
    options = {
        "write_content_size": source.random() < 0.5,
        "write_checksum": source.random() < 0.5,
        "write_dict_id": source.random() < 0.5,
    }
    if source.random() < 0.3:
        options["window_log"] = source.randrange(10, 22)
    if source.random() < 0.1:
        options |= {"enable_ldm": True, "ldm_hash_log": source.randrange(6, 12)}
    if source.random() < 0.2:
        options["min_match"] = source.randrange(3, 8)
    if source.random() < 0.2:
        options["strategy"] = source.randrange(1, 10)
    if source.random() < 0.2:
        options["target_length"] = source.randrange(300)
    level = source.choice(LEVELS if len(data) < 100_000 else LEVELS[:9])
    # Without the size, the high levels take hundreds of megabytes for tables.
    parameters = zstandard.ZstdCompressionParameters.from_level(level, source_size=len(data) + 1, **options)
    compressor = zstandard.ZstdCompressor(dict_data=dictionary, compression_params=parameters)
    if source.random() < 0.5:
        return compressor.compress(data), options["write_checksum"]
    # A stream, with blocks flushed here and there and no content size.
    stream = compressor.compressobj()
    pieces = []
    start = 0
    while start < len(data):
        end = start + int(2 ** source.uniform(4, 18))
        pieces.append(stream.compress(data[start:end]))
        if source.random() < 0.3:
            pieces.append(stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))
        start = end
    pieces.append(stream.flush())
    return b"".join(pieces), options["write_checksum"]


def flip_bits(source: random.Random, frame: bytes) -> bytes:
    """Damage one to three bits."""
    damaged = bytearray(frame)
    for _ in range(source.randrange(1, 4)):
        damaged[source.randrange(len(damaged))] ^= 1 << source.randrange(8)
    return bytes(damaged)
