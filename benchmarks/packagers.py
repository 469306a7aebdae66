"""The packagers that bundler is measured against: how each makes one file of an installed application, and how that is started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from applications import Application
from installing import WORK, build, environment, pins, tree


@dataclass(frozen=True)
class Made:
    """One application, ready to be started."""

    start: tuple[str, ...]  #: what to begin a command with
    file: Path | None  #: None for a virtual environment
    caches: tuple[Path, ...] = ()  #: what its first start leaves behind
    variables: Mapping[str, str] | None = None  #: that lead it there


@dataclass(frozen=True)
class Order:
    """What to make: an application for one Python."""

    application: Application
    version: str
    python: str
    source: Path | None  #: the directory with the application's own modules
    installed: Path  #: the virtual environment with the same versions
    place: Path  #: the directory for what is made

    @property
    def entry(self) -> str:
        """The callable, as ``module:function``: of the console script's, if that is what is started."""
        if ":" in self.application.script:
            return self.application.script
        program = "import importlib.metadata as m; print([e.value for e in m.entry_points(group='console_scripts') if e.name == %r][0])"
        python = str(self.installed / "bin" / "python")
        return subprocess.run(
            [python, "-c", program % self.application.script], check=True, capture_output=True, text=True
        ).stdout.strip()

    @property
    def pins(self) -> list[str]:
        """What the environment holds: ``name==version``."""
        return pins(self.installed)


class NotMade(Exception):
    """This packager cannot make the application, for the reason given."""


def make_with_bundler(order: Order) -> Path:
    """Build as a user would who knows the Python that is to run it."""
    arguments = [word for pin in order.pins for word in ("--with", pin)]
    if order.source is None:
        arguments += ["--console-script", order.application.script]
    else:
        arguments += ["--entry-point", order.application.script, str(order.source)]
    return build(order.place / "bundler.pyz", arguments, order.python)


def make_with_pex(order: Order) -> Path:
    """Build what starts fastest: unpacked into a virtual environment by the first start, found by a shell script after it."""
    output = order.place / "app.pex"
    own = ["-D", str(order.source)] if order.source else []
    _run(_tool("pex", order), "--venv", "--sh-boot", "--python", order.python, "-e", order.entry, "-o", str(output), *own, *order.pins)
    return output


def make_with_shiv(order: Order) -> Path:
    """Build with sources only, as is its default."""
    output = order.place / "shiv.pyz"
    own = ["--site-packages", str(order.source)] if order.source else []
    _run(_tool("shiv", order), "-p", order.python, "-e", order.entry, "-o", str(output), "-q", *own, *order.pins)
    return output


def make_with_zipapp(order: Order) -> Path:
    """Build with the standard library's zipapp, compressed. Raises NotMade where something compiled is needed."""
    installed = tree(order.python, "tree-%s-%s" % (order.application.requirement, order.version), order.pins)
    together = order.place / "zipapp"
    shutil.rmtree(together, ignore_errors=True)
    shutil.copytree(installed, together)
    if order.source:
        shutil.copytree(order.source, together, dirs_exist_ok=True)
    output = order.place / "zipapp.pyz"
    _run(order.python, "-m", "zipapp", str(together), "-m", order.entry, "-o", str(output), "-c")
    return output


def make_with_pyinstaller(order: Order) -> Path:
    """Build one file, with what it collects by itself."""
    script = _script(order)
    inside = environment(order.python, "%s-%s-pyinstaller" % (order.application.requirement, order.version), [*order.pins, "pyinstaller"])
    own = ["--paths", str(order.source)] if order.source else []
    name = order.application.requirement
    _run(
        str(inside / "bin" / "python"), "-m", "PyInstaller", "--onefile", "--noconfirm", "--log-level", "ERROR", "--name", "pyinstaller",
        "--distpath", str(order.place), "--workpath", str(order.place / "work"), "--specpath", str(order.place),
        "--copy-metadata", name, "--collect-all", _module(order), *own, str(script),
    )  # fmt: skip
    return order.place / "pyinstaller"


def make_with_nuitka(order: Order) -> Path:
    """Compile into one file. Takes minutes."""
    script = _script(order)
    inside = environment(order.python, "%s-%s-nuitka" % (order.application.requirement, order.version), [*order.pins, "nuitka[onefile]"])
    variables = {"PYTHONPATH": str(order.source)} if order.source else {}
    _run(
        str(inside / "bin" / "python"), "-m", "nuitka", "--onefile", "--quiet", "--assume-yes-for-downloads", "--output-filename=nuitka",
        "--output-dir=%s" % order.place, "--include-package=%s" % _module(order), "--include-distribution-metadata=%s" % order.application.requirement,
        str(script), **variables,
    )  # fmt: skip
    return order.place / "nuitka"


@dataclass(frozen=True)
class Packager:
    """A packager: ``make`` writes one file; ``runs_itself`` says that it needs no Python to start it."""

    name: str
    make: Callable[[Order], Path]
    runs_itself: bool = False
    cache: str = ""  #: the variable that names where a start unpacks to


PACKAGERS = (
    Packager("bundler", make_with_bundler),
    # its head is a shell script, and only that knows the way past what it unpacks at each start
    Packager("pex", make_with_pex, runs_itself=True, cache="PEX_ROOT"),
    Packager("shiv", make_with_shiv, cache="SHIV_ROOT"),
    Packager("zipapp", make_with_zipapp),
    Packager("pyinstaller", make_with_pyinstaller, runs_itself=True),
    Packager("nuitka", make_with_nuitka, runs_itself=True),
)


def made(packager: Packager, order: Order) -> Made:
    """Make ``order`` with ``packager``, unless it is there already. Raises NotMade."""
    order.place.mkdir(parents=True, exist_ok=True)
    kept = order.place / (packager.name + ".path")
    if not kept.is_file():
        kept.write_text(str(packager.make(order)), "utf-8")
    file = Path(kept.read_text("utf-8"))
    bare = environment(order.python, "empty-" + order.version) / "bin" / "python"
    start = (str(file),) if packager.runs_itself else (str(bare), str(file))
    if not packager.cache:
        return Made(start, file)
    cache = order.place / (packager.name + "-cache")
    path = str(bare.parent) + os.pathsep + os.defpath
    return Made(start, file, (cache,), {packager.cache: str(cache), "PATH": path})


def _tool(name: str, order: Order) -> str:
    """Return the command ``name``, installed in an environment of its own beside the Python that it builds for."""
    return str(environment(order.python, "%s-%s" % (name, order.version), [name, "pip", "setuptools"]) / "bin" / name)


def _script(order: Order) -> Path:
    module, _, function = order.entry.partition(":")
    order.place.mkdir(parents=True, exist_ok=True)
    script = order.place / "started.py"
    script.write_text("import sys\nfrom %s import %s\nsys.exit(%s())\n" % (module, function.partition(".")[0], function), "utf-8")
    return script


def _module(order: Order) -> str:
    return order.entry.partition(":")[0].partition(".")[0]


def _run(*command: str, **variables: str) -> None:
    environment_ = {**os.environ, **variables}
    environment_["PATH"] = str(Path(sys.executable).parent) + os.pathsep + environment_.get("PATH", os.defpath)
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=WORK, env=environment_, timeout=1800)
    if done.returncode:
        lines = [line for line in (done.stderr + done.stdout).strip().splitlines() if line.strip()]
        raise NotMade(lines[-1][:200] if lines else "exit code %d" % done.returncode)


def orders(applications: Sequence[Application], version: str, python: str) -> list[Order]:
    """Return what to make of ``applications``, their environments installed and their sources written."""
    found = []
    for application in applications:
        source = None
        if application.source is not None:
            source = WORK / "sources" / application.script.replace(":", "-")
            source.mkdir(parents=True, exist_ok=True)
            for name, text in application.source.items():
                (source / name).write_text(text, "utf-8")
        installed = environment(python, "%s-%s" % (application.requirement, version), [application.requirement])
        place = WORK / "peers" / ("%s-%s" % (application.script.replace(":", "-"), version))
        found.append(Order(application, version, python, source, installed, place))
    return found
