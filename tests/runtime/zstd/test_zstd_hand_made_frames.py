"""Frames that a compressor seldom writes, made by hand, against their known content and the reference decoder."""

import random

import hand_made as made
import pytest

from runtime_stub.zstd.fse import decoding_table

SYMBOLS = b"\0\1\4\5"
TREE = made.direct_tree(4, 3, 2, 0, 1)  # the example of RFC 8878, 4.2.1: codes 1, 01, 001, none, 0000, 0001
STREAM = made.codes_stream("1", "01", "0000", "0001")
HALF = [made.codes_stream("1", "01"), made.codes_stream("0000", "0001")]
PAST = bytes(random.Random(8878).randrange(256) for _ in range(5000))


def one_sequence(literals, offset_value, match_length=3):
    """A block with one sequence of all its literals, fewer than 16."""
    code = offset_value.bit_length() - 1
    stream = made.backwards((offset_value - (1 << code), code))
    tables = made.rle_codes(len(literals), code, match_length - 3)
    return made.compressed(made.raw_literals(literals), made.sequences(1, tables=tables, stream=stream))


def fse_block(literals_table, accuracy, state):
    """A block whose one sequence has its literals length from an FSE table, and copies three bytes from four back."""
    stream = made.backwards((state, accuracy), (3, 2))
    tables = literals_table + bytes([2, 0])
    return made.compressed(
        made.raw_literals(b"xyz"), made.sequences(1, literals=made.FSE_MODE, tables=tables, stream=stream)
    )


FRAMES = {
    "an empty raw block": (made.frame(made.block(made.RAW, b"")), b""),
    "an RLE block": (made.frame(made.block(made.RLE, b"x", 1000)), b"x" * 1000),
    "an RLE block of nothing": (made.frame(made.block(made.RLE, b"x", 0)), b""),
    "blocks of three types": (
        made.frame(
            made.block(made.RAW, b"ab"), made.block(made.RLE, b"c", 3), made.compressed(made.raw_literals(b"de"))
        ),
        b"abcccde",
    ),
    "a compressed block of nothing in a longer format": (made.frame(made.compressed(made.raw_literals(b""))), b""),
    "a skippable frame first": (b"\x5a\x2a\x4d\x18\3\0\0\0abc" + made.frame(made.block(made.RAW, b"ab")), b"ab"),
    "the unused bit of the header": (made.frame(made.block(made.RAW, b"ab"), descriptor=0x10), b"ab"),
    "a content size of one byte": (made.MAGIC + b"\x20\2\x11\0\0ab", b"ab"),
    "a content size of two bytes": (made.MAGIC + b"\x60\0\0\3\x08\0x", b"x" * 256),
    "a content size of four bytes": (made.MAGIC + b"\xa0\2\0\0\0\x11\0\0ab", b"ab"),
    "a content size of eight bytes": (made.MAGIC + b"\xe0\2\0\0\0\0\0\0\0\x11\0\0ab", b"ab"),
    "a dictionary id of zero": (made.frame(made.block(made.RAW, b"ab"), descriptor=2, fields=b"\0\0"), b"ab"),
    "the largest window": (made.frame(made.block(made.RAW, b"ab"), window=0xA8), b"ab"),
    "one Huffman stream": (made.frame(made.compressed(made.huffman_literals(TREE, [STREAM], 4))), SYMBOLS),
    "four streams with nothing in the last": (
        made.frame(
            made.compressed(
                made.huffman_literals(TREE, [made.codes_stream("1", "1")] * 3 + [made.codes_stream()], 6, 1)
            )
        ),
        b"\0" * 6,
    ),
    "the smallest Huffman tree": (
        made.frame(made.compressed(made.huffman_literals(made.direct_tree(1), [made.codes_stream(*"0110")], 4))),
        b"\0\1\1\0",
    ),
    "codes of one bit over several windows": (
        made.frame(made.compressed(made.huffman_literals(made.direct_tree(1), [made.codes_stream(*"01" * 500)], 1000))),
        b"\0\1" * 500,
    ),
    "codes of eleven bits": (
        made.frame(
            made.compressed(
                made.huffman_literals(
                    made.direct_tree(*range(11, 0, -1)), [made.codes_stream("1", "0" * 10 + "1", "0" * 11)], 3
                )
            )
        ),
        b"\0\x0b\x0a",
    ),
    "treeless literals": (
        made.frame(
            made.compressed(made.huffman_literals(TREE, [STREAM], 4)),
            made.compressed(made.huffman_literals(b"", [made.codes_stream("001")], 1, kind=3)),
        ),
        SYMBOLS + b"\2",
    ),
    "treeless literals after raw ones": (
        made.frame(
            made.compressed(made.huffman_literals(TREE, [STREAM], 4)),
            made.compressed(made.raw_literals(b"raw")),
            made.compressed(made.huffman_literals(b"", HALF * 2, 8, 2, kind=3)),
        ),
        SYMBOLS + b"raw" + SYMBOLS * 2,
    ),
    "a match that overlaps itself": (made.frame(one_sequence(b"ab", 5, 8)), b"ababababab"),
    "literals behind the last sequence": (
        made.frame(
            made.compressed(
                made.raw_literals(b"abcdef"), made.sequences(1, tables=made.rle_codes(2, 0, 0), stream=made.backwards())
            )
        ),
        b"abbbbcdef",
    ),
    "predefined tables": (
        # Cell 0 of each predefined table has code 0: no literals, Repeated_Offset2; cell 1 of the last one has code 1: four bytes.
        made.frame(
            made.block(made.RAW, b"0123"),
            made.compressed(
                made.raw_literals(b"abcd"),
                made.sequences(1, *[made.PREDEFINED_MODE] * 3, stream=made.backwards((0, 6), (0, 5), (1, 6))),
            ),
        ),
        b"0123" + b"0123" + b"abcd",
    ),
    "tables repeated after RLE ones": (
        made.frame(
            one_sequence(b"abcd", 7),
            made.compressed(
                made.raw_literals(b"efgh"), made.sequences(1, *[made.REPEAT_MODE] * 3, stream=made.backwards((2, 2)))
            ),
        ),
        b"abcdabc" + b"efgh" + b"fgh",
    ),
    "tables repeated over a block without sequences": (
        made.frame(
            one_sequence(b"abcd", 7),
            made.compressed(made.raw_literals(b"-")),
            made.compressed(
                made.raw_literals(b"efgh"), made.sequences(1, *[made.REPEAT_MODE] * 3, stream=made.backwards((2, 2)))
            ),
        ),
        b"abcdabc-efghfgh",
    ),
    "a number of sequences in two bytes": (
        made.frame(
            made.compressed(
                made.raw_literals(b"ab"),
                made.sequences(1, tables=made.rle_codes(2, 2, 0), stream=made.backwards((1, 2)), width=2),
            )
        ),
        b"ababa",
    ),
    "a match from the first byte of a window": (
        made.frame(made.block(made.RAW, b"abcd" + b"." * 1020), one_sequence(b"", 1024 + 3, 4), window=0),
        b"abcd" + b"." * 1020 + b"abcd",
    ),
}


@pytest.mark.parametrize("name", FRAMES)
def test_hand_made_frame_has_its_content(name, decompress, reference):
    frame, content = FRAMES[name]
    assert decompress(frame, len(content)) == content
    if frame[4] & 0x10 == 0 and not name.startswith("a skippable"):
        assert reference(frame, max(1, len(content))) == content


@pytest.mark.parametrize("size_format", [0, 1, 3])
@pytest.mark.parametrize("literals", [b"", b"a", b"0123456789" * 3, b"0123456789" * 3 + b"x"])
def test_raw_literals_of_each_size_format(size_format, literals, decompress):
    assert decompress(made.frame(made.compressed(made.raw_literals(literals, size_format))), 100) == literals


@pytest.mark.parametrize("size_format, count", [(0, 30), (0, 31), (1, 4095), (3, 4096), (3, 131072)])
def test_rle_literals_of_each_size_format(size_format, count, decompress):
    frame = made.frame(made.compressed(made.rle_literals(120, count, size_format)))
    assert decompress(frame, count) == b"x" * count


@pytest.mark.parametrize("size_format", [1, 2, 3])
def test_four_streams_of_each_size_format(size_format, decompress):
    frame = made.frame(made.compressed(made.huffman_literals(TREE, HALF * 2, 8, size_format)))
    assert decompress(frame, 8) == SYMBOLS * 2


@pytest.mark.parametrize("accuracy", [5, 6])
def test_huffman_tree_with_fse_compressed_weights_of_each_size(accuracy, decompress):
    # Weights 11 to 0; the literal behind them completes the tree with another 1.
    weights = [*range(11, -1, -1)]
    probabilities = [(1 << accuracy) - 22, *[2] * 11]
    table = made.distribution(accuracy, *probabilities)
    stream = made.fse_stream(weights, decoding_table(probabilities, accuracy), accuracy)
    tree = bytes([len(table) + len(stream)]) + table + stream
    literals = made.huffman_literals(tree, [made.codes_stream("1", "01", "0" * 10 + "1", "0" * 11)], 4)
    assert decompress(made.frame(made.compressed(literals)), 4) == b"\0\1\x0c\x0a"


@pytest.mark.parametrize("accuracy", [5, 6, 7, 8, 9])
def test_fse_table_of_each_accuracy(accuracy, decompress):
    size = 1 << accuracy
    # Code 2 has the less-than-1 probability: the last cell. Code 1 has all others; codes 3 and on are absent.
    table = made.distribution(accuracy, 0, size - 1, -1)
    past = made.block(made.RAW, b"0123")
    assert decompress(made.frame(past, fse_block(table, accuracy, 0)), 100) == b"0123" + b"x" + b"123" + b"yz"
    assert decompress(made.frame(past, fse_block(table, accuracy, size - 1)), 100) == b"0123" + b"xy" + b"23x" + b"z"


@pytest.mark.parametrize("zeros", [1, 2, 3, 4, 6, 7, 9])
def test_fse_table_with_runs_of_absent_codes(zeros, decompress):
    table = made.distribution(5, 16, *[0] * zeros, 8, 8)
    # The first cells belong to code 0.
    frame = made.frame(made.block(made.RAW, b"0123"), fse_block(table, 5, 0))
    assert decompress(frame, 100) == b"0123" + b"012" + b"xyz"


def test_fse_table_of_one_code_alone_is_read_as_the_reference_does(decompress):
    frame = made.frame(made.block(made.RAW, b"0123"), fse_block(made.distribution(5, 0, 32), 5, 7))
    assert decompress(frame, 100) == b"0123" + b"x" + b"123" + b"yz"


def test_repeated_offsets_follow_the_table_of_the_specification(decompress):
    # The rows of the table in 3.1.1.5: offset_value, literals_length (any but 0 stands for the others), offset used.
    rows = [(1114, 11, 1111), (1, 12, 1111), (2225, 12, 2222), (1114, 11, 1111), (3336, 13, 3333), (2, 12, 1111)]
    rows += [(3, 13, 2222), (3, 0, 2221), (1, 0, 2222)]
    content = PAST
    blocks = [made.block(made.RAW, PAST)]
    for offset_value, literals_length, offset in rows:
        literals = bytes(range(literals_length))
        blocks.append(one_sequence(literals, offset_value))
        content += literals
        content += content[len(content) - offset :][:3]
    assert decompress(made.frame(*blocks), len(content)) == content


@pytest.mark.parametrize(
    "literals_length, offset_value, offset", [(1, 1, 1), (1, 2, 4), (1, 3, 8), (0, 1, 4), (0, 2, 8)]
)
def test_first_repeated_offsets_are_1_4_and_8(literals_length, offset_value, offset, decompress):
    content = PAST[:100] + b"l" * literals_length
    frame = made.frame(made.block(made.RAW, PAST[:100]), one_sequence(b"l" * literals_length, offset_value))
    assert decompress(frame, 200) == content + (content[-offset:] * 3)[:3]


@pytest.mark.parametrize("count, width", [(0x7F00, 3), (0x7F00 + 300, 3), (0x7EFF, 2), (128, 2)])
def test_many_sequences(count, width, decompress):
    # Offset code 0 with no literals is Repeated_Offset2 each time: 4, 1, 4, 1 ...
    content = bytearray(b"abcd")
    for number in range(count):
        offset = (4, 1)[number % 2]
        content += (content[-offset:] * 3)[:3]
    section = made.sequences(count, tables=made.rle_codes(0, 0, 0), width=width)
    frame = made.frame(made.block(made.RAW, b"abcd"), made.compressed(made.raw_literals(b""), section))
    assert decompress(frame, len(content)) == content


@pytest.mark.parametrize(
    "code, extra, length", [(35, 16, 65536), (34, 15, 32768), (25, 6, 64), (16, 1, 16), (19, 1, 22)]
)
def test_literals_length_codes_have_their_baselines(code, extra, length, decompress):
    for more in (0, (1 << extra) - 1):
        section = made.sequences(1, tables=made.rle_codes(code, 0, 0), stream=made.backwards((more, extra)))
        if length + more + 3 > 1 << 17:
            more = 1000
            section = made.sequences(1, tables=made.rle_codes(code, 0, 0), stream=made.backwards((more, extra)))
        frame = made.frame(made.compressed(made.rle_literals(97, length + more), section))
        assert decompress(frame, 1 << 17) == b"a" * (length + more + 3)


@pytest.mark.parametrize(
    "code, extra, length", [(52, 16, 65539), (51, 15, 32771), (43, 7, 131), (32, 1, 35), (42, 5, 99)]
)
def test_match_length_codes_have_their_baselines(code, extra, length, decompress):
    for more in (0, min((1 << extra) - 1, 60000)):
        section = made.sequences(1, tables=made.rle_codes(1, 0, code), stream=made.backwards((more, extra)))
        frame = made.frame(made.compressed(made.raw_literals(b"a"), section))
        assert decompress(frame, 1 << 17) == b"a" * (1 + length + more)
