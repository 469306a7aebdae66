"""Prepare a suite for a Python: its sources unpacked, an environment that it is installed in, and a bundle of that.

All of it stays in ``build/others/``. Sources and environments are made once, app files anew each time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from sharing import only_one
from suites import Suite, constraints

from bundler import indexes
from bundler.build import build

ROOT = Path(__file__).parents[3] / "build" / "others"
_RECORDER = Path(__file__).with_name("recorded_outcomes.py")


@dataclass(frozen=True)
class Prepared:
    """A suite that is ready to run."""

    source: Path
    venv: Path
    app: Path


def prepare(suite: Suite, version: str, python: str) -> Prepared:
    """Prepare ``suite`` for ``python``, which is a Python ``version``. Raises CalledProcessError if something cannot be had."""
    needed = repr((suite.requirements, suite.install, suite.remove, suite.sha256, constraints(), python))
    digest = hashlib.sha256(needed.encode()).hexdigest()[:12]
    place = ROOT / f"{suite.name}-{suite.version}-{version}-{digest}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with only_one(place) as new:
        if new:
            making = place.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            _unpack(suite, making / "source")
            _install(suite, making, python)
            making.rename(place)
        site_packages = next((place / "venv" / "lib").iterdir()) / "site-packages"
        shutil.copy(_RECORDER, site_packages)
        # as long a path as the environment's: some tests have it in their names
        app = site_packages.with_suffix(".pyz")
        build(None, app, site_packages=site_packages, library=True, python=python)
    return Prepared(place / "source", place / "venv", app)


def _unpack(suite: Suite, place: Path) -> None:
    if not suite.sha256:
        place.mkdir(parents=True)
        return
    archive = _source_distribution(suite)
    with tarfile.open(archive) as file:
        names = {name.partition("/")[0] for name in file.getnames()}
        if hasattr(tarfile, "data_filter"):
            file.extractall(place.parent, filter="data")
        else:
            file.extractall(place.parent)
    (place.parent / names.pop()).rename(place)


def _source_distribution(suite: Suite) -> Path:
    """Return the source distribution, which pip checks against its digest."""
    place = ROOT / "sources" / f"{suite.name}-{suite.version}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with only_one(place) as new:
        if new:
            wanted = place.with_suffix(".txt")
            wanted.write_text(f"{suite.name}=={suite.version} --hash=sha256:{suite.sha256}\n")
            making = place.with_suffix(".making")
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", suite.name]
            _run(*command, "--require-hashes", "--dest", making, "--requirement", wanted)
            making.rename(place)
    return next(place.iterdir())


def _install(suite: Suite, making: Path, python: str) -> None:
    venv = making / "venv"
    limits = making / "constraints.txt"
    limits.write_text("\n".join(constraints()))
    _run(python, "-m", "venv", "--without-pip", venv)
    uv = shutil.which("uv", path=os.pathsep.join([os.fspath(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    assert uv, "uv is needed: it installs for Pythons that have no pip"
    options, variables = indexes.for_uv(os.environ)
    command = [uv, "pip", "install", "--quiet", "--compile-bytecode", *options, "--constraints", limits]
    _run(*command, "--python", venv / "bin" / "python", *suite.requirements, env={**os.environ, **variables})
    site_packages = next((venv / "lib").iterdir()) / "site-packages"
    for inside, to in suite.install.items():
        origin, target = making / "source" / inside, site_packages / to
        if origin.is_dir():
            shutil.copytree(origin, target, dirs_exist_ok=True)
        else:
            shutil.copy(origin, target)
    for inside in suite.remove:
        gone = making / "source" / inside
        if gone.is_dir():
            shutil.rmtree(gone)
        else:
            gone.unlink()


def _run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    subprocess.run(list(map(str, command)), check=True, stdin=subprocess.DEVNULL, env=env)
