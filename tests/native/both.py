"""Do an application's work in an environment, and from one file by an interpreter that has nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from applications import SOURCE, Application, pin, pins, requirements, together
from installing import environment, installed, site_packages
from running import run
from watched import named, run_watched, tracer, unexpected

from bundler.build import build

LAUNCHED, LIBRARY = "launched", "library"
WAYS = (LAUNCHED, LIBRARY)

#: Launched from another file, with its libraries as they are.
MAPPED = "mapped"


@dataclass(frozen=True)
class Ran:
    """What a run has shown."""

    code: int
    printed: str
    said: str
    wrote: list[str] = field(default_factory=list)  #: paths, with words for places and marks for what varies

    def problem(self, expected: Ran, writes: Sequence[str] = ()) -> str:
        """Return in a line what differs from ``expected``, or what else but ``writes`` it has written; nothing if all is well."""
        if self.code:
            lines = self.said.strip().splitlines() or [f"exit code {self.code}"]
            return lines[-1]
        if self.printed != expected.printed:
            ours, theirs = self.printed.splitlines(), expected.printed.splitlines()
            other = next((line for line in ours if line not in theirs), None)
            return f"prints `{other}`" if other is not None else f"prints {len(ours)} of {len(theirs)} lines"
        wrote = unexpected(self.wrote, [*expected.wrote, *writes])
        return f"writes `{wrote[0]}`" if wrote else ""


class Sides:
    """The applications of an environment for one Python, installed below ``root``, and in an app file."""

    def __init__(self, root: Path, name: str, version: str, python: str) -> None:
        self.root = root
        self.version = version
        self.python = python
        self.applications = together(name, version)
        known = pins(name, version)
        self.environment = environment(root / "environment", python, requirements(self.applications), known)
        self.releases = installed(self.environment)
        if not known:
            pin(name, version, self.releases)
        self.bare = environment(root / "bare", python)
        self.apps = {"compressed": root / "app.pyz", MAPPED: root / "mapped.pyz"}
        # numba keeps machine code next to the sources
        self.source = shutil.copytree(SOURCE, root / "source", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))

    def build(self, native: str = "compressed") -> None:
        """Build the app file with the bundler at hand; ``native`` is how compiled code lies in it."""
        packages, cache = site_packages(self.environment), self.root.parent / "cache"
        build(self.source, self.apps[native], site_packages=packages, entry_point="work", python=self.python, level=1, cache=cache, native=native)

    def release(self, application: Application) -> str:
        """Return the release of an application that is installed."""
        return self.releases[application.distribution.lower()]

    def expected(self, application: Application) -> Ran:
        """Do its work in the environment, watched."""
        return self._run([self.environment / "bin" / "python", "-m", "work"], {"PYTHONPATH": str(self.source)}, application, watch=True)

    def observed(self, application: Application, way: str = LAUNCHED) -> Ran:
        """Do its work from the app file; launched it is watched."""
        python = self.bare / "bin" / "python"
        if way == LIBRARY:
            return self._run([python, "-m", "work"], {"PYTHONPATH": str(self.apps["compressed"])}, application)
        return self._run([python, self.apps[MAPPED if way == MAPPED else "compressed"]], {}, application, watch=True)

    def _run(self, command: Sequence[str | Path], env: Mapping[str, str], application: Application, watch: bool = False) -> Ran:
        with TemporaryDirectory() as name:
            place = Path(name).resolve()
            places = {word: place / word for word in ("home", "temporary", "here")}
            for each in places.values():
                each.mkdir()
            whole = {
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "HOME": str(places["home"]),
                "TMPDIR": str(places["temporary"]),
                "PYTHONUTF8": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONHASHSEED": "0",
                **env,
            }
            command = [*command, application.name]
            wrote: list[str] = []
            if watch and tracer():
                ran, paths = run_watched(command, place / "trace.txt", cwd=places["here"], env=whole, timeout=300)
                wrote = named(paths, {str(path): word for word, path in places.items()})
            else:
                ran = run(*command, cwd=places["here"], env=whole, timeout=300)
            return Ran(ran.returncode, ran.stdout.replace(name, "<place>"), ran.stderr, wrote)
