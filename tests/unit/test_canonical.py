"""The same source gives the same bytes, and what is loaded from them is what was compiled."""

import subprocess
import sysconfig
from pathlib import Path

import pytest

import bundler.worker
from known_targets import TARGETS

PROGRAM = Path(__file__).with_name("canonical_program.py")
WORKER = Path(bundler.worker.__file__).parent

SOURCES = {
    "numbers": "x = (0.0, -0.0, 1, 1.0, True, 1j, -0j, 2**70, -1, 1e400)\ny = (0.0, -0.0)\n",
    "strings": "x = 'a b'; y = 'a b'; z = '\\ud800'; s = '*'; e = ''; é = 'é'; b = b'a b'\nfrom z import *\n",
    "sets": "def f(x):\n  return x in {'426', '225', None, ...}\ndef g(x):\n  return x in {..., None, '225', '426'}\n",
    "empty set and a run": "x = 'S' * 3; y = '" + "S" * 700 + "'\ndef f(x):\n  return x in {1}\n",
    "slices": "def f(x):\n  return x[1:2], x[:], x[1:2, ::3], x[None:'a']\n",
    "qualified names": "class A:\n  class B:\n    def f(self):\n      return lambda: self\n  n = 'A.B'\nA.B\n",
    "cells": "def f(a, *b, c=1, **d):\n  x = 1\n  def g():\n    nonlocal x\n    return [x for y in a]\n  return g\n",
}


def run(interpreter, direction, seed, files):
    return subprocess.run(
        [interpreter.executable, "-s", "-S", "-B", "-W", "ignore", str(PROGRAM), str(WORKER), direction, *map(str, files)],
        env={"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def sources(tmp_path):
    files = []
    for name, source in SOURCES.items():
        files.append(tmp_path / (name + ".py"))
        files[-1].write_text(source, encoding="utf-8")
    library = Path(sysconfig.get_path("stdlib"))
    return files + [library / name for name in ("ftplib.py", "typing.py", "enum.py", "dataclasses.py", "argparse.py")]


@pytest.mark.parametrize("interpreter", TARGETS, ids=lambda each: each.minor)
def test_bytes_do_not_depend_on_what_was_compiled_before_nor_on_hashes(interpreter, sources):
    forward = run(interpreter, "forward", "1", sources)
    assert forward.count("\n") >= len(SOURCES)
    assert forward == run(interpreter, "backward", "77", sources)
