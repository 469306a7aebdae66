"""An app file ends, prints and fails as the same application does that is installed in a virtual environment."""

from __future__ import annotations

import os
import re
import subprocess
from textwrap import dedent

import pytest
from interpreters import version
from running import run
from trees import installed, write_tree

MAIN = dedent('''
    import atexit, os, signal, sys, threading, time, warnings

    def main():
        case = sys.argv[1]
        return CASES[case]()

    def fail(text="no"):
        raise ValueError(text)

    class Custom(SystemExit):
        pass

    class Shown:
        def __str__(self):
            return "shown – as text"

    class Unshown:
        def __str__(self):
            raise RuntimeError("cannot be shown")

    def leave(code):
        sys.exit(code)

    def raising(error):
        raise error

    def arguments():
        original = getattr(sys, "orig_argv", sys.argv)[-3:]
        print(sys.argv, [os.path.basename(word) for word in original], sys.flags, sys.executable)

    def main_module():
        module = sys.modules["__main__"]
        names = ("__name__", "__doc__", "__spec__", "__package__")
        print([(name, getattr(module, name, "absent")) for name in names], module.__builtins__ is sys.modules["builtins"])
        print(__name__, main.__module__, hasattr(module, "__file__"), os.path.exists(module.__file__))

    def exits_at_exit(status=None):
        atexit.register(print, "last")
        atexit.register(print, "first")
        atexit.register(lambda: print("threads", threading.active_count()))
        return status

    def failing_at_exit():
        atexit.register(fail, "at exit")
        return 4

    def leaving_at_exit():
        atexit.register(sys.exit, 9)
        return 4

    def failing_with_exits():
        exits_at_exit()
        fail()

    def print_many():
        for number in range(100000):
            print(number)

    def terminated():
        signal.signal(signal.SIGTERM, lambda number, frame: leave("terminated"))
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)

    def handled():
        print([str(signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGHUP)])

    def caught():
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(60)
        except KeyboardInterrupt as error:
            print("caught", error.args)

    def hooked(hook):
        sys.excepthook = hook
        fail("seen by a hook")

    def print_hook(kind, error, traceback):
        names = []
        while traceback:
            names.append((traceback.tb_frame.f_code.co_name, traceback.tb_lineno))
            traceback = traceback.tb_next
        print(kind, error, names[-4:], sys.exc_info()[0])

    def bad_hook(kind, error, traceback):
        raise KeyError("from the hook")

    def without_hook():
        del sys.excepthook
        fail()

    def leaving_hook(*error):
        sys.exit(6)

    class Dying:
        def __del__(self):
            fail("while dying")

    def unraisable(hook=None):
        if hook:
            sys.unraisablehook = hook
        Dying()

    def in_thread(hook=None):
        if hook:
            threading.excepthook = hook
        thread = threading.Thread(target=fail, name="worker")
        thread.start()
        thread.join()

    def waiting_thread():
        threading.Thread(target=lambda: (time.sleep(0.05), print("thread ends"))).start()
        print("main ends")

    def recursive():
        sys.setrecursionlimit(100)
        recursive_step()

    def recursive_step():
        recursive_step()

    def in_text():
        exec(compile("1/0", "<text>", "exec"))

    def chained():
        try:
            fail("first")
        except ValueError:
            raise LookupError("second") from None

    def context():
        try:
            fail("first")
        except ValueError:
            raise LookupError("second")

    def cause():
        try:
            from . import failing
        except ImportError as error:
            raise RuntimeError("wrapped") from error

    def noted():
        error = ValueError("noted")
        error.__notes__ = ["a note"]
        raise error

    def grouped():
        errors = []
        for text in ("one", "two"):
            try:
                fail(text)
            except ValueError as error:
                errors.append(error)
        raise ExceptionGroup("both", errors)

    def unopened():
        open("/nonexistent/file")

    def unclosed():
        open(os.devnull)

    def warn_old():
        warnings.warn("old", DeprecationWarning)
        warnings.warn("user")
        warnings.warn("user")

    def stdlib_frames():
        import json
        json.loads("{")

    def relative():
        from . import absent

    def missing():
        import absent_module

    def misnamed():
        return os.getcwdd()

    def logged():
        import logging
        try:
            fail()
        except ValueError:
            logging.exception("logged")

    def formatted():
        import traceback
        try:
            fail()
        except ValueError:
            print(traceback.format_exc())

    def no_stderr():
        sys.stderr = None
        fail()

    CASES = {
        "arguments": arguments,
        "main module": main_module,
        "exit none": lambda: leave(None),
        "exit empty": lambda: leave(""),
        "exit object": lambda: leave(Shown()),
        "exit unprintable": lambda: leave(Unshown()),
        "exit bytes": lambda: leave(b"bytes"),
        "exit list": lambda: leave([1, "two"]),
        "exit true": lambda: leave(True),
        "exit false": lambda: leave(False),
        "exit float": lambda: leave(2.5),
        "exit 256": lambda: leave(256),
        "exit -1": lambda: leave(-1),
        "exit large": lambda: leave(1 << 40),
        "exit larger": lambda: leave(-(1 << 70)),
        "exit two": lambda: raising(SystemExit(1, 2)),
        "exit bare": lambda: raising(SystemExit),
        "exit derived": lambda: raising(Custom("derived")),
        "interrupt raised": lambda: raising(KeyboardInterrupt("raised")),
        "generator exit": lambda: raising(GeneratorExit()),
        "base exception": lambda: raising(BaseException("base")),
        "exits": exits_at_exit,
        "exits with status": lambda: exits_at_exit(5),
        "failing at exit": failing_at_exit,
        "leaving at exit": leaving_at_exit,
        "failing with exits": failing_with_exits,
        "terminated": terminated,
        "handlers": handled,
        "caught": caught,
        "hook": lambda: hooked(print_hook),
        "hook fails": lambda: hooked(bad_hook),
        "hook leaves": lambda: hooked(leaving_hook),
        "hook gone": without_hook,
        "hook none": lambda: hooked(None),
        "unraisable": unraisable,
        "unraisable hook": lambda: unraisable(lambda unraised: print("unraisable", unraised.exc_value, unraised.err_msg)),
        "thread": in_thread,
        "thread hook": lambda: in_thread(lambda args: print("thread hook", args.exc_value, args.thread.name)),
        "waiting thread": waiting_thread,
        "recursion": recursive,
        "text": in_text,
        "chained": chained,
        "context": context,
        "cause": cause,
        "notes": noted,
        "group": grouped,
        "unopened": unopened,
        "unclosed": unclosed,
        "warnings": warn_old,
        "json": stdlib_frames,
        "relative": relative,
        "missing": missing,
        "misnamed": misnamed,
        "logged": logged,
        "formatted": formatted,
        "no stderr": no_stderr,
        "many": print_many,
    }
''')  # fmt: skip
PACKAGE = {"tool/__init__.py": "", "tool/main.py": MAIN, "tool/failing.py": "import tool.absent\n"}
ENTRY_POINTS = "[console_scripts]\ntool = tool.main:main\n"
SCRIPT = "#!%s\nimport sys\nfrom tool.main import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
CASES = re.findall(r'^    "(.*)": ', MAIN, re.MULTILINE)
SINCE = {"group": (3, 11)}

# Written by C code that nothing can replace, and that looks for source lines in files only.
NO_LINES = {"failing at exit": (3, 10)}
LINES = re.compile(r'(  File ".*/tool/.*\n)    .*\n( +[\^~]+\n)?')
SCRIPTS_FRAME = re.compile(r'(  \| )?  File "[^"]*/bin/tool", line 5, in <module>\n(  \| )?    sys.exit\(main\(\)\)\n((  \| )? +[\^~]+\n)?')
ADDRESS = re.compile(r"0x[0-9a-f]+")
# The launcher's frames are on the stack, below the application's; in Python, tracebacks have suggestions since 3.12 only.
DEPTH = re.compile(r"Previous line repeated \d+ more times")
SUGGESTION = re.compile(r"\. Did you mean: '\w+'\?")


@pytest.fixture(scope="session")
def script(python, tmp_path_factory):
    """The console script of the application, installed and compiled."""
    root = tmp_path_factory.mktemp("venv")
    subprocess.run([python, "-I", "-m", "venv", "--without-pip", str(root)], check=True)
    (site_packages,) = root.glob("lib/python*/site-packages")
    write_tree(site_packages, installed("tool", "1.0", PACKAGE, ENTRY_POINTS))
    interpreter = root / "bin" / "python"
    subprocess.run([interpreter, "-I", "-m", "compileall", "-q", str(site_packages)], check=True)
    (root / "bin" / "tool").write_text(SCRIPT % interpreter)
    return root / "bin" / "tool"


@pytest.fixture(scope="session")
def app(python, build_app):
    files = installed("tool", "1.0", PACKAGE, ENTRY_POINTS)
    return build_app(None, installed_files=files, console_script="tool", name="tool", python=python)


def same(python, script, app, case, flags=(), env=None):
    """Run both and return what differs, as pairs of the installed one's and the app's."""
    interpreter = script.with_name("python")
    expected = run(interpreter, *flags, script, case, "–", env=env)
    ran = run(interpreter, *flags, app, case, "–", env=env)
    (site_packages,) = script.parent.parent.glob("lib/python*/site-packages")
    pairs = {"status": (expected.returncode, ran.returncode)}
    for name in ("stdout", "stderr"):
        text = getattr(expected, name)
        text = SCRIPTS_FRAME.sub("", text).replace(str(site_packages), str(app)).replace(str(script), str(app))
        other = getattr(ran, name)
        if version(python) < NO_LINES.get(case, (0, 0)):
            text, other = LINES.sub(r"\1", text), LINES.sub(r"\1", other)
        for pattern in (ADDRESS, DEPTH, SUGGESTION) if version(python) < (3, 12) else (ADDRESS, DEPTH):
            text, other = pattern.sub("", text), pattern.sub("", other)
        pairs[name] = text, other
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@pytest.mark.costly
@pytest.mark.parametrize("case", CASES)
def test_app_does_what_the_installed_application_does(python, script, app, case):
    if version(python) < SINCE.get(case, (3, 9)):
        pytest.skip("the language has it since %d.%d" % SINCE[case])
    assert same(python, script, app, case) == {}


@pytest.mark.parametrize("flags", ["-W error", "-X dev", "-X dev -W error", "-W default"])
def test_switches_change_no_more_of_it(python, script, app, flags):
    for case in ("arguments", "exits", "warnings", "unclosed", "context", "exit text"):
        if case in CASES:
            assert same(python, script, app, case, flags=tuple(flags.split())) == {}, case


def test_broken_pipe_ends_both_alike(python, script, app):
    answers = []
    for path in (script, app):
        command = '{ "$@"; echo status $? >&2; } | head -c 1 >/dev/null'
        ran = run("/bin/sh", "-c", command, "sh", script.with_name("python"), path, "many", env={"PATH": os.defpath})
        answers.append(SCRIPTS_FRAME.sub("", ran.stderr))
    (site_packages,) = script.parent.parent.glob("lib/python*/site-packages")
    assert answers[0].replace(str(site_packages), str(app)) == answers[1]
    assert "BrokenPipeError" in answers[1]
