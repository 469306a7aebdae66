"""An app file starts by every name, from every place, in every environment, and under every switch that a Python has."""

from __future__ import annotations

import ast
import os
import shutil
import tempfile
from pathlib import Path
from pprint import pformat

import pytest
from interpreters import version
from running import run

FILES = {
    "tool/__init__.py": "",
    "tool/part.py": "VALUE = 'part'\n",
    "tool/data.txt": "text",
    # to a file, since standard output may be closed; resources are read, since they need the app file's name
    "tool/__main__.py": """if 1:
        import importlib.resources, os, pkgutil, sys
        from . import part
        name = os.path.abspath(sys.argv[0])
        answer = [part.VALUE, pkgutil.get_data(__package__, "data.txt"), __name__, sys.argv[2:],
            part.__file__ == name + "/tool/part.py", sys.bundler_file == name, sys.path[0] == name]
        with open(sys.argv[1], "w") as file:
            file.write(repr(answer))
        sys.exit(3)
    """,
}
ANSWER = ["part", b"text", "__main__", ["-x", "two words"], True, True, True]

# Scripts of `sh -e` in an empty directory of their own. They run "$PYTHON" or "$APP" with "$@".
WAYS = {
    "by its path": 'exec "$PYTHON" "$APP" "$@"',
    "by its first line": 'exec "$APP" "$@"',
    "by a relative path": 'cp "$APP" a.pyz; exec "$PYTHON" a.pyz "$@"',
    "by a roundabout path": 'mkdir -p b/c; cp "$APP" b/a.pyz; exec "$PYTHON" ./b/c/..//a.pyz "$@"',
    "by its first line through PATH": 'cp "$APP" a.pyz; PATH=".:$PATH" exec a.pyz "$@"',
    "through a link": 'ln -s "$APP" link; exec "$PYTHON" link "$@"',
    "through a link by its first line": 'ln -s "$APP" link; exec ./link "$@"',
    "through a link to its directory": 'ln -s "$(dirname "$APP")" link; exec "$PYTHON" "link/$(basename "$APP")" "$@"',
    "without a suffix": 'cp "$APP" tool; exec "$PYTHON" tool "$@"',
    "moved": 'cp "$APP" a.pyz; "$PYTHON" a.pyz "$@" || test $? = 3; mkdir b; mv a.pyz b/c.pyz; exec "$PYTHON" b/c.pyz "$@"',
    "with spaces and other letters": 'mkdir "two  Ümläute 日本"; cd two*; cp "$APP" "ä 語.pyz"; exec "$PYTHON" "ä 語.pyz" "$@"',
    "with other letters in the C locale": 'mkdir "ü 日"; cp "$APP" "ü 日/é"; LC_ALL=C PYTHONUTF8=0 exec "$PYTHON" "ü 日/é" "$@"',
    "with bytes that are no UTF-8": 'd=$(printf "\\377"); mkdir "$d"; cp "$APP" "$d/a.pyz"; exec "$PYTHON" "$d/a.pyz" "$@"',
    "from a read-only directory": 'mkdir b; cp "$APP" b/a.pyz; chmod 444 b/a.pyz; chmod 555 b; exec "$PYTHON" b/a.pyz "$@"',
    "with an empty environment": 'exec env -i "$PYTHON" "$APP" "$@"',
    "with another HOME": 'HOME=/nonexistent exec "$PYTHON" "$APP" "$@"',
    "with standard input closed": 'exec "$PYTHON" "$APP" "$@" <&-',
    "with standard output closed": 'exec "$PYTHON" "$APP" "$@" >&-',
    "with standard error closed": 'exec "$PYTHON" "$APP" "$@" 2>&-',
    "with all three closed": 'exec "$PYTHON" "$APP" "$@" <&- >&- 2>&-',
    "with all three closed, telling": 'BUNDLER_VERBOSE=1 exec "$PYTHON" "$APP" "$@" <&- >&- 2>&-',
    "with 16 descriptors": 'ulimit -n 16; exec "$PYTHON" "$APP" "$@"',
    "with 200 descriptors": 'ulimit -n 200; exec "$PYTHON" "$APP" "$@"',
    "from a directory that is gone": 'mkdir b; cd b; rmdir ../b; exec "$PYTHON" "$APP" "$@"',
    # where that is an error of the interpreter itself, since 3.11, without PYTHONPATH
    "from a directory that is gone, on PYTHONPATH": 'mkdir b; cd b; rmdir ../b; export PYTHONPATH=lib:; '
    '"$PYTHON" -c "" 2>/dev/null || unset PYTHONPATH; exec "$PYTHON" "$APP" "$@"',
}  # fmt: skip

# These leave with 77 where the machine has not got what they need.
PLACES = {
    "as nobody": 'command -v setpriv >/dev/null || exit 77; test "$(id -u)" = 0 || exit 77; cp "$APP" a.pyz; '
    'set -- setpriv --reuid 65534 --regid 65534 --clear-groups "$PYTHON" a.pyz "$@"; '
    '"$1" "$2" "$3" "$4" "$5" "$6" "$7" -c "" 2>/dev/null || exit 77; exec "$@"',
    "from a file system in memory, not executable": 'mkdir b; unshare -m true 2>/dev/null || exit 77; exec unshare -m sh -ec '
    '\'mount -t tmpfs -o noexec,nosuid,nodev tmpfs b || exit 77; cp "$APP" b/a.pyz; exec "$PYTHON" b/a.pyz "$@"\' sh "$@"',
    "from an overlay, read-only": 'mkdir b m; unshare -m true 2>/dev/null || exit 77; exec unshare -m sh -ec \'mount -t tmpfs tmpfs m; '
    'mkdir m/low m/other; cp "$APP" m/low/a.pyz; mount -t overlay -o lowerdir=m/low:m/other overlay b || exit 77; '
    'exec "$PYTHON" b/a.pyz "$@"\' sh "$@"',
    "from a compressed file system": 'command -v mksquashfs >/dev/null || exit 77; mkdir b c; cp "$APP" c/a.pyz; mksquashfs c i -quiet; '
    'exec unshare -m sh -ec \'mount -o loop,ro i b || exit 77; exec "$PYTHON" b/a.pyz "$@"\' sh "$@"',
    "from a file system in user space": 'command -v bindfs >/dev/null || exit 77; mkdir b c; cp "$APP" c/a.pyz; '
    'exec unshare -m sh -ec \'bindfs c b || exit 77; exec "$PYTHON" b/a.pyz "$@"\' sh "$@"',
}  # fmt: skip

# Switches, from which version on, and whether they write to standard error by themselves.
SWITCHES = {
    "-B": (), "-E": (), "-I": (), "-O": (), "-OO": (), "-R": (), "-S": (), "-b": (), "-bb": (), "-d": (), "-q": (), "-s": (),
    "-u": (), "-W error": (), "-I -S -E": (), "-X dev": (), "-X utf8": (), "-X utf8=0": (), "-X faulthandler": (),
    "-X tracemalloc": (), "-X dev -W error": (), "-bb -X dev -W error -O": (), "--check-hash-based-pycs always": (),
    "--check-hash-based-pycs never": (), "-v": (3, 9), "-X importtime": (3, 9), "-P": (3, 11), "-X frozen_modules=off": (3, 11),
    "-X no_debug_ranges": (3, 11), "-X perf": (3, 12), "-X importtime=2": (3, 14), "-X lazy_imports=all": (3, 15),
    "-X lazy_imports=normal": (3, 15), "-X pycache_prefix=/nonexistent": (),
}  # fmt: skip
TELLING = ("-v", "-X importtime", "-X importtime=2", "-d")


@pytest.fixture(scope="session")
def app(python, build_app):
    return build_app(FILES, entry_point="tool", name="an app.pyz", python=python)


@pytest.fixture
def scratch():
    """A directory that everybody may enter and write to, which pytest's own are not."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o777)
    yield directory
    for path in [directory, *directory.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o777)
    shutil.rmtree(directory)


def start(script, python, app, place):
    """Run ``script`` in the new directory ``place`` and return what went wrong, None if nothing did, 77 if it cannot be."""
    place.mkdir()
    place.chmod(0o777)
    answer = place / "answer"
    variables = {"PYTHON": python, "APP": str(app), "PATH": os.defpath + ":/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"}
    ran = run("/bin/sh", "-ec", script, "sh", answer, "-x", "two words", cwd=place, env=variables)
    if ran.returncode == 77:
        return 77
    if ran.returncode != 3 or ran.stdout or ran.stderr:
        return ran.returncode, ran.stdout, ran.stderr
    return None if ast.literal_eval(answer.read_text()) == ANSWER else answer.read_text()


@pytest.mark.costly
def test_app_starts_in_every_way(python, app, scratch):
    """One test for all, since each is short: what went wrong is named."""
    results = {way: start(script, python, app, scratch / str(number)) for number, (way, script) in enumerate(WAYS.items())}
    wrong = {way: result for way, result in results.items() if result is not None}
    assert wrong == {}, pformat(wrong, width=200)


@pytest.mark.parametrize("place", PLACES)
def test_app_starts_in_every_place(python, app, scratch, place):
    result = start(PLACES[place], python, app, scratch / "place")
    if result == 77:
        pytest.skip("not possible on this machine")
    assert result is None


@pytest.mark.costly
def test_app_starts_under_every_switch(python, app, tmp_path):
    wrong = {}
    for switches, since in SWITCHES.items():
        if version(python) < (since or (3, 9)):
            continue
        answer = tmp_path / switches.replace("/", "-")
        ran = run(python, *switches.split(), app, answer, "-x", "two words")
        if ran.returncode != 3 or ran.stdout or (ran.stderr and switches not in TELLING):
            wrong[switches] = (ran.returncode, ran.stdout, ran.stderr)
        elif ast.literal_eval(answer.read_text()) != ANSWER:
            wrong[switches] = answer.read_text()
    assert wrong == {}, pformat(wrong, width=200)
