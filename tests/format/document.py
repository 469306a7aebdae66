"""What the tests take from docs/FORMAT.md: its hex dumps, and the table that says what they mean."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "FORMAT.md"


def dump(title: str) -> bytes:
    """Return the bytes of the hex dump that is fenced as ``hexdump TITLE``.

    A line is an offset, two spaces, bytes, and perhaps two spaces and a remark;
    a line of a remark alone begins with ``#``. Offsets are checked.
    """
    data = b""
    for line in _fenced("hexdump " + title):
        if not line or line.startswith("#"):
            continue
        offset, _, rest = line.partition("  ")
        assert int(offset, 16) == len(data), line
        data += bytes.fromhex(rest.partition("  ")[0])
    return data


def rows(title: str) -> dict[str, str]:
    """Return the two columns of the table below the line that ends with ``TITLE:``; backticks are left out."""
    text = PAGE.read_text(encoding="utf-8")
    table = text.partition(title + ":\n\n")[2].partition("\n\n")[0].splitlines()
    cells = [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in table[2:]]
    return {name: value for name, value in cells}


def _fenced(opening: str) -> list[str]:
    pattern = r"^```%s\n(.*?)^```$" % re.escape(opening)
    found = re.findall(pattern, PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(found) == 1, "%d dumps named %s" % (len(found), opening)
    return found[0].splitlines()
