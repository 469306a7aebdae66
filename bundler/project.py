"""Find out what the user pointed at: a directory, a project, or a script.

A project is a directory whose ``pyproject.toml`` has a ``[project]`` (PEP 621)
or ``[build-system]`` (PEP 517) table; a ``pyproject.toml`` that only configures
tools does not make one. A script may carry PEP 723 metadata.
"""

from __future__ import annotations

import ast
import difflib
import io
import re
import sys
import tokenize
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from bundler.errors import ProjectError
from bundler.stages import Project

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: The regular expression of PEP 723's reference implementation.
_BLOCK = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


def read(source: Path | None) -> Project:
    """Return the project at ``source``; None means that only requirements are bundled.

    Raise :class:`ProjectError` if there is nothing there, if its metadata
    cannot be read, or if a file is not a Python script.
    """
    if source is None:
        return Project("nothing", None, "")
    try:
        if source.is_dir():
            return _directory(source)
        if source.is_file():
            return _script(source)
        exists = source.exists() or source.is_symlink()
    except (OSError, ValueError) as error:
        raise ProjectError(f"cannot read `{source}`: {_reason(error)}") from error
    if exists:
        raise ProjectError(
            f"`{source}` is neither a directory nor a file", hint="point at a directory, a project or a script"
        )
    raise ProjectError(f"no such file or directory: `{source}`", hint=_near_path(source))


def nearby_project(source: Path) -> Path | None:
    """Return the directory of a project that ``source`` seems to be a part of, or None.

    That is the parent of a directory such as ``src/`` or ``mypackage/``, or the
    directory of a script, where its ``pyproject.toml`` makes it a project.
    """
    source = source.absolute()
    if source.is_dir() and _is_project(source):
        return None
    return source.parent if _is_project(source.parent) else None


def _directory(source: Path) -> Project:
    name = source.resolve().name or str(source)
    pyproject = source / "pyproject.toml"
    if not pyproject.is_file():
        return Project("directory", source, name)
    tables = _load_toml(pyproject)
    if "project" not in tables and "build-system" not in tables:
        return Project("directory", source, name)
    project = tables.get("project", {})
    if not isinstance(project, dict):
        raise ProjectError(f"`{pyproject}`: `project` is not a table", hint="PEP 621 says what it holds")
    declared = project.get("name", name)
    if not isinstance(declared, str) or not declared:
        raise ProjectError(f"`{pyproject}`: `project.name` is not a name", hint="PEP 621 says what it holds")
    requires_python = _specifiers(project.get("requires-python"), f"`{pyproject}`: `project.requires-python`")
    return Project("project", source, declared, (str(source.resolve()),), requires_python)


def _script(source: Path) -> Project:
    try:
        data = source.read_bytes()
    except OSError as error:
        raise ProjectError(f"cannot read `{source}`: {_reason(error)}") from error
    text = _script_text(source, data)
    metadata = _script_metadata(source, text)
    where = f"`{source}`: the metadata's"
    dependencies = metadata.get("dependencies", [])
    if not isinstance(dependencies, list) or not all(isinstance(each, str) for each in dependencies):
        raise ProjectError(f"{where} `dependencies` is not a list of strings", hint="PEP 723 says what it holds")
    for each in dependencies:
        try:
            Requirement(each)
        except InvalidRequirement as error:
            reason = str(error).splitlines()[0].rstrip(".")
            raise ProjectError(
                f"{where} `dependencies` has `{each}`: {reason}", hint="write it as PEP 508 says, such as `rich>=13`"
            ) from error
    return Project(
        "script",
        source,
        source.name,
        tuple(dependencies),
        _specifiers(metadata.get("requires-python"), f"{where} `requires-python`"),
    )


def _script_text(source: Path, data: bytes) -> str:
    """Return the script's text with ``\\n`` line ends, or raise if it is no Python script."""
    hint = _better_use(source)
    if data.startswith(_ARCHIVES):
        raise ProjectError(
            f"`{source}` is an archive, not a Python script", hint=hint or "unpack it and point at the directory"
        )
    if b"\0" in data:
        raise ProjectError(f"`{source}` is a binary file, not a Python script", hint=hint)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise ProjectError(f"`{source}` is not a Python script: {error}", hint=hint or "save it as UTF-8") from error
    first = text.split("\n", 1)[0]
    says_python = source.suffix in (".py", ".pyw") or (
        first.startswith("#!") and re.search(r"python|pypy|\buv\b", first)
    )
    if not says_python:
        # A name and a first line that say nothing: only the text can.
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise ProjectError(
                f"`{source}` is not a Python script", hint=hint or "point at a directory, a project or a `.py` file"
            ) from error
    return text


def _script_metadata(source: Path, text: str) -> dict[str, Any]:
    blocks = [match for match in _BLOCK.finditer(text) if match.group("type") == "script"]
    if not blocks:
        return {}
    if len(blocks) > 1:
        line = text.count("\n", 0, blocks[1].start()) + 1
        raise ProjectError(
            f"`{source}` has a second `script` metadata block, on line {line}", hint="join the two: PEP 723 allows one"
        )
    content = "".join(
        line[2:] if line.startswith("# ") else line[1:] for line in blocks[0].group("content").splitlines(keepends=True)
    )
    first = text.count("\n", 0, blocks[0].start()) + 1
    return _parse_toml(content, source, first)


def _specifiers(value: object, where: str) -> str | None:
    if value is None:
        return None
    try:
        SpecifierSet(value)  # type: ignore[arg-type]
    except (InvalidSpecifier, AttributeError, TypeError) as error:
        raise ProjectError(
            f"{where} is not a version specifier: `{value}`", hint="write it as PEP 440 says, such as `>=3.9`"
        ) from error
    return str(value)


def _is_project(directory: Path) -> bool:
    pyproject = directory / "pyproject.toml"
    try:
        tables = _load_toml(pyproject) if pyproject.is_file() else {}
    except (ProjectError, OSError):
        return False
    return "project" in tables or "build-system" in tables


def _load_toml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise ProjectError(f"cannot read `{path}`: {_reason(error)}") from error
    except UnicodeDecodeError as error:
        raise ProjectError(
            f"`{path}` is not UTF-8: byte {error.start}", hint="TOML files are UTF-8: save it as such"
        ) from error
    return _parse_toml(text, path, 0)


def _parse_toml(text: str, path: Path, lines_before: int) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error).rstrip(".")
        if lines_before:
            reason = re.sub(r"at line (\d+)", lambda match: f"at line {int(match[1]) + lines_before}", reason)
        raise ProjectError(f"`{path}` is not valid TOML: {reason}", hint="correct that line") from error


def _better_use(source: Path) -> str | None:
    name = source.name
    if name == "pyproject.toml":
        return f"point at its directory: `{source.parent}`"
    if name.endswith((".whl", ".tar.gz")):
        return f"bundle what it installs: `--with {source}`"
    if name.endswith((".txt", ".in")):
        return f"requirements are named with `-r {source}`"
    return None


def _near_path(source: Path) -> str:
    try:
        names = [path.name for path in source.parent.iterdir()]
    except (OSError, ValueError):
        return "check the spelling"
    near = difflib.get_close_matches(source.name, names, n=1)
    return f"did you mean `{source.parent / near[0]}`?" if near else "check the spelling"


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error)
