"""``--trace`` and ``--bytecode``: the file is laid out for starts that were seen, and does what it does otherwise."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import pytest

from bundler.build import build
from bundler.errors import BundlerError, ProjectError, UsageError
from bundler.report import Report
from runtime_stub.container import Container, parse_frame
from runtime_stub.layout import CODE_0, CONTENT, MODULE_KEY
from runtime_stub.source import LocalFile

PATTERNS = "".join("re.compile(PREFIX + 'item %d *')\n" % number for number in range(20))
FILES = {
    "shop/__init__.py": "",
    "shop/main.py": """if 1:
        import importlib, os, sys
        def main():
            name = sys.argv[1] if len(sys.argv) > 1 else "first"
            print(importlib.import_module("shop." + name).SAID)
            with open(os.environ.get("SHOP_LOG", os.devnull), "a") as file:
                file.write(name + chr(10))
            return name == "third"
    """,
    # what no reading finds out
    "shop/first.py": "import re, sys\nPREFIX = chr(sys.maxunicode % 7 + 65)\n" + PATTERNS + "SAID = 'one'\n",
    "shop/second.py": "SAID = 'two'\n",
    "shop/third.py": "SAID = 'three'\n",
    "shop/never.py": "SAID = 'never'\n",
}


# as awscli has its copy of botocore
ALIASED = """if 1:
    import importlib, sys
    from importlib.machinery import PathFinder
    class Finder:
        def find_spec(self, name, path=None, target=None):
            return PathFinder.find_spec(name, __path__ if name == "copied" else path, target)
    sys.meta_path.insert(sys.meta_path.index(PathFinder), Finder())
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The application, which logs each of its starts to ``log`` beside it."""
    for name, text in FILES.items():
        path = tmp_path / "a shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setenv("SHOP_LOG", str(tmp_path / "log"))
    return tmp_path / "a shop"


def built(source: Path, name: str = "shop.pyz", **options) -> Container:
    """Build the application and return the container."""
    path = source.parent / name
    build(source, path, entry_point="shop.main:main", python=sys.executable, cache=False, **options)
    file = LocalFile(str(path))
    return Container(file, file.footer, MAGIC_NUMBER)


def in_start(store: Container, name: str) -> bool:
    """Return whether the module's bytecode lies in a frame of the start."""
    frames = {parse_frame(words)[0] for words in store.manifest["start"]}
    part = store.find("shop" + MODULE_KEY + name).parts.get(CODE_0)
    return part is not None and part[0][0] in frames


def log(source: Path) -> list[str]:
    """Return the names of the starts that there were."""
    file = source.parent / "log"
    return file.read_text().split() if file.exists() else []


class Told(Report):
    """What the build warned of."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, text: str, hint: str | None = None) -> None:
        self.warnings.append(text)


def test_build_runs_nothing_of_the_application_unless_it_is_traced(source: Path) -> None:
    store = built(source)
    assert log(source) == []
    assert [in_start(store, name) for name in ("main", "first", "second")] == [True, False, False]


def test_what_traced_starts_import_lies_with_the_start_and_what_they_compile_is_carried(source: Path) -> None:
    store = built(source, trace=["first", "'second'"])
    assert log(source) == ["first", "second"]
    assert [in_start(store, name) for name in ("main", "first", "second", "third")] == [True, True, True, False]
    assert "patterns" in store.manifest
    assert "patterns" not in built(source, "plain.pyz").manifest
    ran = subprocess.run([sys.executable, "-I", source.parent / "shop.pyz", "third"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "three\n", "")


def test_two_traced_builds_are_alike_byte_for_byte(source: Path) -> None:
    for name in ("a.pyz", "b.pyz"):
        built(source, name, trace=["first"])
    assert (source.parent / "a.pyz").read_bytes() == (source.parent / "b.pyz").read_bytes()


@pytest.mark.parametrize(("bytecode", "having"), [("all", [True, True]), ("traced", [True, False]), ("none", [False, False])])
def test_modules_without_bytecode_are_compiled_when_they_are_imported(source: Path, bytecode: str, having: list[bool]) -> None:
    store = built(source, trace=["first"], bytecode=bytecode)
    entries = [store.find("shop" + MODULE_KEY + name) for name in ("first", "second")]
    assert [CODE_0 in entry.parts for entry in entries] == having
    assert all(CONTENT in entry.parts for entry in entries)
    ran = subprocess.run([sys.executable, "-I", source.parent / "shop.pyz", "second"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "two\n", "")


def test_failing_start_is_warned_of_and_used_all_the_same(source: Path) -> None:
    told = Told()
    store = built(source, trace=["third"], report=told)
    assert told.warnings == ["the traced start with `third` exited with 1"]
    assert in_start(store, "third")


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"trace": ["'first"]}, UsageError, "`--trace 'first` is no command line: No closing quotation"),
        ({"bytecode": "traced"}, UsageError, "`--bytecode traced` needs a start to trace"),
        ({"bytecode": "some"}, UsageError, "there is no `--bytecode some`"),
        ({"bytecode": "none", "sources": False}, UsageError, "`--bytecode none` and `--no-source` leave modules with neither"),
        ({"trace": ["first"], "library": True}, ProjectError, "`--trace` starts the app, and a library has nothing to start"),
        ({"trace": ["first"], "target": ["cp313-win_amd64"]}, UsageError, "`--trace` starts the app, and none of its targets runs here"),
    ],
)  # fmt: skip
def test_wishes_that_cannot_be_met_are_refused_and_the_old_file_stays(
    source: Path, options: dict, kind: type[BundlerError], message: str
) -> None:
    output = source.parent / "shop.pyz"
    output.write_bytes(b"old")
    with pytest.raises(kind) as refused:
        built(source, **{"trace": [], **options})
    assert refused.value.message == message
    assert refused.value.hint
    assert output.read_bytes() == b"old"
    assert log(source) == []


def test_module_that_a_finder_gives_another_name_is_of_the_start(source: Path) -> None:
    (source / "shop/__init__.py").write_text(ALIASED)
    (source / "shop/copied").mkdir()
    (source / "shop/copied/__init__.py").write_text("from copied.inner import SAID\n")
    (source / "shop/copied/inner.py").write_text("SAID = 'copied'\n")
    (source / "shop/first.py").write_text("import importlib\nSAID = importlib.import_module('copied').SAID\n")
    store = built(source, trace=["first"], bytecode="traced")
    parts = [store.find(directory + MODULE_KEY + name).parts for directory, name in (("shop/copied", "__init__"), ("shop/copied", "inner"))]
    assert all(CODE_0 in each for each in parts)
    assert store.find("shop" + MODULE_KEY + "never").parts.get(CODE_0) is None
