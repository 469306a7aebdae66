from __future__ import annotations

import os
from pathlib import Path

import pytest

from bundler.errors import ProjectError
from bundler.project import nearby_project, read
from made_wheels import make_tree

BLOCK = '# /// script\n# requires-python = ">=3.9"\n# dependencies = ["rich>=13", "click"]\n# ///\n'


def test_nothing_is_a_project_of_requirements_only():
    assert (read(None).kind, read(None).origin) == ("nothing", None)


def test_directory_has_its_own_name(tmp_path):
    project = read(make_tree(tmp_path / "my äpp", {"app.py": ""}))
    assert (project.kind, project.name, project.requirements) == ("directory", "my äpp", ())


@pytest.mark.parametrize(
    "table, name", [('[project]\nname = "Some-Name"\n', "Some-Name"), ("[build-system]\nrequires = []\n", "here")]
)
def test_pyproject_with_a_project_or_a_build_system_makes_a_project(tmp_path, table, name):
    source = make_tree(tmp_path / "here", {"pyproject.toml": table})
    project = read(source)
    assert (project.kind, project.name, project.requirements) == ("project", name, (str(source.resolve()),))


def test_pyproject_that_only_configures_tools_makes_none(tmp_path):
    assert read(make_tree(tmp_path / "a", {"pyproject.toml": "[tool.ruff]\n"})).kind == "directory"


def test_project_says_which_python_it_requires(tmp_path):
    source = make_tree(tmp_path / "a", {"pyproject.toml": '[project]\nname = "a"\nrequires-python = ">=3.10"\n'})
    assert read(source).requires_python == ">=3.10"


@pytest.mark.parametrize(
    "text, message",
    [
        ("[project\n", "(at line 1, column 9)"),
        ("project = 1\n", ": `project` is not a table"),
        ("[project]\nname = 3\n", ": `project.name` is not a name"),
        (
            '[project]\nname = "a"\nrequires-python = "three"\n',
            ": `project.requires-python` is not a version specifier: `three`",
        ),
        (b"\xff", "is not UTF-8: byte 0"),
    ],
)
def test_broken_pyproject_is_named(tmp_path, text, message):
    source = make_tree(tmp_path / "a", {"pyproject.toml": text})
    with pytest.raises(ProjectError) as caught:
        read(source)
    assert caught.value.message.startswith(f"`{source / 'pyproject.toml'}`")
    assert caught.value.message.endswith(message)
    assert caught.value.hint


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["app.py", "app", "app.pyw"])
def test_script_has_the_requirements_of_its_metadata(tmp_path, ends, name):
    (tmp_path / name).write_bytes(("#!/usr/bin/env python3\n" + BLOCK + "print(1)\n").replace("\n", ends).encode())
    project = read(tmp_path / name)
    assert (project.kind, project.name) == ("script", name)
    assert (project.requirements, project.requires_python) == (("rich>=13", "click"), ">=3.9")


def test_other_blocks_are_not_metadata(tmp_path):
    (tmp_path / "a.py").write_text(BLOCK.replace("script", "other"))
    assert read(tmp_path / "a.py").requirements == ()


@pytest.mark.parametrize(
    "text, message",
    [
        (BLOCK + "\n" + BLOCK, "has a second `script` metadata block, on line 6"),
        ("\n# /// script\n# dependencies = [\n# = 3\n# ///\n", "(at line 4, column 1)"),
        ("# /// script\n# dependencies = 'rich'\n# ///\n", ": the metadata's `dependencies` is not a list of strings"),
        (
            "# /// script\n# requires-python = 'new'\n# ///\n",
            ": the metadata's `requires-python` is not a version specifier: `new`",
        ),
        (
            "# /// script\n# requires-python = 3\n# ///\n",
            ": the metadata's `requires-python` is not a version specifier: `3`",
        ),
    ],
)
def test_broken_metadata_is_named_with_its_line(tmp_path, text, message):
    (tmp_path / "a.py").write_text(text)
    with pytest.raises(ProjectError) as caught:
        read(tmp_path / "a.py")
    assert caught.value.message.startswith(f"`{tmp_path / 'a.py'}`")
    assert caught.value.message.endswith(message)
    assert caught.value.hint


def test_broken_requirement_in_the_metadata_is_quoted(tmp_path):
    (tmp_path / "a.py").write_text("# /// script\n# dependencies = ['rich=13']\n# ///\n")
    with pytest.raises(ProjectError, match="`dependencies` has `rich=13`: "):
        read(tmp_path / "a.py")


@pytest.mark.parametrize(
    "name, data, message, hint",
    [
        ("a.zip", b"PK\x03\x04rest", "is an archive, not a Python script", "unpack it and point at the directory"),
        ("a.whl", b"PK\x03\x04rest", "is an archive, not a Python script", "bundle what it installs: `--with {}`"),
        ("a.bin", b"\x7fELF\0", "is a binary file, not a Python script", None),
        ("a.txt", b"rich>=13\nclick ~= 8\n", "is not a Python script", "requirements are named with `-r {}`"),
        ("a", b"dear reader\n", "is not a Python script", "point at a directory, a project or a `.py` file"),
        (
            "pyproject.toml",
            b"[project]\nname = 'a b'\nfoo bar\n",
            "is not a Python script",
            "point at its directory: `{.parent}`",
        ),
    ],
)
def test_file_that_is_no_script_is_refused(tmp_path, name, data, message, hint):
    source = tmp_path / name
    source.write_bytes(data)
    with pytest.raises(ProjectError) as caught:
        read(source)
    assert caught.value.message == f"`{source}` {message}"
    assert caught.value.hint == (hint and hint.format(source))


def test_script_that_does_not_compile_is_a_script_still(tmp_path):
    (tmp_path / "a.py").write_text("def (:\n")
    assert read(tmp_path / "a.py").kind == "script"


def test_missing_path_suggests_a_near_one(tmp_path):
    (tmp_path / "source").mkdir()
    with pytest.raises(ProjectError) as caught:
        read(tmp_path / "sorce")
    assert caught.value.message == f"no such file or directory: `{tmp_path / 'sorce'}`"
    assert caught.value.hint == f"did you mean `{tmp_path / 'source'}`?"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_named_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ProjectError, match="is neither a directory nor a file"):
        read(tmp_path / "pipe")


def test_path_with_a_null_character_is_refused():
    with pytest.raises(ProjectError):
        read(Path("a\0b"))


def test_project_next_door_is_found(tmp_path):
    make_tree(tmp_path, {"pyproject.toml": '[project]\nname = "a"\n', "src/a.py": "", "src/deep/b.py": ""})
    assert nearby_project(tmp_path / "src") == tmp_path
    assert nearby_project(tmp_path / "src" / "deep") is None
    assert nearby_project(tmp_path) is None


@pytest.mark.parametrize("text", ["[tool.ruff]\n", "[broken"])
def test_pyproject_that_makes_no_project_is_not_near(tmp_path, text):
    make_tree(tmp_path, {"pyproject.toml": text, "src/a.py": ""})
    assert nearby_project(tmp_path / "src") is None
