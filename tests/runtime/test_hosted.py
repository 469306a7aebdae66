"""An app file in another program's process: imported from, or run by ``runpy.run_path``. The host stays as it was."""

from __future__ import annotations

import pytest
from running import evaluate, run
from trees import write_tree

FILES = {
    "thing.py": "VALUE = 'bundle'\n",
    "tool.py": "import thing, sys\ndef main():\n    return 7\nif __name__ == '__main__':\n    sys.exit(7)\n",
    "failing.py": "def main():\n    raise ValueError('no')\nif __name__ == '__main__':\n    main()\n",
}

# All that a start of the app changes in a process of its own, as a host would see it.
STATE = """if 1:
    import builtins, gc, importlib.resources, json, os, re, runpy, signal, subprocess, sys, threading, traceback
    import sysconfig
    def state():
        compiler = re._compiler if sys.version_info >= (3, 11) else sys.modules["sre_compile"]
        # one is added, which finds no module
        finders = [repr(finder) for finder in sys.meta_path if type(finder).__name__ != "Distributions"]
        functions = [builtins.open, os.stat, os.lstat, os.listdir, os.scandir, os.open, os.execv, os.path.exists]
        return {
            "path": list(sys.path), "meta_path": finders, "argv": list(sys.argv),
            "gc": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()), "excepthook": sys.excepthook,
            "hooks": (sys.unraisablehook, threading.excepthook, sys.displayhook), "functions": functions,
            "compile": compiler.compile, "popen": subprocess.Popen.__init__, "signal": signal.getsignal(signal.SIGINT),
            "file": hasattr(sys, "bundler_file"), "executable": sys.executable, "environment": dict(os.environ),
            "gone": [name for name in known if name not in sys.modules], "main": sys.modules["__main__"].__dict__ is globals(),
            "switch": sys.getswitchinterval(), "recursion": sys.getrecursionlimit(), "here": os.getcwd(),
        }
    known = ()
    def compare(change):
        global known
        known = list(sys.modules)
        before = state()
        answer = change()
        after = state()
        print([answer, sorted(key for key in before if before[key] != after[key])])
"""


@pytest.fixture(scope="session", params=["tool", "tool:main"])
def app(request, python, target, build_app):
    return build_app(FILES, entry_point=request.param, python=target)


def test_import_changes_nothing_of_the_host(python, app):
    program = STATE + "    sys.path.append(sys.argv[1])\n    compare(lambda: __import__('thing').VALUE)"
    # 3.9's importlib.resources cannot be answered for otherwise
    assert evaluate(python, program, app, flags=("-I",)) == ["bundle", []]


@pytest.mark.parametrize("name", ["<run_path>", "__main__"])
@pytest.mark.parametrize("relative", [False, True], ids=["absolute", "relative"])
def test_run_path_runs_the_app_and_changes_nothing_of_the_host(python, app, tmp_path, name, relative):
    program = STATE + """
    import thing
    def change():
        try:
            found = runpy.run_path(sys.argv[1], run_name=sys.argv[2])
        except SystemExit as error:
            return error.code
        return "returned"
    compare(change)
    assert thing.VALUE == "host" and sys.modules["thing"] is thing
    """
    write_tree(tmp_path, {"thing.py": "VALUE = 'host'\n"})
    path = app.name if relative else app
    ran = run(python, "-c", program, path, name, cwd=app.parent, env={"PYTHONPATH": str(tmp_path)})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "[%s, []]\n" % (7 if name == "__main__" else "'returned'")


def test_exception_of_an_app_that_run_path_runs_is_the_hosts(python, target, build_app):
    app = build_app(FILES, entry_point="failing:main", python=target)
    program = STATE + """
    def change():
        try:
            runpy.run_path(sys.argv[1], run_name="__main__")
        except ValueError as error:
            return str(error)
    compare(change)
    """
    assert evaluate(python, program, app, flags=("-I",)) == ["no", []]


def test_run_path_gives_the_main_module_globals_and_its_spec(python, build_app):
    app = build_app({"__main__.py": "found = given, __spec__.name, __name__, __file__, sorted(name for name in globals() if name[0] != '_')\n"})
    program = "import runpy, sys; print(runpy.run_path(sys.argv[1], init_globals={'given': 5}, run_name='other')['found'])"
    assert evaluate(python, program, app) == (5, "__main__", "other", f"{app}/__main__.py", ["given"])
