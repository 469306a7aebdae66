"""Let one installer alone be there, with the packages of a directory and no network."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest


def only(installer: str, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make ``installer``, ``uv`` or ``pip``, the only one, and the wheels in ``index`` all that it finds."""
    uv = shutil.which("uv") or shutil.which("uv", path=Path(sys.executable).parent)
    if installer == "uv" and not uv:
        pytest.skip("uv is not on PATH")
    commands = tmp_path / "commands"
    commands.mkdir()
    if installer == "uv":
        (commands / "uv").symlink_to(uv)
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    configuration = tmp_path / "pip.conf"
    # pip.conf separates its lists with white space, so its paths are URLs.
    configuration.write_text(f"[global]\nno-index = true\nfind-links = {index.as_uri()}\nuser = true\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
