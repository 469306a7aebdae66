"""RFC 8878, 5: the dictionary format."""

from .block import History
from .error import ZstdError
from .huffman import read_tree
from .sequences import LITERALS_LENGTHS, MATCH_LENGTHS, OFFSETS

MAGIC = b"\x37\xa4\x30\xec"


class Dictionary:
    """What a frame starts with: the dictionary's id (0: none), its content and its history."""

    __slots__ = ("content", "history", "id")

    def __init__(self, id: int, content: bytes, history: History) -> None:
        self.id = id
        self.content = content
        self.history = history


NONE = Dictionary(0, b"", History())

# The last formatted dictionary: many frames share one, and its tables take longer to build than a small frame to decode.
_latest = (b"", NONE)


def read_dictionary(data: "bytes | None", raw: bool = False) -> Dictionary:
    """Read a dictionary.

    Bytes that begin with the dictionary magic are a formatted dictionary,
    others (and all, if *raw*) raw content, which acts as if it stood before the
    frame's content. Raises ZstdError, whose offset is one of the dictionary.
    """
    global _latest
    if not data:
        return NONE
    if raw or data[:4] != MAGIC:
        return Dictionary(0, data, History())
    known, dictionary = _latest
    if known != data:
        try:
            dictionary = _formatted(data)
        except ZstdError as problem:
            raise ZstdError(problem.reason, problem.offset, "dictionary") from None
        _latest = data, dictionary
    return dictionary


def _formatted(data):
    # "Magic_Number, Dictionary_ID (4 bytes, little-endian: any value, except 0), Entropy_Tables, Content."
    end = len(data)
    if end < 8:
        raise ZstdError("the dictionary's header is cut short", end)
    identifier = int.from_bytes(data[4:8], "little")
    if not identifier:
        raise ZstdError("the dictionary has the id 0", 4)
    # "Entropy_Tables are stored in following order: Huffman table for literals, FSE table for offsets,
    # FSE table for match lengths, and FSE table for literals lengths."
    tree, at = read_tree(data, 8, end)
    offsets, at = OFFSETS.read_table(data, at, end)
    match_lengths, at = MATCH_LENGTHS.read_table(data, at, end)
    literals_lengths, at = LITERALS_LENGTHS.read_table(data, at, end)
    # "Finally, 3 offset values, populating repeat offsets, 4 bytes little-endian each.
    # Each must have a value less than or equal to the dictionary content size, and cannot equal 0."
    start = at + 12
    if start > end:
        raise ZstdError("the dictionary's repeated offsets are cut short", at)
    recent = tuple(int.from_bytes(data[here : here + 4], "little") for here in range(at, start, 4))
    for value in recent:
        if not 0 < value <= end - start:
            raise ZstdError("the dictionary repeats offset %d, its content has %d bytes" % (value, end - start), at)
    return Dictionary(identifier, data[start:], History(tree, (literals_lengths, offsets, match_lengths), recent))
