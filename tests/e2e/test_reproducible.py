"""The same input gives the same bytes, whatever else differs."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SOURCE = '''
"""Module {n}."""
import os
NAMES = frozenset({{"alpha", "beta", "gamma", "delta", "x{n}", ".", "e"}})
def check(value, *, kind=("a", "b", 1.5, -0.0, 10 ** 20)):
    return value in {{"one", "two", "three", "four", b"five", 6}} and "alpha" in NAMES and (lambda: kind)
class Thing{n}:
    name = "alpha"
    def run(self): return [self.name for _ in range({n})]
'''


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree") / "app"
    for number in range(60):
        path = root / ("package%d" % (number % 7)) / ("module%d.py" % number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOURCE.format(n=number))
        (path.parent / "__init__.py").touch()
        (path.parent / "data.txt").write_text("data %d" % (number % 7) * 50)
    (root / "__main__.py").write_text("import package1.module1\nprint(package1.module1.check('one'))\n")
    return root


def digest(tree: Path, output: Path, *options: str, umask: int = 0o22, **environment: str) -> str:
    """Build ``tree`` in a new process and return the digest of the app file."""
    command = [sys.executable, "-m", "bundler", "build", str(tree), "-o", str(output), *options]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    subprocess.run(command, env=variables, check=True, capture_output=True, umask=umask)
    return hashlib.sha256(output.read_bytes()).hexdigest()


def shuffled_copy(tree: Path, root: Path) -> Path:
    """Copy ``tree`` file by file in another order, with other times and modes of directories."""
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    random.Random(1).shuffle(files)
    for number, file in enumerate(files):
        copy = root / file.relative_to(tree)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
        os.utime(copy, (number * 1000, number * 1000))
    return root


@pytest.mark.costly
def test_same_bytes_whatever_the_environment(tree: Path, tmp_path: Path, python: str) -> None:
    first = digest(tree, tmp_path / "first.pyz", "-p", python, "--no-cache", PYTHONHASHSEED="0")
    others = {
        "hash seed": digest(tree, tmp_path / "a.pyz", "-p", python, "--no-cache", PYTHONHASHSEED="77"),
        "umask": digest(tree, tmp_path / "b.pyz", "-p", python, "--no-cache", umask=0o77),
        "locale and time zone": digest(tree, tmp_path / "c.pyz", "-p", python, "--no-cache", LC_ALL="C", TZ="Asia/Tokyo"),
        "directory order and times": digest(
            shuffled_copy(tree, tmp_path / "elsewhere" / "app"), tmp_path / "d.pyz", "-p", python, "--no-cache"
        ),
        "cold cache": digest(tree, tmp_path / "e.pyz", "-p", python, XDG_CACHE_HOME=str(tmp_path / "cache")),
        "warm cache": digest(tree, tmp_path / "f.pyz", "-p", python, XDG_CACHE_HOME=str(tmp_path / "cache")),
    }
    assert {name: value for name, value in others.items() if value != first} == {}


@pytest.mark.parametrize("codec", ["zlib", "zstd", "stored"])
def test_same_bytes_whatever_the_number_of_workers(tree: Path, tmp_path: Path, codec: str) -> None:
    from bundler.build import build

    written = []
    for workers in (1, 2, 5):
        build(tree, tmp_path / "x.pyz", codec=codec, cache=False, workers=workers)
        written.append((tmp_path / "x.pyz").read_bytes())
    assert written[0] == written[1] == written[2]


def test_damaged_cache_changes_nothing(tree: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = digest(tree, tmp_path / "a.pyz", XDG_CACHE_HOME=str(cache))
    entries = [path for path in cache.rglob("*") if path.is_file() and path.stat().st_size > 100]
    assert len(entries) > 5
    for number, path in enumerate(entries):
        data = bytearray(path.read_bytes())
        data[40 + number % (len(data) - 40)] ^= 1 + number % 255
        path.write_bytes(data)
    assert digest(tree, tmp_path / "b.pyz", XDG_CACHE_HOME=str(cache)) == first


def test_output_says_nothing_of_the_machine(tree: Path, tmp_path: Path) -> None:
    digest(tree, tmp_path / "x.pyz", "--codec", "stored", "--no-cache")
    data = (tmp_path / "x.pyz").read_bytes()
    for word in (str(tree), str(tmp_path), str(ROOT), sys.prefix):
        assert word.encode() not in data, word
