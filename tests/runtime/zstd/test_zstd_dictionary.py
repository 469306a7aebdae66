"""Dictionaries: formatted ones, raw prefixes, and what is wrong with them."""

import hand_made as made
import pytest
import samples
import zstandard

from runtime_stub.zstd import ZstdError

MAGIC = b"\x37\xa4\x30\xec"
DATA = samples.SOURCES[:4000]


@pytest.fixture(scope="module")
def trained():
    return samples.trained_dictionary()


@pytest.fixture(scope="module")
def frame(trained):
    return zstandard.ZstdCompressor(level=19, dict_data=trained).compress(DATA)


def hand_made_dictionary(recent=(1, 4, 8), content=b"0123456789abcdef", identifier=7):
    tables = (
        made.direct_tree(4, 3, 2, 0, 1)
        + made.distribution(5, 31, 1)
        + made.distribution(5, 31, 1)
        + made.distribution(5, 31, 1)
    )
    offsets = b"".join(offset.to_bytes(4, "little") for offset in recent)
    return MAGIC + identifier.to_bytes(4, "little") + tables + offsets + content


def repeating_frame(literals=made.raw_literals(b"xyz"), stream=made.backwards((0, 5), (0, 5), (0, 5))):
    """A first block that repeats the dictionary's tables: no literals, Repeated_Offset2, three bytes."""
    return made.frame(
        made.compressed(literals, made.sequences(1, *[made.REPEAT_MODE] * 3, stream=stream)), descriptor=1, fields=b"\7"
    )


def test_first_block_repeats_the_dictionarys_tables_and_offsets(decompress):
    dictionary = hand_made_dictionary(recent=(1, 10, 8))
    assert decompress(repeating_frame(), 100, dictionary) == b"678xyz"


def test_first_block_takes_the_dictionarys_huffman_tree(decompress):
    literals = made.huffman_literals(b"", [made.codes_stream("1", "01", "0000", "0001")], 4, kind=3)
    assert decompress(repeating_frame(literals), 100, hand_made_dictionary()) == b"cde\0\1\4\5"


def test_formatted_dictionary_may_be_used_for_many_frames(frame, trained, decompress):
    other = hand_made_dictionary()
    for _ in range(3):
        assert decompress(frame, len(DATA), trained.as_bytes()) == DATA
        assert decompress(repeating_frame(), 100, other) == b"cdexyz"


def test_prefix_that_begins_with_the_dictionary_magic_is_raw_on_demand(decompress):
    prefix = MAGIC + DATA
    known = zstandard.ZstdCompressionDict(prefix, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    packed = zstandard.ZstdCompressor(dict_data=known).compress(DATA)
    assert len(packed) < 40
    assert decompress(packed, len(DATA), prefix, raw=True) == DATA
    with pytest.raises(ZstdError):
        decompress(packed, len(DATA), prefix)


def test_raw_dictionary_is_taken_without_asking_where_it_has_no_magic(decompress):
    known = zstandard.ZstdCompressionDict(DATA, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    packed = zstandard.ZstdCompressor(dict_data=known).compress(DATA)
    assert decompress(packed, len(DATA), DATA) == DATA


@pytest.mark.parametrize("dictionary", [None, b""])
def test_no_dictionary_is_none(dictionary, decompress):
    assert decompress(made.frame(made.block(made.RAW, b"ab")), 2, dictionary) == b"ab"


@pytest.mark.parametrize(
    "dictionary, found",
    [(None, "none"), (DATA, "one without an id"), (hand_made_dictionary(identifier=8), "the one with the id 8")],
    ids=["none", "raw", "other"],
)
def test_wrong_dictionary_is_named(dictionary, found, plain, libzstd):
    with pytest.raises(ZstdError) as caught:
        plain(repeating_frame(), 100, dictionary)
    assert (
        str(caught.value)
        == "the frame needs the dictionary with the id 7 and was given %s, at offset 4 of the frame" % found
    )
    with pytest.raises(ZstdError):
        libzstd(repeating_frame(), 100, dictionary)


def test_dictionary_is_out_of_reach_behind_a_whole_window(plain):
    far = made.sequences(1, tables=made.rle_codes(0, 10, 0), stream=made.backwards((1037 - 1024 + 3, 10)))
    blocks = [made.block(made.RLE, b"a", 1024)]
    near = made.frame(*blocks, made.compressed(made.raw_literals(b""), far), window=0)
    assert plain(near, 2000, b"0123456789abcdef", raw=True) == b"a" * 1024 + b"345"
    blocks.append(made.block(made.RLE, b"a", 1))
    with pytest.raises(
        ZstdError, match="^a match has offset 1037, outside of the window of 1024 bytes, at offset 17 of the frame$"
    ):
        plain(
            made.frame(*blocks, made.compressed(made.raw_literals(b""), far), window=0),
            2000,
            b"0123456789abcdef",
            raw=True,
        )


TABLES_END = len(hand_made_dictionary()) - 12 - 16


@pytest.mark.parametrize(
    "dictionary, message",
    [
        (MAGIC + b"abc", "the dictionary's header is cut short, at offset 7 of the dictionary"),
        (hand_made_dictionary(identifier=0), "the dictionary has the id 0, at offset 4 of the dictionary"),
        (hand_made_dictionary()[:8], "a Huffman tree description is missing, at offset 8 of the dictionary"),
        (hand_made_dictionary()[:12], "an FSE table description is missing, at offset 12 of the dictionary"),
        (
            hand_made_dictionary()[: TABLES_END + 11],
            "the dictionary's repeated offsets are cut short, at offset %d of the dictionary" % TABLES_END,
        ),
        (
            hand_made_dictionary(content=b""),
            "the dictionary repeats offset 1, its content has 0 bytes, at offset %d of the dictionary" % TABLES_END,
        ),
        (
            hand_made_dictionary(recent=(1, 0, 8)),
            "the dictionary repeats offset 0, its content has 16 bytes, at offset %d of the dictionary" % TABLES_END,
        ),
        (
            hand_made_dictionary(recent=(1, 4, 17)),
            "the dictionary repeats offset 17, its content has 16 bytes, at offset %d of the dictionary" % TABLES_END,
        ),
    ],
)
def test_damaged_dictionary_is_refused_with_its_reason_and_offset(dictionary, message, plain):
    with pytest.raises(ZstdError) as caught:
        plain(made.frame(made.block(made.RAW, b"a")), 100, dictionary)
    assert str(caught.value) == message
