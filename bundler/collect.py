"""Collect the files that go into the bundle, and put them in order.

The order is that of the bundle paths, whatever the directories say, so that
the same input gives the same bytes.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from bundler.errors import ConflictError, ProjectError
from bundler.stages import File, Project
from bundler.standard_library import NAMES

#: Left out wherever they are: version control, and what tools leave behind.
_LEFT_OUT = re.compile(
    r"\.(git|hg|svn|bzr|tox|nox|eggs|venv|mypy_cache|pytest_cache|ruff_cache|hypothesis|ipynb_checkpoints|idea|vscode)"
    r"|__pycache__|\.DS_Store|\.coverage|\.#.*|\..*\.sw[a-p]|.*~"
)
_EXTENSION = re.compile(r"(?P<name>[^.]+)(\.[^/]+)?\.(so|pyd)")


def own_files(project: Project, output: Path, exclude: Sequence[str]) -> list[File]:
    """Return the application's own files, sorted by bundle path.

    A directory gives what is below it, a script itself; a project is installed
    like a requirement and gives none. ``output`` is never among them, nor is
    anything that a pattern of ``exclude`` matches. Raise
    :class:`ProjectError` if a file cannot be bundled, or if no Python is there.
    """
    if project.origin is None or project.kind in ("project", "nothing"):
        return []
    if project.kind == "script":
        # Dots would make a package of it.
        stem = project.origin.stem if project.origin.suffix in (".py", ".pyw") else project.origin.name
        path = f"{stem.replace('.', '_')}.py"
        check_name(path, project.origin)
        return [File(path, project.origin, bool(project.origin.stat().st_mode & stat.S_IXUSR))]
    files = [file for file in tree(project.origin, exclude) if not _is_same(file.origin, output)]
    if not any(_module(file.path) for file in files):
        hint = (
            "every file in it is left out"
            if not files and any(project.origin.iterdir())
            else "a directory needs a module or a package in it"
        )
        raise ProjectError(f"nothing to bundle in `{project.origin}`", hint=hint)
    return files


def tree(root: Path, exclude: Sequence[str] = (), left_out: re.Pattern[str] = _LEFT_OUT) -> list[File]:
    """Return the files below ``root``, sorted by bundle path.

    Left out are the names that ``left_out`` matches, virtual environments,
    ``.pyc`` files that have a source, and what ``exclude`` matches. Links are
    followed, save those that lead back to a directory above them.
    """
    files = [
        File(path, origin, bool(status.st_mode & stat.S_IXUSR))
        for path, origin, status in _walk(root, "", exclude, left_out, ())
    ]
    paths = {file.path for file in files}
    kept = [file for file in files if not (file.path.endswith(".pyc") and file.path[:-1] in paths)]
    return sorted(kept, key=lambda file: file.path)


def excluded(path: str, patterns: Sequence[str]) -> bool:
    """Tell whether one of ``patterns`` matches the bundle path or a directory above it.

    A pattern matches the whole path or any trailing part of it that begins
    after a ``/``. ``*`` and ``?`` stop at ``/``, ``**`` does not; a leading
    ``/`` binds it to the root of the bundle, and with a trailing one it matches
    directories only.
    """
    return bool(patterns) and _exclusion(tuple(patterns)).fullmatch(path) is not None


def merge(own: list[File], dependencies: list[File], standard_library: frozenset[str] = NAMES) -> list[File]:
    """Return both lists as one, sorted by path.

    ``standard_library`` are the names that an own top-level module must not
    have; a dependency may have one, since it comes behind the standard library
    as in any environment. Two files of one path are one if their bytes are the
    same. Raise :class:`ConflictError` if two files claim one path or, unless
    both are a dependency's, one module.
    """
    _check_own_modules(own, standard_library)
    files: dict[str, File] = {}
    for file in [*own, *dependencies]:
        first = files.setdefault(file.path, file)
        if first is not file and content(first) != content(file):
            raise ConflictError(
                f"two files claim `{file.path}`: {_described(first)} and {_described(file)}",
                hint="leave one of them out" if first.owner else f"rename yours, which is `{first.origin}`",
            )
    claims = {module: file for file in own if (module := _module(file.path)) and not _is_main(module)}
    for file in dependencies:
        mine = claims.get(_module(file.path))
        if mine and mine.path != file.path:
            raise ConflictError(
                f"two files claim the module `{_dotted(mine.path)}`: {_described(mine)} and {_described(file)}",
                hint=f"rename yours, which is `{mine.origin}`",
            )
    return sorted(files.values(), key=lambda file: file.path)


def content(file: File) -> bytes:
    """Return the bytes that ``file`` has in the bundle. Raise :class:`ProjectError` if it cannot be read."""
    if file.replaces is not None:
        return file.replaces
    try:
        return file.origin.read_bytes()
    except OSError as error:
        raise ProjectError(
            f"cannot read `{file.origin}`: {error.strerror}", hint=f"leave it out with `--exclude {file.path}`"
        ) from error


def check_name(path: str, origin: Path) -> None:
    """Raise :class:`ProjectError` if ``path`` cannot be a path in a bundle."""
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise ProjectError(
            f"the name of `{ascii(str(origin))[1:-1]}` is not UTF-8", hint="rename it, or leave it out with `--exclude`"
        ) from error
    if re.search(r"[\0-\x1f\x7f]", path):
        raise ProjectError(
            f"the name of `{ascii(str(origin))[1:-1]}` has a control character",
            hint="rename it, or leave it out with `--exclude`",
        )


def _walk(
    directory: Path, prefix: str, exclude: Sequence[str], left_out: re.Pattern[str], above: tuple[tuple[int, int], ...]
) -> Iterator[tuple[str, Path, os.stat_result]]:
    try:
        status = directory.stat()
        entries = list(os.scandir(directory))
    except OSError as error:
        raise ProjectError(
            f"cannot read `{directory}`: {error.strerror}", hint="leave it out with `--exclude`"
        ) from error
    here = (status.st_dev, status.st_ino)
    if here in above and os.path.islink(directory):
        return
    for entry in entries:
        path = prefix + entry.name
        origin = directory / entry.name
        if left_out.fullmatch(entry.name) or excluded(path.encode(errors="replace").decode(), exclude):
            continue
        try:
            status = entry.stat()
        except OSError as error:
            missing = entry.is_symlink() and isinstance(error, FileNotFoundError)
            reason = "is a link to nothing" if missing else f"cannot be read: {error.strerror}"
            raise ProjectError(f"`{origin}` {reason}", hint=f"leave it out with `--exclude {path}`") from error
        if stat.S_ISDIR(status.st_mode):
            # of os.path, since Path's raise where the directory must not be entered
            if not os.path.exists(origin / "pyvenv.cfg") and not os.path.isdir(origin / "conda-meta"):
                check_name(path, origin)
                yield from _walk(origin, f"{path}/", exclude, left_out, (*above, here))
        elif stat.S_ISREG(status.st_mode):
            check_name(path, origin)
            yield path, origin, status
        else:
            raise ProjectError(
                f"`{origin}` is {_kind(status.st_mode)}, not a file", hint=f"leave it out with `--exclude {path}`"
            )


def _kind(mode: int) -> str:
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a named pipe" if stat.S_ISFIFO(mode) else "a device"


def _is_same(path: Path, output: Path) -> bool:
    if path.name != output.name and not output.is_symlink():
        return False
    return os.path.realpath(path) == os.path.realpath(output)


@lru_cache(maxsize=16)
def _exclusion(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{_translate(pattern)})" for pattern in patterns if pattern.strip("/")) or r"(?!)", re.DOTALL
    )


def _translate(pattern: str) -> str:
    anchored, directory = pattern.startswith("/"), pattern.endswith("/")
    pattern = pattern.removeprefix("./").strip("/")
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    text = ""
    for token in re.findall(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]/]*\]|.", pattern, re.DOTALL):
        if len(token) > 2 and token.startswith("["):
            inner = (
                token[1:-1]
                .replace("\\", r"\\")
                .replace("[", r"\[")
                .replace("&", r"\&")
                .replace("~", r"\~")
                .replace("|", r"\|")
            )
            text += (
                f"[^/{inner[1:]}]"
                if inner.startswith("!")
                else f"[{inner.replace('^', chr(92) + '^', 1) if inner.startswith('^') else inner}]"
            )
        else:
            text += parts.get(token) or re.escape(token)
    return ("" if anchored else "(?:.*/)?") + text + ("/.*" if directory else "(?:/.*)?")


def _module(path: str) -> str:
    """Return the path of the module that the file claims, ``pkg/sub`` or ``pkg``, or ``""``."""
    directory, _, name = path.rpartition("/")
    if name in ("__init__.py", "__init__.pyc"):
        return directory
    stem = name.removesuffix("c")
    if stem.endswith(".py"):
        stem = stem[:-3]
    elif matched := _EXTENSION.fullmatch(name):
        stem = matched["name"]
    else:
        return ""
    if not stem:
        return ""
    return f"{directory}/{stem}" if directory else stem


def _is_main(module: str) -> bool:
    return module.rpartition("/")[2] == "__main__"


def _dotted(path: str) -> str:
    return _module(path).replace("/", ".")


def _check_own_modules(own: list[File], standard_library: frozenset[str]) -> None:
    claims: dict[str, File] = {}
    for file in own:
        module = _module(file.path)
        if not module:
            continue
        if module in standard_library:
            raise ConflictError(
                f"`{file.origin}` shadows the module `{module}` of the standard library",
                hint=f"rename it, or leave it out with `--exclude /{file.path.split('/')[0]}`",
            )
        if not file.path.endswith((".py", ".pyc")):
            continue
        first = claims.setdefault(module, file)
        if first is not file:
            raise ConflictError(
                f"two files claim the module `{module.replace('/', '.')}`: `{first.path}` and `{file.path}`",
                hint="remove one of them, or leave it out with `--exclude`",
            )


def _described(file: File) -> str:
    return f"`{file.path}` of `{file.owner}`" if file.owner else f"your `{file.path}`"
