"""Source lines are found by file name alone, and the tools that open sources are served, in apps that open no files themselves."""

from __future__ import annotations

import ast
import re

import pytest
from interpreters import version
from running import evaluate, run

FILES = {
    "work.py": "import warnings\n\ndef warn():\n    warnings.warn('told')\n\ndef fail():\n    raise ValueError('no')\n",
    "pages.py": "def first():\n    return 1\n\x0c\ndef second():\n    raise ValueError('after the form feed')\n",
    "program.py": """if 1:
        import os, sys, work

        def overlaid():
            return type(os.stat).__name__ != "builtin_function_or_method"

        def main():
            print([overlaid(), eval(sys.argv[1]), overlaid()])

        def path(module):
            return os.path.join(sys.path[0], module.__name__ + ".py")

        def lines(module):
            import linecache
            linecache.clearcache()
            return linecache.getlines(path(module))

        def import_again(name):
            __import__(name)
            sys.modules.pop(name)
            __import__(name)
            return lines(work)[3], type(sys.modules[name].__spec__.loader).__module__.startswith("_bundler")

        def debug():
            import io, pdb
            out = io.StringIO()
            debugger = pdb.Pdb(stdin=io.StringIO("break %s:4\\nquit\\n" % path(work)), stdout=out, nosigint=True, readrc=False)
            debugger.use_rawinput = False
            try:
                debugger.runcall(work.warn)
            except BaseException:  # on some versions quitting raises
                pass
            return "Breakpoint 1" in out.getvalue()

        class Dying:
            def __init__(self, raising=None):
                self.raising = raising

            def __del__(self):
                raise self.raising or ValueError("dying")

        class Unshown(Exception):
            def __str__(self):
                raise ValueError

        class Named(Exception):
            __module__ = "some.where"

        class Unnamed(Exception):
            __module__ = 3

        class Unrepresented(Dying):
            def __repr__(self):
                raise ValueError

        def unraisable():
            # the text by C and by the hook, of exceptions as the interpreter would hand them over
            kept = []
            hook, sys.unraisablehook = sys.unraisablehook, kept.append
            Dying().raising = LookupError()
            sys.unraisablehook = hook
            for dying in (Dying(), Dying(Unshown()), Dying(Named("x")), Dying(Unnamed()), Dying(KeyError("")), Unrepresented()):
                try:
                    dying.__del__()
                except Exception as error:
                    arguments = type(kept[0])((type(error), error, error.__traceback__, None, dying))
                    yield written(sys.__unraisablehook__, arguments), written(hook, arguments)
                    yield written(sys.__unraisablehook__, told(arguments)), written(hook, told(arguments))
                dying.__class__ = Quiet

        def told(arguments):
            return type(arguments)((*arguments[:3], "Told", None))

        def written(hook, arguments):
            import io
            sys.stderr, stderr = io.StringIO(), sys.stderr
            try:
                hook(arguments)
                return sys.stderr.getvalue()
            finally:
                sys.stderr = stderr

        class Quiet:
            pass

        if __name__ == "__main__":
            main()
    """,
}  # fmt: skip


@pytest.fixture(scope="session")
def app(build_app, python):
    return build_app(FILES, entry_point="program:main", python=python)


def answer(python, app, expression, **options):
    """Return what ``expression`` is in the app, and whether files were served before and after."""
    ran = run(python, app, expression, **options)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    before, value, after = ast.literal_eval(ran.stdout)
    assert not before
    return value, after


def test_lines_are_found_by_file_name_and_no_file_is_served(python, app):
    expected = [line + "\n" for line in FILES["pages.py"].split("\n")[:-1]]
    assert answer(python, app, "lines(__import__('pages'))") == (expected, False)


def test_module_imported_again_is_changed_again_and_has_its_own_loader(python, app):
    assert answer(python, app, "import_again('linecache')") == (("    warnings.warn('told')\n", False), False)


def test_debugger_breaks_by_file_and_line(python, app):
    assert answer(python, app, "debug()") == (True, True)


@pytest.mark.parametrize("tool", ["trace", "unittest"])
def test_files_are_served_to_a_tool_that_opens_them(python, app, tool):
    assert answer(python, app, f"__import__('{tool}').__name__") == (tool, True)
    assert answer(python, app, f"__import__('{tool}').__name__", env={"BUNDLER_DISABLE": "overlay"}) == (tool, False)


def test_warning_shows_its_line(python, app):
    for arguments, env in (((app, "work.warn()"), {}), (("-c", "import work; work.warn()"), {"PYTHONPATH": str(app)})):
        ran = run(python, *arguments, env=env)
        assert ran.stderr == f"{app}/work.py:4: UserWarning: told\n  warnings.warn('told')\n"


def test_traced_host_is_served_files(python, app):
    program = "import os, sys\nsys.settrace(lambda *event: None)\nsys.path.insert(0, sys.argv[1])\nimport program\nprint(program.overlaid())"
    assert evaluate(python, program, app) is True
    assert evaluate(python, program.replace("sys.settrace(lambda *event: None)", ""), app) is False


def test_monitored_host_is_served_files(python, app):
    if version(python) < (3, 12):
        pytest.skip("sys.monitoring is there since 3.12")
    program = "import os, sys\nsys.monitoring.use_tool_id(1, 'x')\nsys.path.insert(0, sys.argv[1])\nimport program\nprint(program.overlaid())"
    assert evaluate(python, program, app) is True


def test_tool_imported_before_the_bundle_is_entered_is_changed(python, app):
    program = "import linecache, sys\nsys.path.insert(0, sys.argv[1])\nimport program\nprint(program.lines(program.work)[3])"
    assert run(python, "-c", program, app).stdout == "    warnings.warn('told')\n\n"


def test_argument_that_names_a_file_of_the_app_is_one(python, app):
    ran = run(python, app, "-m", "tokenize", f"{app}/work.py", env={"BUNDLER_INTERPRETER": "1"})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "'warnings'" in ran.stdout


def test_app_without_sources_says_what_a_directory_of_bytecode_says(python, build_app):
    app = build_app(FILES, entry_point="program:main", sources=False, python=python)
    assert answer(python, app, "lines(work)") == ([], False)
    program = "import inspect, work\ntry: inspect.getsource(work.warn)\nexcept OSError as error: print(error)\nwork.fail()"
    ran = run(python, app, "-c", program, env={"BUNDLER_INTERPRETER": "1"})
    assert ran.stdout in ("could not get source code\n", "source code not available\n")
    assert ran.stderr.endswith(f'  File "{app}/work.py", line 7, in fail\nValueError: no\n')


def test_what_cannot_be_raised_is_shown_as_by_c_with_lines(python, app):
    if version(python) >= (3, 15):
        pytest.skip("shown by Python code")
    pairs, _ = answer(python, app, "list(unraisable())")
    assert len(pairs) == 12
    for plain, shown in pairs:
        assert "    raise self.raising or ValueError" in shown
        assert re.sub(r"(?m)^    .*\n", "", shown) == plain
