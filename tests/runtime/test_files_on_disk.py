"""Files that an app wants on disk are there while it runs (``--files disk=GLOB``), and the others beside them are found."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess

import pytest
from running import evaluate, run

FILES = {
    "main.py": """if 1:
        import os, sys
        import shelf.reader
        from shelf.reader import HERE
        def main():
            exec(sys.stdin.read(), {**globals(), "open": open})
    """,
    "shelf/__init__.py": "",
    "shelf/reader.py": "import os\nHERE = os.path.dirname(__file__)\n",
    "shelf/données/réal file.txt": "real\n",
    "shelf/données/memory.txt": "memory\n",
    "shelf/données/second.txt": "second\n",
    "shelf/données/deep/third.txt": "third\n",
    "shelf/steps/__init__.py": "",
    "shelf/steps/one.py": "NAME = 'one'\n",
}

PROGRAM = """
import importlib, importlib.resources, inspect, json, pathlib, pkgutil, shutil, subprocess
DATA = HERE + "/données"

def read(path):
    with open(path) as file:
        return file.read()

def write(path, mode="w"):
    with open(path, mode) as file:
        file.write("more")
    return read(path)

def cat(path):
    return subprocess.run(["sh", "-c", 'cat "$0"', path], capture_output=True, text=True).stdout

def listed(path):
    with os.scandir(path) as entries:
        scanned = sorted(each.name for each in entries)
    assert scanned == sorted(os.listdir(path)) == sorted(map(os.fsdecode, os.listdir(os.fsencode(path))))
    return scanned

def then(*answers):
    return answers[-1]

found = {}
for name, expression in json.loads(sys.argv[1]).items():
    try:
        found[name] = eval(expression)
    except Exception as error:
        found[name] = "%s: %s" % (type(error).__name__, error)
print(ascii(found))
"""

ANSWERS = {
    "real for all": ("cat(DATA + '/réal file.txt')", "real\n"),
    "read": ("[read(DATA + '/réal file.txt'), read(DATA + '/memory.txt'), read(DATA + '/../données/deep/third.txt')]", ["real\n", "memory\n", "third\n"]),
    "listed": ("[listed(HERE), listed(DATA)]", [["__init__.py", "données", "reader.py", "steps"],
                                                ["deep", "memory.txt", "réal file.txt", "second.txt"]]),
    "directories": ("[os.path.isdir(DATA + '/deep'), then(os.chdir(DATA), read('réal file.txt')), os.chdir('/')]", [True, "real\n", None]),
    "absent": ("[os.path.exists(DATA + '/no'), os.path.exists(DATA + '/memory.txt/no'), os.path.getsize(DATA + '/memory.txt')]", [False, False, 7]),
    "resolved": ("str(pathlib.Path(DATA, 'memory.txt').resolve(strict=True)) == os.path.realpath(DATA + '/./memory.txt') == DATA + '/memory.txt'", True),
    "data": ("[pkgutil.get_data('shelf', 'données/' + name) for name in ('réal file.txt', 'memory.txt')]", [b"real\n", b"memory\n"]),
    "source": ("inspect.getsource(shelf.reader)", FILES["shelf/reader.py"]),
    "handed on": ("subprocess.run(['cat', DATA + '/memory.txt'], capture_output=True, text=True).stdout", "memory\n"),
    "resources": ("[sorted(each.name for each in (importlib.resources.files('shelf') / 'données').iterdir()),"
                  " (importlib.resources.files('shelf') / 'données/deep/third.txt').read_text()]",
                  [["deep", "memory.txt", "réal file.txt", "second.txt"], "third\n"]),
    "cache": ("then(os.makedirs(HERE + '/cache/a'), [write(HERE + '/cache/a/x'), cat(HERE + '/cache/a/x')])", ["more", "more"]),
    "changed": ("[write(DATA + '/réal file.txt', 'a'), write(DATA + '/memory.txt', 'a'), cat(DATA + '/memory.txt')]",
                ["real\nmore", "memory\nmore", "memory\nmore"]),
    "mode": ("then(os.chmod(DATA + '/deep/third.txt', 0o640), oct(os.stat(DATA + '/deep/third.txt').st_mode & 0o777))", "0o640"),
    "renamed": ("then(os.rename(DATA + '/second.txt', DATA + '/2.txt'), [read(DATA + '/2.txt'), listed(DATA)])",
                ["second\n", ["2.txt", "deep", "memory.txt", "réal file.txt"]]),
    "removed": ("then(os.unlink(DATA + '/memory.txt'), [os.path.exists(DATA + '/memory.txt'), listed(DATA)])",
                [False, ["2.txt", "deep", "réal file.txt"]]),
    "written modules": ("then(write(HERE + '/steps/two.py'), open(HERE + '/steps/two.py', 'w').write('NAME = 2'), importlib.invalidate_caches(),"
                        " importlib.import_module('shelf.steps'),"
                        " [[each.name for each in pkgutil.iter_modules(shelf.steps.__path__)],"
                        " [importlib.import_module('shelf.steps.' + name).NAME for name in ('one', 'two')]])", [["one", "two"], ["one", 2]]),
    "tree removed": ("then(shutil.rmtree(DATA), [os.path.exists(DATA), os.path.exists(DATA + '/deep/third.txt')])", [False, False]),
}  # fmt: skip


@pytest.fixture(scope="session")
def app(build_app, python):
    return build_app(FILES, directory="with späces", entry_point="main:main", files=["disk=données", "memory=données/**", "disk=*file.txt"], python=python)


@pytest.fixture
def place(tmp_path):
    """Where the private directory is made."""
    (tmp_path / "témp").mkdir()
    return tmp_path / "témp"


def test_files_on_disk_are_real_and_those_in_memory_are_found_and_may_be_changed(python, app, place):
    wanted = {name: how for name, (how, _) in ANSWERS.items()}
    ran = run(python, app, json.dumps(wanted), stdin=PROGRAM, env={"TMPDIR": str(place), "PYTHONUTF8": "1"})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ast.literal_eval(ran.stdout) == {name: expected for name, (_, expected) in ANSWERS.items()}
    assert list(place.iterdir()) == []


def test_app_file_as_a_path_entry_has_its_files_on_disk_too(python, app, place):
    program = (
        "import os, sys\nsys.path.insert(0, sys.argv[1])\nfrom shelf.reader import HERE\n"
        "print(ascii([os.path.dirname(os.path.dirname(HERE)), oct(os.stat(os.path.dirname(HERE)).st_mode & 0o777),"
        " open(HERE + '/données/réal file.txt').read(), open(HERE + '/données/memory.txt').read()]))"
    )
    answer = evaluate(python, program, app, flags=("-W", "ignore", "-X", "utf8"), env={"TMPDIR": str(place)})
    assert answer == [str(place), "0o700", "real\n", "memory\n"]
    assert list(place.iterdir()) == []


def test_strict_start_refuses_and_says_what_was_wanted(python, app, place):
    ran = run(python, app, env={"BUNDLER_STRICT": "1", "TMPDIR": str(place), "PYTHONUTF8": "1"})
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        f"error: `{app}` wants `shelf/données/réal file.txt` on disk while it runs, which BUNDLER_STRICT forbids: "
        "start it without that, or build it without `--files disk=GLOB`\n"
    )
    program = "import sys\nfound = []\nsys.path.insert(0, sys.argv[1])\nfor again in 1, 2:\n    try:\n        import shelf\n    except ImportError as error:\n        found.append(str(error)[-6:])\nprint(found)"
    answer = evaluate(python, program, app, env={"BUNDLER_STRICT": "1"})
    assert answer == ["=GLOB`"] * 2


def test_place_that_cannot_be_written_to_is_told(python, app, place):
    broken = place / "file"
    broken.write_text("")
    program = "import os, sys, tempfile\ntempfile.tempdir = sys.argv[2]\nsys.path.insert(0, sys.argv[1])\nimport shelf"
    ran = run(python, "-c", program, app, broken, env={"PYTHONUTF8": "1"})
    assert ran.stderr.endswith(
        f"`{app}` wants `shelf/données/réal file.txt` on disk while it runs, which cannot be: Not a directory (TMPDIR names another place)\n"
    )


def test_what_a_killed_start_left_goes_with_the_next_and_what_is_in_use_stays(python, app, place):
    environment = {"TMPDIR": str(place), "PYTHONUTF8": "1"}
    program = "import sys\nsys.path.insert(0, sys.argv[1])\nimport shelf\nprint('there', flush=True)\ninput()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": environment}
    with subprocess.Popen([python, "-c", program, app], **pipes) as killed, subprocess.Popen([python, "-c", program, app], **pipes) as living:
        for each in (killed, living):
            assert each.stdout.readline() == b"there\n"
        assert len(os.listdir(place)) == 2
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        ran = run(python, app, "{}", stdin=PROGRAM, env=environment)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert len(os.listdir(place)) == 1
        living.communicate(b"\n")
        assert living.returncode == 0
    assert os.listdir(place) == []


MAIN = {
    "app/__init__.py": "",
    "app/__main__.py": """if 1:
        import inspect, multiprocessing, os, sys
        def work(number):
            return number, hasattr(sys, "bundler_file")
        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found = pool.map(work, [1])
                pool.close()
                pool.join()
            with open(os.path.join(os.path.dirname(__file__), "data.txt")) as file:
                print([*found, file.read(), inspect.getsource(work).strip()[:8], os.path.isfile(__file__)])
    """,
    "app/data.txt": "data\n",
}


def test_children_of_a_main_module_on_disk_are_of_the_application(python, build_app, place):
    app = build_app(MAIN, entry_point="app", files=["disk=*.txt"], python=python)
    ran = run(python, app, env={"TMPDIR": str(place)})
    assert (ran.stdout, ran.stderr) == ("[(1, True), 'data\\n', 'def work', True]\n", "")
    assert list(place.iterdir()) == []


def test_extension_on_disk_is_loaded_from_there(python, build_app, extensions, place):
    app = build_app({"shelf/__init__.py": "", **{"shelf/" + name: data for name, data in extensions.items()}}, library=True, files=["disk=*.so"])
    program = (
        "import sys\nsys.path.insert(0, sys.argv[1])\nfrom shelf import multi_phase, single_phase\n"
        "maps = open('/proc/self/maps').read()\n"
        "print([each.answer() for each in (multi_phase, single_phase)] + [each.__file__ in maps for each in (multi_phase, single_phase)])"
    )
    assert evaluate(python, program, app, flags=("-W", "ignore"), env={"TMPDIR": str(place)}) == [42, 42, True, True]


def test_directory_is_made_without_the_environment(python, app, place):
    shadow = place / "shadow"
    shadow.mkdir()
    for name in ("fcntl", "random"):
        (shadow / f"{name}.py").write_text("raise SystemExit('the environment was asked')\n")
    # -S: what the environment imports at its own start is not the matter here
    ran = run(python, "-S", app, json.dumps({"read": ANSWERS["read"][0]}), stdin=PROGRAM, env={"PYTHONPATH": str(shadow), "TMPDIR": str(place), "PYTHONUTF8": "1"})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert os.listdir(place) == ["shadow"]
