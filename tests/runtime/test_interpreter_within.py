"""With BUNDLER_INTERPRETER an app file is a Python: what that does is compared with what ``python`` itself does."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import zipfile
from pathlib import Path

import pytest
from running import run
from trees import write_tree

ASKED = {"BUNDLER_INTERPRETER": "1"}
SHOW = """
import os, sys
names = sorted(name for name in globals() if name not in ("SHOW", "os", "sys"))
print(__name__, sys.argv, sys.path[0], names, __package__, __spec__ and __spec__.name, globals().get("__file__"))
print(os.environ.get("BUNDLER_INTERPRETER"), [name for name in os.environ if "BUNDLER" in name], "boot" in __builtins__.__dict__)
"""
APPLICATION = {
    "shop/__init__.py": "PRICE = 7\n",
    "shop/__main__.py": SHOW,
    "shop/named.py": SHOW,
    "shop/broken.py": "def fail():\n    raise ValueError('sold out')\nfail()\n",
    "shop/wrong.py": "x = = 1\n",
    "shop/data.txt": "no Python",
    "shop/bin/tool.py": "import beside\nprint(beside.WORD, __file__.count('tool.py'), __name__)\n",
    "shop/bin/beside.py": "WORD = 'beside'\n",
    "shop/bin/plain": "print('no suffix')\n",
    "shop/bin/program/__main__.py": "import part, sys\nprint(part.WORD, sys.argv)\n",
    "shop/bin/program/part.py": "WORD = 'part'\n",
    "shop/bin/program/empty/data.txt": "",
}
FILES = {
    "outside.py": SHOW + "import shop\nprint(shop.PRICE)\n",
    "imports.py": "import neighbour\nprint(neighbour.WORD)\n",
    "neighbour.py": "WORD = 'here'\n",
    "fails.py": "def fail():\n    1 / 0\nfail()\n",
    "opens.py": "open('absent.txt')\n",
    "syntax.py": "x = = 1\n",
    "latin.py": "# coding: latin-1\nprint('é'.encode('utf-8'))\n".encode("latin-1"),
    "directory/__main__.py": SHOW,
    "nothing/readme.txt": "",
    "two words é.py": SHOW,
}

CASES = {
    "command": ["-c", SHOW, "one", "-two"],
    "command with its text attached": ["-cimport shop, sys; print(shop.PRICE, sys.argv)", "one"],
    "command of no length": ["-c", ""],
    "command without text": ["-c"],
    "command that lists files": ["-c", "import os, shop; print(sorted(os.listdir(os.path.dirname(shop.__file__))))"],
    "command that fails": ["-c", "def f():\n  raise KeyError('k')\nf()"],
    "command that is no Python": ["-c", "x = ="],
    "command that exits": ["-c", "raise SystemExit(7)"],
    "command that exits with a text": ["-c", "import sys; sys.exit('a text')"],
    "command that breaks off": ["-c", "raise KeyboardInterrupt"],
    "command that ends by a signal": ["-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"],
    "module": ["-m", "shop.named", "one", "-two"],
    "module with its name attached": ["-mshop.named", "one"],
    "package": ["-m", "shop", "one"],
    "module of the standard library": ["-m", "json.tool", "--help"],
    "module here": ["-m", "neighbour"],
    "module that is missing": ["-m", "absent"],
    "module that is missing in a package": ["-m", "shop.absent"],
    "package that cannot run": ["-m", "shop.bin.program.empty"],
    "module that fails": ["-m", "shop.broken"],
    "module that is no Python": ["-m", "shop.wrong"],
    "module without a name": ["-m"],
    "script": ["outside.py", "one", "-two"],
    "script in this directory": ["./outside.py"],
    "script that imports what is beside it": ["imports.py"],
    "script with spaces": ["two words é.py"],
    "script through a link": ["linked/link.py"],
    "script in another encoding": ["latin.py"],
    "script that fails": ["fails.py"],
    "script that fails to open a file": ["opens.py"],
    "script that is no Python": ["syntax.py"],
    "script that is missing": ["absent.py"],
    "script that is a directory": ["directory", "one"],
    "script that is a directory without a main module": ["nothing"],
    "script that is a zip file": ["archive.zip", "one"],
    "script that is compiled": ["compiled.pyc", "one"],
    "script of the bundle": ["{root}/shop/bin/tool.py"],
    "script of the bundle without a suffix": ["{root}/shop/bin/plain"],
    "script of the bundle that fails": ["{root}/shop/broken.py"],
    "script of the bundle that is missing": ["{root}/shop/absent.py"],
    "directory of the bundle": ["{root}/shop/bin/program", "one"],
    "directory of the bundle without a main module": ["{root}/shop/bin"],
    "standard input": [],
    "standard input by name": ["-", "one", "-two"],
    "option": ["-O", "-c", "print(__debug__, __import__('shop').PRICE)"],
    "options in one word": ["-BOc", "import shop, sys; print(__debug__, sys.dont_write_bytecode, shop.PRICE, sys.argv)", "x"],
    "option with an argument": ["-W", "error", "-X", "dev", "-c", "import sys; print(sys.warnoptions, sys.flags.dev_mode)"],
    "version": ["-V"],
    "option that is wrong": ["-Z"],
}


@pytest.fixture(scope="module")
def places(build_app, python, tmp_path_factory):
    """An app file, the same as a directory, and a directory to start in."""
    app = build_app(None, APPLICATION, library=True, python=python)
    installed = write_tree(tmp_path_factory.mktemp("installed"), APPLICATION)
    here = write_tree(tmp_path_factory.mktemp("here"), {k: v for k, v in FILES.items() if isinstance(v, str)})
    (here / "latin.py").write_bytes(FILES["latin.py"])
    (here / "linked").mkdir()
    (here / "linked/link.py").symlink_to("../imports.py")
    with zipfile.ZipFile(here / "archive.zip", "w") as archive:
        archive.writestr("__main__.py", SHOW)
    program = "import py_compile; py_compile.compile('outside.py', 'compiled.pyc', dfile='outside.py')"
    subprocess.run([python, "-c", program], cwd=here, check=True)
    return app, installed, here


@pytest.mark.costly
@pytest.mark.parametrize("case", CASES)
def test_app_does_what_python_does(python, places, case):
    app, installed, here = places
    stdin = SHOW + "import shop\nprint(shop.PRICE, sys.stdin.read())\n1/0\n"
    environment = {"PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    expected = run(python, *_at(installed, case), cwd=here, env=environment, stdin=stdin, timeout=30)
    ran = run(python, app, *_at(app, case), cwd=here, env={**ASKED, **environment}, stdin=stdin, timeout=30)
    assert ran.stdout.replace(str(app), "ROOT") == expected.stdout.replace(str(installed), "ROOT")
    # where the source does not compile the loader stands in them, in a line of its own
    errors, wanted = (re.sub("line [0-9]+, in get_code", "in get_code", text.stderr) for text in (ran, expected))
    assert errors.replace(str(app), "ROOT") == wanted.replace(str(installed), "ROOT")
    assert ran.returncode == expected.returncode


def _at(root: Path, case: str) -> list[str]:
    return [word.replace("{root}", str(root)) for word in CASES[case]]


def test_session_answers_a_line_that_is_typed(python, places):
    app, _, here = places
    answers = _converse([python, str(app)], here, ["import shop, os, sys", "shop.PRICE * 6", "1/0", "[sys.argv, sys.path[0]]", "exit(3)"])
    assert "Type \"help\", \"copyright\"" in answers
    assert "42" in answers.split("shop.PRICE * 6")[-1]
    assert "ZeroDivisionError: division by zero" in answers
    assert "[[''], '']" in answers
    assert "runtime" not in answers and "process/" not in answers
    assert answers.endswith("status 3")


def _converse(command: list[str], cwd: Path, lines: list[str]) -> str:
    """Type ``lines`` into a terminal, each when the prompt is there, and return what it showed and the exit status."""
    child, terminal = pty.fork()
    if not child:
        os.chdir(cwd)
        os.execve(command[0], command, {**ASKED, "TERM": "dumb", "HOME": "/nonexistent", "PATH": os.defpath})
    shown = b""
    for line in [*lines, None]:
        seen = len(shown)
        while line is None or b">>> " not in shown[seen:]:
            assert select.select([terminal], [], [], 30)[0], shown
            try:
                data = os.read(terminal, 4096)
            except OSError:  # Linux: the other side is closed
                data = b""
            if not data:
                break
            shown += data
        if line is not None:
            os.write(terminal, line.encode() + b"\n")
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return shown.decode().replace("\r\n", "\n") + "status %d" % status


@pytest.mark.parametrize("value", ["", "0"])
def test_app_is_itself_where_the_variable_is_off(python, build_app, value):
    app = build_app({"__main__.py": "import sys; print('itself', sys.argv[1:])\n"}, python=python)
    ran = run(python, app, "-c", "print(1)", env={"BUNDLER_INTERPRETER": value})
    assert ran.stdout == "itself ['-c', 'print(1)']\n"


def test_children_do_not_inherit_the_variable(python, places):
    app, _, here = places
    program = "import os; os.system('env'); print(os.environ.get('BUNDLER_INTERPRETER'))"
    ran = run(python, app, "-c", program, cwd=here, env=ASKED)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "BUNDLER" not in ran.stdout
    assert ran.stdout.endswith("None\n")


def test_bundle_file_is_told(python, places):
    app, _, here = places
    ran = run(python, os.path.relpath(app, here), "-c", "import sys; print(sys.bundler_file)", cwd=here, env=ASKED)
    assert ran.stdout == f"{app}\n"


def test_environment_does_not_reach_it(python, places, tmp_path):
    app, _, here = places
    write_tree(tmp_path, {"shop.py": "PRICE = 0\n", "alien.py": ""})
    program = "import shop; print(shop.PRICE)\ntry: import alien\nexcept ImportError: print('absent')"
    ran = run(python, app, "-c", program, cwd=here, env={**ASKED, "PYTHONPATH": str(tmp_path)})
    assert ran.stdout == "7\nabsent\n"
