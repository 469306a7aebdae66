"""Of several files that could be one module, the one that a directory gives is imported: extension, source, bytecode."""

from __future__ import annotations

import ast
import subprocess

import pytest
from interpreters import interpreters
from running import evaluate, run
from trees import write_tree

PROGRAM = """
import importlib, os, pkgutil, sys
root = sys.argv[1]
if root not in sys.path:
    sys.path.insert(0, root)
def main():
    found = {}
    for name in ("multi_phase", "bare", "both", "bare_package", "bare_package.inner", "foreign"):
        try:
            module = importlib.import_module(name)
            found[name] = [module.__file__[len(root):], getattr(module, "VALUE", None)]
        except ImportError as error:
            found[name] = [type(error).__name__, str(error).split(":")[0].replace(root, "ROOT"), error.name]
    listed = [tuple(each)[1:] for each in pkgutil.iter_modules([root])]
    print(ascii([found, [each for each in listed if each[0] != "main"]]))
main()
"""


@pytest.fixture(scope="session")
def files(python, extensions, tmp_path_factory):
    root = tmp_path_factory.mktemp("compiled")
    sources = {"bare.py": "import os\nVALUE = open(os.path.dirname(__file__) + '/data.txt').read()\n", "inner.py": "VALUE = 2\n"}
    write_tree(root, sources)
    for name in sources:
        subprocess.run([python, "-c", "import py_compile, sys; py_compile.compile(*sys.argv[1:])", name, name + "c"], cwd=root, check=True)
    other = next(path for path in interpreters().values() if path != python)
    subprocess.run([other, "-c", "import py_compile; py_compile.compile('inner.py', 'foreign.pyc')"], cwd=root, check=True)
    return {
        "multi_phase.abi3.so": extensions["multi_phase.abi3.so"],
        "multi_phase.py": "VALUE = 'the source'\n",
        "multi_phase.pyc": (root / "inner.pyc").read_bytes(),
        "bare.pyc": (root / "bare.pyc").read_bytes(),
        "both.py": "VALUE = 'the source'\n",
        "both.pyc": (root / "inner.pyc").read_bytes(),
        "bare_package/__init__.pyc": (root / "inner.pyc").read_bytes(),
        "bare_package/inner.pyc": (root / "inner.pyc").read_bytes(),
        "foreign.pyc": (root / "foreign.pyc").read_bytes(),
        "data.txt": "data",
        "main.py": PROGRAM,
    }


def test_the_file_is_the_one_that_a_directory_gives(python, build_app, files, tmp_path):
    directory = write_tree(tmp_path / "directory", {name: files[name] for name in files if name != "main.py"})
    expected = evaluate(python, PROGRAM, directory, flags=("-B",))
    assert expected[0]["bare"] == ["/bare.pyc", "data"]
    assert expected[0]["foreign"][0] == "ImportError"
    app = build_app(None, files, entry_point="main", python=python)
    assert evaluate(python, PROGRAM, app) == expected
    ran = run(python, app, app)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ast.literal_eval(ran.stdout) == expected
