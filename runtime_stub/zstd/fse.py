"""RFC 8878, 4.1: FSE, the entropy code of sequences and of Huffman weights."""

from .error import ZstdError


def read_distribution(data: bytes, start: int, end: int, max_accuracy: int, symbols: int):
    """Read an FSE table description (4.1.1).

    ``data[start:end]`` is the room that it may fill, *max_accuracy* the
    largest Accuracy_Log that the kind of table allows, *symbols* the number of
    symbols that its alphabet has. Returns the normalised probabilities, of
    which -1 means "less than 1", the Accuracy_Log, and the offset behind the
    description. Raises ZstdError.
    """
    if start >= end:
        raise ZstdError("an FSE table description is missing", start)
    # The longest description by far is shorter than 512 bytes: 256 symbols of at most 10 bits and the flags between them.
    bits = int.from_bytes(data[start : min(end, start + 512)], "little")
    available = 8 * (end - start)

    # "The bitstream starts by reporting on which scale it operates: Accuracy_Log = low4bits + 5."
    accuracy = (bits & 15) + 5
    used = 4
    if accuracy > max_accuracy:
        raise ZstdError("an FSE table has accuracy %d, more than the %d allowed" % (accuracy, max_accuracy), start)

    distribution = []
    remaining = 1 << accuracy
    while remaining > 0:
        # "It may read any value from 0 to the remaining probabilities + 1": as many bits as that number has,
        # and one bit less for the small values that this leaves over.
        width = (remaining + 1).bit_length()
        small = (1 << width) - 1 - (remaining + 1)
        value = bits >> used & ((1 << width) - 1)
        low = value & ((1 << width - 1) - 1)
        if low < small:
            value = low
            used += width - 1
        else:
            if value >= 1 << width - 1:
                value -= small
            used += width
        # "Probability = Value - 1. -1 means less than 1, and counts as one."
        probability = value - 1
        distribution.append(probability)
        remaining -= abs(probability)
        # "When a symbol has a probability of zero, it is followed by a 2-bit repeat flag
        # that tells how many probabilities of zero follow. If it is a 3, another flag follows."
        if probability == 0:
            repeat = 3
            while repeat == 3:
                repeat = bits >> used & 3
                used += 2
                distribution.extend([0] * repeat)
        if used > available:
            raise ZstdError("an FSE table description is cut short", end)
        if len(distribution) > symbols:
            last = len(distribution) - 1
            raise ZstdError("an FSE table has a probability for symbol %d of %d" % (last, symbols), start)

    # "The bitstream consumes a round number of bytes; any remaining bit within the last byte is unused."
    return distribution, accuracy, start + (used + 7) // 8


def decoding_table(distribution, accuracy: int):
    """Turn normalised probabilities into a decoding table (4.1.1, last part).

    Returns a list of ``1 << accuracy`` cells ``(symbol, number_of_bits,
    baseline)``: the next state is the baseline plus as many bits of the stream.
    """
    size = 1 << accuracy
    cells = [0] * size

    # "Symbols are scanned in their natural order for less-than-1 probabilities.
    # They get a single cell, starting from the end of the table and retreating."
    free = size
    for symbol, probability in enumerate(distribution):
        if probability == -1:
            free -= 1
            cells[free] = symbol

    # "All remaining symbols are allocated cells, spread:
    # position += (tableSize>>1) + (tableSize>>3) + 3; position &= tableSize-1.
    # A position is skipped if already occupied by a less-than-1 symbol."
    position = 0
    step = (size >> 1) + (size >> 3) + 3
    mask = size - 1
    for symbol, probability in enumerate(distribution):
        for _ in range(probability):
            cells[position] = symbol
            position = position + step & mask
            while position >= free:
                position = position + step & mask

    # "Sort the states of each symbol. Each share of the table is a power of two wide, and the lowest
    # states count double." The n-th state of a symbol with probability p stands for the number p + n,
    # which ranges over p ... 2p - 1: shifted left to fill accuracy + 1 bits, it is the baseline plus the size.
    numbers = [abs(probability) for probability in distribution]
    table = []
    for symbol in cells:
        number = numbers[symbol]
        numbers[symbol] = number + 1
        bits = accuracy + 1 - number.bit_length()
        table.append((symbol, bits, (number << bits) - size))
    return table
