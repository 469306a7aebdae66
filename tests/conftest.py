"""What all tests share: the interpreters that app files are run on.

``$PYTHONS`` names them (paths, separated by spaces or the platform's path
separator); without it they are looked for on PATH and under pyenv. The versions
that are absent are named at the end of a run: skipped is not passed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``python`` on each interpreter."""
    if "python" in metafunc.fixturenames:
        metafunc.parametrize(
            "python", [pytest.param(path, id=version) for version, path in interpreters().items()], scope="session"
        )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    absent = [version for version in VERSIONS if version not in interpreters()]
    terminalreporter.write_line("interpreters: %s" % ", ".join(interpreters()))
    if absent:
        terminalreporter.write_line("absent, so not tested: Python %s" % ", ".join(absent))
