"""RFC 8878, 3.1.1.3.2: the sequences section of a compressed block."""

from .error import ZstdError
from .fse import decoding_table, read_distribution

PREDEFINED, RLE, FSE_COMPRESSED, REPEAT = range(4)

# 3.1.1.3.2.1.1, tables 15 and 16: Number_of_Bits of each code. A code's Baseline is where the codes before it end.
LITERALS_LENGTH_BITS = (0,) * 16 + (1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
MATCH_LENGTH_BITS = (0,) * 32 + (1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
MIN_MATCH_LENGTH = 3
# "A decoder is free to limit its maximum N supported"; the reference decoder's is 31.
OFFSET_CODES = 32

# 3.1.1.3.2.2: the default distributions, of accuracy 6, 5 and 6.
# fmt: off
DEFAULT_LITERALS_LENGTHS = (
    4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1,
    -1, -1, -1, -1)
DEFAULT_OFFSETS = (
    1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1)
DEFAULT_MATCH_LENGTHS = (
    1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1,
    -1, -1, -1, -1, -1)
# fmt: on

MASKS = [(1 << bits) - 1 for bits in range(96)]

# Zero bytes in front of the bitstream: the states are updated after the last sequence too, with at most 26 bits.
PADDING = b"\0\0\0\0"
PADDING_BITS = 32

# Bytes that are read as one number, and those above them that one sequence (at most 31 + 16 + 16 + 9 + 8 + 9 bits) may reach.
WINDOW = 48
REACH = 12


class SymbolType:
    """One of the three symbol types: literals lengths, offsets or match lengths.

    A table of a type is a pair of its Accuracy_Log and its cells. A cell has
    what one sequence needs of it: the bits that the cell consumes in all; the
    number and mask of the bits that update the state, and the baseline to add
    to them; the number and mask of the code's additional bits, and its Baseline.
    """

    def __init__(self, name, codes, max_accuracy, distribution, accuracy):
        self.name = name
        self.codes = codes  # of each code, Number_of_Bits and Baseline
        self.max_accuracy = max_accuracy
        self.distribution = distribution
        self.accuracy = accuracy
        self._predefined = None

    def predefined(self):
        """Return the table of the default distribution (3.1.1.3.2.2)."""
        if self._predefined is None:
            self._predefined = self.table(self.distribution, self.accuracy)
        return self._predefined

    def single(self, code):
        """Return the table that repeats one code."""
        extra, baseline = self.codes[code]
        return 0, [(extra, 0, 0, 0, extra, MASKS[extra], baseline)]

    def table(self, distribution, accuracy):
        """Return the table of normalised probabilities."""
        cells = []
        for code, bits, baseline in decoding_table(distribution, accuracy):
            extra, length = self.codes[code]
            cells.append((bits + extra, bits, MASKS[bits], baseline, extra, MASKS[extra], length))
        return accuracy, cells

    def read_table(self, data, start, end):
        """Read an FSE table description; returns the table and the offset behind it."""
        distribution, accuracy, after = read_distribution(data, start, end, self.max_accuracy, len(self.codes))
        return self.table(distribution, accuracy), after


def _codes(baseline, widths):
    codes = []
    for bits in widths:
        codes.append((bits, baseline))
        baseline += 1 << bits
    return codes


# 3.1.1.3.2.1: "the maximum allowed accuracy log for literals length and match length tables is 9,
# and the maximum accuracy log for the offsets table is 8".
LITERALS_LENGTHS = SymbolType("literals lengths", _codes(0, LITERALS_LENGTH_BITS), 9, DEFAULT_LITERALS_LENGTHS, 6)
# "Offset_Value = (1 << offsetCode) + readNBits(offsetCode)"
OFFSETS = SymbolType("offsets", _codes(1, range(OFFSET_CODES)), 8, DEFAULT_OFFSETS, 5)
MATCH_LENGTHS = SymbolType("match lengths", _codes(MIN_MATCH_LENGTH, MATCH_LENGTH_BITS), 9, DEFAULT_MATCH_LENGTHS, 6)


def read_header(data: bytes, start: int, end: int, tables):
    """Read the Sequences_Section_Header (3.1.1.3.2.1) and the tables behind it.

    *tables* are those of the last block with sequences, in the order of the
    section: literals lengths, offsets, match lengths (None where there is
    none). Returns Number_of_Sequences, the tables and the offset of the
    bitstream. Raises ZstdError.
    """
    # "byte0 < 128: Number_of_Sequences = byte0. byte0 < 255: ((byte0 - 0x80) << 8) + byte1.
    # byte0 == 255: byte1 + (byte2 << 8) + 0x7F00."
    if start >= end:
        raise ZstdError("the sequences section is missing", start)
    count = data[start]
    at = start + (1 if count < 128 else 2 if count < 255 else 3)
    if at > end:
        raise ZstdError("the number of sequences is cut short", start)
    if count == 255:
        count = data[start + 1] + (data[start + 2] << 8) + 0x7F00
    elif count >= 128:
        count = (count - 0x80 << 8) + data[start + 1]
    if not count:
        # "There are no sequences. The sequence section stops immediately, tables used in Repeat_Mode aren't updated."
        if at != end:
            raise ZstdError("a block without sequences goes on for %d bytes" % (end - at), at)
        return 0, tables, at

    # "A single byte, defining the compression mode of each symbol type: bits 7-6 literals lengths,
    # 5-4 offsets, 3-2 match lengths. The last field, Reserved, must be all zeroes."
    if at >= end:
        raise ZstdError("the symbol compression modes are missing", at)
    modes = data[at]
    if modes & 3:
        raise ZstdError("the reserved bits of the symbol compression modes are set", at)
    at += 1
    current = []
    for kind, mode, previous in zip(
        (LITERALS_LENGTHS, OFFSETS, MATCH_LENGTHS), (modes >> 6, modes >> 4 & 3, modes >> 2 & 3), tables
    ):
        if mode == PREDEFINED:
            table = kind.predefined()
        elif mode == RLE:
            # "The table description consists of a single byte, the symbol's value."
            if at >= end:
                raise ZstdError("the code that all %s share is missing" % kind.name, at)
            if data[at] >= len(kind.codes):
                raise ZstdError("%s have no code %d" % (kind.name, data[at]), at)
            table = kind.single(data[at])
            at += 1
        elif mode == FSE_COMPRESSED:
            table, at = kind.read_table(data, at, end)
        else:
            # "If this mode is used without any previous sequence table in the frame (or dictionary), treat it as corruption."
            if previous is None:
                raise ZstdError("there is no table of %s to repeat" % kind.name, at)
            table = previous
        current.append(table)
    return count, tuple(current), at


def read_sequences(data: bytes, start: int, end: int, count: int, tables):
    """Yield the *count* sequences of the bitstream ``data[start:end]`` (3.1.1.3.2.1.2).

    Each is a tuple of literals_length, offset_value and match_length. Raises
    ZstdError, the last time after the last sequence: it must be the end of
    the bitstream. In names, ``ll``, ``of`` and ``ml`` are the three types.
    """
    # "The last byte contains 0-7 zero bits of padding and then a 1; afterwards, the useful part of the bitstream begins."
    # All values are read backwards: *position* is the lowest bit read so far, counted from byte *low* of the stream.
    if start >= end or not data[end - 1]:
        raise ZstdError("the sequences' bitstream has no final bit", end - 1)
    (ll_accuracy, ll_cells), (of_accuracy, of_cells), (ml_accuracy, ml_cells) = tables
    stream = PADDING + data[start:end]
    low = max(0, len(stream) - WINDOW)
    bits = int.from_bytes(stream[low:], "little")
    position = bits.bit_length() - 1

    # "The bitstream starts with initial state values: Literals_Length_State, Offset_State and finally Match_Length_State."
    position -= ll_accuracy + of_accuracy + ml_accuracy
    if 8 * low + position < PADDING_BITS:
        raise ZstdError("the sequences' bitstream is too short for its three states", start)
    value = bits >> position
    ml_state = value & MASKS[ml_accuracy]
    value >>= ml_accuracy
    of_state = value & MASKS[of_accuracy]
    ll_state = value >> of_accuracy & MASKS[ll_accuracy]

    masks = MASKS
    ll_bits = ml_bits = of_bits = 0
    for _ in range(count):
        ll_all, ll_bits, ll_mask, ll_base, ll_extra, ll_extra_mask, literals_length = ll_cells[ll_state]
        ml_all, ml_bits, ml_mask, ml_base, ml_extra, ml_extra_mask, match_length = ml_cells[ml_state]
        of_all, of_bits, of_mask, of_base, _, _, offset_value = of_cells[of_state]
        # All bits of a sequence, and of the states after it, are taken at once.
        width = ll_all + ml_all + of_all
        position -= width
        if position < 0:
            step = min(low, WINDOW)
            low -= step
            position += 8 * step
            if position < 0:
                raise ZstdError("the sequences' bitstream is cut short", start)
            bits = int.from_bytes(stream[low : low + step + REACH], "little")
        value = bits >> position & masks[width]
        # "Decoding starts by reading the Number_of_Bits required to decode Offset, then Match_Length, then Literals_Length.
        # Then Literals_Length_State is updated, followed by Match_Length_State, and then Offset_State":
        # what was read last is lowest.
        of_state = of_base + (value & of_mask)
        value >>= of_bits
        ml_state = ml_base + (value & ml_mask)
        value >>= ml_bits
        ll_state = ll_base + (value & ll_mask)
        value >>= ll_bits
        if ll_extra:
            literals_length += value & ll_extra_mask
            value >>= ll_extra
        if ml_extra:
            match_length += value & ml_extra_mask
            value >>= ml_extra
        yield literals_length, offset_value + value, match_length

    # "If it is not the last sequence, the next operation is to update states. At the end, the bitstream
    # shall be entirely consumed; otherwise, it is considered corrupted."
    if 8 * low + position + ll_bits + ml_bits + of_bits != PADDING_BITS:
        raise ZstdError("the sequences' bitstream does not end with the last sequence", start)
