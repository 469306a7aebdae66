"""RFC 8878, 3.1: frames, and the blocks that they are made of."""

from .block import decode_block
from .checksum import xxh64
from .dictionary import read_dictionary
from .error import ZstdError
from .execution import Output
from .magic import find_frame

MAX_BLOCK_SIZE = 128 << 10
RAW_BLOCK, RLE_BLOCK, COMPRESSED_BLOCK, RESERVED = range(4)


def decompress(data: bytes, max_length: int, dictionary: "bytes | None" = None, raw: bool = False) -> bytes:
    """Decompress exactly one frame.

    *data* is the frame, which skippable frames may precede; *max_length* the
    number of bytes that the result may have: a frame that declares or holds
    more is refused before memory is taken for it. *dictionary* is a formatted
    dictionary if it begins with the dictionary magic and *raw* is false, else
    raw content (a prefix). Raises ZstdError for everything else than one
    whole and undamaged frame. Follows RFC 8878.
    """
    data = bytes(data)
    start = find_frame(data)
    header = Header(data, start)
    past = read_dictionary(dictionary, raw)
    # 3.1.1.1.3: Dictionary_ID says which dictionary is required; 0 is the same as none.
    if header.dictionary_id not in (0, past.id):
        found = "none"
        if past.content:
            found = "the one with the id %d" % past.id if past.id else "one without an id"
        needed = "the frame needs the dictionary with the id %d" % header.dictionary_id
        raise ZstdError("%s and was given %s" % (needed, found), start + 4)

    bound = "max_length"
    size = header.content_size
    if size is not None:
        if size > max_length:
            raise ZstdError("the frame declares %d bytes, more than max_length of %d bytes" % (size, max_length), start)
        max_length, bound = size, "the declared size"
    output = Output(past.content, header.window_size, max_length, bound)
    end = _decode_blocks(data, header.end, output, past.history.copy())
    content = output.frame_content()
    if size is not None and len(content) != size:
        raise ZstdError("the frame declares %d bytes and holds %d" % (size, len(content)), start)
    if header.has_checksum:
        # 3.1.1: "Content_Checksum is the result of the XXH64 hash function digesting the original (decoded) data,
        # with a seed of zero. The low 4 bytes are stored in little-endian format."
        if end + 4 > len(data):
            raise ZstdError("the content checksum is cut short", end)
        if int.from_bytes(data[end : end + 4], "little") != xxh64(content) & 0xFFFFFFFF:
            raise ZstdError("the content checksum is wrong", end)
        end += 4
    if end != len(data):
        raise ZstdError("%d bytes follow the frame" % (len(data) - end), end)
    return content


class Header:
    """The Frame_Header (3.1.1.1) of the frame at offset *start*."""

    __slots__ = ("content_size", "dictionary_id", "end", "has_checksum", "single_segment", "window_size")

    def __init__(self, data: bytes, start: int) -> None:
        at = start + 4
        # 3.1.1.1.1: "bits 7-6 Frame_Content_Size_Flag, 5 Single_Segment_Flag, 4 unused, 3 reserved,
        # 2 Content_Checksum_Flag, 1-0 Dictionary_ID_Flag".
        descriptor = data[at] if at < len(data) else 0
        self.single_segment = bool(descriptor & 0x20)
        self.has_checksum = bool(descriptor & 4)
        id_size = (0, 1, 2, 4)[descriptor & 3]
        # "When Flag_Value is 0, FCS_Field_Size depends on Single_Segment_Flag: if it is set, FCS_Field_Size is 1, otherwise 0."
        size_size = (int(self.single_segment), 2, 4, 8)[descriptor >> 6]
        window_at = at + 1
        id_at = window_at + (not self.single_segment)
        size_at = id_at + id_size
        self.end = size_at + size_size
        if self.end > len(data):
            raise ZstdError("the frame header is cut short", start)
        # "This bit is reserved. Its value must be zero. A decoder must ensure it is not set."
        if descriptor & 8:
            raise ZstdError("the reserved bit of the frame header is set", at)
        # 3.1.1.1.3 and 3.1.1.1.4: little-endian. "When FCS_Field_Size is 2, the offset of 256 is added."
        self.dictionary_id = int.from_bytes(data[id_at:size_at], "little")
        content_size = int.from_bytes(data[size_at : self.end], "little") + (256 if size_size == 2 else 0)
        self.content_size = content_size if size_size else None
        if self.single_segment:
            # 3.1.1.1.2: "In this case, Window_Size is Frame_Content_Size."
            self.window_size = content_size
        else:
            # "windowBase = 1 << (10 + Exponent); Window_Size = windowBase + (windowBase / 8) * Mantissa": bits 7-3 and 2-0.
            base = 1 << 10 + (data[window_at] >> 3)
            self.window_size = base + (base >> 3) * (data[window_at] & 7)


def _decode_blocks(data, at, output, history):
    """Decode the blocks from offset *at* on (3.1.1.2); return the offset behind the last one."""
    # 3.1.1.2.4: "Block_Maximum_Size is the smallest of Window_Size and 128 KB", of content and of compressed data.
    max_size = min(output.window_size, MAX_BLOCK_SIZE)
    last = 0
    while not last:
        start = at + 3
        if start > len(data):
            raise ZstdError("the frame ends before its last block", at)
        # "Block_Header: 3 bytes, little-endian. Bit 0 Last_Block, bits 1-2 Block_Type, bits 3-23 Block_Size."
        header = int.from_bytes(data[at:start], "little")
        last = header & 1
        block_type = header >> 1 & 3
        size = header >> 3
        # "Reserved: this is not a block. If such a value is present, it is considered corrupted data."
        if block_type == RESERVED:
            raise ZstdError("a block has the reserved type", at)
        if size > max_size:
            raise ZstdError("a block of %d bytes is larger than Block_Maximum_Size, %d bytes" % (size, max_size), at)
        at = start + (1 if block_type == RLE_BLOCK else size)
        if at > len(data):
            raise ZstdError("a block is cut short", start)
        if block_type == RAW_BLOCK:
            output.append(data[start:at], start)
        elif block_type == RLE_BLOCK:
            # "A single byte, repeated Block_Size times."
            output.append(data[start:at] * size, start)
        else:
            decode_block(data, start, at, history, output, max_size)
    return at
