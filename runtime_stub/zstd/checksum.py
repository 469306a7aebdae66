"""XXH64, of which RFC 8878 stores the low four bytes after a frame (3.1.1, Content_Checksum).

The algorithm and its names are those of the xxHash specification, with the
seed at zero.
"""

PRIME1 = 0x9E3779B185EBCA87
PRIME2 = 0xC2B2AE3D27D4EB4F
PRIME3 = 0x165667B19E3779F9
PRIME4 = 0x85EBCA77C2B2AE63
PRIME5 = 0x27D4EB2F165667C5
MASK = 0xFFFFFFFFFFFFFFFF

LITTLE_ENDIAN = memoryview(b"\1\0\0\0\0\0\0\0").cast("Q")[0] == 1


def xxh64(data: bytes) -> int:
    """Return the 64-bit xxHash of *data* with a seed of zero."""
    length = len(data)
    whole = length & ~31
    if whole:
        # Step 2, stripes of 32 bytes: every lane takes its eight bytes as
        # acc = rotl64(acc + lane * PRIME2, 31) * PRIME1.
        acc1, acc2, acc3, acc4 = (PRIME1 + PRIME2) & MASK, PRIME2, 0, -PRIME1 & MASK
        lanes = _lanes(data, whole)
        for lane1, lane2, lane3, lane4 in zip(lanes[0::4], lanes[1::4], lanes[2::4], lanes[3::4]):
            acc1 = acc1 + lane1 * PRIME2 & MASK
            acc1 = (acc1 << 31 | acc1 >> 33) * PRIME1 & MASK
            acc2 = acc2 + lane2 * PRIME2 & MASK
            acc2 = (acc2 << 31 | acc2 >> 33) * PRIME1 & MASK
            acc3 = acc3 + lane3 * PRIME2 & MASK
            acc3 = (acc3 << 31 | acc3 >> 33) * PRIME1 & MASK
            acc4 = acc4 + lane4 * PRIME2 & MASK
            acc4 = (acc4 << 31 | acc4 >> 33) * PRIME1 & MASK
        # Step 3, the four accumulators converge.
        acc = _rotl(acc1, 1) + _rotl(acc2, 7) + _rotl(acc3, 12) + _rotl(acc4, 18) & MASK
        for part in (acc1, acc2, acc3, acc4):
            acc = ((acc ^ _rotl(part * PRIME2 & MASK, 31) * PRIME1) & MASK) * PRIME1 + PRIME4 & MASK
    else:
        acc = PRIME5
    # Steps 4 and 5: the length, then what is left over, in pieces of eight, four and one.
    acc = acc + length & MASK
    at = whole
    while at + 8 <= length:
        lane = int.from_bytes(data[at : at + 8], "little")
        acc ^= _rotl(lane * PRIME2 & MASK, 31) * PRIME1 & MASK
        acc = _rotl(acc, 27) * PRIME1 + PRIME4 & MASK
        at += 8
    if at + 4 <= length:
        acc ^= int.from_bytes(data[at : at + 4], "little") * PRIME1 & MASK
        acc = _rotl(acc, 23) * PRIME2 + PRIME3 & MASK
        at += 4
    for byte in data[at:]:
        acc ^= byte * PRIME5 & MASK
        acc = _rotl(acc, 11) * PRIME1 & MASK
    # Step 6, the final mix.
    acc = (acc ^ acc >> 33) * PRIME2 & MASK
    acc = (acc ^ acc >> 29) * PRIME3 & MASK
    return acc ^ acc >> 32


def _lanes(data, whole):
    """Return the first *whole* bytes as a list of little-endian numbers of eight bytes."""
    if LITTLE_ENDIAN:
        return memoryview(data)[:whole].cast("Q").tolist()
    return [int.from_bytes(data[at : at + 8], "little") for at in range(0, whole, 8)]


def _rotl(value, bits):
    return (value << bits | value >> (64 - bits)) & MASK
