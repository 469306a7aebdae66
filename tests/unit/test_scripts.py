from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from bundler.scripts import is_python_script, is_wrapper, normalised

SHELL = "#!/bin/sh\n'''exec' '/a long path/python' \"$0\" \"$@\"\n' '''\n"
WRAPPER = (
    "# -*- coding: utf-8 -*-\nimport sys\nfrom app.cli import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
)


@pytest.mark.parametrize("first", ["#!python\n", "#!/usr/bin/python3.11\n", "#!C:\\Python\\python.exe\r\n", SHELL])
def test_line_of_this_machine_becomes_the_one_of_the_wheel(tmp_path, first):
    data = (first + "print(1)\n").encode()
    (tmp_path / "a").write_bytes(data)
    assert is_python_script(tmp_path / "a")
    assert normalised(data) == b"#!python\nprint(1)\n"


@pytest.mark.parametrize("data", [b"#!/bin/sh\necho\n", b"\x7fELF\0", b"", b"@echo OFF\r\n", b"import sys\n"])
def test_other_files_are_no_python_scripts(tmp_path, data):
    (tmp_path / "a").write_bytes(data)
    assert not is_python_script(tmp_path / "a")
    assert normalised(data) == data


@pytest.mark.parametrize(
    "name, text, wrapper",
    [
        ("app", "#!python\n" + WRAPPER, True),
        ("app3.11", "#!python\n" + WRAPPER, True),
        ("app3.11", SHELL + WRAPPER, True),
        ("app.exe", "", True),
        ("app-script.py", "", True),
        ("tool", "#!python\n" + WRAPPER.replace("main", "other"), False),
        ("tool", "#!python\nimport app.cli\nprint(app)\n", False),
        ("tool", "#!python\ndef (:\n", False),
        ("tool", "", False),
    ],
)
def test_wrapper_is_known_by_its_name_or_by_what_it_calls(tmp_path, name, text, wrapper):
    (tmp_path / name).write_text(text)
    entry_points = [EntryPoint("app", "app.cli:main", "console_scripts")]
    assert is_wrapper(tmp_path / name, entry_points) is wrapper
