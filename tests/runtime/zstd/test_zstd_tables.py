"""FSE tables against appendix A of RFC 8878, and against the properties that every table has."""

import pytest

from runtime_stub.zstd.fse import decoding_table
from runtime_stub.zstd.sequences import LITERALS_LENGTHS, MATCH_LENGTHS, OFFSETS

# The symbol of each state.
# fmt: off
LITERALS_LENGTH_SYMBOLS = [
    0, 0, 1, 3, 4, 6, 7, 9, 10, 12, 14, 16, 18, 19, 21, 22, 24, 25, 26, 27, 29, 31, 0, 1, 2, 4, 5, 7, 8, 10, 11, 13,
    16, 17, 19, 20, 22, 23, 25, 25, 26, 28, 30, 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 15, 17, 18, 20, 21, 23, 24,
    35, 34, 33, 32]
MATCH_LENGTH_SYMBOLS = [
    0, 1, 2, 3, 5, 6, 8, 10, 13, 16, 19, 22, 25, 28, 31, 33, 35, 37, 39, 41, 43, 45, 1, 2, 3, 4, 6, 7, 9, 12, 15, 18,
    21, 24, 27, 30, 32, 34, 36, 38, 40, 42, 44, 1, 1, 2, 4, 5, 7, 8, 11, 14, 17, 20, 23, 26, 29,
    52, 51, 50, 49, 48, 47, 46]
OFFSET_SYMBOLS = [
    0, 6, 9, 15, 21, 3, 7, 12, 18, 23, 5, 8, 14, 20, 2, 7, 11, 17, 22, 4, 8, 13, 19, 1, 6, 10, 16, 28, 27, 26, 25, 24]
# fmt: on
KINDS = [
    (LITERALS_LENGTHS, LITERALS_LENGTH_SYMBOLS),
    (MATCH_LENGTHS, MATCH_LENGTH_SYMBOLS),
    (OFFSETS, OFFSET_SYMBOLS),
]
# Number_of_Bits and baseline of each of the cells of one symbol, by the number of its cells.
WIDTHS = {
    64: {1: [(6, 0)], 2: [(5, 0), (5, 32)], 3: [(5, 32), (4, 0), (4, 16)], 4: [(4, 0), (4, 16), (4, 32), (4, 48)]},
    32: {1: [(5, 0)], 2: [(4, 0), (4, 16)]},
}


@pytest.mark.parametrize("kind, symbols", KINDS, ids=["literals lengths", "match lengths", "offsets"])
def test_default_distribution_makes_the_table_of_the_appendix(kind, symbols):
    table = decoding_table(kind.distribution, kind.accuracy)
    assert [symbol for symbol, _, _ in table] == symbols
    for symbol in set(symbols):
        cells = [(bits, baseline) for own, bits, baseline in table if own == symbol]
        assert cells == WIDTHS[len(table)][len(cells)]


def test_symbol_of_five_cells_has_the_widths_of_the_example():
    # 4.1.1: states 1, 39, 77, 84 and 122 in a table of 128.
    cells = [cell[1:] for cell in decoding_table([5, 123], 7) if cell[0] == 0]
    assert cells == [(5, 32), (5, 64), (5, 96), (4, 0), (4, 16)]


@pytest.mark.parametrize(
    "kind, last", [(LITERALS_LENGTHS, (16, 65536)), (MATCH_LENGTHS, (16, 65539)), (OFFSETS, (31, 1 << 31))]
)
def test_last_code_has_its_bits_and_baseline(kind, last):
    assert kind.codes[-1] == last
