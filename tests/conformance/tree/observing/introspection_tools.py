"""Tools that work on sources: debugger, tests, examples, coverage, profiles, documentation."""

import cProfile
import contextlib
import doctest
import io
import os
import pdb
import pkgutil
import profile
import pstats
import pyclbr
import pydoc
import re
import subprocess
import sys
import timeit
import trace
import unittest

import studied
import studied.trying
from observing import attempt
from studied import examples, failing, forms, paged
from studied.loose import leaf

ROOT = os.path.dirname(os.path.dirname(studied.__file__))


class Dialogue(pdb.Pdb):
    """A debugger that is given its commands, and says what it prints."""

    def __init__(self, *commands):
        self.said = io.StringIO()
        super().__init__(stdin=io.StringIO("\n".join((*commands, "")) + "continue\n" * 9), stdout=self.said, nosigint=True, readrc=False)
        self.use_rawinput = False
        self.prompt = "> "

    def answers(self, function):
        failed = attempt(self.runcall, function)
        self.clear_all_breaks()
        return [self.said.getvalue(), failed if isinstance(failed, tuple) else None]


def _line(function, further):
    return function.__code__.co_firstlineno + further


SESSIONS = {
    "list": ["step", "list", "list 1, 5", "l .", "longlist"],
    "a break by function": ["break studied.failing.simple", "break", "continue", "where", "up", "list", "down", "args", "p value"],
    "a break by name": ["step", "break simple", "continue", "where", "retval"],
    "a break by method": ["break studied.failing.Class.method", "continue", "list"],
    "a break by file and line": ["break %s:%d" % (failing.__file__, _line(failing.simple, 1)), "continue", "where"],
    "a break by module and line": [
        "break studied/failing:%d" % _line(failing.simple, 1),
        "break studied/failing.py:%d" % _line(failing.simple, 1),
        "continue",
    ],
    "a break by dotted module and line": ["break studied.failing:%d" % _line(failing.simple, 1), "continue", "where"],
    "a break by line": ["step", "break %d" % _line(failing.simple, 1), "continue", "where"],
    "a break in another module": [
        "break %s:%d" % (leaf.__file__, _line(leaf.first, 1)),
        "break %s:%d" % (paged.__file__, _line(paged.third, 1)),
        "continue",
        "list",
    ],
    "a break on a blank line": ["break %s:2" % failing.__file__, "break %s:1" % failing.__file__, "break %s:100000" % failing.__file__],
    "a break in no file": ["break %s.absent:3" % failing.__file__, "break absent:3", "break absent", "break studied.failing.absent"],
    "a condition": ["break studied.failing.simple, value == 5", "condition 1 value == 0", "continue", "p value", "clear 1", "break"],
    "a temporary break": ["tbreak %s:%d" % (failing.__file__, _line(failing.simple, 1)), "continue", "where"],
    "commands": ["break studied.failing.simple", "commands 1", "p 'in commands'", "end", "continue", "ignore 1 1", "disable 1", "enable 1"],
    "steps": ["step", "next", "next", "until", "return", "step", "step"],
    "source": ["source studied.forms.Outer", "source studied.examples.twice", "source len", "whatis studied.examples.twice"],
    "an alias": ["step", "jump %d" % _line(failing.nested, 4), "display 1", "undisplay", "interact_not"],
    "clear by file": ["%s %s:%d" % (word, failing.__file__, _line(failing.simple, 1)) for word in ("break", "clear")] + ["break"],
}


def observe_debugger():
    import linecache

    found = {}
    for name, commands in SESSIONS.items():
        linecache.clearcache()
        found[name] = Dialogue("import studied.examples, studied.forms", *commands).answers(failing.nested)
    return found


def observe_post_mortem():
    found = []
    for function in (failing.over_lines, failing.in_a_method, paged.second, leaf.fail):
        try:
            function()
        except Exception as error:
            dialogue = Dialogue("where", "list", "up", "longlist", "down", "args")
            dialogue.reset()
            dialogue.interaction(None, error.__traceback__.tb_next)
            found.append(dialogue.said.getvalue())
    return found


def observe_skipped_modules():
    dialogue = Dialogue("step", "step", "step", "step", "where")
    dialogue.skip = {"studied.examp*"}
    return dialogue.answers(failing.nested)


def observe_breakpoint():
    shown = []
    original, sys.breakpointhook = sys.breakpointhook, lambda: shown.append(sys._getframe(1).f_lineno)
    try:
        exec(compile("\n\nbreakpoint()", failing.__file__, "exec"))
    finally:
        sys.breakpointhook = original
    return shown


def _examined(run):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        result = attempt(run)
    return [out.getvalue(), result]


def observe_examples():
    return {
        "module": _examined(lambda: doctest.testmod(examples)),
        "module, told": _examined(lambda: doctest.testmod(examples, verbose=True, report=True)),
        "file": _examined(lambda: doctest.testfile("examples.txt", package="studied")),
        "file of a module": _examined(lambda: doctest.testfile("examples.txt", package=studied)),
        "file by path": _examined(lambda: doctest.testfile(os.path.join(ROOT, "studied", "examples.txt"), module_relative=False)),
        "found": sorted([test.name, test.filename, test.lineno, test.docstring] for test in doctest.DocTestFinder().find(examples)),
        "source": _examined(lambda: doctest.testsource(examples, "studied.examples.twice")),
        "sources": _examined(lambda: doctest.script_from_examples(examples.twice.__doc__)),
    }


def _ran(suite):
    out = io.StringIO()
    result = unittest.TextTestRunner(out, verbosity=2).run(suite)
    shown = re.sub(r"in [\d.]+s", "in -s", out.getvalue())
    return [result.testsRun, len(result.failures), shown]


def observe_suites():
    loader = unittest.TestLoader()
    return {
        "of examples": _ran(doctest.DocTestSuite(examples)),
        "of a file": _ran(doctest.DocFileSuite("examples.txt", package=studied)),
        "by name": _ran(loader.loadTestsFromName("studied.trying.trying_twice")),
        "by method": _ran(loader.loadTestsFromName("studied.trying.trying_twice.TwiceTest.test_wrong")),
        "by wrong name": _ran(loader.loadTestsFromName("studied.trying.trying_absent")),
        "discovered by name": _ran(unittest.TestLoader().discover("studied.trying", "trying_*.py", top_level_dir=ROOT)),
        "discovered by path": _ran(unittest.TestLoader().discover(os.path.dirname(studied.trying.__file__), "trying_*.py", top_level_dir=ROOT)),
        "discovered by pattern": _ran(unittest.TestLoader().discover("studied", pattern="trying_t*.py", top_level_dir=ROOT)),
    }


def observe_trace():
    found = {}
    for name, options in {"lines": {"count": 0}, "counts": {"trace": 0}, "calls": {"trace": 0, "count": 0, "countcallers": 1}}.items():
        with contextlib.redirect_stdout(io.StringIO()) as out:
            tracer = trace.Trace(**options)
            attempt(tracer.runfunc, failing.nested)
        counts = tracer.results()
        mine = {key: value for key, value in counts.counts.items() if key[0].startswith(ROOT)}
        callers = sorted(str(key) for key in counts.callers if ROOT in str(key) and "tools.py" not in str(key))
        found[name] = [re.sub(r"(?m)^.*(tools|trace)(\.py)?\b.*\n", "", out.getvalue()), sorted(mine.items(), key=str), callers]
        if name == "counts":
            found["report"] = _reported(counts)
    found["executable"] = sorted(trace._find_executable_linenos(failing.__file__), key=str)
    return found


def _reported(counts):
    directory = os.path.join(os.environ["HOME"], "counts")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        counts.write_results(show_missing=True, summary=True, coverdir=directory)
    files = sorted(name for name in os.listdir(directory) if name.startswith("studied"))
    summary = [line.split()[:4] for line in out.getvalue().splitlines() if "studied" in line]
    return [files, [open(os.path.join(directory, name), encoding="utf-8").read() for name in files], summary]


def observe_profiles():
    found = {}
    for kind in (cProfile.Profile, profile.Profile):
        profiler = kind()
        with contextlib.redirect_stdout(io.StringIO()):
            attempt(profiler.runcall, failing.nested)
        profiler.create_stats()
        out = io.StringIO()
        stats = pstats.Stats(profiler, stream=out)
        found[kind.__module__] = sorted(list(key) for key in stats.stats if key[0].startswith(ROOT) and "tools" not in key[0])
        stats.strip_dirs().sort_stats("name").print_stats("failing")
        found[kind.__module__ + " printed"] = sorted(re.findall(r"failing\.py:.*", out.getvalue()))
    return found


def observe_time():
    return timeit.timeit("twice(2)", "from studied.examples import twice", number=1) < 60


def _documented(thing):
    return pydoc.render_doc(thing, renderer=pydoc.plaintext)


def observe_documentation():
    names = [
        "studied", "studied.forms", "studied.forms.Outer", "studied.loose", "studied.loose.leaf", "studied.broken", "studied.raising",
        "studied_alone", "studied.absent", "studied.forms.Outer.computed", "studied.latin",
    ]  # fmt: skip
    found = {name: attempt(_documented, name) for name in names}
    for module in (studied, forms, leaf):
        found[module.__name__ + " as HTML"] = pydoc.HTMLDoc().document(module)
    return found


def observe_help():
    out = io.StringIO()
    helper = pydoc.Helper(io.StringIO(), out)
    helper.help("studied.examples.twice")
    helper.help(forms.Outer.Inner)
    return out.getvalue()


def observe_synopses():
    found = [attempt(pydoc.synopsis, module.__file__) for module in (studied, forms, leaf)]
    for each in pkgutil.walk_packages(studied.__path__, "studied.", onerror=lambda name: None):
        spec = each.module_finder.find_spec(each.name)
        found.append([each.name, attempt(lambda: pydoc.source_synopsis(io.StringIO(spec.loader.get_source(each.name))))])
    return found


def observe_classes_by_reading():
    found = pyclbr.readmodule_ex("studied.forms")
    return sorted([name, each.lineno, getattr(each, "end_lineno", 0), each.file] for name, each in found.items() if hasattr(each, "file"))


def observe_walk():
    return [[each.name, each.ispkg] for each in pkgutil.walk_packages(studied.__path__, "studied.", onerror=lambda name: None)]


PROGRAMS = {
    "tests": ["-m", "unittest", "studied.trying.trying_twice"],
    "tests, discovered": ["-m", "unittest", "discover", "-s", "studied.trying", "-p", "trying_*.py", "-t", ROOT],
    "tests, discovered by path": ["-m", "unittest", "discover", "-s", os.path.join(ROOT, "studied", "trying"), "-p", "trying_*.py", "-t", ROOT],
    "examples": ["-m", "doctest", os.path.join(ROOT, "studied", "examples.py")],
    "examples in a file": ["-m", "doctest", os.path.join(ROOT, "studied", "examples.txt")],
    "debugger": ["-m", "pdb", "-c", "break studied.examples:14", "-c", "continue", "-c", "quit", "-m", "studied", "a"],
    "trace": ["-m", "trace", "--trace", "--module", "studied", "a"],
    "documentation": ["-m", "pydoc", "studied.examples"],
    "profile": ["-m", "cProfile", "-s", "name", "-m", "studied", "a"],
    "run": ["-c", "import runpy, sys; sys.argv = ['x']; runpy.run_module('studied', run_name='__main__')"],
    "timeit": ["-m", "timeit", "-n", "1", "-r", "1", "-s", "from studied.examples import twice", "print(twice(1))"],
    "tabs": ["-m", "tabnanny", "-v", os.path.join(ROOT, "studied", "tabbed.py")],
    "disassembly": ["-m", "dis", os.path.join(ROOT, "studied_alone.py")],
    "tokens": ["-m", "tokenize", os.path.join(ROOT, "studied_alone.py")],
    "tree": ["-m", "ast", os.path.join(ROOT, "studied_alone.py")],
    "breakpoint": ["-c", "import studied.examples as e\nbreakpoint()\ne.twice(2)"],
}


def observe_programs():
    environment = {**os.environ, "PYTHONPATH": ROOT, "PAGER": "cat"}
    found = {}
    for name, arguments in PROGRAMS.items():
        command = [sys.executable, *arguments]
        answers = b"b studied.examples.twice\nc\nl\nq\n"
        ran = subprocess.run(command, capture_output=True, env=environment, input=answers, cwd=os.environ["HOME"])
        stdout, stderr = (text.decode().replace(ROOT, "<root>") for text in (ran.stdout, ran.stderr))
        # what varies from time to time
        stdout = re.sub(r"\d+(\.\d+)? (n|u|m)?sec\b|in \d\.\d+ seconds", "-", stdout)
        stderr = re.sub(r"in \d\.\d+s", "-", stderr)
        if name == "profile":
            stdout = [line.split()[-1] for line in stdout.splitlines() if "studied" in line]
        if name == "trace":
            stdout = [line for line in stdout.splitlines() if line.startswith("__main__")]
        found[name] = [ran.returncode, stdout, stderr]
    return found
