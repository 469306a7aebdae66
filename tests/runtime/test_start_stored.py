"""Where a start's bytecode is a small part of a file, it is stored as it is: same modules, same tracebacks, nothing to decompress."""

from __future__ import annotations

import random

from running import run

from runtime_stub.layout import STORED

PROGRAM = """\
import sys, traceback
from shop import till
print(till.total([1, 2]), till.__file__.endswith("till.py"), sys.argv[1:])
try:
    till.total(["x"])
except TypeError:
    print(traceback.format_exc().count("return sum(prices)"))
"""
FILES = {
    "__main__.py": PROGRAM,
    "shop/__init__.py": "",
    "shop/till.py": "'''Sum.'''\n" + "".join("def f%d(a, b): return a\n" % number for number in range(300)) + "def total(prices):\n    return sum(prices)\n",
}
#: Of which nothing can be compressed away, in Latin-1.
LARGE = {"shop/data.txt": "".join(map(chr, random.Random(1).choices(range(256), k=400_000)))}


def _codecs(app):
    """Return the codecs of the frames with bytecode of the package, and those of the frames that are read ahead."""
    from runtime_stub.container import Container, parse_frame
    from runtime_stub.layout import CODE_0, MODULE_KEY
    from runtime_stub.source import LocalFile

    source = LocalFile(str(app))
    store = Container(source, source.footer, bytes(4))
    entry = store.find("shop" + MODULE_KEY + "till")
    return entry.parts[CODE_0][0][4], [parse_frame(words)[4] for words in store.manifest.get("start", ())]


def test_a_small_start_of_a_large_file_is_stored_and_runs_the_same(python, build_app):
    small, large = build_app(FILES, python=python), build_app({**FILES, **LARGE}, python=python)
    codec, ahead = _codecs(small)
    assert codec != STORED and ahead == [codec]
    assert _codecs(large) == (STORED, [])
    ran = [run(python, app, "a") for app in (small, large)]
    assert [each.stdout for each in ran] == ["3 True ['a']\n1\n"] * 2
    assert [each.stderr for each in ran] == [""] * 2


def test_a_stored_start_that_is_damaged_is_refused(python, build_app, tmp_path):
    app = build_app({**FILES, **LARGE}, python=python)
    data = bytearray(app.read_bytes())
    at = data.index(b"prices")
    data[at] ^= 1
    damaged = tmp_path / "app.pyz"
    damaged.write_bytes(data)
    ran = run(python, damaged, "a")
    assert ran.returncode == 1 and "is damaged" in ran.stderr
