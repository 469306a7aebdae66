"""The commands that install for a target: uv's where it is on PATH and knows the target, else pip's.

The installer runs as a child of its own, with the user's index configuration
and without whatever virtual environment happens to be active. For a target
that is not here it takes wheels only, by their tags, and judges markers as
that target would: nothing of the target is run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bundler import indexes
from bundler.errors import RequirementError
from bundler.stages import Target
from bundler.targets import wheel_tags

#: Of the environment that happens to be active; an installer that sees them looks there.
_DROPPED = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_USER", "UV_SYSTEM_PYTHON", "UV_PYTHON")  # fmt: skip
_PIP_SETTINGS = {
    "PIP_USER": "0",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_PROGRESS_BAR": "off",
    "PIP_NO_COLOR": "1",
    "PIP_ROOT_USER_ACTION": "ignore",
    "PYTHONDONTWRITEBYTECODE": "1",
}
_PIP_OPTIONS = ("--no-compile", "--no-warn-script-location", "--no-warn-conflicts")
_WHEELS_ONLY = ("--only-binary", ":all:")

#: pip's options name a platform, but it judges markers, and older ones Requires-Python, for the Python that runs it, and
#: before 24.1 it knows nothing of free-threaded ABIs: it is told the target's environment, version and tags.
_PIP_ELSEWHERE = """
import json, sys
from pip._vendor.packaging import markers, tags
from pip._internal.utils import compatibility_tags
version, environment, supported = json.loads(sys.argv.pop(1))
markers.default_environment = lambda: dict(environment)
compatibility_tags.get_supported = lambda *args, **options: [tags.Tag(*tag.split("-")) for tag in supported]
from pip._internal.resolution.resolvelib import factory
candidate = factory.RequiresPythonCandidate
factory.RequiresPythonCandidate = lambda _: candidate(tuple(version))
from pip._internal.cli.main import main
sys.exit(main())
"""


def command(target: Target, destination: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command that installs for ``target`` into ``destination``, requirements to follow, and its environment.

    Raise :class:`RequirementError` if there is nothing to install with.
    """
    environment = _environment()
    uv = shutil.which("uv")
    for_target = _uv_target(target) if uv else None
    if uv and for_target:
        options, named = for_target
        index_options, variables = indexes.for_uv(environment)
        environment.update(variables, PYTHONDONTWRITEBYTECODE="1", **named)
        quiet = ["--no-progress", "--color", "never", "--no-compile-bytecode", "--no-python-downloads"]
        return [uv, "pip", "install", *quiet, *index_options, *options, "--target", str(destination)], environment
    environment.update(_PIP_SETTINGS)
    if target.here and target.interpreter:
        pip = [*_pip(target.interpreter.executable, environment), "install"]
    else:
        pip = _pip_elsewhere(target, environment)
    return [*pip, *_PIP_OPTIONS, "--target", str(destination)], environment


def wheel_command(source: str, destination: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command that builds the project or source archive ``source`` into a wheel in ``destination``, and its environment."""
    environment = _environment()
    uv = shutil.which("uv")
    if uv:
        index_options, variables = indexes.for_uv(environment)
        environment.update(variables, PYTHONDONTWRITEBYTECODE="1")
        quiet = ["--no-progress", "--color", "never", "--no-python-downloads"]
        built = ["--wheel", "--python", sys.executable, "--out-dir", str(destination)]
        return [uv, "build", *quiet, *index_options, *built, source], environment
    environment.update(_PIP_SETTINGS)
    return [*_pip(sys.executable, environment), "wheel", "--no-deps", "--wheel-dir", str(destination), source], environment


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _DROPPED}


def _uv_target(target: Target) -> tuple[list[str], dict[str, str]] | None:
    """Return the options and variables that name ``target``; None if uv has no way to."""
    if target.here and target.interpreter:
        return ["--python", target.interpreter.executable], {}
    executable = sys.executable
    if "t" in target.flags:
        # that a Python is free-threaded uv learns only from the Python
        if target.interpreter is None or target.interpreter.flags != target.flags:
            return None
        executable = target.interpreter.executable
    options = ["--python", executable, "--python-version", target.minor, *_WHEELS_ONLY]
    if target.platform.kind == "linux":  # this machine's
        return options, {}
    named = target.platform.for_uv()
    if named is None:
        return None
    return [*options, "--python-platform", named[0]], named[1]


def _pip_elsewhere(target: Target, environment: dict[str, str]) -> list[str]:
    if not _answers([sys.executable, "-I", "-X", "utf8", "-m", "pip"], environment):
        raise RequirementError(
            f"there is nothing to install for `{target.name}` with: that takes pip",
            hint=f"run `{sys.executable} -m ensurepip`",
        )
    told = json.dumps([target.version, target.platform.markers(target.version), [str(tag) for tag in wheel_tags(target)]])
    options = ["--python-version", target.minor, *_WHEELS_ONLY]
    return [sys.executable, "-I", "-X", "utf8", "-c", _PIP_ELSEWHERE, told, "install", *options]


def _pip(executable: str, environment: dict[str, str]) -> list[str]:
    """Return the command of a pip that installs for the Python ``executable``.

    pip is run isolated (-I): a ``pip.py`` or a ``logging.py`` in the current
    directory is none of its business.
    """
    running = [sys.executable, "-I", "-X", "utf8", "-m", "pip"]
    if os.path.realpath(executable) == os.path.realpath(sys.executable) and _answers(running, environment):
        return running
    own = [executable, "-I", "-X", "utf8", "-m", "pip"]
    if _answers(own, environment):
        return own
    if _answers(running, environment):
        return [*running, "--python", executable]
    raise RequirementError(
        "there is neither uv nor pip to install requirements with",
        hint=f"install uv, or run `{sys.executable} -m ensurepip`",
    )


def _answers(pip: list[str], environment: dict[str, str]) -> bool:
    try:
        return (
            subprocess.run(
                [*pip, "--version"], env=environment, stdin=subprocess.DEVNULL, capture_output=True
            ).returncode
            == 0
        )
    except OSError:
        return False
