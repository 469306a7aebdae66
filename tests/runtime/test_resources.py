"""Paths of resources that C code and other processes can open, and namespace packages with portions in several places.

What there is to compare with a directory stands in `tests/conformance`.
"""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from interpreters import version
from running import run
from trees import Files, write_tree

from bundler.build import build

FILES: Files = {
    "box/__init__.py": "",
    "box/note.txt": "kept\n",
    "box/run": "#!/bin/sh\necho ran with $1\n",
    "box/data.sqlite": b"SQLite format 3\0and so on",
    "box/papers/one.txt": "one\n",
    "box/papers/deep/größe two.txt": "two\n",
    "lot/spot.py": "",
    "lot/here.txt": "here\n",
    "lot/shared/of_bundle.txt": "bundle\n",
    "only/data.txt": "no module\n",
}
PROGRAM = """
import importlib.resources, os, pathlib, stat, subprocess, sys
from importlib.resources import as_file, files
import box

def tried(function):
    try: return function()
    except OSError as error: return type(error).__name__, error.errno, error.strerror, error.filename

def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE).stdout

def file_for_a_child():
    with as_file(files(box) / "note.txt") as path:
        inside = output("cat", path), path.name, path.suffix, path.resolve().exists()
    return inside, os.path.exists(path)

def program():
    with as_file(files(box) / "run") as path:
        return output(path, "this")

def plain_path():
    with as_file(pathlib.Path(str(files(box))) / "note.txt") as path, as_file(pathlib.Path(sys.executable)) as other:
        return output("cat", path), str(path).startswith("/proc/"), str(other) == sys.executable

def directory():
    with as_file(files(box) / "papers") as path:
        names = sorted(str(each.relative_to(path)) for each in path.rglob("*") if each.is_file())
        seen = path.name, names, (path / "one.txt").read_text(), stat.S_IMODE(path.parent.stat().st_mode), str(path.parents[1])
    return seen, path.parent.exists()

def database():
    with as_file(files(box) / "data.sqlite") as path:
        return os.path.realpath(path) == str(path), path.name, path.read_bytes()[16:]

def read():
    root = files(box)
    return (root / "note.txt").read_text(), sorted(each.name for each in root.iterdir()), (root / "papers").is_dir()

def resolved():
    return str(files(box).resolve()), (files(box).resolve(strict=True) / "note.txt").read_text()
"""
ALL = ("file_for_a_child", "program", "plain_path", "directory", "database", "read", "resolved")
READ = ("kept\n", ["__init__.py", "data.sqlite", "note.txt", "papers", "run"], True)


@pytest.fixture(scope="session")
def app(build_app, python, tmp_path_factory):
    """An app file with a program among its resources."""
    source = write_tree(tmp_path_factory.mktemp("source"), FILES)
    (source / "box/run").chmod(0o755)
    target = source.parent / "resources app.pyz"
    build(source, target, library=True, python=python)
    return target


def evaluate(python: str, *arguments: str | Path, **env: str) -> Any:
    """Return the literal that is printed."""
    ran = run(python, *arguments, env=env)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ast.literal_eval(ran.stdout)


def within(python: str, app: Path, names: Sequence[str], first: str = "", **env: str) -> dict[str, Any]:
    """Return what the functions of the program return in the app, by name."""
    shown = f"{PROGRAM}{first}\nprint(ascii({{name: tried(globals()[name]) for name in {names}}}))"
    return evaluate(python, app, "-c", shown, BUNDLER_INTERPRETER="1", **env)


@pytest.fixture(scope="session")
def seen(python, app):
    """What the program sees."""
    return within(python, app, ALL)


def test_file_is_there_for_a_child_until_the_context_ends(seen):
    assert seen["file_for_a_child"] == ((b"kept\n", "note.txt", ".txt", True), False)


def test_program_can_be_run(seen):
    assert seen["program"] == b"ran with this\n"


def test_plain_path_into_the_bundle_is_taken_too(seen):
    assert seen["plain_path"] == (b"kept\n", True, True)


def test_directory_is_copied_to_a_private_place_in_memory_and_removed(seen):
    place = "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"
    names = ["deep/größe two.txt", "one.txt"]
    assert seen["directory"] == (("papers", names, "one\n", 0o700, place), False)


def test_database_has_a_path_that_is_no_link(seen):
    # SQLite would follow it, and make a new database where it leads
    assert seen["database"] == (True, "data.sqlite", b"and so on")


def test_directory_is_not_copied_where_nothing_is_to_be_written(python, app):
    found = within(python, app, ["directory", "file_for_a_child"], BUNDLER_STRICT="1")
    kind, number, text, filename = found["directory"]
    assert (kind, number, filename) == ("OSError", 30, f"{app}/box/papers")
    assert text == (
        "BUNDLER_STRICT forbids the temporary copy that C code could open: read this through `files`, "
        "or take the files of a directory by `as_file` one by one"
    )
    assert found["file_for_a_child"] == ((b"kept\n", "note.txt", ".txt", True), False)


@pytest.mark.parametrize("strict", ["", "1"])
def test_file_is_copied_where_there_are_no_files_in_memory(python, app, strict):
    found = within(python, app, ["file_for_a_child", "read"], "del os.memfd_create", BUNDLER_STRICT=strict)
    if strict:
        assert found["file_for_a_child"][:2] == ("OSError", 30)
    else:
        assert found["file_for_a_child"] == ((b"kept\n", "note.txt", ".txt", True), False)
    assert found["read"] == READ


def test_resources_are_read_without_the_overlay(python, app):
    assert within(python, app, ["read"], BUNDLER_DISABLE="overlay") == {"read": READ}


def test_path_is_unpickled_in_a_child(python, app, tmp_path):
    script = tmp_path / "main.py"
    script.write_text(
        "import multiprocessing, box\nfrom importlib.resources import files\n"
        "def read(path): return path.read_text()\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool: print(pool.map(read, [files(box) / 'note.txt']))\n"
    )
    assert evaluate(python, app, script, BUNDLER_INTERPRETER="1") == ["kept\n"]


def test_paths_of_an_app_that_was_started_by_a_link_can_be_resolved(python, app, tmp_path):
    link = tmp_path / "link to app"
    link.symlink_to(app)
    assert within(python, link, ["resolved"]) == {"resolved": (f"{app}/box", "kept\n")}


@pytest.fixture
def namespaces(python):
    if version(python) < (3, 10):
        pytest.skip("3.9 has no resources of namespace packages")


@pytest.fixture
def elsewhere(tmp_path):
    """A directory and an archive with portions of ``lot``."""
    directory = write_tree(tmp_path / "more lots", {"lot/there.txt": "there\n", "lot/shared/of_directory.txt": "directory\n"})
    archive = tmp_path / "lots.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name, text in {"lot/": "", "lot/zipped.txt": "zipped\n", "lot/shared/": "", "lot/shared/of_archive.txt": "a\n"}.items():
            file.writestr(name, text)
    return directory, archive


MERGED = """
import sys
from importlib.resources import files
import lot.spot
sys.path += sys.argv[1:]
root = files('lot')
names = sorted(each.name for each in root.iterdir() if each.name != '__pycache__')
texts = [(root / name).read_text() for name in ('here.txt', 'there.txt', 'zipped.txt')]
several = [] if sys.version_info < (3, 12) else sorted(each.name for each in (root / 'shared').iterdir())
print(ascii([names, texts, several]))
"""


@pytest.mark.parametrize("way", ["launched", "as a library"])
@pytest.mark.usefixtures("namespaces")
def test_namespace_package_is_merged_from_bundle_directory_and_archive(python, app, elsewhere, way):
    if way == "launched":
        found = evaluate(python, app, "-c", MERGED, *elsewhere, BUNDLER_INTERPRETER="1")
    else:
        found = evaluate(python, "-c", MERGED, *elsewhere, PYTHONPATH=str(app))
    names, texts, several = found
    assert names == ["here.txt", "shared", "spot.py", "there.txt", "zipped.txt"]
    assert texts == ["here\n", "there\n", "zipped\n"]
    assert several == ([] if version(python) < (3, 12) else ["of_archive.txt", "of_bundle.txt", "of_directory.txt"])


@pytest.mark.usefixtures("namespaces")
def test_namespace_packages_elsewhere_are_read_as_without_a_bundle(python, app, elsewhere):
    program = (
        "import sys; sys.path.append(sys.argv[1]); del sys.argv[1]; import box, importlib\n"
        "sys.path[:] = [each for each in sys.path if not each.endswith('.pyz')]; importlib.invalidate_caches()\n"
        "from importlib.resources import files\n"
        "root = files('lot'); print([type(root).__module__.startswith('importlib'), root.joinpath('there.txt').read_text()])"
    )
    assert evaluate(python, "-c", program, elsewhere[0], PYTHONPATH=str(app)) == [True, "there\n"]


@pytest.mark.usefixtures("namespaces")
def test_directory_without_a_module_has_resources(python, app):
    program = "import only; from importlib.resources import files; print(ascii(files(only).joinpath('data.txt').read_text()))"
    assert evaluate(python, app, "-c", program, BUNDLER_INTERPRETER="1") == "no module\n"


def test_main_module_is_an_anchor(python, build_app):
    if version(python) < (3, 12):
        pytest.skip("before 3.12 only packages are")
    program = (
        "from importlib.resources import files\n"
        "print([each.joinpath('note.txt').read_text() for each in (files(), files(__name__))])\n"
    )
    app = build_app({**FILES, "box/__main__.py": program}, entry_point="box", python=python)
    assert evaluate(python, app) == ["kept\n", "kept\n"]
