"""One file for several Pythons: each takes what is its own, and what they share is there once."""

from __future__ import annotations

import ast
import os
import sys
import zipfile
from pathlib import Path

import pytest
from interpreters import interpreters, version
from local_index import only
from made_wheels import make_wheel
from running import evaluate, run

from bundler import accounts
from bundler.build import Built, build
from bundler.errors import EntryPointError, InterpreterError

MAIN = '''"""A docstring."""
import importlib.metadata
import sys

import dep

def main():
    assert dep.LEVEL != "asserted", "asserts run"
    print([dep.VERSION, importlib.metadata.version("dep"), importlib.metadata.version("tool"), __doc__ is not None, __debug__])
    if "fail" in sys.argv:
        dep.fail()
'''
DEP = "VERSION = %r\nLEVEL = 0\n\ndef fail():\n    raise ValueError('as asked')\n"
SHARED = os.urandom(1 << 20).hex()[: 1 << 20]


def python_for() -> list[str]:
    return ["%s=%s" % item for item in interpreters().items()]


@pytest.fixture(scope="session")
def index(tmp_path_factory) -> Path:
    """Wheels: ``tool`` needs ``dep``, whose second version is for newer Pythons."""
    index = tmp_path_factory.mktemp("wheels")
    files = {"tool/__init__.py": "", "tool/cli.py": MAIN, "tool/data.txt": SHARED}
    make_wheel(index, "tool", "1.0", files, requires=("dep",), entry_points="[console_scripts]\ntool = tool.cli:main\n")
    make_wheel(index, "dep", "1.0", {"dep.py": DEP % "1.0"})
    make_wheel(index, "dep", "2.0", {"dep.py": DEP % "2.0"}, requires_python=">=3.12")
    native = {"native.pyd": "no library", "caller.py": "import native\n"}
    make_wheel(index, "native", "1.0", native, tag="cp311-cp311-win_amd64")
    return index


@pytest.fixture(scope="session")
def make(index, shared, tmp_path_factory):
    """A function that builds from these wheels, for all Pythons that are here unless told otherwise."""
    made: dict[str, tuple[Path, Built]] = {}

    def make(*asked: str, **options) -> tuple[Path, Built]:
        key = repr((asked, sorted(options.items())))
        if key not in made:
            directory = tmp_path_factory.mktemp("several")
            options = {"target": list(interpreters()), "python_for": python_for(), "cache": shared / "build-cache", **options}
            with pytest.MonkeyPatch.context() as patched:
                only("uv", index, directory, patched)
                built = build(None, directory / "app.pyz", with_=asked or ["tool"], **options)
            made[key] = directory / "app.pyz", built
        return made[key]

    return make


def said(python: str, app: Path, *arguments: str, **environment: str) -> tuple[list, str]:
    """What the app prints, and the line that says which target it took."""
    ran = run(python, *arguments, app, env={"BUNDLER_VERBOSE": "1", **environment})
    assert ran.returncode == 0, ran.stderr
    return ast.literal_eval(ran.stdout), ran.stderr.splitlines()[0]


def test_each_python_takes_its_own_target_bytecode_and_sources(python, make):
    app, _ = make()
    dep = "2.0" if version(python) >= (3, 12) else "1.0"
    ran = run(python, app, "fail", env={"BUNDLER_VERBOSE": "1"})
    assert (ran.returncode, ast.literal_eval(ran.stdout)) == (1, [dep, dep, "1.0", True, True])
    assert ": target cp%d%d-linux_" % version(python) in ran.stderr.splitlines()[0]
    assert ", bytecode used, " in ran.stderr.splitlines()[0]
    assert "    raise ValueError('as asked')\n" in ran.stderr


def test_as_a_path_entry_it_serves_each_python_too(python, make):
    app, _ = make()
    program = "import dep, importlib.metadata; print([dep.VERSION, importlib.metadata.version('dep')])"
    dep = "2.0" if version(python) >= (3, 12) else "1.0"
    assert evaluate(python, program, env={"PYTHONPATH": str(app)}) == [dep, dep]


def test_what_is_alike_is_there_once(make):
    app, built = make()
    one, _ = make(target=["current"])
    assert built.size - one.stat().st_size < 100_000 * len(interpreters()) < len(SHARED)
    with zipfile.ZipFile(app) as archive:
        names = archive.namelist()
    # what is not the same for all cannot be seen before a target was chosen
    assert "tool-1.0.dist-info/METADATA" in names
    assert not [name for name in names if name.startswith("dep-")]


def test_summary_tells_what_differs(make):
    _, built = make(target=["3.13", "3.11"])
    assert built.targets == tuple("cp%s-%s" % (number, built.targets[0].partition("-")[2]) for number in ("313", "311"))
    assert built.differing == ("dep: 2.0 for cp313, 1.0 for cp311",)


def test_account_tells_targets_and_distributions_without_running_anything(make):
    app, built = make()
    account = accounts.read(app)
    assert account["entry"] == "callable tool.cli main"
    assert [target["name"] for target in account["targets"]] == list(built.targets)
    for target in account["targets"]:
        assert (target["demands"], target["bytecode"], target["sources"]) == ("py3-none-any", [0], True)
        newer = int(target["name"].partition("-")[0][3:]) >= 12
        found = {each["name"]: each for each in target["distributions"]}
        assert {name: each["version"] for name, each in found.items()} == {"tool": "1.0", "dep": "2.0" if newer else "1.0"}
        assert found["dep"]["tags"] == ["py3-none-any"]
        assert found["dep"]["record"].startswith("sha256=")


def test_universal_gives_all_the_version_of_the_oldest(make):
    account = accounts.read(make(target=["3.13", "3.11"], universal=True)[0])
    assert {each["version"] for target in account["targets"] for each in target["distributions"]} == {"1.0"}


def test_without_sources_each_has_its_bytecode_and_others_are_refused_in_one_line(make):
    own = list(interpreters())[-2:]
    app, _ = make(target=own, sources=False)
    for number, python in interpreters().items():
        ran = run(python, app)
        if number in own:
            assert (ran.returncode, ast.literal_eval(ran.stdout)[3:], ran.stderr) == (0, [True, True], "")
        else:
            assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
            assert ran.stderr.startswith("error: `%s` holds nothing for Python %s on " % (app, number))


def test_target_without_a_python_here_has_sources_only(make):
    own = "%d.%d" % sys.version_info[:2]
    app, built = make(target=["cp399-manylinux_2_17_x86_64", own])
    assert built.without_bytecode == ("cp399-manylinux_2_17_x86_64",)
    assert [target["bytecode"] for target in accounts.read(app)["targets"]] == [[], [0]]
    with pytest.raises(InterpreterError) as caught:
        make(target=["cp399-manylinux_2_17_x86_64", own], sources=False)
    assert caught.value.message == (
        "no Python 3.99 is here to make bytecode for `cp399-manylinux_2_17_x86_64`, and `--no-source` leaves its sources out"
    )
    assert caught.value.hint == "name one with `--python-for 3.99=PATH`"


LEVELS = {"": [True, True], "-O": [True, False], "-OO": [False, False]}


@pytest.mark.parametrize("flag", LEVELS)
def test_each_level_that_is_asked_for_is_there(flag, make):
    app, _ = make(target=["current"], optimize=[0, 2], sources=False)
    found = said(sys.executable, app, *([flag] if flag else []))[0][3:]
    # level 1 is not there: the lowest is taken
    assert found == (LEVELS[""] if flag == "-O" else LEVELS[flag])
    app, _ = make(target=["current"], optimize=[0, 2])
    assert said(sys.executable, app, *([flag] if flag else []))[0][3:] == LEVELS[flag]


def test_file_for_another_platform_says_so_in_one_line(make):
    app, _ = make("native", target=["cp311-win_amd64"], entry_point="caller")
    ran = run(sys.executable, app)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert ran.stderr.startswith("error: `%s` holds nothing for Python %d.%d on Linux with " % (app, *sys.version_info[:2]))
    assert ": it is for cp311-win_amd64; `--target cp" in ran.stderr
    (target,) = accounts.read(app)["targets"]
    assert target["demands"] == "cp311-cp311-win_amd64"


def test_library_for_another_platform_says_so_when_the_module_is_imported(make):
    app, _ = make("native", target=["cp311-win_amd64"], library=True)
    ran = run(sys.executable, "-c", "import caller", env={"PYTHONPATH": str(app)})
    assert ran.returncode == 1
    assert "Error: `%s` holds native for .pyd only, this Python takes ." % app in ran.stderr.splitlines()[-1]


def test_same_input_gives_the_same_bytes(make, tmp_path):
    first, _ = make(target=["3.13", "3.11"])
    again, _ = make(target=["3.11", "3.13"], cache=tmp_path / "cache", workers=1)
    assert first.read_bytes() == again.read_bytes()


def test_target_that_the_project_does_not_run_on_is_told(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12.4"\n')
    with pytest.raises(InterpreterError) as caught:
        build(tmp_path, tmp_path / "x.pyz", target=["cp312-win_amd64", "cp311-win_amd64"])
    assert caught.value.message == "`shop` requires Python >=3.12.4, the build is for Python 3.11"
    assert caught.value.hint == "leave out `cp311-win_amd64`"


def test_targets_that_start_something_else_are_told(make, index):
    make_wheel(index, "starting", "2.0", {"new.py": "def main(): ...\n"}, requires_python=">=3.12", entry_points="[console_scripts]\nstart = new:main\n")
    make_wheel(index, "starting", "1.0", {"old.py": "def main(): ...\n"}, entry_points="[console_scripts]\nstart = old:main\n")
    with pytest.raises(EntryPointError) as caught:
        make("starting", target=["cp313-win_amd64", "cp311-win_amd64"])
    assert caught.value.message == "what starts differs between `cp313-win_amd64` and `cp311-win_amd64`"
    assert caught.value.hint == "name it with `-e MODULE:CALLABLE`"
    with pytest.raises(EntryPointError) as caught:
        make("starting", target=["cp313-win_amd64", "cp311-win_amd64"], entry_point="new:main")
    assert caught.value.message == "there is no module `new` in the bundle, for `cp311-win_amd64`"
