"""An app file that its launcher starts behaves as the same application installed."""

from __future__ import annotations

import re
import signal
from textwrap import dedent

import pytest
from running import run
from trees import write_tree

MAIN = dedent('''
    """The documentation."""
    import os, signal, sys, threading, warnings

    def main():
        return CASES[sys.argv[1]]()

    def fail():
        value = {}
        return value["absent"]

    def chained():
        try:
            fail()
        except KeyError as error:
            raise RuntimeError("two\\nlines") from error

    def own_hook():
        sys.excepthook = lambda kind, error, traceback: print("hook saw", kind.__name__, file=sys.stderr)
        fail()

    def thread():
        worker = threading.Thread(target=fail, name="worker")
        worker.start()
        worker.join()

    def interrupted():
        os.kill(os.getpid(), signal.SIGINT)
        while True:
            signal.pause()

    def echo():
        print(sys.argv[1:], sys.stdin.read(), __name__, __package__)

    def import_failing():
        from . import failing

    def import_invalid():
        from . import invalid

    def leave(code):
        raise SystemExit(code)

    CASES = {
        "none": lambda: None,
        "zero": lambda: 0,
        "three": lambda: 3,
        "true": lambda: True,
        "text": lambda: "error: a text – and more",
        "exit none": lambda: leave(None),
        "exit text": lambda: leave("left"),
        "exit tuple": lambda: leave((1, 2)),
        "hard": lambda: os._exit(9),
        "fail": fail,
        "chained": chained,
        "own hook": own_hook,
        "thread": thread,
        "interrupted": interrupted,
        "warn": lambda: warnings.warn("old", DeprecationWarning),
        "echo": echo,
        "import failing": import_failing,
        "import invalid": import_invalid,
    }
''')  # fmt: skip
PACKAGE = {
    "tool/__init__.py": "",
    "tool/main.py": MAIN,
    "tool/failing.py": "def deeper():\n    raise ValueError('no')\n\ndeeper()\n",
    # as dependencies have it, for other versions
    "tool/invalid.py": "x = 1\nif x\n    y = 2\n",
}
WRAPPER = "import sys\nfrom tool.main import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
CASES = re.findall(r'^    "(.*)": ', MAIN, re.MULTILINE)


@pytest.fixture(scope="session")
def tool(build_app, target):
    files = {name: text for name, text in PACKAGE.items() if name != "tool/invalid.py"}
    return build_app(files, installed_files={"tool/invalid.py": PACKAGE["tool/invalid.py"]}, entry_point="tool.main:main", python=target)


@pytest.fixture(scope="session")
def script(tmp_path_factory):
    root = write_tree(tmp_path_factory.mktemp("installed"), {**PACKAGE, "script.py": WRAPPER})
    return root / "script.py"


@pytest.mark.costly
@pytest.mark.parametrize("case", CASES)
def test_app_ends_as_the_installed_script_does(python, tool, script, case):
    expected = run(python, script, case, "–", stdin="read")
    ran = run(python, tool, case, "–", stdin="read")
    wrapper = r'  File "[^"]*script.py", line 4, in <module>\n    sys.exit\(main\(\)\)\n(             [\^~]+\n)?'
    stderr = re.sub(wrapper, "", expected.stderr).replace(f"{script.parent}/", f"{tool}/")
    assert ran.stderr == stderr
    assert (ran.returncode, ran.stdout) == (expected.returncode, expected.stdout)


def test_interrupted_app_dies_by_the_signal(python, tool):
    assert run(python, tool, "interrupted").returncode == -signal.SIGINT
