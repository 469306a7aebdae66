"""Applications without compiled modules run on PyPy, which takes their sources."""

from __future__ import annotations

import shutil

import pytest
from running import run
from trees import installed, write_tree

PYPY = shutil.which("pypy3")
pytestmark = pytest.mark.skipif(PYPY is None, reason="there is no `pypy3` on PATH")

FILES = installed("tool", "1.0", {
    "tool/__init__.py": "",
    "tool/data.txt": "text",
    "tool/main.py": """if 1:
        import email.message, importlib.metadata, importlib.resources, json, os, pkgutil, re, sys
        from concurrent.futures import ProcessPoolExecutor

        def double(number):
            return 2 * number

        def main():
            if sys.argv[1:] == ["fail"]:
                raise ValueError("no")
            print(pkgutil.get_data(__package__, "data.txt"), importlib.metadata.version("tool"))
            print(importlib.resources.files("tool").joinpath("data.txt").read_text())
            with open(os.path.join(os.path.dirname(__file__), "data.txt")) as file:
                print(file.read(), __file__.startswith(sys.bundler_file))
            with ProcessPoolExecutor(1) as pool:
                print(list(pool.map(double, [1, 2])))
            return 3
    """,
})  # fmt: skip
EXPECTED = "b'text' 1.0\ntext\ntext True\n[2, 4]\n"


@pytest.fixture(scope="module", params=["zlib", "stored"])
def app(request, build_app):
    return build_app(None, installed_files=FILES, entry_point="tool.main:main", codec=request.param)


def test_app_runs_on_pypy(app):
    ran = run(PYPY, app)
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, EXPECTED, "")


def test_environment_does_not_reach_an_app_on_pypy(app, tmp_path):
    write_tree(tmp_path, {"tool.py": "raise SystemExit('the wrong one')\n", "sitecustomize.py": "import json\n"})
    ran = run(PYPY, app, env={"PYTHONPATH": str(tmp_path)})
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, EXPECTED, "")


def test_uncaught_exception_on_pypy_shows_the_application_only(app):
    ran = run(PYPY, app, "fail")
    assert ran.returncode == 1
    frames = [line for line in ran.stderr.splitlines() if line.startswith("  File ")]
    assert frames == ['  File "%s/tool/main.py", line 10, in main' % app]
    assert ran.stderr.endswith('    raise ValueError("no")\nValueError: no\n')


def test_bundle_is_a_library_on_pypy(app):
    program = "import sys; sys.path.insert(0, sys.argv[1]); import tool.main; print(tool.main.__file__)"
    ran = run(PYPY, "-c", program, app)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "%s/tool/main.py\n" % app, "")
