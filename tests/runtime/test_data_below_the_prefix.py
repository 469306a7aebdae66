"""Data files of distributions are found where an installer puts them, below `sys.prefix`, by modules that look there."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import run
from trees import installed, write_tree

TOOL = """
import glob, os, subprocess, sys
DATA = os.path.join(sys.prefix, "share", "tool")

def attempt(function, *arguments):
    try:
        return function(*arguments)
    except OSError as error:
        return type(error).__name__, os.strerror(error.errno)

def text(name, mode="r"):
    with open(os.path.join(DATA, name), mode) as file:
        return file.read()

def main():
    print(eval(sys.argv[1]))
"""
FILES = {
    "tool.py": TOOL,
    "share/tool/one.txt": "of the bundle\n",
    "share/tool/deep er/two.txt": "two\n",
    "share/man/man1/tool.1": "for people",
    "etc/tool 100%.conf": "settings\n",
}
ENTRY_POINTS = "[console_scripts]\ntool = tool:main\n"


@pytest.fixture
def app(python, build_app):
    return build_app(None, installed("tool", "1", FILES, ENTRY_POINTS), python=python, console_script="tool")


@pytest.fixture
def prefix(tmp_path, python):
    """An environment's directory; its Python is `bin/python`."""
    root = tmp_path / "an environment"
    write_tree(root, {"pyvenv.cfg": f"home = {Path(python).resolve().parent}\n", "bin/.keep": ""})
    (root / "bin/python").symlink_to(python)
    return root


def answer(prefix, *arguments, **env):
    ran = run(prefix / "bin/python", *arguments, env=env)
    assert (ran.returncode, ran.stderr) == (0, "")
    return eval(ran.stdout)


def test_files_of_the_bundle_show_where_nothing_is(app, prefix):
    expression = (
        "[text('one.txt'), text('deep er/two.txt', 'rb'), os.listdir(DATA), [entry.name for entry in os.scandir(DATA)],"
        " [os.path.relpath(each, DATA) for each in sorted(glob.glob(DATA + '/*/*.txt'))], os.path.isdir(DATA + '/deep er'),"
        " os.path.realpath(DATA + '/one.txt') == DATA + '/one.txt', os.path.getsize(os.path.join(sys.prefix, 'etc', 'tool 100%.conf')),"
        " subprocess.run(['cat', DATA + '/one.txt'], stdout=subprocess.PIPE).stdout,"
        " attempt(text, 'absent'), attempt(text, 'absent', 'w'), attempt(text, 'one.txt', 'a'), attempt(os.mkdir, DATA + '/new'),"
        " os.path.exists(DATA + '/../man'), os.path.exists(DATA + ' or not'), sorted(os.listdir(sys.prefix))]"
    )
    read_only = ("OSError", "Read-only file system")
    assert answer(prefix, app, expression) == [
        "of the bundle\n", b"two\n", ["deep er", "one.txt"], ["deep er", "one.txt"], ["deep er/two.txt"], True, True, 9, b"of the bundle\n",
        ("FileNotFoundError", "No such file or directory"), read_only, read_only, read_only, False, False, ["bin", "pyvenv.cfg"],
    ]  # fmt: skip


def test_directory_that_both_have_has_what_both_have(app, prefix):
    write_tree(prefix / "share/tool", {"one.txt": "of the environment\n", "three.txt": "3\n"})
    expression = (
        "[sorted(os.listdir(os.fsencode(DATA))), sorted(entry.name for entry in os.scandir(DATA)), text('one.txt'), text('three.txt'),"
        " attempt(text, 'new.txt', 'w+'), text('new.txt')]"
    )
    names = ["deep er", "one.txt", "three.txt"]
    # as with modules: an app's own go first, those of a host before the library's
    assert answer(prefix, app, expression) == [list(map(str.encode, names)), names, "of the bundle\n", "3\n", "", ""]
    program = "import sys; sys.path.insert(0, sys.argv[2]); from tool import *; main()"
    library = answer(prefix, "-c", program, "[text('one.txt'), text('deep er/two.txt'), os.path.exists(DATA + '/new.txt')]", app)
    assert library == ["of the environment\n", "two\n", True]


def test_nothing_shows_if_no_module_looks_there_or_none_may(app, prefix, build_app, python):
    other = {**FILES, "tool.py": TOOL.replace("sys.prefix", "os.getcwd()")}
    options = {"python": python, "console_script": "tool"}
    apps = [
        build_app(None, installed("tool", "1", other, ENTRY_POINTS), files=["overlay"], **options),
        build_app(None, installed("tool", "1", FILES, ENTRY_POINTS), files=["never"], **options),
    ]
    expression = "os.path.exists(os.path.join(getattr(sys, 'pre' + 'fix'), 'share', 'tool', 'one.txt'))"
    assert [answer(prefix, each, expression) for each in (app, *apps)] == [True, False, False]
