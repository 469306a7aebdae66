"""Switches of the interpreter, files with no sources, and Pythons that a file holds nothing for."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import pytest
from interpreters import interpreters, version
from running import run

FILES = {
    "alone.py": """if 1:
        import thing, sys
        def documented():
            '''Some text.'''
        try:
            assert False
            asserts = False
        except AssertionError:
            asserts = True
        print([asserts, documented.__doc__, thing.asserts(), thing.asserts.__doc__, __debug__])
    """,
    "thing.py": """if 1:
        def asserts():
            '''Some text.'''
            try: assert False
            except AssertionError: return True
            return False
    """,
}
LEVELS = {0: [True, "Some text."] * 2 + [True], 1: [False, "Some text."] * 2 + [False], 2: [False, None] * 2 + [False]}


@pytest.mark.parametrize("optimize", LEVELS)
@pytest.mark.parametrize("switch", ["", "-O", "-OO"])
def test_code_is_optimised_as_the_build_or_the_switch_says(python, target, build_app, optimize, switch):
    app = build_app(FILES, entry_point="alone", optimize=optimize, python=target)
    ran = run(python, *([switch] if switch else []), app)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ast.literal_eval(ran.stdout) == LEVELS[max(optimize, len(switch.strip("-")))]


@pytest.mark.parametrize("switches", [["-I"], ["-S", "-E"], ["-b"], ["-B"], ["-W", "error"], ["-X", "dev"], ["-X", "utf8"],
                                      ["-X", "importtime"], ["--check-hash-based-pycs", "always"]], ids=" ".join)  # fmt: skip
def test_switches_of_the_interpreter_do_no_harm(python, target, build_app, switches):
    app = build_app(FILES, entry_point="alone", python=target)
    ran = run(python, *switches, app)
    assert ran.returncode == 0, ran.stderr
    assert ast.literal_eval(ran.stdout) == LEVELS[0]
    assert "importtime" in switches or ran.stderr == ""


def test_file_without_sources_runs(python, build_app):
    app = build_app(FILES, entry_point="alone", sources=False, python=python)
    ran = run(python, app)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ast.literal_eval(ran.stdout) == LEVELS[0]


def test_file_without_sources_refuses_another_python_in_one_line(python, build_app):
    own = version(python)
    for other, path in interpreters().items():
        if path == python:
            continue
        app = build_app(FILES, entry_point="alone", sources=False, python=path)
        ran = run(python, app)
        tag = "cp" + other.replace(".", "")
        message = f"error: `{app}` holds nothing for Python {own[0]}.{own[1]} on "
        assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
        assert ran.stderr.startswith(message) and f": it is for {tag}-" in ran.stderr


def test_library_without_sources_refuses_another_python(python, build_app):
    other = next((path for path in interpreters().values() if path != python), None)
    if other is None:
        pytest.skip("there is one interpreter only")
    app = build_app(FILES, library=True, sources=False, python=other)
    ran = run(python, "-c", "import sys; sys.path.append(sys.argv[1]); import thing", app)
    assert ran.returncode == 1
    last = ran.stderr.splitlines()[-1]
    assert f"ContainerError: `{app}` holds nothing for Python " in last


@cache
def old_interpreters() -> dict[str, str]:
    """Return the Pythons before 3.9 that are found on PATH and under pyenv, by version."""
    found = {}
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for name in ("2.7", "3.4", "3.5", "3.6", "3.7", "3.8"):
        for path in [*sorted(root.glob(f"{name}.*/bin/python{name}")), shutil.which("python" + name)]:
            if path and subprocess.run([path, "-c", ""], capture_output=True).returncode == 0:
                found[name] = str(path)
    return found


@pytest.mark.parametrize("old", old_interpreters() or [pytest.param("", marks=pytest.mark.skip("no Python before 3.9"))])
def test_python_that_is_too_old_is_told_so_in_one_line(build_app, old):
    app = build_app(FILES, entry_point="alone")
    ran = run(old_interpreters()[old], app)
    message = f"error: {app} needs Python 3.9 or newer, this is Python {old}\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", message)


def test_unpacked_app_file_says_what_it_is(python, build_app, tmp_path):
    app = build_app({"tool.py": "def main():\n    print('ran')\n"}, entry_point="tool:main")
    with zipfile.ZipFile(app) as archive:
        archive.extractall(tmp_path / "unpacked")
    ran = run(python, tmp_path / "unpacked")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "error: `%s` is an app file that was unpacked: run the file itself\n" % (tmp_path / "unpacked")
