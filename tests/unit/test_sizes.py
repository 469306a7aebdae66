"""Each byte of an app file is told to be something, once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bundler import accounts, sizes
from bundler.build import build

DATA = "".join("line %d of some data\n" % number for number in range(2000)).encode()
FILES = {
    "app/__init__.py": b"",
    "app/tool.py": b"import re\nfrom app import other\nWORDS = re.compile('(a|b)+c')\n\ndef main():\n    print(other.VALUE)\n",
    "app/other.py": b"VALUE = %r\n" % DATA.decode()[:5000],
    "app/data.txt": DATA,
    "app/again.txt": DATA,
    "thing-1.dist-info/METADATA": b"Metadata-Version: 2.1\nName: thing\nVersion: 1\n\n" + DATA[:3000],
    "thing-1.dist-info/RECORD": b"",
    "thing-1.dist-info/licenses/LICENSE": DATA[:1000],
}
NATIVE = Path(sys.executable).read_bytes()[:300_000]


@pytest.fixture
def tree(tmp_path):
    for path, content in FILES.items():
        file = tmp_path / "tree" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path / "tree"


def told(tree, **options):
    output = tree.parent / "app.pyz"
    build(None, output, site_packages=tree, entry_point="app.tool:main", cache=False, **options)
    found = accounts.read(output)["sizes"]
    assert sum(found.values()) == output.stat().st_size
    assert list(found) == list(sizes.KINDS)
    assert min(found.values()) >= 0
    return found


@pytest.mark.parametrize("codec", ["stored", "zlib", "zstd"])
@pytest.mark.parametrize("more", [{}, {"optimize": (0, 2)}, {"target": ["current", "cp399-win_amd64"]}], ids=["one", "two levels", "two targets"])
def test_parts_sum_up_to_the_file(tree, codec, more):
    found = told(tree, codec=codec, **more)
    assert all(found[kind] for kind in ("bytecode", "sources", "data", "metadata", "index", "runtime"))
    assert (found["native"], found["padding"]) == (0, 0)


def test_bytes_that_are_not_compressed_are_told_to_the_byte(tree):
    found = told(tree, codec="stored")
    assert found["sources"] == sum(len(content) for path, content in FILES.items() if path.endswith(".py"))
    assert found["data"] == len(DATA)  # the second is the same bytes
    # the zip has METADATA once more
    assert found["metadata"] >= sum(len(content) for path, content in FILES.items() if "dist-info" in path)


def test_what_is_left_out_takes_no_bytes(tree):
    assert told(tree, sources=False, codec="zlib")["sources"] == 0
    assert told(tree, bytecode="none", codec="zlib")["bytecode"] == 0


def test_native_files_are_told_apart_from_data(tree):
    if not NATIVE.startswith(b"\x7fELF"):
        pytest.skip("programs here are not of ELF")
    before = told(tree, codec="stored")
    (tree / "app" / "program").write_bytes(NATIVE)
    after = told(tree, codec="stored")
    assert after["native"] + after["padding"] >= len(NATIVE)
    assert (after["data"], before["native"]) == (before["data"], 0)


def test_text_names_the_largest_first_and_nothing_that_is_not_there():
    assert sizes.text({**dict.fromkeys(sizes.KINDS, 0), "data": 2_500, "native": 1_200_000}) == "native files 1.2 MB, data files 2.5 kB"
