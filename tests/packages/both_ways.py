"""Run the call of a package with an environment, and from a bundle of the same: launched, and as a library."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from listed import Package, constraints
from running import run

from bundler import indexes
from bundler.build import build

TOOLS = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

LAUNCHED, LIBRARY, ON_DISK = "launched", "library", "with files on disk"

_COMMON = {"PATH": os.defpath, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "TZ": "UTC", "COLUMNS": "80"}


@dataclass(frozen=True)
class Ran:
    """What a call has shown, without the paths in it."""

    code: int
    printed: str
    said: str

    def problem(self, expected: Ran) -> str:
        """Return in a line what differs from ``expected``; nothing if it passes as that does."""
        if (self.code, self.printed) == (expected.code, expected.printed):
            return ""
        if self.code:
            lines = self.said.strip().splitlines() or self.printed.strip().splitlines() or [f"exit code {self.code}"]
            return lines[-1]
        ours, theirs = self.printed.splitlines(), expected.printed.splitlines()
        other = next((line for line in ours if line not in theirs), None)
        return f"prints `{other}`" if other is not None else f"prints {len(ours)} of {len(theirs)} lines, or in another order"


class Installed:
    """Some packages in an environment below ``root``, and in app files of what is installed there."""

    def __init__(self, root: Path, python: str, chosen: Sequence[Package]) -> None:
        self.root = root
        self.python = python
        self.chosen = chosen
        self.environment = _environment(root / "environment", python, chosen)
        # the same with nothing in it: as a library, a bundle sees what its host has; and its directories are where those of the other are
        self.bare = _environment(root / "bare", python, ())
        self._apps: dict[tuple[str, ...], Path] = {}

    def app(self, disk: Sequence[str] = ()) -> Path:
        """Return the app file, built by the bundler at hand; ``disk`` are the patterns of what is to be on disk."""
        key = tuple(disk)
        if key not in self._apps:
            output = self.root / f"app{len(self._apps)}.pyz"
            (site_packages,) = self.environment.glob("lib/python*/site-packages")
            files = [f"disk={pattern}" for pattern in disk]
            build(None, output, site_packages=site_packages, library=True, files=files, python=self.python, level=1, cache=self.root / "cache")
            self._apps[key] = output
        return self._apps[key]

    def forget_apps(self) -> None:
        """Remove the app files, which are big; the environment stays for the next run."""
        while self._apps:
            self._apps.popitem()[1].unlink()

    def expected(self, package: Package) -> Ran:
        """Run its call in the environment."""
        return self._run([self.environment / "bin" / "python", "-I"], {}, package, self.environment)

    def observed(self, package: Package, way: str) -> Ran:
        """Run its call from a bundle, in one of the ``ways_of`` it."""
        app = self.app(package.disk if way == ON_DISK else ())
        python = self.bare / "bin" / "python"
        if way == LIBRARY:
            return self._run([python], {"PYTHONPATH": str(app)}, package, app)
        return self._run([python, app], {"BUNDLER_INTERPRETER": "1"}, package, app)

    def _run(self, command: Sequence[str | Path], env: dict[str, str], package: Package, code: Path) -> Ran:
        with TemporaryDirectory() as name:
            places = [Path(name).resolve() / each for each in ("work", "home", "temporary")]
            for place in places:
                place.mkdir()
            work, home, temporary = map(str, places)
            whole = {**_COMMON, "HOME": home, "TMPDIR": temporary, **env}
            try:
                ran = run(*command, "-c", package.call, cwd=work, env=whole, timeout=300)
            except subprocess.TimeoutExpired:
                return Ran(-1, "", "not done after five minutes")
            said = [ran.stdout, ran.stderr]
            for path, word in ((str(code), "<code>"), (work, "<work>"), (name, "<place>")):
                said = [text.replace(path, word) for text in said]
            return Ran(ran.returncode, *said)


def ways_of(package: Package) -> Iterable[str]:
    """Return the ways in which its call is run from a bundle."""
    return (LAUNCHED, LIBRARY, ON_DISK) if package.disk else (LAUNCHED, LIBRARY)


def _environment(root: Path, python: str, chosen: Sequence[Package]) -> Path:
    """Return an environment with what ``chosen`` require; one that is there is taken if it was made for the same."""
    wanted = sorted({each for package in chosen for each in package.requirements})
    stamp = root / "holds.txt"
    content = "\n".join([python, *wanted, *constraints()])
    if stamp.exists() and stamp.read_text() == content:
        return root
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run([python, "-I", "-m", "venv", "--without-pip", str(root)], check=True)
    if wanted:
        options, variables = indexes.for_uv(os.environ)
        uv = shutil.which("uv", path=TOOLS)
        assert uv, "uv is needed: it installs for Pythons that have no pip"
        pins = root / "constraints.txt"
        pins.write_text("\n".join(constraints()) + "\n")
        command = [uv, "pip", "install", "--quiet", *options, "--constraints", str(pins), "--python", str(root / "bin" / "python")]
        subprocess.run([*command, *wanted], check=True, env={**os.environ, **variables})
    stamp.write_text(content)
    return root
