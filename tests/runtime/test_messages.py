"""When something cannot work, the message says what was attempted, on which file, and the option that helps."""

from __future__ import annotations

import re

import pytest
from interpreters import interpreters, version
from running import run

# no name in it tells the build that a file is opened
OPENING = "import sys\nopen(sys.argv[0] + '/shelf/notes.txt')\n"
FILES = {"starting.py": OPENING, "shelf/__init__.py": "", "shelf/notes.txt": "notes\n"}


@pytest.mark.parametrize("disabled", [False, True])
def test_file_that_is_not_served(python, build_app, disabled):
    app = build_app(FILES, entry_point="starting", python=python)
    ran = run(python, app, env={"BUNDLER_DISABLE": "overlay"} if disabled else {})
    reason = (
        f"files of `{app}` are not served to `open`: `BUNDLER_DISABLE` names `overlay`\n"
        if disabled
        else f"files of `{app}` are served to `open` from the first module on that names `__file__` or the like: none was imported; "
        "build with `--files overlay`, or read them by `importlib.resources`\n"
    )
    error = f"NotADirectoryError: [Errno 20] Not a directory: '{app}/shelf/notes.txt'\n"
    assert ran.returncode == 1
    assert ran.stderr.endswith(error + reason)
    if not disabled:
        never = build_app(FILES, entry_point="starting", python=python, files=["never"])
        assert run(python, never).stderr.endswith(f"files of `{never}` are not served to `open`: it was built with `--files never`\n")


@pytest.mark.parametrize(
    ("attempt", "expected"),
    [
        ("open(HERE + '/cache', 'w')", "`{app}` is read-only: what code writes next to itself must go elsewhere, or, if it need not last, be on disk: "
         "build with `--files disk=GLOB`, GLOB matching what stands there"),
        ("os.chdir(HERE + '/shelf')", "no process can work in a directory of `{app}` but in a copy of it: give paths in full, or build with `--files disk=GLOB`"),
    ],
)  # fmt: skip
def test_change_of_a_file_next_to_a_module(python, build_app, attempt, expected):
    app = build_app({**FILES, "starting.py": "import os\nHERE = os.path.dirname(__file__)\n" + attempt}, entry_point="starting", python=python)
    ran = run(python, app, env={"BUNDLER_STRICT": "1"})
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == expected.format(app=app)
    assert ran.stderr.splitlines()[-2].startswith("OSError: [Errno ")


def test_not_a_directory_elsewhere(python, build_app, tmp_path):
    app = build_app({"starting.py": OPENING.replace("sys.argv[0]", "sys.argv[1]")}, entry_point="starting", python=python)
    (tmp_path / "file").touch()
    ran = run(python, app, tmp_path / "file")
    assert ran.stderr.endswith(f"Not a directory: '{tmp_path}/file/shelf/notes.txt'\n")


def test_extension_for_another_python(python, build_app):
    files = {"starting.py": "import fast\n", "fast.cpython-38-x86_64-linux-gnu.so": b"\x7fELF"}
    app = build_app(None, files, entry_point="starting", python=python)
    ran = run(python, app)
    own = "python%d.%d" % version(python)
    assert ran.returncode == 1
    last = ran.stderr.splitlines()[-1]
    assert f"`{app}` holds fast for .cpython-38-x86_64-linux-gnu.so only, this Python takes ." in last
    assert last.endswith(f": build it with `--python {own}`")


def test_python_without_code(python, build_app):
    other = next(path for path in interpreters().values() if path != python)
    app = build_app(FILES, entry_point="starting", sources=False, python=other)
    ran = run(python, app)
    own, others = version(python), version(other)
    assert ran.returncode == 1
    assert re.fullmatch(
        r"error: `%s` holds nothing for Python %d\.%d on Linux with glibc [\d.]+, \w+: it is for cp%d%d-linux_\w+; `--target cp%d%d-manylinux_\w+` adds it\n"
        % (re.escape(str(app)), *own, *others, *own),
        ran.stderr,
    )


OPENED_IN_C = """
import os, sys
import _io
from pathlib import Path
HERE = os.path.dirname(os.path.abspath(__file__))
NOTES = HERE + "/shelf/notes.txt"

def opened(path):
    # what opens paths itself
    _io.FileIO(path)

exec(sys.argv[1])
"""


@pytest.mark.parametrize(
    ("attempt", "helps"),
    [
        ("opened(NOTES)", True),
        ("opened(os.fsencode(NOTES))", True),
        ("where = Path(NOTES); os.close(-1)", False),
        ("where = Path(NOTES); 'x'.encode('not found')", True),
        ("raise ValueError('cannot load \"%s\": no such file' % NOTES)", True),
        ("try:\n    opened(NOTES)\nexcept OSError as error:\n    raise RuntimeError('no settings') from error", True),
        ("where = NOTES; raise ValueError('cannot open this')", False),
        ("raise ValueError('%s, line 3: no such word' % NOTES)", False),
        ("opened(HERE + '/shelf/absent.txt')", False),
    ],
)
def test_file_that_code_in_c_did_not_find(python, build_app, attempt, helps):
    app = build_app({**FILES, "starting.py": OPENED_IN_C}, entry_point="starting", python=python)
    ran = run(python, app, attempt)
    advice = (
        f"`shelf/notes.txt` is a file of `{app}`, which code in C cannot open: build with `--files 'disk=shelf/notes.txt'`, "
        "or hand it the path that `importlib.resources.as_file` gives"
    )
    assert ran.returncode == 1
    assert (ran.stderr.splitlines()[-1] == advice) is helps, ran.stderr
