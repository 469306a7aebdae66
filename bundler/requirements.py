"""Resolve requirements and install them into a directory, with uv or with pip."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from bundler import installers
from bundler.errors import RequirementError
from bundler.resolver_output import build_failure, explain, warnings
from bundler.stages import Target

_ARCHIVES = (".whl", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".zip")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def install(
    requirements: Sequence[str],
    requirement_files: Sequence[Path],
    target: Target,
    destination: Path,
    *,
    constraints: Path | None = None,
    report: Callable[[str], None],
) -> list[str]:
    """Install ``requirements`` for ``target`` into the empty directory ``destination``.

    Each requirement is as PEP 508 says, or the path or the URL of a wheel, an
    sdist or a project. ``constraints`` is a file with versions that what is
    installed must have (``requests==2.32.5``). ``report`` is called with each line that the installer
    writes. Return the warnings that concern the user. Raise
    :class:`RequirementError` if one is not well formed or cannot be met, or if
    there is nothing to install with.
    """
    arguments = [_checked(each) for each in requirements]
    for path in requirement_files:
        if not path.is_file():
            problem = "`{}` is a directory" if path.is_dir() else "no such requirements file: `{}`"
            raise RequirementError(
                problem.format(path), hint="`-r` names a file with a requirement on each line"
            )
    destination.mkdir(parents=True, exist_ok=True)
    if not arguments and not requirement_files:
        return []
    for path in requirement_files:
        arguments += ["-r", str(path)]
    if constraints is not None:
        arguments += ["-c", str(constraints)]
    command, environment = installers.command(target, destination)
    report("running " + " ".join([*command, *arguments]))
    status, output = _run([*command, *arguments], environment, report)
    if status:
        message, hint = explain(output, requirements, target)
        raise RequirementError(message, hint=hint)
    return warnings(output)


def built(requirement: str, destination: Path, report: Callable[[str], None]) -> str:
    """Return the path of a wheel built in ``destination`` where ``requirement`` is a local project or source archive, else itself."""
    text = _checked(requirement)
    local = Path(re.sub(r"\[[^\[\]]*\]$", "", text))
    if _URL.match(text) or not os.path.isabs(local) or local.suffix == ".whl":
        return requirement
    place = destination / ("%d" % len(list(destination.glob("*"))))
    place.mkdir(parents=True)
    command, environment = installers.wheel_command(str(local), place)
    report("running " + " ".join(command))
    status, output = _run(command, environment, report)
    wheels = sorted(place.glob("*.whl"))
    if status or not wheels:
        raise RequirementError(
            f"cannot build `{local}`: {build_failure(output)}", hint="a wheel is needed for the targets that are not here: `-v` shows all of it"
        )
    return str(wheels[0]) + text[len(str(local)) :]


def _checked(requirement: str) -> str:
    """Return ``requirement`` as an argument for the installer."""
    text = requirement.strip()
    if text.startswith("-"):
        raise RequirementError(
            f"`{text}` is an option, not a requirement",
            hint="options can stand in a file named with `-r`; a local project is named by its path",
        )
    if _URL.match(text):
        return text
    local = text if os.path.exists(text) else re.sub(r"\[[^\[\]]*\]$", "", text)
    if _is_path(local):
        _check_local(Path(local))
        return os.path.abspath(local) + text[len(local) :]
    try:
        Requirement(text)
    except InvalidRequirement as error:
        reason = str(error).splitlines()[0].rstrip(".")
        corrected = re.sub(r"(?<![=<>!~])=(?!=)", "==", text)
        hint = "write it as PEP 508 says, such as `rich>=13`"
        if corrected != text:
            hint = f"did you mean `{corrected}`?"
        raise RequirementError(f"`{text}` is not a requirement: {reason}", hint=hint) from error
    return text


def _is_path(text: str) -> bool:
    """Tell a path from a name, as pip does: it has a separator, begins with a dot, or is an archive that exists."""
    before_url = text.split("@")[0]
    has_separator = any(separator in before_url for separator in (os.sep, os.altsep) if separator)
    return has_separator or text.startswith(".") or (text.endswith(_ARCHIVES) and os.path.isfile(text))


def _check_local(path: Path) -> None:
    if path.is_dir():
        if not (path / "pyproject.toml").is_file() and not (path / "setup.py").is_file():
            raise RequirementError(
                f"`{path}` is not a project: it has no `pyproject.toml`",
                hint="point at the directory itself to bundle its modules",
            )
    elif not path.is_file():
        raise RequirementError(
            f"no such file or directory: `{path}`",
            hint="a requirement with a slash is the path of a wheel or a project",
        )
    elif not path.name.endswith(_ARCHIVES):
        raise RequirementError(
            f"`{path}` is neither a wheel nor a source archive",
            hint=f"if it lists requirements, name it with `-r {path}`",
        )


def _run(command: list[str], environment: dict[str, str], report: Callable[[str], None]) -> tuple[int, str]:
    """Run ``command`` and return its exit code and all that it wrote."""
    lines = []
    try:
        child = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace",
        )  # fmt: skip
    except OSError as error:
        raise RequirementError(f"`{command[0]}` cannot be run: {error.strerror}") from error
    with child:
        try:
            for line in child.stdout or ():
                lines.append(line.rstrip())
                report(lines[-1])
            return child.wait(), "\n".join(lines)
        except BaseException:
            # A terminal's Ctrl-C reaches the child as well: let it tidy up first.
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
            raise
