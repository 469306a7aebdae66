import dataclasses
import marshal
import os
import sys

import pytest

from bundler.cache import Cache
from bundler.compiler import compile_sources
from bundler.errors import InterpreterError
from bundler.interpreter import describe
from bundler.stages import Import, SourceError
from known_targets import TARGETS

SOURCES = [("pkg/%s %d.py" % ("é" * (number % 2), number), b"x = %d\nraise SystemExit\n" % number) for number in range(40)]

each_target = pytest.mark.parametrize("interpreter", TARGETS, ids=lambda each: each.minor)


def one(interpreter, source, path="pkg/a.py", levels=(0,)):
    return compile_sources(interpreter, [(path, source)], levels)[path]


def test_code_names_its_path_in_the_bundle():
    running = describe(sys.executable)
    code = marshal.loads(one(running, b"def f(): pass").code[0])
    assert [code.co_filename, code.co_consts[0].co_filename] == ["pkg/a.py", "pkg/a.py"]


@each_target
def test_each_optimisation_level_is_compiled(interpreter):
    code = one(interpreter, b"def f():\n  'documentation'\n  assert wrong\n", levels=(0, 1, 2)).code
    assert [(b"documentation" in code[level], b"wrong" in code[level]) for level in (0, 1, 2)] == [
        (True, True),
        (True, False),
        (False, False),
    ]


@each_target
def test_a_syntax_error_names_line_and_text(interpreter):
    error = one(interpreter, b"x = 1\n  y = = 2\n").error
    assert (error.message, error.line, error.text) == ("unexpected indent", 2, "y = = 2")


@each_target
@pytest.mark.parametrize("source", [b"x\0", b"# coding: nonsense\n", b"'\xff'", b"x = " + b"(" * 3000 + b")" * 3000, b"-" * 200000 + b"1"])
def test_what_does_not_compile_is_an_error_of_its_own_and_stops_no_other(interpreter, source):
    results = compile_sources(interpreter, [("a.py", source), ("b.py", b"x = 1")], [0])
    assert isinstance(results["a.py"].error, SourceError) and results["a.py"].error.message
    assert not results["a.py"].code
    assert results["b.py"].code and results["b.py"].error is None


@each_target
@pytest.mark.parametrize("workers", [1, 3])
def test_neither_workers_nor_order_nor_cache_change_the_results(interpreter, workers, tmp_path):
    expected = compile_sources(interpreter, SOURCES, [0], workers=1)
    cache = Cache(tmp_path / "cache")
    for _ in range(2):
        assert compile_sources(interpreter, SOURCES[::-1], [0], workers=workers, cache=cache) == expected
    assert list(expected) == [path for path, _ in SOURCES]


def test_what_the_cache_holds_is_not_compiled_again(tmp_path):
    cache = Cache(tmp_path / "cache")
    expected = compile_sources(TARGETS[0], SOURCES, [0], cache=cache)
    no_interpreter = dataclasses.replace(TARGETS[0], executable=str(tmp_path / "none"))
    assert compile_sources(no_interpreter, SOURCES, [0], cache=cache) == expected


@pytest.mark.parametrize("change", ["source", "path", "levels", "build"])
def test_whatever_bytecode_depends_on_is_part_of_the_cache_key(change, tmp_path):
    cache = Cache(tmp_path / "cache")
    interpreter, path, source, levels = TARGETS[0], "a.py", b"x = 1", [0]
    compile_sources(interpreter, [(path, source)], levels, cache=cache)
    interpreter = dataclasses.replace(interpreter, executable=str(tmp_path / "none"))
    if change == "source":
        source = b"x = 2"
    elif change == "path":
        path = "b.py"
    elif change == "levels":
        levels = [1]
    else:
        interpreter = dataclasses.replace(interpreter, build="another")
    with pytest.raises(InterpreterError):
        compile_sources(interpreter, [(path, source)], levels, cache=cache)


def test_an_interpreter_that_does_not_run_is_named(tmp_path):
    executable = str(tmp_path / "no such python")
    with pytest.raises(InterpreterError) as caught:
        compile_sources(dataclasses.replace(TARGETS[0], executable=executable), SOURCES, [0])
    assert caught.value.message == f"cannot run `{executable}`: No such file or directory"
    assert caught.value.hint == "name another Python with `--python`"


def test_a_program_that_is_no_python_is_an_error():
    with pytest.raises(InterpreterError, match="^`/bin/false` cannot compile: it ended with status 1$"):
        compile_sources(dataclasses.replace(TARGETS[0], executable="/bin/false"), SOURCES, [0])


def test_progress_ends_at_the_total():
    calls = []
    compile_sources(TARGETS[0], SOURCES, [0], progress=lambda *call: calls.append(call))
    assert calls[0] == (0, 40) and calls[-1] == (40, 40) and calls == sorted(calls)


@each_target
def test_imports_are_read_from_the_bytecode_and_those_in_functions_marked(interpreter):
    names = b"".join(b"v%d = %d.5\n" % (number, number) for number in range(300))  # needs EXTENDED_ARG
    source = names + b"import a.b\nfrom . import c, d\nfrom ..e import *\nclass C:\n  import f\ndef g():\n  import h\n"
    assert one(interpreter, source).imports == (
        Import("a.b", 0, ()),
        Import("", 1, ("c", "d")),
        Import("e", 2, ("*",)),
        Import("f", 0, ()),
        Import("h", 0, (), inner=True),
    )


@each_target
def test_imports_for_type_checkers_are_left_out(interpreter):
    source = b"import typing as t\nif t.TYPE_CHECKING:\n  import a\nelse:\n  import b\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import c\nimport d\n"
    assert [each.name for each in one(interpreter, source).imports] == ["typing", "b", "typing", "d"]


@each_target
def test_few_modules_that_are_imported_by_name_count_as_imported(interpreter):
    plugins = b"KNOWN = {'x': 'p.handlers'}\ndef load():\n  return import_module('p.late')\n"
    assert [each.name for each in one(interpreter, b"from importlib import import_module\n" + plugins).imports] == ["importlib", "p.handlers", "p.late"]
    assert one(interpreter, plugins.replace(b"import_module", b"f")).imports == ()
    at_once = b"for name in ('a', 'b'):\n  globals()[name] = __import__(name)\n"
    assert [each.name for each in one(interpreter, at_once).imports] == ["a", "b"]
    many = b"KNOWN = [" + b"".join(b"'p.m%d', " % number for number in range(20)) + b"]\nKNOWN[0:1] = __import__('a')"
    assert [each.name for each in one(interpreter, many).imports] == []


@each_target
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"x = __file__", True),
        (b"def f(m):\n  return m.__path__", True),
        (b"x = globals()['__file__']", True),
        (b"import inspect; inspect.getfile(x)", True),
        (b"'''About __file__ and __path__.'''", False),
    ],
)
def test_use_of_file_names_is_seen_in_names_and_strings(interpreter, source, expected):
    assert one(interpreter, source).names_files is expected


def test_a_source_that_kills_the_compiler_is_named_and_stops_no_other(tmp_path):
    """A Python whose compiler dies on one source: the worker of the running one, with a fatal ``compile``."""
    site = tmp_path / "python with spaces"
    site.write_text(
        "#!%s\nimport builtins, os, runpy, sys\n"
        "real = compile\n"
        "def fatal(source, *rest, **options):\n"
        "    return os.abort() if source == b'deadly' else real(source, *rest, **options)\n"
        "builtins.compile = fatal\n"
        "sys.path.insert(0, sys.argv[-1])\n"
        "runpy.run_path(sys.argv[-1], run_name='__main__')\n" % TARGETS[0].executable
    )
    site.chmod(0o755)
    interpreter = dataclasses.replace(TARGETS[0], executable=str(site))
    sources = SOURCES[:3] + [("deadly.py", b"deadly")] + SOURCES[3:]
    results = compile_sources(interpreter, sources, [0], workers=2)
    assert results.pop("deadly.py").error == SourceError(
        f"the compiler of Python {interpreter.minor} died of signal 6", None, None
    )
    assert all(each.code for each in results.values()) and len(results) == len(SOURCES)


def test_no_child_is_left_when_the_caller_gives_up(tmp_path):
    pids = tmp_path / "pids"
    recorder = tmp_path / "python"
    recorder.write_text('#!/bin/sh\necho $$ >> "%s"\nexec "%s" "$@"\n' % (pids, TARGETS[0].executable))
    recorder.chmod(0o755)

    def interrupt(done, total):
        if done:
            raise KeyboardInterrupt

    many = [("%d.py" % number, b"x = 1\n" * 60000) for number in range(6)]
    with pytest.raises(KeyboardInterrupt):
        compile_sources(dataclasses.replace(TARGETS[0], executable=str(recorder)), many, [0], workers=2, progress=interrupt)
    assert pids.read_text().split()
    for pid in pids.read_text().split():
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)
