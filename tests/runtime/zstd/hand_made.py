"""Frames made by hand: what a compressor seldom or never writes.

Everything here is written from the specification a second time, in the
direction of the compressor, and shares no code with the decoder.
"""

RAW, RLE, COMPRESSED, RESERVED = range(4)
PREDEFINED_MODE, RLE_MODE, FSE_MODE, REPEAT_MODE = range(4)
MAGIC = b"\x28\xb5\x2f\xfd"


def frame(*blocks, window=0x38, descriptor=0, fields=b"", checksum=b""):
    """A frame with a window descriptor (0x38: 128 KiB) and no content size; the last block is marked as such."""
    body = b"".join(blocks[:-1]) + bytes([blocks[-1][0] | 1]) + blocks[-1][1:]
    return MAGIC + bytes([descriptor, window]) + fields + body + checksum


def block(kind, payload, size=None):
    """A block that is not the last one."""
    return ((len(payload) if size is None else size) << 3 | kind << 1).to_bytes(3, "little") + payload


def compressed(literals, sequences=b"\0"):
    """A compressed block of its two sections."""
    return block(COMPRESSED, literals + sequences)


def raw_literals(literals, size_format=3):
    """Raw literals; format 0 has a header of one byte, 1 of two, 3 of three."""
    return _short_header(0, len(literals), size_format) + literals


def rle_literals(byte, count, size_format=3):
    """RLE literals."""
    return _short_header(1, count, size_format) + bytes([byte])


def _short_header(kind, size, size_format):
    width, shift = {0: (1, 3), 1: (2, 4), 3: (3, 4)}[size_format]
    return (kind | size_format << 2 | size << shift).to_bytes(width, "little")


def huffman_literals(tree, streams, count, size_format=0, kind=2):
    """Huffman-coded literals from a tree description and one stream or four; kind 3 is treeless."""
    if size_format:
        streams = [b"".join(len(stream).to_bytes(2, "little") for stream in streams[:3])] + list(streams)
    body = tree + b"".join(streams)
    width, bits = ((3, 10), (3, 10), (4, 14), (5, 18))[size_format]
    return (kind | size_format << 2 | count << 4 | len(body) << 4 + bits).to_bytes(width, "little") + body


def direct_tree(*weights):
    """A tree description of 4-bit weights; the last symbol's weight is left out."""
    padded = weights + (0,) * (len(weights) % 2)
    return bytes([127 + len(weights)]) + bytes(a << 4 | b for a, b in zip(padded[::2], padded[1::2]))


def backwards(*fields):
    """A bitstream of (value, width) pairs in the order in which they are read."""
    number = 1
    for value, width in fields:
        assert 0 <= value < 1 << width or value == width == 0
        number = number << width | value
    return number.to_bytes((number.bit_length() + 7) // 8, "little")


def codes_stream(*codes):
    """A Huffman-coded stream of codes that are given as text: ``"1", "01"``."""
    return backwards(*((int(code, 2), len(code)) for code in codes))


def sequences(
    count, literals=RLE_MODE, offsets=RLE_MODE, matches=RLE_MODE, tables=b"", stream=b"\1", width=None, reserved=0
):
    """A sequences section; *width* forces the count into 1, 2 or 3 bytes."""
    if width is None:
        width = 1 if count < 128 else 2 if count < 0x7F00 else 3
    if width == 1:
        number = bytes([count])
    elif width == 2:
        number = bytes([0x80 | count >> 8, count & 255])
    else:
        number = b"\xff" + (count - 0x7F00).to_bytes(2, "little")
    return number + bytes([literals << 6 | offsets << 4 | matches << 2 | reserved]) + tables + stream


def rle_codes(literals_length, offset, match_length):
    """The tables of three RLE modes."""
    return bytes([literals_length, offset, match_length])


def distribution(accuracy, *probabilities):
    """An FSE table description."""
    bits, used = accuracy - 5, 4
    remaining = 1 << accuracy
    at = 0
    while at < len(probabilities):
        probability = probabilities[at]
        value = probability + 1
        most = remaining + 1
        width = most.bit_length()
        spare = (1 << width) - 1 - most
        if value < spare:
            bits |= value << used
            used += width - 1
        else:
            bits |= (value + (spare if value >= 1 << width - 1 else 0)) << used
            used += width
        remaining -= abs(probability)
        at += 1
        if probability == 0:
            zeros = 0
            while at < len(probabilities) and probabilities[at] == 0:
                zeros += 1
                at += 1
            while zeros >= 3:
                bits |= 3 << used
                used += 2
                zeros -= 3
            bits |= zeros << used
            used += 2
    return bits.to_bytes((used + 7) // 8, "little")


def fse_stream(symbols, table, accuracy):
    """The bitstream of two interleaved states that yields *symbols*, an even number, from a decoding table.

    Written from the last symbol to the first: each state is one from which
    the state after it can be reached, of the cells with the right symbol.
    """
    fields = []
    after = [None, None]
    for at in range(len(symbols) - 1, -1, -1):
        for state, (symbol, bits, baseline) in enumerate(table):
            target = after[at % 2]
            if symbol == symbols[at] and (target is None or baseline <= target < baseline + (1 << bits)):
                break
        else:
            raise AssertionError("no state leads from %d to %r" % (symbols[at], target))
        if target is not None:
            fields.append((target - baseline, bits))
        after[at % 2] = state
    return backwards((after[0], accuracy), (after[1], accuracy), *reversed(fields))
