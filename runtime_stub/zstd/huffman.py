"""RFC 8878, 4.2: Huffman coding, the entropy code of literals."""

from .error import ZstdError
from .fse import decoding_table, read_distribution

MAX_BITS = 11
MAX_WEIGHTS = 255

# Zero bytes in front of a stream, so that the last codes can be looked up with MAX_BITS bits like all others.
PADDING = b"\0\0"
PADDING_BITS = 16

# Bytes that are read as one number. A longer one costs more per shift, a shorter one is replaced more often.
WINDOW = 48


def read_tree(data: bytes, start: int, end: int):
    """Read a Huffman tree description (4.2.1) from ``data[start:end]``.

    Returns the tree, a pair of Max_Number_of_Bits and a list of ``1 <<
    Max_Number_of_Bits`` cells ``(symbol, number_of_bits)``, and the offset
    behind the description. Raises ZstdError.
    """
    if start >= end:
        raise ZstdError("a Huffman tree description is missing", start)
    # 4.2.1.1: "a single byte value, which describes how the series of weights is encoded".
    header = data[start]
    first = start + 1
    if header < 128:
        # "The series of weights is compressed using FSE; its length is headerByte."
        after = first + header
        if after > end:
            raise ZstdError("the compressed Huffman weights need %d bytes, %d are left" % (header, end - first), start)
        weights = _compressed_weights(data, first, after)
    else:
        # "Number_of_Weights = headerByte - 127: each Weight is a 4-bit field, two to a byte, the first in the top four bits."
        number = header - 127
        after = first + (number + 1) // 2
        if after > end:
            raise ZstdError("the Huffman weights need %d bytes, %d are left" % (after - first, end - first), start)
        weights = []
        for byte in data[first:after]:
            weights += (byte >> 4, byte & 15)
        del weights[number:]
    return _tree(weights, start), after


def _compressed_weights(data, start, end):
    """Decode Huffman weights compressed with FSE (4.2.1.2)."""
    # "The maximum accuracy log is 6 bits."
    distribution, accuracy, at = read_distribution(data, start, end, 6, MAX_BITS + 1)
    table = decoding_table(distribution, accuracy)
    if at >= end or not data[end - 1]:
        raise ZstdError("the Huffman weights' bitstream has no final bit", end - 1)
    bits = int.from_bytes(data[at:end], "little")
    left = bits.bit_length() - 1

    # "State1 encodes the even-indexed symbols, State2 the odd-indexed ones. State1 is initialized first,
    # then State2, and they take turns decoding a symbol and updating their state."
    left -= 2 * accuracy
    if left < 0:
        raise ZstdError("the Huffman weights' bitstream is too short for its two states", at)
    mask = (1 << accuracy) - 1
    state = bits >> left + accuracy & mask
    other = bits >> left & mask
    weights = []
    while len(weights) < MAX_WEIGHTS:
        weight, width, baseline = table[state]
        weights.append(weight)
        # "If updating the state would require more bits than remain in the stream,
        # the symbols of the final states are decoded and the process is complete."
        left -= width
        if left < 0:
            weights.append(table[other][0])
            break
        state, other = other, baseline + (bits >> left & ((1 << width) - 1))
    # "If this would produce more weights than the maximum (255), the data is considered corrupted."
    if left >= 0 or len(weights) > MAX_WEIGHTS:
        raise ZstdError("there are more than 255 Huffman weights", start)
    return weights


def _tree(weights, offset):
    """Turn weights into a table of prefix codes (4.2.1 and 4.2.1.3)."""
    if max(weights) > MAX_BITS:
        raise ZstdError("a Huffman weight is %d, more than 11" % max(weights), offset)
    total = sum(1 << weight - 1 for weight in weights if weight)
    if not total:
        raise ZstdError("a Huffman tree has fewer than two literals", offset)
    # "The last symbol's Weight is deduced by completing to the nearest power of 2. This power gives Max_Number_of_Bits."
    max_bits = total.bit_length()
    if max_bits > MAX_BITS:
        raise ZstdError("a Huffman tree has codes of %d bits, more than 11" % max_bits, offset)
    rest = (1 << max_bits) - total
    # "If it's not possible to reach a clean power of 2 with a single Weight value, the description is invalid."
    if rest & rest - 1:
        raise ZstdError("the Huffman weights cannot be completed to a power of two", offset)
    weights = weights + [rest.bit_length()]
    # "If no literal has a Weight of 1, then the data is considered corrupted."
    if 1 not in weights:
        raise ZstdError("no Huffman weight is 1", offset)

    # 4.2.1.3: "Symbols are sorted by Weight; within the same Weight they keep natural order.
    # Starting from the lowest Weight, prefix codes are distributed in sequential order.
    # Number_of_Bits = Max_Number_of_Bits + 1 - Weight", so a code is the start of 2^(Weight-1) cells.
    table = []
    for weight in range(1, max_bits + 1):
        for symbol, own in enumerate(weights):
            if own == weight:
                table += [(symbol, max_bits + 1 - weight)] * (1 << weight - 1)
    return max_bits, table


def read_stream(tree, data: bytes, start: int, end: int, count: int) -> bytearray:
    """Decode a Huffman-coded stream (4.2.2), ``data[start:end]``, into exactly *count* literals.

    Raises ZstdError where the stream does not end with its last bit.
    """
    max_bits, table = tree
    # "Each bitstream must be read backward. The highest bit of the last byte is a final-bit flag:
    # a last byte of 0 is not possible."
    if start >= end or not data[end - 1]:
        raise ZstdError("a Huffman-coded stream has no final bit", end - 1)
    stream = PADDING + data[start:end]
    literals = bytearray()
    append = literals.append
    mask = (1 << max_bits) - 1
    low = len(stream)
    # "Reading highest Max_Number_of_Bits bits, it's possible to compare the extracted value to the decoding table":
    # *position* is the lowest of these bits, counted from byte *low* of the stream.
    position = data[end - 1].bit_length() - 9 - max_bits
    while low:
        step = min(low, WINDOW)
        low -= step
        bits = int.from_bytes(stream[low : low + step + 2], "little")
        position += 8 * step
        floor = max(0, PADDING_BITS + 1 - max_bits - 8 * low)
        while position >= floor:
            symbol, width = table[bits >> position & mask]
            append(symbol)
            position -= width
    # "If a bitstream is not entirely and exactly consumed, the decoding process is considered faulty."
    if position + max_bits != PADDING_BITS:
        raise ZstdError("a Huffman-coded stream does not end with a whole code", start)
    if len(literals) != count:
        raise ZstdError("a Huffman-coded stream holds %d literals instead of %d" % (len(literals), count), start)
    return literals
