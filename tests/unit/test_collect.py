from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from bundler.collect import content, excluded, merge, own_files, tree
from bundler.errors import ConflictError, ProjectError
from bundler.project import read
from bundler.stages import File
from made_wheels import make_tree


def collected(source: Path, exclude: tuple[str, ...] = (), output: str = "out.pyz") -> list[str]:
    return [file.path for file in own_files(read(source), source / output, exclude)]


def files(root: Path, owner: str, contents: dict[str, str]) -> list[File]:
    make_tree(root, contents)
    return [File(path, root / path, owner=owner) for path in contents]


def test_files_are_sorted_by_bundle_path(tmp_path):
    make_tree(tmp_path, {"b.py": "", "a/z.py": "", "a.py": "", "a/b/c.txt": "", "ä.py": "", "Z.py": ""})
    assert collected(tmp_path) == ["Z.py", "a.py", "a/b/c.txt", "a/z.py", "b.py", "ä.py"]


@pytest.mark.parametrize(
    "path",
    [
        ".git/config", ".hg/x", ".svn/x", "sub/.git/x", "venv/pyvenv.cfg", "venv/lib/a.py", "__pycache__/a.pyc",
        "a/__pycache__/b.cpython-311.pyc", "main.pyc", ".mypy_cache/x.py", ".tox/x.py", "out.pyz", ".DS_Store", ".main.py.swp",
    ],
)  # fmt: skip
def test_what_tools_leave_behind_is_left_out(tmp_path, path):
    make_tree(tmp_path, {"main.py": "", "venv/pyvenv.cfg": "", path: "x"})
    assert collected(tmp_path) == ["main.py"]


@pytest.mark.parametrize("path", ["legacy.pyc", ".env", "templates/.gitignore", "data/out.pyz", "my file.txt"])
def test_other_files_are_taken(tmp_path, path):
    make_tree(tmp_path, {"main.py": "", path: "x"})
    assert set(collected(tmp_path)) == {"main.py", path}


def test_output_is_left_out_under_any_name_of_its_directory(tmp_path):
    make_tree(tmp_path, {"real/main.py": "", "real/out.pyz": ""})
    (tmp_path / "link").symlink_to("real")
    found = own_files(read(tmp_path / "real"), tmp_path / "link" / "out.pyz", ())
    assert [file.path for file in found] == ["main.py"]


def test_executable_files_are_marked(tmp_path):
    make_tree(tmp_path, {"a.py": "", "b.py": ""})
    (tmp_path / "a.py").chmod(0o700)
    (tmp_path / "b.py").chmod(0o600)
    assert [file.executable for file in own_files(read(tmp_path), tmp_path / "out", ())] == [True, False]


def test_links_are_followed_but_not_round_and_round(tmp_path):
    make_tree(tmp_path, {"src/pkg/a.py": "", "shared/b.py": ""})
    (tmp_path / "src/pkg/again").symlink_to("..")
    (tmp_path / "src/shared").symlink_to("../shared")
    (tmp_path / "src/c.py").symlink_to("../shared/b.py")
    assert collected(tmp_path / "src") == ["c.py", "pkg/a.py", "shared/b.py"]


def test_link_to_nothing_is_named(tmp_path):
    make_tree(tmp_path, {"a.py": ""})
    (tmp_path / "b.py").symlink_to("none")
    with pytest.raises(ProjectError) as caught:
        collected(tmp_path)
    assert caught.value.message == f"`{tmp_path / 'b.py'}` is a link to nothing"
    assert caught.value.hint == "leave it out with `--exclude b.py`"
    assert collected(tmp_path, ("b.py",)) == ["a.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("kind", ["a named pipe", "a socket"])
def test_what_is_no_file_is_refused(tmp_path, monkeypatch, kind):
    make_tree(tmp_path, {"a.py": ""})
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    if kind == "a socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("x")
    else:
        os.mkfifo("x")
    with pytest.raises(ProjectError) as caught:
        collected(tmp_path)
    assert caught.value.message == f"`{tmp_path / 'x'}` is {kind}, not a file"
    assert collected(tmp_path, ("x",)) == ["a.py"]


@pytest.mark.skipif(os.name == "nt", reason="file names are bytes on POSIX only")
@pytest.mark.parametrize("name, reason", [(b"\xff.txt", "is not UTF-8"), (b"a\nb.txt", "has a control character")])
def test_name_that_cannot_be_written_down_is_refused(tmp_path, name, reason):
    make_tree(tmp_path, {"a.py": ""})
    try:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb"):
            pass
    except OSError:
        pytest.skip("the file system does not take such a name")
    with pytest.raises(ProjectError) as caught:
        collected(tmp_path)
    assert caught.value.message.endswith(reason)
    assert "\n" not in caught.value.message
    assert caught.value.message.encode()
    assert collected(tmp_path, ("*.txt",)) == ["a.py"]


@pytest.mark.parametrize("contents", [{}, {"README": ""}, {"__pycache__/a.pyc": ""}])
def test_tree_without_python_is_refused(tmp_path, contents):
    source = make_tree(tmp_path / "empty", contents)
    with pytest.raises(ProjectError) as caught:
        collected(source)
    assert caught.value.message == f"nothing to bundle in `{source}`"
    assert caught.value.hint


def test_tree_of_which_everything_is_excluded_says_so(tmp_path):
    make_tree(tmp_path, {"a.py": ""})
    with pytest.raises(ProjectError) as caught:
        collected(tmp_path, ("*.py",))
    assert caught.value.hint == "every file in it is left out"


@pytest.mark.parametrize(
    "name, path", [("app.py", "app.py"), ("app", "app.py"), ("my-app.pyw", "my-app.py"), ("a.b.py", "a_b.py")]
)
def test_script_is_one_module(tmp_path, name, path):
    make_tree(tmp_path, {name: "print(1)\n", "other.py": ""})
    assert [file.path for file in own_files(read(tmp_path / name), tmp_path / "out", ())] == [path]


def test_project_and_nothing_have_no_own_files(tmp_path):
    make_tree(tmp_path, {"pyproject.toml": "[project]\nname = 'a'\n", "a.py": ""})
    assert own_files(read(tmp_path), tmp_path / "out", ()) == own_files(read(None), tmp_path / "out", ()) == []


@pytest.mark.parametrize(
    "pattern, path, matches",
    [
        ("tests", "tests/a.py", True),
        ("tests", "pkg/tests/a/b.py", True),
        ("tests", "mytests/a.py", False),
        ("tests/", "tests", False),
        ("tests/", "pkg/tests/a.py", True),
        ("/tests", "pkg/tests/a.py", False),
        ("/tests", "tests/a.py", True),
        ("*.txt", "a/b/c.txt", True),
        ("*.txt", "a.txt.py", False),
        ("pkg/*.py", "pkg/a.py", True),
        ("pkg/*.py", "pkg/sub/a.py", False),
        ("pkg/**", "pkg/sub/a.py", True),
        ("pkg/**/a.py", "pkg/a.py", True),
        ("?.py", "a.py", True),
        ("?.py", "aa.py", False),
        ("[ab].py", "b.py", True),
        ("[!ab].py", "b.py", False),
        ("[.py", "[.py", True),
        ("a+b(c).py", "a+b(c).py", True),
        ("./tests", "tests/a.py", True),
        ("", "a.py", False),
        ("/", "a.py", False),
        ("ä*", "x/äb", True),
    ],
)
def test_pattern_matches_a_trailing_part_or_a_directory_above(pattern, path, matches):
    assert excluded(path, [pattern]) is matches
    assert excluded(path, ["nothing", pattern]) is matches


def test_own_files_and_dependencies_become_one_sorted_list(tmp_path):
    own = files(tmp_path / "own", "", {"z.py": "", "a/b.py": ""})
    other = files(tmp_path / "other", "dep", {"m.py": "", "a/c.py": ""})
    assert [file.path for file in merge(own, other)] == ["a/b.py", "a/c.py", "m.py", "z.py"]


def test_same_path_with_other_bytes_is_a_conflict(tmp_path):
    own = files(tmp_path / "own", "", {"pkg/data.txt": "1"})
    other = files(tmp_path / "other", "dep", {"pkg/data.txt": "2"})
    with pytest.raises(ConflictError) as caught:
        merge(own, other)
    assert caught.value.message == "two files claim `pkg/data.txt`: your `pkg/data.txt` and `pkg/data.txt` of `dep`"
    assert caught.value.hint == f"rename yours, which is `{own[0].origin}`"


def test_same_path_with_the_same_bytes_is_one_file(tmp_path):
    own = files(tmp_path / "own", "", {"tests/__init__.py": ""})
    assert merge(own, files(tmp_path / "other", "dep", {"tests/__init__.py": ""})) == own


def test_own_module_beside_the_package_of_the_same_name_is_a_conflict(tmp_path):
    with pytest.raises(ConflictError) as caught:
        merge(files(tmp_path, "", {"a/x.py": "", "a/x/__init__.py": ""}), [])
    assert caught.value.message == "two files claim the module `a.x`: `a/x.py` and `a/x/__init__.py`"


def test_package_of_a_dependency_wins_over_its_module_of_the_same_name(tmp_path):
    other = files(tmp_path, "dep", {"x.py": "", "x/__init__.py": ""})
    assert merge([], other) == other


def test_own_module_with_the_name_of_a_dependency_is_a_conflict(tmp_path):
    own = files(tmp_path / "own", "", {"requests.py": ""})
    with pytest.raises(ConflictError) as caught:
        merge(own, files(tmp_path / "other", "requests", {"requests/__init__.py": ""}))
    assert (
        caught.value.message
        == "two files claim the module `requests`: your `requests.py` and `requests/__init__.py` of `requests`"
    )


@pytest.mark.parametrize("suffix", [".so", ".cpython-311-x86_64-linux-gnu.so", ".pyd"])
def test_extension_beside_its_source_is_fine(tmp_path, suffix):
    own = files(tmp_path, "", {f"x{suffix}": "", "x.py": ""})
    assert {file.path for file in merge(own, [])} == {"x.py", f"x{suffix}"}


@pytest.mark.parametrize(
    "path, module", [("json.py", "json"), ("email/__init__.py", "email"), ("_zstd.abi3.so", "_zstd")]
)
def test_own_module_that_shadows_the_standard_library_is_a_conflict(tmp_path, path, module):
    own = files(tmp_path, "", {path: ""})
    with pytest.raises(ConflictError) as caught:
        merge(own, [])
    assert caught.value.message == f"`{own[0].origin}` shadows the module `{module}` of the standard library"
    assert caught.value.hint == f"rename it, or leave it out with `--exclude /{path.split('/')[0]}`"


@pytest.mark.parametrize("path", ["pkg/json.py", "email/template.html", "__main__.py", "tests/__init__.py"])
def test_other_places_of_such_a_name_are_fine(tmp_path, path):
    assert merge(files(tmp_path, "", {path: ""}), [])


def test_module_that_this_python_no_longer_has_is_fine(tmp_path):
    assert merge(files(tmp_path, "", {"parser.py": ""}), [], frozenset({"json"}))


def test_dependency_may_have_a_name_of_the_standard_library(tmp_path):
    assert merge([], files(tmp_path, "dataclasses", {"dataclasses.py": ""}))


@pytest.mark.skipif(sys.platform != "linux", reason="the longest path of other systems is another")
def test_directory_is_read_where_no_longer_path_can_be(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.py").touch()
    left = 4090 - len(str(tmp_path))
    while left > 1:  # with "/pyvenv.cfg" it is longer than 4095 bytes
        name = "d" * min(left - 1, 200)
        os.mkdir(name)
        os.chdir(name)
        left -= len(name) + 1
    assert [file.path for file in tree(tmp_path)] == ["m.py"]


def test_file_that_cannot_be_read_is_named_with_the_option_that_helps(tmp_path):
    with pytest.raises(ProjectError) as caught:
        content(File("pkg/x.txt", tmp_path / "gone"))
    assert caught.value.message == f"cannot read `{tmp_path / 'gone'}`: No such file or directory"
    assert caught.value.hint == "leave it out with `--exclude pkg/x.txt`"
