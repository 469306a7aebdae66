"""The interpreter's command line is read as the interpreter reads it."""

from __future__ import annotations

import sys

import pytest

from runtime_stub.process.arguments import led_into, split


@pytest.mark.parametrize(
    ("words", "options", "program"),
    [
        ("py", "py", ""),
        ("py script -c x", "py", "script -c x"),
        ("py -c text -m", "py", "-c text -m"),
        ("py -ctext", "py", "-ctext"),
        ("py -uBc text", "py -uB", "-c text"),
        ("py -uBmname a", "py -uB", "-mname a"),
        ("py -u -X dev -W error -I -S -m name", "py -u -X dev -W error -I -S", "-m name"),
        ("py -Xdev -Werror script", "py -Xdev -Werror", "script"),
        ("py -uW error script", "py -uW error", "script"),
        ("py -uWerror script", "py -uWerror", "script"),
        ("py -X c=m script", "py -X c=m", "script"),
        ("py -Xc=m script", "py -Xc=m", "script"),
        ("py --check-hash-based-pycs never script", "py --check-hash-based-pycs never", "script"),
        ("py - a", "py", "- a"),
        ("py -B - a", "py -B", "- a"),
        ("py -- script", "py --", "script"),
        ("py -W", "py -W", ""),
    ],
)
def test_options_end_where_the_program_begins(words, options, program):
    assert split(words.split()) == (options.split(), program.split())


@pytest.mark.parametrize("words", ["py -V", "py -VV", "py -uV", "py -h", "py -?", "py --version", "py -B --help", "py --help-all"])
def test_interpreter_that_tells_about_itself_has_no_program(words):
    assert split(words.split()) is None


@pytest.mark.parametrize(
    ("program", "args"),
    [
        ("/other/python", ["/other/python", "-c", ""]),
        ("python3", ["python3", "-c", ""]),
        (3, [sys.executable, "-c", ""]),
        (sys.executable, []),
        (sys.executable, [sys.executable, "-V"]),
        (sys.executable, [sys.executable, "-u", "/an/app.pyz", "-c"]),
        (sys.executable, [sys.executable, "app.pyz"]),
        (sys.executable, [sys.executable, "sub/../app.pyz"]),
    ],
)
def test_other_commands_stay_the_objects_that_they_are(program, args):
    env = {"A": "1"}
    changed = led_into("/an/app.pyz", program, args, env, "/an")
    assert (changed[0] is args, changed[1] is env) == (True, True)


@pytest.mark.parametrize(
    ("env", "wanted"),
    [
        ({"A": "1"}, {"A": "1", "BUNDLER_INTERPRETER": "1"}),
        ({b"A": b"1"}, {b"A": b"1", b"BUNDLER_INTERPRETER": b"1"}),
        ({}, {"BUNDLER_INTERPRETER": "1"}),
    ],
)
def test_environment_of_the_child_alone_is_changed(env, wanted):
    given = dict(env)
    args, changed = led_into("/an/app.pyz", sys.executable, [sys.executable, "-Bm", "x"], env)
    assert (args, changed, env) == ([sys.executable, "-B", "/an/app.pyz", "-m", "x"], wanted, given)


def test_environment_of_this_process_is_the_default(monkeypatch):
    monkeypatch.setenv("GIVEN", "1")
    _, changed = led_into("/an/app.pyz", sys.executable, [sys.executable], None)
    assert (changed["GIVEN"], changed["BUNDLER_INTERPRETER"]) == ("1", "1")
