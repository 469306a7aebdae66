"""What the packagers are to make: each application for one Python, installed, with its own modules written."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from applications import SETTINGS, Application, Job
from installing import WORK, environment, pins
from measuring import ENVIRONMENT, Command, Run, leave_nothing, run


@dataclass(frozen=True)
class Made:
    """One application, ready to be started.

    ``home`` is the user's directory that its starts find, where they keep what they unpack.
    """

    start: tuple[str, ...]  #: what to begin a command with
    file: Path
    home: Path
    path: str = ENVIRONMENT["PATH"]
    seconds: float = 0.0  #: that it took to make, without what the packager itself needs installed

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that a start gets."""
        return {**ENVIRONMENT, "PATH": self.path, "HOME": str(self.home)}

    def command(self, job: Job) -> Command:
        """Return the command that does ``job``."""
        return job.command(*self.start)

    def forget(self) -> None:
        """Drop what earlier starts have kept."""
        leave_nothing(self.home)
        settle(self.home)

    def run(self, job: Job) -> Run:
        """Start it once for ``job``. Raises WrongResult if that was not done."""
        return run(self.command(job), self.environment)


@dataclass(frozen=True)
class Order:
    """What to make: an application for one Python."""

    application: Application
    version: str
    python: str
    source: Path | None  #: the directory with the application's own modules
    installed: Path  #: the virtual environment with the same versions
    place: Path  #: the directory for what is made
    pins: Sequence[str] = field(default=(), compare=False)  #: what the environment holds: ``name==version``

    @property
    def entry(self) -> str:
        """The callable, as ``module:function``: of the console script's, if that is what is started."""
        if self.application.entry or ":" in self.application.script:
            return self.application.entry or self.application.script
        program = "import importlib.metadata as m; print([e.value for e in m.entry_points(group='console_scripts') if e.name == %r][0])"
        python = str(self.installed / "bin" / "python")
        return subprocess.run(
            [python, "-I", "-c", program % self.application.script], check=True, capture_output=True, text=True
        ).stdout.strip()

    @property
    def module(self) -> str:
        """The top-level name of the entry point."""
        return self.entry.partition(":")[0].partition(".")[0]

    @property
    def environment(self) -> Made:
        """What is installed, as the others are measured against it."""
        script = self.installed / "bin" / self.application.script.partition(":")[0]
        home = self.place / "home-venv"
        settle(home)
        return Made((str(script),), script, home)

    @property
    def library(self) -> Path:
        """The directory that the environment's distributions are installed in."""
        return next(self.installed.glob("lib/python*/site-packages"))


def orders(applications: Sequence[Application], version: str, python: str) -> list[Order]:
    """Return what to make of ``applications``, their environments installed and their sources written."""
    return [order(application, version, python) for application in applications]


def order(application: Application, version: str, python: str) -> Order:
    """Return what to make of ``application``, its environment installed and its sources written."""
    settle(WORK / "home")
    installed = environment(python, "%s-%s" % (application.requirement, version), [application.requirement])
    source = None
    if application.source is not None:
        source = WORK / "sources" / application.script.replace(":", "-")
        source.mkdir(parents=True, exist_ok=True)
        for name, text in application.source.items():
            (source / name).write_text(text, "utf-8")
        install_sources(application, installed, source)
    place = WORK / "peers" / ("%s-%s" % (application.script.replace(":", "-"), version))
    place.mkdir(parents=True, exist_ok=True)
    return Order(application, version, python, source, installed, place, pins(installed))


def install_sources(application: Application, installed: Path, source: Path) -> None:
    """Install an application's own modules beside what it requires, compiled, and write its script, as an installer would."""
    module, _, function = application.script.partition(":")
    library = next(installed.glob("lib/python*/site-packages"))
    shutil.copytree(source, library, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    python = installed / "bin" / "python"
    subprocess.run([python, "-m", "compileall", "-q", *(library / each.name for each in source.glob("*.py"))], check=True)
    script = installed / "bin" / module
    script.write_text(
        "#!%s\nimport sys\nfrom %s import %s\nif __name__ == '__main__':\n    sys.exit(%s())\n" % (python, module, function, function),
        "utf-8",
    )
    script.chmod(0o755)


def settle(home: Path) -> None:
    """Make the user's directory ``home``, with the settings of the applications in it."""
    for name, text in SETTINGS.items():
        place = home / name
        if not place.is_file():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
