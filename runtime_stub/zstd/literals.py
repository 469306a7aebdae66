"""RFC 8878, 3.1.1.3.1: the literals section of a compressed block."""

from .error import ZstdError
from .huffman import read_stream, read_tree

RAW, RLE, COMPRESSED, TREELESS = range(4)


def read_literals(data: bytes, start: int, end: int, max_size: int, tree):
    """Decode the literals section at the start of ``data[start:end]``.

    *max_size* is Block_Maximum_Size, *tree* the Huffman tree of the last
    Compressed_Literals_Block or of the dictionary (None where there is
    none). Returns the literals, the tree for the next block and the offset
    behind the section. Raises ZstdError.
    """
    if start >= end:
        raise ZstdError("a compressed block is empty", start)
    # 3.1.1.3.1.1: "Literals_Block_Type uses the 2 lowest bits of the first byte", Size_Format the next one or two.
    block_type = data[start] & 3
    size_format = data[start] >> 2 & 3
    if block_type in (RAW, RLE):
        # "Size_Format 00 or 10: 1 byte, Regenerated_Size uses 5 bits. 01: 2 bytes, 12 bits. 11: 3 bytes, 20 bits."
        width, shift = ((1, 3), (2, 4), (1, 3), (3, 4))[size_format]
        size = _header(data, start, end, width) >> shift
        _check_size(size, max_size, start)
        at = start + width
        if block_type == RAW:
            # 3.1.1.3.1.2: "the data in Stream1 is Regenerated_Size bytes long".
            if at + size > end:
                raise ZstdError("the raw literals need %d bytes, %d are left" % (size, end - at), at)
            return data[at : at + size], tree, at + size
        # 3.1.1.3.1.3: "Stream1 consists of a single byte which is repeated Regenerated_Size times".
        if at >= end:
            raise ZstdError("the byte that RLE literals repeat is missing", at)
        return data[at : at + 1] * size, tree, at + 1

    # "00: a single stream, 10 bits for either size. 01: 4 streams, 10 bits. 10: 4 streams, 14 bits. 11: 4 streams, 18 bits."
    width, bits = ((3, 10), (3, 10), (4, 14), (5, 18))[size_format]
    header = _header(data, start, end, width) >> 4
    size = header & ((1 << bits) - 1)
    compressed_size = header >> bits
    _check_size(size, max_size, start)
    at = start + width
    after = at + compressed_size
    if after > end:
        raise ZstdError("the compressed literals need %d bytes, %d are left" % (compressed_size, end - at), at)
    if block_type == COMPRESSED:
        # 3.1.1.3.1.5: the tree description is part of Compressed_Size.
        tree, at = read_tree(data, at, after)
    elif tree is None:
        # 3.1.1.3.1.1: Treeless_Literals_Block "without any previous Huffman table in the frame
        # (or dictionary) should be treated as data corruption".
        raise ZstdError("treeless literals have no Huffman tree to repeat", start)
    if size_format == 0:
        return bytes(read_stream(tree, data, at, after, size)), tree, after
    return _read_four_streams(tree, data, at, after, size), tree, after


def _header(data, start, end, width):
    if start + width > end:
        raise ZstdError("the literals section header is cut short", start)
    return int.from_bytes(data[start : start + width], "little")


def _check_size(size, max_size, offset):
    # The literals are part of the block's content, which 3.1.1.2.4 limits.
    if size > max_size:
        raise ZstdError("a block has %d literals, more than the %d bytes that it may hold" % (size, max_size), offset)


def _read_four_streams(tree, data, start, end, size):
    """Decode four Huffman-coded streams behind their Jump_Table (3.1.1.3.1.6)."""
    # 3.1.1.3.1.1: Regenerated_Size of four streams is 6 or more.
    if size < 6:
        raise ZstdError("four Huffman-coded streams hold %d literals, fewer than 6" % size, start)
    # "The Jump_Table is 6 bytes long: three 2-byte little-endian fields, the compressed sizes of the first three streams."
    at = start + 6
    if at > end:
        raise ZstdError("the jump table of the literals is cut short", start)
    jumps = int.from_bytes(data[start:at], "little")
    # "Stream4_Size is necessarily >= 1. Therefore, if Total_Streams_Size < Stream1_Size + Stream2_Size + Stream3_Size + 6 + 1,
    # data is considered corrupted."
    stream_sizes = [jumps & 0xFFFF, jumps >> 16 & 0xFFFF, jumps >> 32]
    if at + sum(stream_sizes) >= end:
        raise ZstdError("the jump table of the literals leaves nothing for the fourth stream", start)
    # "The decompressed size of each stream is (Regenerated_Size+3)/4, except for the last, which may be up to 3 bytes smaller."
    share = (size + 3) // 4
    literals = bytearray()
    for stream_size in stream_sizes:
        literals += read_stream(tree, data, at, at + stream_size, share)
        at += stream_size
    literals += read_stream(tree, data, at, end, size - 3 * share)
    return bytes(literals)
