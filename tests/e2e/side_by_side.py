"""The same application twice: as an app file, and installed in an environment of the same versions."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

import pytest
from running import run
from sharing import only_one

from bundler import indexes
from bundler.build import build

APPS = Path(__file__).parent.parent / "apps"
TOOLS = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


@dataclass(frozen=True)
class Side:
    """One of the two: what starts the application, and a Python that has its modules."""

    command: tuple[str, ...]
    python: tuple[str, ...]
    env: Mapping[str, str]
    python_env: Mapping[str, str]
    code: tuple[str, ...]  #: where its code says that it is

    def run(self, directory: Path, words: Sequence[str], module: bool = False, traced: bool = False, env: Mapping[str, str] | None = None):
        """Run in ``directory``, which is home and temporary directory too. ``traced`` adds to the result what was opened for writing."""
        for name in ("home", "temporary"):
            (directory / name).mkdir(exist_ok=True)
        places = {"HOME": str(directory / "home"), "TMPDIR": str(directory / "temporary"), "PATH": os.defpath}
        common = {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "SOURCE_DATE_EPOCH": "1000000000", "TZ": "UTC", "COLUMNS": "80"}
        whole = {**common, **places, **(self.python_env if module else self.env), **(env or {})}
        trace = directory.parent / "trace.txt"
        before = [*_tracer(trace)] if traced else []
        ran = run(*before, *(self.python if module else self.command), *words, cwd=directory, env=whole, timeout=300)
        said = [self.anonymous(text, directory) for text in (ran.stdout, ran.stderr)]
        written = {self.anonymous(path, directory) for path in _opened_for_writing(trace)} if before else set()
        return ran.returncode, *said, written

    def anonymous(self, text: str, directory: Path) -> str:
        """Return ``text`` with no word of where code and files are."""
        for place in (*self.code, str(directory)):
            text = text.replace(place, "<here>" if place == str(directory) else "<code>")
        return text


def bundled(app: Path, python: str) -> Side:
    """Return an app file as a side."""
    return Side((python, str(app)), (python, str(app)), {}, {"BUNDLER_INTERPRETER": "1"}, (str(app),))


def installed(root: Path, start: Sequence[str], source: Path | None) -> Side:
    """Return an environment as a side; ``start`` is a script, or ``-m`` and a module of ``source``."""
    python = str(root / "bin" / "python")
    env = {"PYTHONPATH": str(source)} if source else {}
    (site_packages,) = root.glob("lib/python*/site-packages")
    command = (python, *start) if start[0] == "-m" else (str(root / "bin" / start[0]),)
    code = (str(source),) if source else ()
    return Side(command, (python,), env, env, (*code, str(site_packages)))


def app_file(shared: Path, name: str, python: str, start: Mapping[str, object]) -> Path:
    """Build an application for ``python``, once a session; it lies alone in its directory."""
    directory = shared / "apps" / f"{name}-{Path(python).name}"
    output = directory / f"{name}.pyz"
    directory.mkdir(parents=True, exist_ok=True)
    with only_one(shared / f"{directory.name}.made") as new:
        if new:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("PATH", TOOLS)
                build(**{"source": None, **start}, output=output, python=python, level=1, cache=shared / "applications-cache")
            (shared / f"{directory.name}.made").touch()
    return output


def environment(shared: Path, app: Path, python: str) -> Path:
    """Install what an app file holds in the same versions, once a session, and return the environment."""
    root = shared / "environments" / app.parent.name
    root.parent.mkdir(exist_ok=True)
    with only_one(root) as new:
        if new:
            subprocess.run([python, "-I", "-m", "venv", "--without-pip", str(root)], check=True)
            options, variables = indexes.for_uv(os.environ)
            uv = shutil.which("uv", path=TOOLS)
            assert uv, "uv is needed: it installs for Pythons that have no pip"
            command = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--no-deps", *options, "--python", str(root / "bin" / "python")]
            subprocess.run([*command, *_pins(app)], check=True, env={**os.environ, **variables})
            (root / "whole").touch()
    assert (root / "whole").exists(), "installing has failed, see the first test that needed it"
    return root


def _pins(app: Path) -> list[str]:
    with zipfile.ZipFile(app) as archive:
        names = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        parsed = [HeaderParser().parsestr(archive.read(name).decode("utf-8")) for name in names]
    return [f"{each['Name']}=={each['Version']}" for each in parsed]


def tree(directory: Path, varies: str = "(?!)", leave_out: str = "(?!)") -> dict[str, tuple]:
    """Return mode and content (if long, its digest) of each file below ``directory``, by path.

    Without what ``varies`` in it, a pattern, and the paths that match ``leave_out``.
    """
    found = {}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if re.search(leave_out, name):
            continue
        mode = oct(path.stat().st_mode)
        content = b"" if path.is_dir() else _content(path).replace(str(directory).encode(), b"<here>")
        content = re.sub(varies.encode(), b"", content)
        found[name] = mode, content if len(content) < 1000 else hashlib.sha256(content).hexdigest()
    return found


def _content(path: Path) -> bytes:
    if path.suffix != ".sqlite3":
        return path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump()).encode()


def _tracer(trace: Path) -> list[str]:
    """Return the words in front of a command that write what it opens to ``trace``; none if it cannot be told here."""
    strace = shutil.which("strace")
    return [strace, "-f", "-qq", "--seccomp-bpf", "-e", "trace=open,openat,creat,mkdir,mkdirat", "-o", str(trace)] if strace else []


#: Calls in a trace: what is opened for writing, what is made.
_OPENED = r'open(?:at)?\(.*?"(.*)", \S*?(?:O_WRONLY|O_RDWR)'
_MADE = r'(?:creat|mkdir|mkdirat)\(.*?"(.*)", '


def _opened_for_writing(trace: Path) -> set[str]:
    opened = re.findall(f"(?:{_OPENED}|{_MADE})", trace.read_text("utf-8", "replace"))
    return {path or made for path, made in opened if not (path or made).startswith(("/dev/", "/proc/"))}
