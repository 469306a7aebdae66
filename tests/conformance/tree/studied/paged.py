"""Pages are parted by form feeds."""

def first():
    return 1


def second():
    raise ValueError("after  the second  page")


def third():
    return 3
