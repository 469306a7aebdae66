"""Bytecode for a version is made by a Python of that version, named or found."""

from __future__ import annotations

import os
import sys

import pytest
from interpreters import interpreters

from bundler.errors import InterpreterError, UsageError
from bundler.pythons import Found

OWN = sys.version_info[:2]
OWN_NAME = "%d.%d" % OWN


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """Nothing on PATH and under pyenv."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    return tmp_path


def test_running_python_is_found_where_no_other_is(bare):
    found = Found([])
    assert found(OWN).executable == sys.executable
    assert found((3, 99)) is None
    assert found(OWN, "t") is None or "t" in found(OWN, "t").flags


def test_python_on_path_goes_before_the_running_one(bare):
    (version, path), *_ = [each for each in interpreters().items()]
    (bare / ("python" + version)).symlink_to(path)
    found = Found([])(tuple(map(int, version.split("."))))
    assert found is not None and os.path.dirname(found.executable) in (str(bare), os.path.dirname(path))


def test_command_that_is_another_python_is_passed_over(bare):
    (bare / "python3.98").symlink_to(sys.executable)
    assert Found([])((3, 98)) is None


def test_python_under_pyenv_is_found_and_the_newest_asked_first(bare):
    log = bare / "log"
    for name in ("3.98.9", "3.98.10", "3.98.8t"):
        program = bare / "versions" / name / "bin" / "python3.98"
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\necho %s >> '%s'\nexit 1\n" % (name, log))
        program.chmod(0o755)
    assert Found([])((3, 98)) is None
    assert list(dict.fromkeys(log.read_text().split())) == ["3.98.10", "3.98.9", "3.98.8t"]


def test_named_python_goes_before_all_others(bare):
    for version, path in interpreters().items():
        found = Found(["%s=%s" % (version, path)])
        assert found(tuple(map(int, version.split(".")))).minor == version


def test_each_python_is_asked_once(bare):
    log = bare / "log"
    program = bare / "python3.98"
    program.write_text("#!/bin/sh\necho asked >> '%s'\nexit 1\n" % log)
    program.chmod(0o755)
    found = Found([])
    found((3, 98))
    asked = log.read_text()
    found((3, 98))
    assert log.read_text() == asked != ""


@pytest.mark.parametrize("value", ["3.9", "/usr/bin/python3", "3.9=", "3=/usr/bin/python3"])
def test_value_that_names_no_python_is_told(value):
    with pytest.raises(UsageError) as caught:
        Found([value])
    assert caught.value.message == "`--python-for %s` names no Python" % value
    assert caught.value.hint == "write it as `3.9=/usr/bin/python3.9`"


def test_named_python_that_is_another_or_none_is_told():
    with pytest.raises(InterpreterError) as caught:
        Found(["3.99=%s" % sys.executable])
    assert caught.value.message == "`%s` is Python %s, not 3.99" % (sys.executable, OWN_NAME)
    with pytest.raises(InterpreterError) as caught:
        Found(["3.9=/no/such/python"])
    assert caught.value.message == "`/no/such/python` cannot be run: there is no such command"
