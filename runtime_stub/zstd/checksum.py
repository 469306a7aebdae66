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

# The four lanes of a stripe are computed in one number, 128 bits apart: a lane's product with a prime has its own room,
# and one operation of the interpreter serves four lanes (twice as fast as lane by lane).
ROOM = 128
LANES = MASK | MASK << ROOM | MASK << 2 * ROOM | MASK << 3 * ROOM
START = (PRIME1 + PRIME2 & MASK) | PRIME2 << ROOM | 0 << 2 * ROOM | (-PRIME1 & MASK) << 3 * ROOM
STRIPE = 32
CHUNK = 2048 * STRIPE


def xxh64(data: bytes) -> int:
    """Return the 64-bit xxHash of *data* with a seed of zero."""
    length = len(data)
    whole = length - length % STRIPE
    if whole:
        # Step 2, stripes of 32 bytes, and step 3, the four accumulators converge.
        lanes = _stripes(data, whole)
        parts = [lanes >> shift & MASK for shift in range(0, 4 * ROOM, ROOM)]
        acc = sum(_rotl(part, bits) for part, bits in zip(parts, (1, 7, 12, 18))) & MASK
        for part in parts:
            acc = (acc ^ _rotl(part * PRIME2 & MASK, 31) * PRIME1 & MASK) * PRIME1 + PRIME4 & MASK
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


def _stripes(data, whole):
    """Return the accumulators after the first *whole* bytes, in the form of START."""
    acc = START
    lanes, prime1, prime2, number = LANES, PRIME1, PRIME2, int.from_bytes
    for start in range(0, whole, CHUNK):
        chunk = data[start : min(start + CHUNK, whole)]
        spaced = bytearray(2 * len(chunk))
        for byte in range(8):
            spaced[byte::16] = chunk[byte::8]
        for at in range(0, len(spaced), 64):
            # "acc = rotl64(acc + lane * PRIME2, 31) * PRIME1", and what a shift takes into a neighbour's room is masked.
            acc = acc + number(spaced[at : at + 64], "little") * prime2 & lanes
            acc = ((acc << 31 | acc >> 33) & lanes) * prime1 & lanes
    return acc


def _rotl(value, bits):
    return (value << bits | value >> (64 - bits)) & MASK
