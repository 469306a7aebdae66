"""The interpreters that app files are run on.

``$PYTHONS`` names them (paths, separated by spaces or the platform's path
separator); without it they are looked for on PATH and under pyenv.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")


@cache
def interpreters() -> dict[str, str]:
    """Return the interpreters found, path by version ("3.13")."""
    found: dict[str, str] = {}
    for candidate in _candidates():
        program = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"
        try:
            answer = subprocess.run([candidate, "-I", "-S", "-c", program], capture_output=True, text=True, timeout=60)
        except OSError:
            continue
        name, _, version = answer.stdout.strip().partition(" ")
        if name == "cpython" and version in VERSIONS:
            found.setdefault(version, candidate)
    return {version: found[version] for version in VERSIONS if version in found}


def _candidates() -> list[str]:
    given = os.environ.get("PYTHONS", "")
    if given.strip():
        return [path for path in re.split(r"[\s%s]+" % re.escape(os.pathsep), given) if path]
    paths = [sys.executable]
    for version in VERSIONS:
        on_path = shutil.which("python" + version)
        paths += [on_path] if on_path else []
        root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
        paths += map(str, sorted(root.glob("%s.*/bin/python%s" % (version, version)), reverse=True))
    return paths


def version(python: str) -> tuple[int, int]:
    """Return the version of an interpreter found: ``(3, 13)``."""
    (name,) = (name for name, path in interpreters().items() if path == python)
    major, minor = name.split(".")
    return int(major), int(minor)
