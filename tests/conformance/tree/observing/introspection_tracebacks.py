"""Tracebacks, warnings and what else prints lines of source."""

import contextlib
import faulthandler
import io
import linecache
import logging
import os
import re
import subprocess
import sys
import threading
import traceback
import tracemalloc
import warnings

import studied
import studied_alone
from observing import attempt
from studied import crlf, failing, latin, paged, tabbed, unended
from studied.loose import leaf

ROOT = os.path.dirname(os.path.dirname(studied.__file__))
FAILING = [
    *failing.FAILURES, paged.second, latin.fail, crlf.fail, unended.fail, tabbed.fail, leaf.fail, studied_alone.fail,
]  # fmt: skip


def _error(function):
    linecache.clearcache()
    try:
        function()
    except BaseException as error:
        # begin in the function: what called it is this module
        return error.with_traceback(error.__traceback__.tb_next)


def _each(show):
    def observe():
        return {"%s.%s" % (function.__module__, function.__name__): show(_error(function)) for function in FAILING}

    return observe


def _shown(error, **options):
    return traceback.format_exception(type(error), error, error.__traceback__, **options)


def _summary(error):
    frames = traceback.extract_tb(error.__traceback__)
    names = ("filename", "lineno", "name", "line", "end_lineno", "colno", "end_colno")
    return [[getattr(frame, name, None) for name in names] for frame in frames]


def _printed(error):
    with contextlib.redirect_stderr(io.StringIO()) as out:
        traceback.print_exception(type(error), error, error.__traceback__, limit=3)
    return out.getvalue()


def _with_locals(error):
    summary = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), capture_locals=True, limit=-2)
    return summary.format()


def _by_the_hook(error):
    with contextlib.redirect_stderr(io.StringIO()) as out:
        # what is written in C, which a launched app has replaced below 3.13, reads the file itself
        (sys.__excepthook__ if sys.version_info >= (3, 13) else traceback.print_exception)(type(error), error, error.__traceback__)
    return out.getvalue()


def _logged(error):
    out = io.StringIO()
    logger = logging.Logger("studied")
    logger.addHandler(logging.StreamHandler(out))
    logger.error("failed", exc_info=(type(error), error, error.__traceback__))
    return out.getvalue()


def _kept(error):
    """The error has lost its frames."""
    kept = traceback.TracebackException(type(error), error, error.__traceback__, lookup_lines=False)
    error.__traceback__ = None
    return list(kept.format())


observe_text = _each(_shown)
observe_text_without_a_chain = _each(lambda error: _shown(error, chain=False))
observe_summary = _each(_summary)
observe_print = _each(_printed)
observe_locals = _each(lambda error: None if "importing" in error.__traceback__.tb_frame.f_code.co_name else _with_locals(error))
observe_hook = _each(_by_the_hook)
observe_logging = _each(_logged)
observe_what_is_kept = _each(_kept)


def observe_positions():
    if sys.version_info < (3, 11):
        return None
    return [list(function.__code__.co_positions()) for function in FAILING if hasattr(function, "__code__")]


def observe_stack():
    with contextlib.redirect_stderr(io.StringIO()):
        return [attempt(traceback.format_stack, failing.frame())[-1:], traceback.extract_stack(failing.frame())[-1].line]


def observe_html():
    if sys.version_info >= (3, 13):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import cgitb
    error = _error(failing.nested)
    shown = [show((type(error), error, error.__traceback__)) for show in (cgitb.text, cgitb.html)]
    return [re.sub(r"\w+ \w+ +\d+ [\d:]+ \d{4}", "<date>", text) for text in shown]


def _warned(call, *filters):
    """Return what ``call`` prints on stderr, with the warnings' filters ``filters``."""
    linecache.clearcache()
    for module in [studied, failing, latin, leaf]:
        vars(module).pop("__warningregistry__", None)
    with warnings.catch_warnings():
        warnings.resetwarnings()
        warnings.simplefilter("always")
        for each in filters:
            warnings.filterwarnings(**each)
        with contextlib.redirect_stderr(io.StringIO()) as out:
            result = attempt(call)
    return out.getvalue(), result


def observe_warnings():
    where = failing.__file__
    calls = {
        "here": failing.warning,
        "twice": failing.warning_here,
        "of a level up": lambda: failing.warning(level=2) and None,
        "of old": failing.warning_of_old,
        "explicit": lambda: warnings.warn_explicit("told", UserWarning, where, 12, "studied.failing"),
        "explicit with globals": lambda: warnings.warn_explicit("told", UserWarning, where, 12, module_globals=vars(failing)),
        "explicit with a registry": lambda: warnings.warn_explicit("told", UserWarning, where, 12, registry={}),
        "shown": lambda: warnings.showwarning("shown", UserWarning, where, 14),
        "formatted": lambda: warnings.formatwarning("formatted", UserWarning, where, 14),
        "in a namespace package": lambda: warnings.warn_explicit("told", UserWarning, leaf.__file__, 5),
        "in latin 1": lambda: warnings.warn_explicit("told", UserWarning, latin.__file__, 6),
        "compiled": lambda: compile("1 is 1", where, "exec") and None,
    }
    found = {}
    for name, call in calls.items():
        found[name] = _warned(call)
        found[name + ", as an error"] = _warned(call, {"action": "error"})
        found[name + ", ignored by module"] = _warned(call, {"action": "ignore", "module": r"studied\.failing"})
        found[name + ", of another module"] = _warned(call, {"action": "ignore", "module": r"another"})
        found[name + ", once"] = _warned(call, {"action": "once"})
    return found


def observe_warnings_without_prefixes():
    if sys.version_info < (3, 12):
        return None
    prefix = os.path.dirname(studied.__file__)

    def inner():
        exec(compile("import warnings; warnings.warn('skipped', skip_file_prefixes=(prefix,))", failing.__file__, "exec"), {"prefix": prefix})

    shown, result = _warned(inner)
    return [re.sub(r"tracebacks.py:\d+", "tracebacks.py", shown), result]


def observe_registry_of_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        _warned(lambda: None)
        vars(failing).pop("__warningregistry__", None)
        with contextlib.redirect_stderr(io.StringIO()):
            failing.warning_of_old()
        return sorted(str(key) for key in failing.__warningregistry__ if key != "version")


def observe_thread():
    linecache.clearcache()
    shown = []
    threading.excepthook, original = lambda args: shown.append(_shown(args.exc_value)[1:]), threading.excepthook
    try:
        thread = threading.Thread(target=failing.simple)
        thread.start()
        thread.join()
    finally:
        threading.excepthook = original
    return [line for line in shown[0] if "threading.py" not in line]


def observe_memory():
    tracemalloc.start(3)
    try:
        made = failing.frame()
        kept = tracemalloc.get_object_traceback(made)
        linecache.clearcache()
        return None if kept is None else [frame for frame in kept.format() if "tracebacks" not in frame]
    finally:
        tracemalloc.stop()


def observe_frames_of_all_threads():
    with open(os.devnull) as nothing, open(os.path.join(os.environ["HOME"], "fault.txt"), "w+") as file:
        assert nothing
        exec(compile("dump(file)", failing.__file__, "exec"), {"dump": faulthandler.dump_traceback, "file": file})
        file.seek(0)
        return [line for line in file if "failing" in line]


CHILDREN = {
    "uncaught": "import studied.failing as f; f.within_a_line()",
    "chained": "import studied.failing as f; f.caused()",
    "in a loop": "import studied.failing as f; f.recursive()",
    "does not compile": "import studied.broken",
    "is not indented": "import studied.unindented",
    "raises on import": "import studied.raising",
    "warns": "import studied.failing as f; f.warning_here()",
    "warns in error": "import warnings; warnings.simplefilter('error'); import studied.failing as f; f.warning_here()",
    "logs": "import logging, studied.failing as f\ntry:\n    f.nested()\nexcept Exception: logging.exception('x')",
    "pages": "import studied.paged as p; p.second()",
    "exits": "import studied.failing as f; f.exits()",
    "in a thread": "import threading, studied.failing as f; t = threading.Thread(target=f.nested); t.start(); t.join()",
    "unraisable": "import studied.failing as f; f.Dying()",
    "own hook": "import sys, traceback, studied.failing as f; sys.excepthook = lambda *e: traceback.print_exception(*e, limit=-1); f.simple()",
}


def observe_other_processes():
    """What a child prints that imports this tree from where its parent does."""
    environment = {**os.environ, "PYTHONPATH": ROOT}
    found = {}
    for name, program in CHILDREN.items():
        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment)
        found[name] = [ran.returncode, ran.stdout.decode(), ran.stderr.decode()]
    return found


def observe_main_modules():
    found = {}
    environment = {**os.environ, "PYTHONPATH": ROOT}
    for arguments in ("studied a", "studied fail", "studied_alone", "studied.broken", "studied.raising"):
        ran = subprocess.run([sys.executable, "-m", *arguments.split()], capture_output=True, env=environment)
        # how long the standard loader's methods are, and where, is not the point
        stderr = re.sub(r"(<frozen importlib\._bootstrap_external>.*line) \d+", r"\1 -", ran.stderr.decode())
        found[arguments] = [ran.returncode, ran.stdout.decode(), stderr]
    return found
