"""The app file changes, or its descriptor is lost, while the application runs."""

from __future__ import annotations

import random
import shutil

import pytest
from interpreters import version
from running import run

COUNT = 12
APPLICATION = """
import os, sys
from many import m0
here, how, other = sys.argv
if how == "renamed":
    os.replace(other, here)
elif how == "removed":
    os.remove(here)
elif how == "overwritten":
    with open(other, "rb") as new, open(here, "r+b") as old:
        old.write(new.read())
        old.truncate()
elif how == "shortened":
    os.truncate(here, os.path.getsize(here) // 2)
if how == "closed" or other == "closed":
    os.closerange(3, 1024)
    kept = [os.open("/dev/zero", os.O_RDONLY) for _ in range(400)]
    for number in kept:
        # nobody closes what is not theirs
        os.fstat(number)
seen = set()
for number in range(1, %d):
    try:
        seen.add(__import__("many.m%%d" %% number, fromlist=["WORD"]).WORD)
    except ImportError as error:
        seen.add(type(error).__name__ + ": " + str(error))
for number in kept if how == "closed" else ():
    os.fstat(number)
print("\\n".join(sorted(seen)))
""" % COUNT


def tree(word):
    """Modules too large, and too random, to be read together at the start."""
    numbers = random.Random(7)
    text = {f"many/m{n}.py": f"WORD = {word!r}\nNOISE = '{numbers.randbytes(100_000).hex()}'\n" for n in range(COUNT)}
    return {"alone.py": APPLICATION, "many/__init__.py": "", **text}


@pytest.fixture(scope="session", params=["zlib", "zstd"])
def versions(request, build_app, python):
    """Two app files that differ in a word of each module."""
    if request.param == "zstd" and version(python) < (3, 14):
        pytest.skip("a decoder would have to be fetched")
    options = {"entry_point": "alone", "codec": request.param, "level": 1, "python": python}
    return [build_app(tree(word), **options) for word in ("old", "new")]


def outcome(python, versions, tmp_path, how, also=""):
    old, new = (shutil.copy(path, tmp_path / name) for path, name in zip(versions, ("app.pyz", "new.pyz")))
    ran = run(python, old, how, also or new)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.splitlines()


@pytest.mark.parametrize("how", ["nothing", "renamed", "removed"])
def test_replaced_file_keeps_serving_its_old_content(python, versions, tmp_path, how):
    assert outcome(python, versions, tmp_path, how) == ["old"]


@pytest.mark.parametrize("how", ["overwritten", "shortened"])
def test_overwritten_file_never_gives_other_code(python, versions, tmp_path, how):
    lines = outcome(python, versions, tmp_path, how)
    replaced = f"ContainerError: `{tmp_path / 'app.pyz'}` was replaced while it was running"
    assert lines in (["old"], [replaced], [replaced, "old"])


def test_application_may_close_every_descriptor(python, versions, tmp_path):
    assert outcome(python, versions, tmp_path, "closed") == ["old"]


def test_file_that_was_closed_and_removed_is_reported(python, versions, tmp_path):
    lines = outcome(python, versions, tmp_path, "removed", "closed")
    gone = f"ContainerError: `{tmp_path / 'app.pyz'}` can no longer be opened: No such file or directory"
    assert lines in (["old"], [gone], [gone, "old"])


def test_file_overwritten_by_a_build_of_nearly_the_same_tree_never_gives_other_code(python, build_app, tmp_path):
    # most frames are the same bytes in the same place, one is not, and nothing has moved
    changed = tree("old")
    changed["many/m7.py"] = changed["many/m7.py"].replace("'old'", "'new'")
    options = {"entry_point": "alone", "codec": "stored", "python": python}
    nearly = build_app(tree("old"), **options), build_app(changed, **options)
    lines = outcome(python, nearly, tmp_path, "overwritten")
    replaced = f"ContainerError: `{tmp_path / 'app.pyz'}` was replaced while it was running"
    assert lines == [replaced, "old"]
