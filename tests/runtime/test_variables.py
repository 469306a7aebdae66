"""The five variables that a start reads: each does what it says, and there is no sixth."""

from __future__ import annotations

import re

import pytest
from interpreters import version
from running import run
from trees import installed

from bundler.write import runtime
from runtime_stub.variables import LEVERS

FILES = installed("tool", "1.0", {
    "tool/__init__.py": "",
    "tool/data.txt": "text",
    "tool/main.py": """if 1:
        import gc, importlib.metadata, os, re, subprocess, sys
        PATTERN = re.compile("(?:carried)|(pattern)+[a-z]*")
        def main():
            with open(os.path.join(os.path.dirname(__file__), "data.txt")) as file:
                print(file.read())
            print(PATTERN.match("patternpattern").group(1), importlib.metadata.version("tool"), gc.isenabled(), gc.get_threshold()[0] > 0)
            print(subprocess.run([sys.executable, "-m", "tool.child"], capture_output=True, text=True).stdout)
    """,
    "tool/child.py": "print('child')\n",
})  # fmt: skip
EXPECTED = "text\npattern 1.0 True True\nchild\n\n"
# Without these the app does not get what it asks for: they are more than speed.
NEEDED = {"overlay", "children"}


@pytest.fixture(scope="session")
def app(python, build_app):
    return build_app(None, installed_files=FILES, entry_point="tool.main:main", python=python)


def test_runtime_reads_five_variables():
    read = {
        name
        for source in runtime.sources().values()
        for name in re.findall(rb"\"(BUNDLER_[A-Z_]+)\"", runtime.bare(source))
    }
    assert read == {b"BUNDLER_INTERPRETER", b"BUNDLER_STRICT", b"BUNDLER_VERBOSE", b"BUNDLER_CACHE", b"BUNDLER_DISABLE"}


def test_levers_are_those_that_the_runtime_asks_for():
    asked = {
        name.decode()
        for source in runtime.sources().values()
        for name in re.findall(rb"enabled\(\"(\w+)\"\)", source)
    }
    assert asked == set(LEVERS)


@pytest.mark.costly
def test_disabled_lever_changes_nothing_of_the_behaviour(python, app):
    for lever in sorted(set(LEVERS) - NEEDED):
        ran = run(python, app, env={"BUNDLER_DISABLE": lever})
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, EXPECTED, ""), lever
    together = ", ".join(sorted(set(LEVERS) - NEEDED))
    ran = run(python, app, env={"BUNDLER_DISABLE": together})
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, EXPECTED, "")


def test_disabled_levers_and_decisions_are_told(python, app):
    ran = run(python, app, env={"BUNDLER_VERBOSE": "1", "BUNDLER_DISABLE": "front,patterns", "BUNDLER_STRICT": "1"})
    assert (ran.returncode, ran.stdout) == (0, EXPECTED)
    own = [line for line in ran.stderr.splitlines() if line.startswith("bundler: ")]
    target = r"bundler: %s: target cp%d%d-\w+, bytecode used, entry callable tool\.main main"
    assert any(re.fullmatch(target % (re.escape(str(app)), *version(python)), line) for line in own)
    assert "bundler: sys.path entries of the environment: " in ran.stderr
    assert "bundler: front: disabled by BUNDLER_DISABLE" in own
    assert "bundler: children: a module that may start sys.executable is about to run" in own
    assert len(own) == len(ran.stderr.splitlines())


@pytest.mark.parametrize("value", ["", "0"])
def test_variable_that_is_empty_or_zero_is_not_set(python, app, value):
    names = ("BUNDLER_VERBOSE", "BUNDLER_STRICT", "BUNDLER_INTERPRETER", "BUNDLER_DISABLE")
    ran = run(python, app, env=dict.fromkeys(names, value))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, EXPECTED, "")
