from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bundler.errors import InterpreterError
from bundler.interpreter import choose, describe

posix = pytest.mark.skipif(os.name == "nt", reason="makes programs with #! lines")


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def answering(path: Path, version: str, implementation: str) -> Path:
    """A program that answers as another Python would."""
    return program(path, f'#!/bin/sh\necho \'{{"version": {version}, "implementation": "{implementation}"}}\'\n')


def test_running_interpreter_describes_itself_as_this_process_does():
    import importlib.machinery
    import importlib.util

    found = describe(sys.executable)
    assert found.version == sys.version_info[:3]
    assert found.minor == "{}.{}".format(*sys.version_info[:2])
    assert found.build == sys.version
    assert found.magic == importlib.util.MAGIC_NUMBER
    assert found.cache_tag == sys.implementation.cache_tag
    assert list(found.extension_suffixes) == importlib.machinery.EXTENSION_SUFFIXES
    assert found.standard_library == sys.stdlib_module_names


@posix
def test_environment_of_the_interpreter_is_not_run(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit(3)")
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert describe(sys.executable).version == sys.version_info[:3]


def test_without_a_wish_the_running_interpreter_is_taken():
    shebang, found, warning = choose(None)
    assert (shebang, found.version, warning) == ("/usr/bin/env python3", sys.version_info[:3], None)


@posix
@pytest.mark.parametrize(
    "wanted, shebang",
    [
        ("python3.77", "/usr/bin/env python3.77"),
        ("3.77", "/usr/bin/env python3.77"),
        ("/usr/bin/env python3.77", "/usr/bin/env python3.77"),
        ("#!/usr/bin/env python3.77", "/usr/bin/env python3.77"),
        ("/usr/bin/env -S python3.77 -I", "/usr/bin/env -S python3.77 -I"),
    ],
)
def test_command_is_found_on_path(tmp_path, monkeypatch, wanted, shebang):
    program(tmp_path / "python3.77", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    chosen, found, warning = choose(wanted)
    assert (chosen, warning) == (shebang, None)
    assert found.version == sys.version_info[:3]


@posix
def test_absolute_path_is_its_own_shebang(tmp_path):
    path = str(program(tmp_path / "python3", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'))
    shebang, found, warning = choose(path)
    assert (shebang, found.version, warning) == (path, sys.version_info[:3], None)


@pytest.mark.parametrize(
    "wanted, shebang, reason",
    [
        ("python3.77", "/usr/bin/env python3.77", "`python3.77` is not on PATH"),
        ("/opt/none/python3", "/opt/none/python3", "`/opt/none/python3` does not exist"),
    ],
)
def test_python_that_is_not_here_stays_the_shebang_with_a_warning(wanted, shebang, reason):
    chosen, found, warning = choose(wanted)
    assert chosen == shebang
    assert found.version == sys.version_info[:3]
    assert warning == f"{reason}: dependencies and bytecode are for Python {found.minor}, which runs here"


@posix
def test_command_that_is_no_python_is_a_warning(tmp_path):
    command = program(tmp_path / "python3.8", "#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
    shebang, found, warning = choose(str(command))
    assert shebang == str(command)
    assert (
        warning
        == f"`{command}` does not run as a Python: dependencies and bytecode are for Python {found.minor}, which runs here"
    )


@posix
@pytest.mark.parametrize(
    "version, implementation, message",
    [
        ("[3, 8, 20]", "cpython", "is Python 3.8, and bundles run on 3.9 or later"),
        ("[2, 7, 18]", "cpython", "is Python 2.7, and bundles run on 3.9 or later"),
        ("[3, 11, 0]", "pypy", "is pypy, and bytecode can be made for CPython only"),
    ],
)
def test_unfit_python_is_refused(tmp_path, version, implementation, message):
    command = answering(tmp_path / "python", version, implementation)
    with pytest.raises(InterpreterError) as caught:
        choose(str(command))
    assert caught.value.message == f"`{command}` {message}"
    assert caught.value.hint.endswith("with `-p`")


@posix
@pytest.mark.parametrize(
    "wanted, message",
    [
        ("/a b/python", "a `#!` line cannot name `/a b/python`: it ends at the first space"),
        ("bin/python", "`bin/python` means another file in every directory"),
        ("3.11.2", "no command is called `python3.11.2`"),
        ("/usr/bin/env python3 -I", "`/usr/bin/env python3 -I` gives `env` more than one word"),
        ("/bin/python\nrm", "`'/bin/python\\nrm'` cannot stand on a `#!` line"),
        ("", "`''` cannot stand on a `#!` line"),
        ("/" + "x" * 125, "the `#!` line would have 128 bytes, and Linux may read only 127"),
    ],
)
def test_shebang_that_cannot_work_is_refused(wanted, message):
    with pytest.raises(InterpreterError) as caught:
        choose(wanted)
    assert caught.value.message == message
    assert caught.value.hint


def test_longest_shebang_is_accepted():
    assert choose("/" + "x" * 124)[0] == "/" + "x" * 124
