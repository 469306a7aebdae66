from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bundler import requirements, targets
from bundler.errors import RequirementError
from bundler.installed import read
from bundler.interpreter import describe
from local_index import only
from made_wheels import make_tree, make_wheel

CONSOLE = "[console_scripts]\napp = app:main\n"


@pytest.fixture(params=["uv", "pip"])
def installer(request, tmp_path, monkeypatch):
    """Make one of the two the only installer, with the packages of a directory and no network."""
    index = tmp_path / "wheel house"
    make_wheel(index, "app", "1.0", {"app.py": "def main(): ...\n"}, requires=("dep>=1",), entry_points=CONSOLE)
    make_wheel(index, "dep", "1.5", {"dep/__init__.py": ""})
    make_wheel(index, "future", "1.0", {"future.py": ""}, requires_python=">=3.99")
    make_wheel(index, "old", "1.0", {"old.py": ""}, requires=("dep<1",))
    only(request.param, index, tmp_path, monkeypatch)
    return request.param


def installed(destination: Path, *arguments: str, files: tuple[Path, ...] = ()) -> list[str]:
    requirements.install(arguments, files, targets.of(describe(sys.executable)), destination, report=lambda text: None)
    return [f"{each.name} {each.version}" for each in read(destination)[0]]


def failing(destination: Path, *arguments: str) -> RequirementError:
    with pytest.raises(RequirementError) as caught:
        installed(destination, *arguments)
    assert "\n" not in caught.value.message and not caught.value.message.endswith(".")
    return caught.value


def test_requirement_is_installed_with_what_it_requires(installer, tmp_path):
    destination = tmp_path / "in ä tree"
    assert installed(destination, "app") == ["app 1.0", "dep 1.5"]
    assert not list(destination.rglob("*.pyc"))


def test_two_installers_make_the_same_files(installer, tmp_path):
    installed(tmp_path / "tree", "app")
    assert [file.path for file in read(tmp_path / "tree")[1]] == [
        "app-1.0.dist-info/METADATA", "app-1.0.dist-info/RECORD", "app-1.0.dist-info/WHEEL", "app-1.0.dist-info/entry_points.txt",
        "app.py", "dep-1.5.dist-info/METADATA", "dep-1.5.dist-info/RECORD", "dep-1.5.dist-info/WHEEL", "dep/__init__.py",
    ]  # fmt: skip


def test_requirements_file_is_read(installer, tmp_path):
    file = tmp_path / "my requirements.txt"
    file.write_text("# ours\ndep==1.5\n")
    assert installed(tmp_path / "tree", files=(file,)) == ["dep 1.5"]


def test_wheel_is_installed_from_its_path(installer, tmp_path, monkeypatch):
    make_wheel(tmp_path / "my dist", "local", "2.0", {"local.py": ""})
    monkeypatch.chdir(tmp_path)
    assert installed(tmp_path / "tree", "./my dist/local-2.0-py3-none-any.whl") == ["local 2.0"]


def test_markers_are_honoured(installer, tmp_path):
    assert installed(tmp_path / "tree", "dep; python_version < '3'", "app; python_version > '3'") == [
        "app 1.0",
        "dep 1.5",
    ]


def test_active_environment_does_not_matter(installer, tmp_path, monkeypatch):
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "none"))
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("PIP_REQUIRE_VIRTUALENV", "1")
    make_tree(tmp_path, {"pip.py": "raise SystemExit(3)", "logging.py": "raise SystemExit(3)"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert installed(tmp_path / "tree", "dep") == ["dep 1.5"]


def test_what_the_installer_writes_is_reported(installer, tmp_path):
    lines: list[str] = []
    requirements.install(["dep"], [], targets.of(describe(sys.executable)), tmp_path / "tree", report=lines.append)
    assert lines[0].startswith("running ")
    assert any("dep" in line for line in lines[1:])


def test_unknown_name_is_told_with_a_hint(installer, tmp_path):
    error = failing(tmp_path / "tree", "nosuchthing")
    assert error.message.startswith("cannot install `nosuchthing`: ")
    assert "WARNING" not in error.message and "Looking in" not in error.message
    assert error.hint == "check the spelling, and that the index it comes from is configured for pip or uv"


def test_version_that_is_not_there_is_told(installer, tmp_path):
    error = failing(tmp_path / "tree", "dep==9")
    assert error.message.startswith("cannot install `dep==9`: ")


def test_version_for_another_python_is_told_with_a_hint(installer, tmp_path):
    error = failing(tmp_path / "tree", "future")
    minor = "{}.{}".format(*sys.version_info[:2])
    assert error.hint == f"it is for another Python than {minor}: choose one with `-p`, or another version"


def test_requirements_that_exclude_each_other_are_told(installer, tmp_path):
    error = failing(tmp_path / "tree", "old", "dep>=1")
    assert error.message.startswith("cannot install `old`, `dep>=1`: ")
    assert "dep<1" in error.message or "dep>=1" in error.message


def test_failed_build_shows_its_last_line(installer, tmp_path):
    project = make_tree(tmp_path / "broken", {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n[project]\nname = "broken"\nversion = "1"\n',
        "backend.py": "raise RuntimeError('the compiler is on holiday')\n",
    })  # fmt: skip
    error = failing(tmp_path / "tree", str(project))
    assert error.message == f"cannot install `{project}`: RuntimeError: the compiler is on holiday"
    assert error.hint == "it has no wheel for this Python and its build failed: `-v` shows all of it"


def test_project_is_built(installer, tmp_path):
    backend = (
        "import sys\nsys.path.insert(0, %r)\nfrom made_wheels import make_wheel\nfrom pathlib import Path\n"
        "def build_wheel(directory, *ignored):\n"
        "    return make_wheel(Path(directory), 'built', '1', {'built.py': ''}).name\n" % str(Path(__file__).parents[1])
    )
    text = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    project = make_tree(tmp_path / "my pröject", {"pyproject.toml": text, "backend.py": backend})
    assert installed(tmp_path / "tree", str(project)) == ["built 1"]


@pytest.mark.parametrize(
    "text, message, hint",
    [
        ("foo=1", "`foo=1` is not a requirement: ", "did you mean `foo==1`?"),
        ("foo bar", "`foo bar` is not a requirement: ", "write it as PEP 508 says, such as `rich>=13`"),
        ("", "`` is not a requirement: ", "write it as PEP 508 says, such as `rich>=13`"),
        (
            "-e .",
            "`-e .` is an option, not a requirement",
            "options can stand in a file named with `-r`; a local project is named by its path",
        ),
        (
            "./none.whl",
            "no such file or directory: `./none.whl`",
            "a requirement with a slash is the path of a wheel or a project",
        ),
        (
            "./src",
            "`src` is not a project: it has no `pyproject.toml`",
            "point at the directory itself to bundle its modules",
        ),
        (
            "./a.txt",
            "`a.txt` is neither a wheel nor a source archive",
            "if it lists requirements, name it with `-r a.txt`",
        ),
    ],
)
def test_requirement_that_is_none_is_refused_before_anything_runs(tmp_path, monkeypatch, text, message, hint):
    make_tree(tmp_path, {"src/a.py": "", "a.txt": ""})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")
    error = failing(tmp_path / "tree", text)
    assert error.message.startswith(message.replace("./none", "none") if "none" in message else message)
    assert error.hint == hint


def test_missing_requirements_file_is_named(tmp_path):
    with pytest.raises(RequirementError) as caught:
        installed(tmp_path / "tree", files=(tmp_path / "none.txt",))
    assert caught.value.message == f"no such requirements file: `{tmp_path / 'none.txt'}`"


def test_nothing_to_install_needs_no_installer(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert installed(tmp_path / "tree") == []


@pytest.mark.skipif(os.name == "nt", reason="makes a program with a #! line")
def test_without_an_installer_the_hint_says_how_to_get_one(tmp_path, monkeypatch):
    bare = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(bare / "bin" / "python"))
    error = failing(tmp_path / "tree", "dep")
    assert error.message == "there is neither uv nor pip to install requirements with"
    assert error.hint == f"install uv, or run `{sys.executable} -m ensurepip`"


@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_interrupt_ends_the_installer(tmp_path, monkeypatch):
    commands = make_tree(tmp_path / "commands", {"uv": "#!/bin/sh\necho $$\nexec sleep 600\n"})
    (commands / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}/usr/bin{os.pathsep}/bin")
    children = []

    def interrupt(text: str) -> None:
        if text.isdecimal():
            children.append(int(text))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        requirements.install(["dep"], [], targets.of(describe(sys.executable)), tmp_path / "tree", report=interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(children[0], signal.SIG_DFL)
