"""Nothing of the environment reaches an application that its launcher started."""

from __future__ import annotations

import ast
import subprocess

import pytest
from interpreters import interpreters
from running import run
from trees import write_tree

FILES = {
    "thing/__init__.py": "import sys\nfrom .part import ORIGIN\n",
    "thing/part.py": "ORIGIN = 'bundle'\n",
    "alone.py": """if 1:
        import sys, thing, thing.part
        def tries(name):
            try: __import__(name)
            except ImportError: return "absent"
            return "there"
        print([thing.ORIGIN, thing.part.ORIGIN, thing.__file__, tries("stranger"), tries("userish"), sys.path[0],
            [type(finder).__name__ for finder in sys.meta_path if type(finder).__module__ == "intruder"]])
    """,
}
COPY = {
    "thing/__init__.py": "ORIGIN = 'environment'\n",
    "thing/part.py": "ORIGIN = 'environment'\n",
    "stranger.py": "",
    "intruder.py": "import sys\nclass Intruder:\n    def find_spec(*_): return None\nsys.meta_path.insert(0, Intruder())\n",
}


@pytest.fixture(scope="session")
def environment(tmp_path_factory, python):
    """A virtual environment whose ``sitecustomize`` and ``.pth`` have imported copies of what the bundle carries."""
    root = tmp_path_factory.mktemp("venv")
    subprocess.run([python, "-I", "-m", "venv", "--without-pip", str(root)], check=True)
    (site_packages,) = root.glob("lib/python*/site-packages")
    copy = {**COPY, "sitecustomize.py": "import thing.part\n", "zz.pth": "import intruder, thing\n"}
    write_tree(site_packages, copy)
    return root


def expected(app):
    return ["bundle", "bundle", f"{app}/thing/__init__.py", "absent", "absent", str(app), []]


def test_site_packages_and_its_customisation_do_not_reach_the_app(environment, python, target, build_app):
    app = build_app(FILES, entry_point="alone", python=target)
    interpreter = environment / "bin" / "python"
    check = run(interpreter, "-c", "import sys, thing, stranger; print(thing.ORIGIN, 'thing.part' in sys.modules)")
    assert check.stdout == "environment True\n"
    ran = run(interpreter, app)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ast.literal_eval(ran.stdout) == expected(app)


def test_pythonpath_and_the_current_directory_do_not_reach_the_app(python, target, build_app, tmp_path):
    app = build_app(FILES, entry_point="alone", python=target)
    write_tree(tmp_path, {**COPY, "userish.py": ""})
    ran = run(python, app, cwd=tmp_path, env={"PYTHONPATH": f"{tmp_path}:relative:"})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ast.literal_eval(ran.stdout) == expected(app)


def test_user_site_does_not_reach_the_app(python, target, build_app, tmp_path):
    app = build_app(FILES, entry_point="alone", python=target)
    (version,) = (version for version, path in interpreters().items() if path == python)
    write_tree(tmp_path / f"lib/python{version}/site-packages", {**COPY, "usercustomize.py": "import thing.part\n"})
    ran = run(python, app, env={"PYTHONUSERBASE": str(tmp_path)})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ast.literal_eval(ran.stdout) == expected(app)


def test_standard_library_stays_importable(python, target, build_app):
    # one of each kind: source, extension in lib-dynload, frozen, built in, package
    source = "import json.decoder, _json, zipimport, sys, email.message, sqlite3.dbapi2, ctypes, _socket\nprint('done')\n"
    app = build_app({"alone.py": source}, entry_point="alone", python=target)
    ran = run(python, "-I", app)
    assert (ran.returncode, ran.stdout) == (0, "done\n"), ran.stderr
