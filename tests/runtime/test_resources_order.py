"""``importlib.resources.files`` answers for the bundle whichever of the two is imported first (3.9 never asks the loader)."""

from __future__ import annotations

import subprocess

import pytest

FILES = {"box/__init__.py": "", "box/note.txt": "kept\n"}

USE = """
assert files(box).joinpath("note.txt").read_text() == "kept\\n"
with as_file(files(box) / "note.txt") as path:
    assert open(path).read() == "kept\\n"
assert files(email).joinpath("charset.py").is_file()  # the standard library's are not in the way
print("done")
"""


@pytest.mark.parametrize(
    "first",
    [
        "from importlib.resources import as_file, files; import box, email",
        "import box, email; from importlib.resources import as_file, files",
    ],
)
def test_files_answers_whatever_came_first(build_app, python, first):
    app = build_app(FILES, library=True)
    done = subprocess.run(
        [python, "-c", first + USE], env={"PYTHONPATH": str(app)}, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
