"""Make what is measured: virtual environments, installed distributions, app files.

Everything is kept under ``build/bench`` and made once; delete it to start anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = (ROOT / "build" / "bench").resolve()  # environments hold their own paths

DEFAULT_PYTHONS = ("python3.11", "python3.14")


def pythons(named: Sequence[str]) -> dict[str, str]:
    """Return the executables by version (``3.11``), of those named, or of the default ones that are found."""
    found = {}
    for name in named or [name for name in DEFAULT_PYTHONS if shutil.which(name)] or [sys.executable]:
        executable = shutil.which(name)
        if executable is None:
            sys.exit("error: there is no `%s`" % name)
        # not resolved: a virtual environment's Python is another one than its base
        version = _answer(executable, "import sys; print('%d.%d' % sys.version_info[:2])")
        found[version] = executable
    return found


def full_version(python: str) -> str:
    """Return the full version of an executable: ``3.11.7``."""
    return _answer(python, "import platform; print(platform.python_version())")


def environment(python: str, name: str, requirements: Sequence[str] = ()) -> Path:
    """Return a virtual environment with ``requirements`` installed and every source compiled; make it if it is not there."""
    place = WORK / name
    if (place / "ready").is_file():
        return place
    shutil.rmtree(place, ignore_errors=True)
    # without pip, which some Pythons do not have, and which would be in no user's way
    subprocess.run([python, "-m", "venv", "--without-pip", place], check=True)
    inside = str(place / "bin" / "python")
    if requirements:
        _install(inside, requirements)
    library = _answer(inside, "import sysconfig; print(sysconfig.get_path('purelib'))")
    # an installer that does not compile leaves an environment for ever cold where it may not be written
    subprocess.run([inside, "-m", "compileall", "-q", library], check=False, stdout=subprocess.DEVNULL)
    (place / "ready").touch()
    return place


def tree(python: str, name: str, requirements: Sequence[str]) -> Path:
    """Return a directory with ``requirements`` installed into it, sources only; make it if it is not there."""
    place = WORK / name
    ready = WORK / (name + ".ready")
    if not ready.is_file():
        shutil.rmtree(place, ignore_errors=True)
        _install(python, requirements, "--target", str(place))
        for directory in list(place.rglob("__pycache__")):
            shutil.rmtree(directory)
        ready.touch()
    return place


def pins(place: Path) -> list[str]:
    """Return what is installed in a virtual environment as requirements: ``name==version``, sorted."""
    listed = _answer(
        str(place / "bin" / "python"),
        "import importlib.metadata as m; print(*['%s==%s' % (d.metadata['Name'], d.version) for d in m.distributions()])",
    )
    return sorted(listed.split())


def build(output: Path, arguments: Sequence[str], python: str) -> Path:
    """Build an app file for ``python`` with this checkout's bundler and return it."""
    output.parent.mkdir(parents=True, exist_ok=True)
    command = [*bundler_command(), "-q", "-o", str(output), "-p", python, *arguments]
    # a start that is traced may write into the current directory
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        subprocess.run(command, check=True, cwd=scratch, env={**bundler_environment(), **settings()})
    return output


def settings() -> dict[str, str]:
    """Return variables by which a start that a build traces finds the user's directory that all measured starts do, and the build its caches."""
    home = Path.home()
    found = {"HOME": str(WORK / "home"), "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(home / ".cache"))}
    if (home / ".config/pip/pip.conf").is_file():
        found["PIP_CONFIG_FILE"] = os.environ.get("PIP_CONFIG_FILE", str(home / ".config/pip/pip.conf"))
    return found


def bundler_command() -> list[str]:
    """Return the command that builds with this checkout."""
    return [sys.executable, "-m", "bundler", "build"]


def bundler_environment() -> dict[str, str]:
    """Return the environment that builds run in: this checkout goes before an installed bundler, and uv is found."""
    variables = dict(os.environ, PYTHONPATH=str(ROOT))
    variables["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", os.defpath)
    return variables


def _install(python: str, requirements: Sequence[str], *options: str) -> None:
    uv = shutil.which("uv", path=bundler_environment()["PATH"])
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", python, *options, *requirements]
    elif options:
        command = [python, "-m", "pip", "install", "--quiet", "--no-compile", *options, *requirements]
    else:
        command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", *requirements]
    subprocess.run(command, check=True)


def _answer(python: str, program: str) -> str:
    return subprocess.run([python, "-I", "-c", program], check=True, capture_output=True, text=True).stdout.strip()
