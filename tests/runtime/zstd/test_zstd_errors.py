"""Each error of the specification, by a frame made by hand and damaged in one place."""

import hand_made as made
import pytest

from runtime_stub.zstd import ZstdError

WHOLE = made.frame(made.block(made.RAW, b"abcd"))
TREE = made.direct_tree(4, 3, 2, 0, 1)
STREAM = made.codes_stream("1", "01", "0000", "0001")
PAST = made.block(made.RAW, b"0123")


def literals(section):
    return made.frame(made.compressed(section))


def tree(description):
    return literals(made.huffman_literals(description, [STREAM], 4))


def sequences(section, own=b"abcd"):
    return made.frame(PAST, made.compressed(made.raw_literals(own), section))


def with_codes(literals_length, offset, match_length, stream, **options):
    return sequences(
        made.sequences(1, tables=made.rle_codes(literals_length, offset, match_length), stream=stream, **options)
    )


def fse_weights(table, stream):
    return tree(bytes([len(table) + len(stream)]) + table + stream)


DAMAGED = {
    # 3.1.1 and 3.1.2
    "empty": (b"", "there is no Zstandard frame, at offset 0 of the frame"),
    "wrong magic": (b"\x29" + WHOLE[1:], "there is no Zstandard frame, at offset 0 of the frame"),
    "only a skippable frame": (b"\x50\x2a\x4d\x18\1\0\0\0a", "there is no Zstandard frame, at offset 9 of the frame"),
    "only an empty skippable frame": (
        b"\x5f\x2a\x4d\x18\0\0\0\0",
        "there is no Zstandard frame, at offset 8 of the frame",
    ),
    "skippable header cut": (
        b"\x50\x2a\x4d\x18\1\0",
        "a skippable frame's header is cut short, at offset 0 of the frame",
    ),
    "skippable frame cut": (b"\x50\x2a\x4d\x18\2\0\0\0a", "a skippable frame is cut short, at offset 0 of the frame"),
    "magic only": (WHOLE[:4], "the frame header is cut short, at offset 0 of the frame"),
    "header cut": (made.MAGIC + b"\xe0\2\0", "the frame header is cut short, at offset 0 of the frame"),
    "reserved bit": (
        made.frame(PAST, descriptor=8),
        "the reserved bit of the frame header is set, at offset 4 of the frame",
    ),
    "trailing bytes": (WHOLE + b"ab", "2 bytes follow the frame, at offset 13 of the frame"),
    "second frame": (WHOLE * 2, "13 bytes follow the frame, at offset 13 of the frame"),
    "checksum cut": (
        made.frame(PAST, descriptor=4, checksum=b"abc"),
        "the content checksum is cut short, at offset 13 of the frame",
    ),
    "checksum wrong": (
        made.frame(PAST, descriptor=4, checksum=b"abcd"),
        "the content checksum is wrong, at offset 13 of the frame",
    ),
    "dictionary missing": (
        made.frame(PAST, descriptor=1, fields=b"\7"),
        "the frame needs the dictionary with the id 7 and was given none, at offset 4 of the frame",
    ),
    "less than declared": (
        made.MAGIC + b"\x20\5\x21\0\0abcd",
        "the frame declares 5 bytes and holds 4, at offset 0 of the frame",
    ),
    "more than declared": (
        made.MAGIC + b"\x20\4\x20\0\0abcd\x09\0\0a",
        "the content is longer than the declared size of 4 bytes, at offset 16 of the frame",
    ),
    # 3.1.1.2
    "no last block": (WHOLE[:6] + PAST, "the frame ends before its last block, at offset 13 of the frame"),
    "reserved block type": (
        made.frame(made.block(made.RESERVED, b"a")),
        "a block has the reserved type, at offset 6 of the frame",
    ),
    "block cut": (WHOLE[:-1], "a block is cut short, at offset 9 of the frame"),
    "block too large": (
        made.frame(made.block(made.RAW, bytes(1025)), window=0),
        "a block of 1025 bytes is larger than Block_Maximum_Size, 1024 bytes, at offset 6 of the frame",
    ),
    "RLE block too large": (
        made.frame(made.block(made.RLE, b"a", (1 << 17) + 1), window=0x60),
        "a block of 131073 bytes is larger than Block_Maximum_Size, 131072 bytes, at offset 6 of the frame",
    ),
    "block content too large": (
        made.frame(
            PAST,
            made.compressed(made.rle_literals(0, 1023), made.sequences(1, tables=made.rle_codes(0, 0, 0))),
            window=0,
        ),
        "a block's content is longer than Block_Maximum_Size, 1024 bytes, at offset 16 of the frame",
    ),
    # 3.1.1.3.1
    "empty compressed block": (
        made.frame(made.block(made.COMPRESSED, b"")),
        "a compressed block is empty, at offset 9 of the frame",
    ),
    "literals header cut": (
        made.frame(made.block(made.COMPRESSED, b"\x0c")),
        "the literals section header is cut short, at offset 9 of the frame",
    ),
    "raw literals cut": (literals(b"\x28ab"), "the raw literals need 5 bytes, 3 are left, at offset 10 of the frame"),
    "RLE literals cut": (
        made.frame(made.block(made.COMPRESSED, b"\x29")),
        "the byte that RLE literals repeat is missing, at offset 10 of the frame",
    ),
    "too many literals": (
        literals(made.rle_literals(0, (1 << 17) + 1)),
        "a block has 131073 literals, more than the 131072 bytes that it may hold, at offset 9 of the frame",
    ),
    "compressed literals cut": (
        made.frame(made.block(made.COMPRESSED, made.huffman_literals(TREE, [STREAM], 4)[:-1])),
        "the compressed literals need 6 bytes, 5 are left, at offset 12 of the frame",
    ),
    "treeless without tree": (
        literals(made.huffman_literals(b"", [STREAM], 4, kind=3)),
        "treeless literals have no Huffman tree to repeat, at offset 9 of the frame",
    ),
    "four streams of five": (
        literals(made.huffman_literals(TREE, [STREAM] * 4, 5, 1)),
        "four Huffman-coded streams hold 5 literals, fewer than 6, at offset 16 of the frame",
    ),
    "jump table cut": (
        literals((2 | 1 << 2 | 16 << 4 | len(TREE) + 3 << 14).to_bytes(3, "little") + TREE + b"abc"),
        "the jump table of the literals is cut short, at offset 16 of the frame",
    ),
    "no fourth stream": (
        literals(made.huffman_literals(TREE, [STREAM] * 3 + [b""], 16, 1)),
        "the jump table of the literals leaves nothing for the fourth stream, at offset 16 of the frame",
    ),
    "empty only stream": (
        literals(made.huffman_literals(TREE, [], 4)),
        "a Huffman-coded stream has no final bit, at offset 15 of the frame",
    ),
    "empty first stream": (
        literals(made.huffman_literals(TREE, [b"", STREAM, STREAM, STREAM], 16, 1)),
        "a Huffman-coded stream has no final bit, at offset 21 of the frame",
    ),
    "no final bit": (
        literals(made.huffman_literals(TREE, [b"\1\0"], 4)),
        "a Huffman-coded stream has no final bit, at offset 17 of the frame",
    ),
    "code cut": (
        literals(made.huffman_literals(TREE, [made.codes_stream("1", "000")], 2)),
        "a Huffman-coded stream does not end with a whole code, at offset 16 of the frame",
    ),
    "too few literals": (
        literals(made.huffman_literals(TREE, [STREAM], 5)),
        "a Huffman-coded stream holds 4 literals instead of 5, at offset 16 of the frame",
    ),
    # 3.1.1.3.2
    "sequences missing": (
        made.frame(made.block(made.COMPRESSED, made.raw_literals(b"a"))),
        "the sequences section is missing, at offset 13 of the frame",
    ),
    "count of two cut": (
        literals(b"\0")[:-1] + b"\x80",
        "the number of sequences is cut short, at offset 10 of the frame",
    ),
    "count of three cut": (
        made.frame(made.block(made.COMPRESSED, b"\0\xff\0")),
        "the number of sequences is cut short, at offset 10 of the frame",
    ),
    "bytes after no sequences": (
        made.frame(made.block(made.COMPRESSED, b"\0\0abc")),
        "a block without sequences goes on for 3 bytes, at offset 11 of the frame",
    ),
    "modes missing": (
        made.frame(made.block(made.COMPRESSED, b"\0\1")),
        "the symbol compression modes are missing, at offset 11 of the frame",
    ),
    "reserved modes": (
        with_codes(0, 0, 0, b"\1", reserved=1),
        "the reserved bits of the symbol compression modes are set, at offset 24 of the frame",
    ),
    "shared code missing": (
        sequences(made.sequences(1, stream=b"")),
        "the code that all literals lengths share is missing, at offset 25 of the frame",
    ),
    "literals length code": (
        with_codes(36, 0, 0, b"\1"),
        "literals lengths have no code 36, at offset 25 of the frame",
    ),
    "offset code": (with_codes(0, 32, 0, b"\1"), "offsets have no code 32, at offset 26 of the frame"),
    "match length code": (with_codes(0, 0, 53, b"\1"), "match lengths have no code 53, at offset 27 of the frame"),
    "nothing to repeat": (
        sequences(made.sequences(1, made.REPEAT_MODE)),
        "there is no table of literals lengths to repeat, at offset 25 of the frame",
    ),
    "sequences without final bit": (
        with_codes(0, 0, 0, b"\0"),
        "the sequences' bitstream has no final bit, at offset 28 of the frame",
    ),
    "sequences without stream": (
        with_codes(0, 0, 0, b""),
        "the sequences' bitstream has no final bit, at offset 27 of the frame",
    ),
    "states cut": (
        sequences(made.sequences(1, *[made.PREDEFINED_MODE] * 3, stream=b"\xff\xff")),
        "the sequences' bitstream is too short for its three states, at offset 25 of the frame",
    ),
    "bits left": (
        with_codes(0, 0, 0, b"\2"),
        "the sequences' bitstream does not end with the last sequence, at offset 28 of the frame",
    ),
    "bits missing": (
        with_codes(0, 2, 0, b"\2"),
        "the sequences' bitstream does not end with the last sequence, at offset 28 of the frame",
    ),
    "many bits missing": (
        sequences(made.sequences(100, tables=made.rle_codes(0, 2, 0), stream=b"\7")),
        "the sequences' bitstream is cut short, at offset 28 of the frame",
    ),
    # 3.1.1.4 and 3.1.1.5
    "too few own literals": (
        with_codes(5, 0, 0, b"\1"),
        "the sequences use more than the 4 literals, at offset 16 of the frame",
    ),
    "match before the data": (
        with_codes(0, 3, 0, made.backwards((0, 3))),
        "a match starts 1 bytes before the data, at offset 16 of the frame",
    ),
    "offset zero": (
        with_codes(0, 1, 0, made.backwards((1, 1))),
        "a repeated offset becomes 0, at offset 16 of the frame",
    ),
    "match outside of the window": (
        made.frame(
            *[made.block(made.RLE, b"a", 1024)] * 2,
            made.compressed(
                made.raw_literals(b""),
                made.sequences(1, tables=made.rle_codes(0, 10, 0), stream=made.backwards((4, 10))),
            ),
            window=0,
        ),
        "a match has offset 1025, outside of the window of 1024 bytes, at offset 17 of the frame",
    ),
    # 4.1
    "FSE table missing": (
        sequences(made.sequences(1, made.FSE_MODE, stream=b"")),
        "an FSE table description is missing, at offset 25 of the frame",
    ),
    "FSE accuracy of 10": (
        sequences(made.sequences(1, made.FSE_MODE, tables=made.distribution(10, 512, 512))),
        "an FSE table has accuracy 10, more than the 9 allowed, at offset 25 of the frame",
    ),
    "FSE accuracy of 9 for offsets": (
        sequences(made.sequences(1, made.PREDEFINED_MODE, made.FSE_MODE, tables=made.distribution(9, 256, 256))),
        "an FSE table has accuracy 9, more than the 8 allowed, at offset 25 of the frame",
    ),
    "FSE table cut": (
        sequences(made.sequences(1, made.FSE_MODE, stream=made.distribution(9, 1, 1, 1, 1, 1)[:2])),
        "an FSE table description is cut short, at offset 27 of the frame",
    ),
    "FSE code too large": (
        sequences(made.sequences(1, made.FSE_MODE, tables=made.distribution(5, 16, *[0] * 35, 16))),
        "an FSE table has a probability for symbol 36 of 36, at offset 25 of the frame",
    ),
    # 4.2
    "tree missing": (
        literals(made.huffman_literals(b"", [], 4)),
        "a Huffman tree description is missing, at offset 12 of the frame",
    ),
    "direct weights cut": (tree(b"\x90"), "the Huffman weights need 9 bytes, 2 are left, at offset 12 of the frame"),
    "FSE weights cut": (
        tree(b"\x70"),
        "the compressed Huffman weights need 112 bytes, 2 are left, at offset 12 of the frame",
    ),
    "weight of 12": (tree(made.direct_tree(12, 1)), "a Huffman weight is 12, more than 11, at offset 12 of the frame"),
    "one literal": (
        tree(made.direct_tree(0, 0)),
        "a Huffman tree has fewer than two literals, at offset 12 of the frame",
    ),
    "codes of 12 bits": (
        tree(made.direct_tree(11, 11, 1)),
        "a Huffman tree has codes of 12 bits, more than 11, at offset 12 of the frame",
    ),
    "no power of two": (
        tree(made.direct_tree(3, 1)),
        "the Huffman weights cannot be completed to a power of two, at offset 12 of the frame",
    ),
    "no weight of 1": (tree(made.direct_tree(2, 3)), "no Huffman weight is 1, at offset 12 of the frame"),
    "weights' accuracy of 7": (
        fse_weights(made.distribution(7, 64, 64), b"\1"),
        "an FSE table has accuracy 7, more than the 6 allowed, at offset 13 of the frame",
    ),
    "weights without final bit": (
        fse_weights(made.distribution(5, 16, 16), b"\0"),
        "the Huffman weights' bitstream has no final bit, at offset 15 of the frame",
    ),
    "weights without states": (
        fse_weights(made.distribution(5, 16, 16), b"\xff\1"),
        "the Huffman weights' bitstream is too short for its two states, at offset 15 of the frame",
    ),
    "endless weights": (
        fse_weights(made.distribution(5, 0, 32), made.backwards((0, 5), (0, 5))),
        "there are more than 255 Huffman weights, at offset 13 of the frame",
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_frame_is_refused_with_its_reason_and_offset(name, plain):
    frame, message = DAMAGED[name]
    with pytest.raises(ZstdError) as caught:
        plain(frame, 1 << 20)
    assert str(caught.value) == message


LENIENT = {
    # Where libzstd (some versions of it) goes on, within its memory; the plain decoder follows the specification.
    "RLE block too large",
    "bits missing",
    "block content too large",
    "codes of 12 bits",
    "many bits missing",
    "match outside of the window",
    "offset zero",
    "reserved modes",
}


@pytest.mark.parametrize("name", [name for name in DAMAGED if name not in LENIENT])
def test_libzstd_refuses_the_same_frames(name, libzstd):
    with pytest.raises(ZstdError):
        libzstd(DAMAGED[name][0], 1 << 20)


def test_error_is_a_value_error_with_reason_and_offset(plain):
    with pytest.raises(ValueError) as caught:
        plain(WHOLE[:-1], 100)
    assert (caught.value.reason, caught.value.offset, caught.value.where) == ("a block is cut short", 9, "frame")


def test_frame_cut_anywhere_is_refused(decompress):
    frame = made.frame(PAST, made.compressed(made.huffman_literals(TREE, [STREAM], 4)), made.block(made.RLE, b"a", 9))
    for length in range(len(frame)):
        with pytest.raises(ZstdError):
            decompress(frame[:length], 100)
