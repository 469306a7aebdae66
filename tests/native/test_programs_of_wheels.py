"""Programs that wheels carry do their work from a bundle: from memory, or beside what they look for."""

from __future__ import annotations

from ast import literal_eval
from pathlib import Path

import pytest
from installing import TOOLS
from interpreters import interpreters
from running import run

from bundler.build import build

PROGRAM = """
import os, subprocess, sys
from importlib.metadata import version
import cmake, imageio_ffmpeg, ninja, uv

def call(*words):
    ran = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    return ran.returncode, ran.stdout

with open("CMakeLists.txt", "w") as file:
    file.write("cmake_minimum_required(VERSION 3.15)\\nproject(leaf VERSION 7 LANGUAGES NONE)\\ninclude(CMakePackageConfigHelpers)\\n"
        "add_custom_target(grow ALL COMMAND ${CMAKE_COMMAND} -E touch grown)\\n")
ninja_program = os.path.join(ninja.BIN_DIR, "ninja")
uvx = os.path.join(os.path.dirname(uv.find_uv_bin()), "uvx")
found = {
    "uv": call(uv.find_uv_bin(), "--version")[1].startswith("uv " + version("uv")),
    "uvx": "leaf-that-is-none was not found" in call(uvx, "--offline", "--no-python-downloads", "leaf-that-is-none")[1],
    "cmake": call(os.path.join(cmake.CMAKE_BIN_DIR, "cmake"), "-G", "Ninja", "-DCMAKE_MAKE_PROGRAM=" + ninja_program, ".")[0],
    "ninja": call(ninja_program)[0],
    "ffmpeg": imageio_ffmpeg.get_ffmpeg_exe().startswith(sys.argv[1]) and imageio_ffmpeg.get_ffmpeg_version() != "",
}
print([found, sorted(os.listdir())])
"""


@pytest.mark.conformance
@pytest.mark.network
def test_programs_work_and_find_their_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "3.11" not in interpreters():
        pytest.skip("there is no Python 3.11")
    python = interpreters()["3.11"]
    monkeypatch.setenv("PATH", TOOLS)
    app = tmp_path / "programs ü" / "app.pyz"
    app.parent.mkdir()
    build(None, app, with_=["cmake", "imageio-ffmpeg", "ninja", "uv"], library=True, python=python, level=1, cache=False)
    here, home = tmp_path / "here", tmp_path / "home"
    here.mkdir()
    home.mkdir()
    ran = run(python, app, "-c", PROGRAM, app, cwd=here, env={"PATH": "/usr/bin:/bin", "HOME": str(home), "BUNDLER_INTERPRETER": "1"})
    assert ran.returncode == 0, ran.stderr
    found, written = literal_eval(ran.stdout)
    assert found == {"uv": True, "uvx": True, "cmake": 0, "ninja": 0, "ffmpeg": True}
    assert "grown" in written
    # those that look for files by their own place, in the user's cache
    kept = {path.name for path in (home / ".cache" / "bundler").rglob("*") if path.is_file()}
    assert kept >= {"uv", "uvx", "cmake"} and "ninja" not in kept
