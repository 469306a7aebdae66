"""What an app file can start: a callable, a module, a package, a wheel's script, a script of one file."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest
from running import run
from trees import installed, write_tree

from bundler.build import build

TELL = dedent("""
    import sys

    class Thing:
        pass

    def tell():
        module = sys.modules["__main__"]
        print([__name__, __package__, __file__, sys.argv, sys.path[0], Thing.__module__,
            hasattr(module, "__file__"), module.__spec__ is None])

    def main():
        tell()
        return 7

    if __name__ == "__main__":
        sys.exit(main())
""")
FILES = {
    "alone.py": TELL,
    "tool/__init__.py": "",
    "tool/__main__.py": "from . import named\n" + TELL,
    "tool/named.py": TELL,
    "tool/deep/__init__.py": "",
    "tool/deep/inner.py": "from ..named import Thing as Other\n" + TELL,
}


@pytest.mark.parametrize(
    "entry, name, package, file",
    [
        ("alone", "__main__", "", "alone.py"),
        ("alone:main", "alone", "", "alone.py"),
        ("tool", "__main__", "tool", "tool/__main__.py"),
        ("tool.named", "__main__", "tool", "tool/named.py"),
        ("tool.named:main", "tool.named", "tool", "tool/named.py"),
        ("tool.deep.inner", "__main__", "tool.deep", "tool/deep/inner.py"),
    ],
)
def test_entry_point_runs_under_its_name(python, target, build_app, entry, name, package, file):
    app = build_app(FILES, entry_point=entry, python=target)
    ran = run(python, app, "-x", "two words")
    assert (ran.returncode, ran.stderr) == (7, "")
    expected = [name, package, f"{app}/{file}", [str(app), "-x", "two words"], str(app), name, True, True]
    assert ast.literal_eval(ran.stdout) == expected


def test_attribute_of_a_class_is_an_entry_point(python, target, build_app):
    files = {"tool.py": "class Command:\n    @classmethod\n    def run(cls):\n        print(cls.__name__)\n"}
    app = build_app(files, entry_point="tool:Command.run", python=target)
    ran = run(python, app)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "Command\n", "")


def test_script_that_a_wheel_carries_runs(python, target, build_app):
    script = "#!python\nimport tool.named, sys\nprint([__name__, __file__.endswith('teller'), sys.argv])\nsys.exit(5)\n"
    files = installed("Teller", "1.0", {"tool/__init__.py": "", "tool/named.py": TELL, "bin/teller": script})
    files["teller-1.0.dist-info/RECORD"] = files["teller-1.0.dist-info/RECORD"].replace("bin/", "../../bin/")
    app = build_app(None, installed_files=files, console_script="teller", python=target)
    ran = run(python, app, "-x")
    assert (ran.returncode, ran.stderr) == (5, "")
    name, _, argv = ast.literal_eval(ran.stdout)
    assert (name, argv) == ("__main__", [str(app), "-x"])


def test_console_script_of_a_distribution_runs(python, target, build_app):
    files = installed("Teller", "1.0", {"tool.py": TELL}, "[console_scripts]\nteller = tool:main\n")
    app = build_app(None, installed_files=files, console_script="teller", python=target)
    ran = run(python, app)
    assert (ran.returncode, ran.stderr) == (7, "")
    assert ast.literal_eval(ran.stdout)[0] == "tool"


def test_script_of_one_file_runs(python, target, tmp_path):
    metadata = "# /// script\n# requires-python = '>=3.9'\n# dependencies = []\n# ///\n"
    source = write_tree(tmp_path, {"my script.py": metadata + TELL})
    build(source / "my script.py", tmp_path / "app.pyz", cache=tmp_path / "cache", python=target)
    ran = run(python, tmp_path / "app.pyz")
    assert (ran.returncode, ran.stderr) == (7, "")
    assert ast.literal_eval(ran.stdout)[:2] == ["__main__", ""]


def test_library_says_that_it_has_no_entry_point(python, target, build_app):
    app = build_app({"alone.py": TELL}, library=True, python=target)
    ran = run(python, app)
    message = f"error: `{app}` is a library: it has no entry point to run\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", message)


@pytest.mark.parametrize("entry", ["alone", "alone:main", "tool"])
def test_app_file_may_be_run_by_run_path_and_as_an_importable_directory(python, target, build_app, entry):
    app = build_app(FILES, entry_point=entry, python=target)
    ran = run(python, "-c", f"import runpy, sys; sys.argv = [{str(app)!r}]; runpy.run_path(sys.argv[0], run_name='__main__')")
    assert (ran.returncode, ran.stderr) == (7, "")


def test_app_starts_through_its_first_line(python, target, build_app):
    app = build_app(FILES, entry_point="alone", python=python)
    ran = run(app, "-x")
    assert (ran.returncode, ran.stderr) == (7, "")
    assert ast.literal_eval(ran.stdout)[3] == [str(app), "-x"]
