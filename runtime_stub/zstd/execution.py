"""RFC 8878, 3.1.1.4 and 3.1.1.5: sequence execution, and the offsets that sequences repeat."""

from .error import ZstdError


class Output:
    """The content of a frame while it grows, behind the dictionary's content."""

    __slots__ = ("bound", "content", "end", "start", "window_size")

    def __init__(self, dictionary, window_size, max_length, bound):
        self.content = bytearray(dictionary)
        self.start = len(dictionary)  # of the frame's own content
        self.window_size = window_size
        self.end = self.start + max_length  # as far as it may grow
        self.bound = bound  # what sets the end, in words

    def refuse(self, offset):
        """Raise ZstdError for content that would go beyond the end."""
        raise ZstdError("the content is longer than %s of %d bytes" % (self.bound, self.end - self.start), offset)

    def append(self, piece, offset):
        """Append bytes that are no copy."""
        if len(self.content) + len(piece) > self.end:
            self.refuse(offset)
        self.content += piece

    def frame_content(self) -> bytes:
        """Return what was decoded of the frame."""
        return bytes(memoryview(self.content)[self.start :])


def execute(sequences, literals: bytes, output: Output, recent, max_size: int, offset: int):
    """Append to *output* what the *sequences* make of the *literals*.

    *recent* are the three Repeated_Offsets, *max_size* is Block_Maximum_Size,
    *offset* is where the block lies, for messages. Returns the
    Repeated_Offsets for the next block. Raises ZstdError.
    """
    content = output.content
    window_size = output.window_size
    position = len(content)
    window_end = output.start + window_size
    block_end = position + max_size
    end = min(block_end, output.end)
    recent1, recent2, recent3 = recent
    taken = 0
    available = len(literals)
    for literals_length, offset_value, match_length in sequences:
        # 3.1.1.5: "if offset_value > 3, then the offset is offset_value - 3", and it becomes the most recent one.
        if offset_value > 3:
            recent3 = recent2
            recent2 = recent1
            recent1 = offset_value - 3
        else:
            # "If the literals length is 0, repeated offsets are shifted by one: 1 means Repeated_Offset2,
            # 2 means Repeated_Offset3, and 3 means Repeated_Offset1 - 1_byte."
            if not literals_length:
                offset_value += 1
            # "Repeated_Offset1 takes on the value of the used offset, and the existing values are pushed back."
            if offset_value == 2:
                recent1, recent2 = recent2, recent1
            elif offset_value == 3:
                recent1, recent2, recent3 = recent3, recent1, recent2
            elif offset_value == 4:
                recent1, recent2, recent3 = recent1 - 1, recent1, recent2
                if not recent1:
                    raise ZstdError("a repeated offset becomes 0", offset)

        # 3.1.1.4: "First copy literals_length bytes from the decoded literals to the output."
        if literals_length:
            after = taken + literals_length
            if after > available:
                raise ZstdError("the sequences use more than the %d literals" % available, offset)
            content += literals[taken:after]
            taken = after
            position += literals_length
        # "Then match_length bytes are copied from previous decoded data", which may overlap what it makes.
        match = position - recent1
        if match < 0:
            raise ZstdError("a match starts %d bytes before the data" % -match, offset)
        # "All offsets leading to previously decoded data must be smaller than Window_Size." 5: "As long as the amount
        # of data decoded is less than or equal to Window_Size, offsets may reach back into the dictionary."
        if recent1 > window_size and position > window_end:
            raise ZstdError("a match has offset %d, outside of the window of %d bytes" % (recent1, window_size), offset)
        position += match_length
        if position > end:
            break
        if match_length <= recent1:
            content += content[match : match + match_length]
        else:
            repeats = match_length // recent1 + 1
            content += (content[match:] * repeats)[:match_length]

    # 3.1.1.3.2: "If there are literals left in the literals section, these bytes are added at the end of the block."
    position += available - taken
    if position > end:
        if output.end < block_end:
            output.refuse(offset)
        raise ZstdError("a block's content is longer than Block_Maximum_Size, %d bytes" % max_size, offset)
    content += literals[taken:]
    return recent1, recent2, recent3
