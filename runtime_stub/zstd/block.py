"""RFC 8878, 3.1.1.3: compressed blocks."""

from .execution import execute
from .literals import read_literals
from .sequences import read_header, read_sequences


class History:
    """What a compressed block takes over from the blocks before it, or from the dictionary.

    The Huffman tree for treeless literals; the tables of literals lengths,
    offsets and match lengths for Repeat_Mode; the three Repeated_Offsets.
    """

    __slots__ = ("recent", "tables", "tree")

    def __init__(self, tree=None, tables=(None, None, None), recent=(1, 4, 8)):
        # 3.1.1.5: "For the first block, the starting offset history is populated with 1, 4 and 8."
        self.tree = tree
        self.tables = tables
        self.recent = recent

    def copy(self) -> "History":
        """Return an equal history that a frame may change."""
        return History(self.tree, self.tables, self.recent)


def decode_block(data: bytes, start: int, end: int, history: History, output, max_size: int) -> None:
    """Append the content of the compressed block ``data[start:end]`` to *output*.

    *max_size* is Block_Maximum_Size. Updates *history*. Raises ZstdError.
    """
    # "A compressed block consists of two sections: Literals_Section and Sequences_Section. The results
    # of the two sections are then combined to produce the decompressed data in Sequence Execution."
    literals, tree, at = read_literals(data, start, end, max_size, history.tree)
    count, tables, at = read_header(data, at, end, history.tables)
    sequences = read_sequences(data, at, end, count, tables) if count else ()
    history.tree = tree
    history.tables = tables
    history.recent = execute(sequences, literals, output, history.recent, max_size, start)
