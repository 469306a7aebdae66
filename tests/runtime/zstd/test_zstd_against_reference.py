"""Thousands of frames of the reference compressor, whole and damaged."""

import random

import pytest
import samples
import zstandard

from runtime_stub.zstd import ZstdError

# Seeds of 20 frames each: some by default, the rest when asked for (`-m slow`).
FEW = range(16)
MANY = [pytest.param(seed, marks=pytest.mark.slow) for seed in range(len(FEW), 250)]
MIB = 1 << 20


@pytest.fixture(scope="module")
def trained():
    return samples.trained_dictionary()


def cases(seed, trained, most):
    """Yield (source, content, frame, has_checksum, dictionary, raw) twenty times."""
    source = random.Random(seed)
    for _ in range(20):
        data = samples.content(source, int(2 ** source.uniform(0, most)) - 1)
        dictionary, raw, known = None, False, None
        choice = source.random()
        if choice < 0.25:
            known, dictionary = trained, trained.as_bytes()
        elif choice < 0.5:
            # A prefix that shares something with the content.
            dictionary = samples.content(source, source.randrange(8, 50_000)) + data[len(data) // 3 :][:5000]
            raw = True
            if len(dictionary) >= 8:
                known = zstandard.ZstdCompressionDict(dictionary, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        frame, has_checksum = samples.compress(source, data, known)
        yield source, data, frame, has_checksum, dictionary, raw


@pytest.mark.parametrize("seed", [*FEW, *MANY])
def test_frame_of_the_reference_compressor_has_its_content(seed, trained, decompress):
    for _, data, frame, _, dictionary, raw in cases(seed, trained, 18):
        assert decompress(frame, len(data), dictionary, raw) == data


@pytest.mark.parametrize("level", samples.LEVELS)
@pytest.mark.parametrize("size", [0, 1, 5, 1000, 70_000])
def test_source_text_at_each_level(size, level, plain):
    data = samples.SOURCES[:size]
    frame = zstandard.ZstdCompressor(level=level).compress(data)
    assert plain(frame, size) == data


@pytest.mark.parametrize("level", [1, 3, pytest.param(19, marks=pytest.mark.slow)])
def test_mebibyte_of_source_text(level, decompress):
    data = (samples.SOURCES * 2)[:MIB]
    frame = zstandard.ZstdCompressor(level=level, write_checksum=True).compress(data)
    assert decompress(frame, MIB) == data


def test_match_from_a_distance_of_megabytes(plain):
    far = random.Random(1).randbytes(5000)
    data = far + bytes(3 * MIB) + far
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=23, enable_ldm=True)
    frame = zstandard.ZstdCompressor(compression_params=parameters).compress(data)
    assert len(frame) < 2 * len(far)
    assert plain(frame, len(data)) == data


@pytest.mark.parametrize("seed", [*FEW, *MANY])
def test_damaged_frame_is_refused_or_stays_within_its_bounds(seed, trained, decompress):
    for source, data, frame, has_checksum, dictionary, raw in cases(seed, trained, 12):
        for _ in range(8):
            damaged = samples.flip_bits(source, frame)
            try:
                content = decompress(damaged, len(data), dictionary, raw)
            except ZstdError:
                continue
            assert len(content) <= len(data)
            # A damaged header may do without the checksum; behind it, only the right bytes pass.
            if has_checksum and damaged[4] == frame[4]:
                assert content == data


@pytest.mark.parametrize("seed", [*FEW, *MANY])
def test_truncated_frame_is_refused(seed, trained, decompress):
    for source, data, frame, _, dictionary, raw in cases(seed, trained, 12):
        for length in {source.randrange(len(frame)) for _ in range(8)} | {len(frame) - 1}:
            with pytest.raises(ZstdError):
                decompress(frame[:length], len(data), dictionary, raw)


@pytest.mark.parametrize("seed", FEW)
def test_random_bytes_behind_a_header_are_refused_or_stay_within_their_bounds(seed, plain):
    source = random.Random(seed)
    for _ in range(100):
        # A compressed block of random bytes, of which the length is right.
        size = source.randrange(1, 200)
        body = (size << 3 | 2 << 1 | 1).to_bytes(3, "little") + source.randbytes(size)
        try:
            assert len(plain(b"\x28\xb5\x2f\xfd\0\x38" + body, 50_000)) <= 50_000
        except ZstdError:
            pass
