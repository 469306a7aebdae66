"""RFC 8878, 3.1.1 and 3.1.2: what the first bytes of a frame say, and the frames to skip."""

from .error import ZstdError

# "Magic_Number: 4 bytes, little-endian. Value: 0xFD2FB528."
MAGIC = b"\x28\xb5\x2f\xfd"


def find_frame(data: bytes) -> int:
    """Return the offset of the Zstandard frame, behind any skippable frames. Raises ZstdError if there is none."""
    at = 0
    # 3.1.2: "Magic_Number: 0x184D2A5?, all 16 values are valid. Frame_Size: the size of the following User_Data,
    # 4 bytes, little-endian. Skippable frames need just be skipped, resuming decoding after."
    while data[at + 1 : at + 4] == b"\x2a\x4d\x18" and data[at] >> 4 == 5:
        if at + 8 > len(data):
            raise ZstdError("a skippable frame's header is cut short", at)
        after = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        if after > len(data):
            raise ZstdError("a skippable frame is cut short", at)
        at = after
    if data[at : at + 4] != MAGIC:
        raise ZstdError("there is no Zstandard frame", at)
    return at
