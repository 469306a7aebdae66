"""What `pip install` installs is whole: the build side, and the runtime that it embeds."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.network
def test_wheel_holds_every_module_of_both_sides(tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("bundler-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if name.endswith(".py")}
        metadata = [name for name in archive.namelist() if name.endswith("/LICENSE")]
    sides = [ROOT / "bundler", ROOT / "runtime_stub"]
    assert found == {path.relative_to(ROOT).as_posix() for side in sides for path in side.rglob("*.py")}
    assert metadata
