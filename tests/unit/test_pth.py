"""Which lines of ``.pth`` files make sense in a bundle."""

from __future__ import annotations

from pathlib import Path

import pytest

from bundler import pth
from bundler.build import build
from bundler.stages import File, StartLine

IMPORT = "import sys; "
BESIDE = ("there/__init__.py", "alone.py", "native.cpython-311-x86_64-linux-gnu.so", "spaced/deep/inner.py", "extra/added.py", "x.egg")


def read(text: str | bytes, name: str = "x.pth", owner: str = "Owner", **others: str):
    """Return what is taken over of one file with ``text``, and the reasons why the rest is not."""
    files = [File(path, Path(path), owner="Owner") for path in BESIDE] + [File(name, Path(name), owner=owner)]
    data = text if isinstance(text, bytes) else text.encode()
    kept, left_out = pth.read(files, {name: data}, frozenset(["sys", "os", "types", "importlib"]))
    return [(each.number, each.text) for each in kept], [(each.number, each.reason) for each in left_out]


@pytest.mark.parametrize(
    "line",
    [
        "import there", "import\tthere", "import there.sub, alone", IMPORT + "from alone import x", IMPORT + "__import__('there.sub')",
        IMPORT + "sys.path and importlib.import_module('native')", "import spaced.deep", "import os; os.environ['x']",
        "import sys; exec('import there')", "import this is no python", "import sys; open('/no/such/directory')",
        "import os; os.path.join('/', 'x')", "extra", "extra ", "./extra/", "spaced/deep",
    ],
)  # fmt: skip
def test_line_is_taken_over(line):
    kept, left_out = read(line)
    assert len(kept) == 1 and not left_out


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("import _virtualenv", "it imports `_virtualenv`, which is not in the bundle"),
        (IMPORT + "from absent.part import x", "it imports `absent.part`, which is not in the bundle"),
        ("import os; enabled = 1; enabled and __import__('_hack').add()", "it imports `_hack`, which is not in the bundle"),
        ("import importlib; importlib.import_module('absent')", "it imports `absent`, which is not in the bundle"),
        ("import os; exec('try:\\n import absent\\nfinally: pass')", "it imports `absent`, which is not in the bundle"),
        ("import sys; sys.path.insert(0, %r)" % str(Path(__file__).parent), f"it names `{Path(__file__).parent}`, a path of one machine"),
        ("/usr/lib", "`/usr/lib` is a path of one machine"),
        ("../beside", "`../beside` leads outside"),
        ("extra/../..", "`..` leads outside"),
        ("absent", "there is no directory `absent` in the bundle"),
        ("x.egg", "`x.egg` is a file, which cannot be imported from in a bundle"),
    ],
)
def test_line_is_left_out_with_its_reason(line, reason):
    assert read("# first\n" + line) == ([], [(2, reason)])


def test_lines_keep_their_order_and_their_numbers():
    text = "\ufeff# comment\n\nextra\nabsent\r\nimport there\n.\nimport absent\nspaced\n"
    kept, left_out = read(text)
    assert kept == [(3, "extra"), (5, "import there"), (8, "spaced")]
    assert [number for number, _ in left_out] == [4, 7]


def test_module_in_a_directory_that_a_line_adds_can_be_imported():
    assert read("import added\nextra\n") == ([(1, "import added"), (2, "extra")], [])


def test_bytes_that_are_no_utf_8_are_read():
    assert read(b"import there # \xe9\n") == ([(1, "import there # é")], [])


@pytest.mark.parametrize(("name", "owner"), [("x.pth", ""), ("sub/x.pth", "Owner"), (".x.pth", "Owner"), ("x.txt", "Owner")])
def test_file_that_is_none_of_a_dependency_at_the_root_is_not_read(name, owner):
    assert read("import there\n", name, owner) == ([], [])


def test_entry_points_are_taken_over_and_the_presence_of_their_file():
    kept, left_out = read("# comment\nthere:first\nabsent.part:second\n", "x.start")
    assert kept == [(0, ""), (2, "there:first")]
    assert left_out == [(3, "it imports `absent.part`, which is not in the bundle")]


def test_files_come_in_the_order_of_their_names():
    files = [File(name, Path(name), owner=name) for name in ("b.pth", "a.start", "a.pth", "B.pth")]
    kept, _ = pth.read(files, {file.path: b"import sys\n" if "pth" in file.path else b"" for file in files}, frozenset(["sys"]))
    assert [each.file for each in kept] == ["B.pth", "a.pth", "a.start", "b.pth"]


def test_modules_that_lines_import_are_a_starts():
    lines = [StartLine("a.pth", 1, "import one; __import__('two'); exec('import three')"), StartLine("a.pth", 2, "extra")]
    assert pth.modules([*lines, StartLine("a.start", 0, ""), StartLine("a.start", 1, "four.five:six")]) == ["one", "two", "four.five"]


def test_build_names_what_it_leaves_out_and_drops_what_a_tool_put_there(tmp_path):
    site_packages, metadata = tmp_path / "site", tmp_path / "site" / "owner-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: owner\nVersion: 1.0\n")
    (metadata / "RECORD").write_text("own.pth,,\nowner.py,,\n")
    for name, text in {"_virtualenv.pth": "import _virtualenv", "_virtualenv.py": "", "own.pth": "import gone", "owner.py": ""}.items():
        (site_packages / name).write_text(text)
    built = build(None, tmp_path / "app.pyz", site_packages=site_packages, entry_point="owner", cache=False)
    assert built.left_out == (
        "left out `_virtualenv.pth`, line 1: it imports `_virtualenv`, which is not in the bundle",
        "left out `own.pth`, line 1: it imports `gone`, which is not in the bundle",
    )
    data = (tmp_path / "app.pyz").read_bytes()
    assert b"\npth " not in data
