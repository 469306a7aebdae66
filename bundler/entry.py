"""Find the entry point: what runs when the app file is started.

Nothing is guessed: where several things could be meant, the error lists them.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit
from urllib.request import url2pathname

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from bundler.collect import content
from bundler.errors import EntryPointError, UsageError
from bundler.names import is_top_level_name, uses_relative_imports
from bundler.scripts import normalised
from bundler.stages import Distribution, EntryPoint, File, Project
from runtime_stub.layout import SCRIPTS_DIRECTORY

_DOTTED = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_REFERENCE = re.compile(rf"(?P<module>{_DOTTED})\s*(?::\s*(?P<callable>{_DOTTED}))?")


def find(
    project: Project,
    distributions: Sequence[Distribution],
    files: Sequence[File],
    console_script: str | None = None,
    entry_point: str | None = None,
    *,
    named: Sequence[str] = (),
    required: bool = True,
) -> EntryPoint | None:
    """Return the entry point that is asked for, or the only one there can be.

    ``console_script`` is the name of a console or GUI script, or of a script
    that a wheel carries as a file; ``entry_point`` is ``MODULE`` or
    ``MODULE:CALLABLE``. With neither: a script's own module, the root's
    ``__main__.py``, the only console script (where there is none, the only
    GUI script) of the project or, without a project, of the distributions
    that ``named`` (requirements) names. If nothing can be chosen, return None
    unless ``required``.

    Raise :class:`EntryPointError` if it does not exist or if there are
    several, :class:`UsageError` if both are given.
    """
    if console_script is not None and entry_point is not None:
        raise UsageError("`-c` and `-e` both name an entry point", hint="give one of them")
    asked = _asked_for(project, distributions, files, named)
    asked_first = sorted(distributions, key=lambda each: canonicalize_name(each.name) not in asked)
    if console_script is not None:
        return _console_script(console_script, asked_first, files)
    if entry_point is not None:
        return _entry_point(entry_point, asked_first, files)
    return _only_one(project, asked_first, asked, files, required)


def added_files(entry_point: EntryPoint | None, distributions: Sequence[Distribution]) -> list[File]:
    """Return the file of a script that runs as the entry point, for the bundle; none for a module."""
    if entry_point is None or entry_point.script is None:
        return []
    name = PurePosixPath(entry_point.script).name
    for distribution in distributions:
        for script, origin in distribution.script_files.items():
            if _script_path(script) == entry_point.script:
                data = normalised(content(File(name, origin)))
                return [File(entry_point.script, origin, False, distribution.name, data)]
    return []


def _asked_for(
    project: Project, distributions: Sequence[Distribution], files: Sequence[File], named: Sequence[str]
) -> set[str]:
    """Return the normalised names of the distributions that the user pointed at."""
    if project.kind != "project":
        return _requirement_names(named)
    names = {str(canonicalize_name(each.name)) for each in distributions}
    if (name := str(canonicalize_name(project.name))) in names:
        return {name}
    # Without a [project] table only the build says the name: PEP 610 tells what was built from there.
    metadata = {
        file.path.rpartition("/")[0]: file.origin.parent for file in files if file.path.endswith(".dist-info/METADATA")
    }
    return {
        str(canonicalize_name(each.name))
        for each in distributions
        if each.metadata in metadata
        and _built_from(metadata[each.metadata]) == (project.origin and project.origin.resolve())
    }


def _built_from(metadata: Path) -> Path | None:
    try:
        url = json.loads((metadata / "direct_url.json").read_bytes())["url"]
        return Path(url2pathname(urlsplit(url).path)) if url.startswith("file:") else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _requirement_names(named: Sequence[str]) -> set[str]:
    names: set[str] = set()
    for text in named:
        try:
            names.add(canonicalize_name(Requirement(text).name))
        except InvalidRequirement:
            file_name = re.split(r"[/\\]", re.sub(r"\[[^\[\]]*\]$", "", text))[-1]
            try:
                names.add(parse_wheel_filename(file_name)[0])
            except InvalidWheelFilename:
                names.add(canonicalize_name(file_name))
    return names


def _console_script(name: str, distributions: Sequence[Distribution], files: Sequence[File]) -> EntryPoint:
    for distribution in distributions:
        references = {**distribution.gui_scripts, **distribution.console_scripts}
        if name in references:
            reference = references[name]
            try:
                return _entry_point(reference, distributions, files)
            except EntryPointError as error:
                raise EntryPointError(
                    f"the console script `{name}` of `{distribution.name}` leads nowhere: {error.message}",
                    hint=error.hint,
                ) from error
        if name in distribution.script_files:
            return EntryPoint(script=_script_path(name))
    there_are = sorted(
        {
            name
            for each in distributions
            for name in (*each.console_scripts, *each.script_files, *each.gui_scripts)
        }
    )
    if _module_file(name, {file.path for file in files}):
        hint = f"`{name}` is a module: `-e {name}` runs it"
    elif near := difflib.get_close_matches(name, there_are, n=3):
        hint = f"did you mean {_listed(near, 'or')}?"
    elif there_are:
        hint = f"there are {_listed(there_are)}" if len(there_are) > 1 else f"there is {_listed(there_are)}"
    else:
        hint = "name a module with `-e MODULE` or `-e MODULE:CALLABLE`"
    raise EntryPointError(f"there is no console script `{name}`", hint=hint)


def _script_path(name: str) -> str:
    return f"{SCRIPTS_DIRECTORY}/{name.removesuffix('.py')}.py"


def _entry_point(reference: str, distributions: Sequence[Distribution], files: Sequence[File]) -> EntryPoint:
    matched = _REFERENCE.fullmatch(reference.strip())
    if matched is None:
        raise EntryPointError(
            f"`{reference}` is not an entry point",
            hint="write it as `MODULE` or `MODULE:CALLABLE`, such as `app.cli:main`",
        )
    module, callable_ = matched["module"], matched["callable"]
    by_path = {file.path: file for file in files}
    path = _module_file(module, by_path)
    if path is None and not _is_directory(module, by_path):
        raise EntryPointError(
            f"there is no module `{module}` in the bundle", hint=_module_hint(module, distributions, files)
        )
    if callable_ is None:
        _check_runs(module, path, by_path)
        return EntryPoint(module)
    if path is None:
        raise EntryPointError(
            f"`{module}` is a namespace package and has no `{callable_}`", hint=_modules_below(module, files)
        )
    if path.endswith(".py"):
        first = callable_.split(".")[0]
        submodule = f"{module}.{first}"
        if not _module_file(submodule, by_path) and not _is_directory(submodule, by_path):
            present, names = is_top_level_name(content(by_path[path]), first)
            if not present:
                near = difflib.get_close_matches(first, names, n=3)
                raise EntryPointError(
                    f"`{path}` defines no `{first}`",
                    hint=f"did you mean {_listed([f'{module}:{name}' for name in near], 'or')}?"
                    if near
                    else "name something that the module defines at its top level",
                )
    return EntryPoint(module, callable_)


def _check_runs(module: str, path: str | None, by_path: Collection[str]) -> None:
    """Raise unless ``python -m module`` would find something to run."""
    is_package = path is None or path.rpartition("/")[2].startswith("__init__.")
    if is_package and _module_file(f"{module}.__main__", by_path) is None:
        raise EntryPointError(
            f"the package `{module}` has no `__main__.py`, so it cannot be run",
            hint=f"name a callable of it: `-e {module}:CALLABLE`",
        )


def _module_file(module: str, paths: Collection[str]) -> str | None:
    """Return the path of the file that defines ``module``, or None."""
    base = module.replace(".", "/")
    for suffix in ("/__init__.py", "/__init__.pyc", ".py", ".pyc"):
        if base + suffix in paths:
            return base + suffix
    extension = re.compile(re.escape(base) + r"(/__init__)?\.([^/]+\.)?(so|pyd)")
    return next((path for path in paths if path.startswith(base) and extension.fullmatch(path)), None)


def _is_directory(module: str, paths: Iterable[str]) -> bool:
    prefix = module.replace(".", "/") + "/"
    return any(path.startswith(prefix) and path.endswith((".py", ".pyc", ".so", ".pyd")) for path in paths)


def _modules(files: Iterable[File]) -> list[str]:
    names = set()
    for file in files:
        if file.path.endswith(".py"):
            name = file.path[:-3].removesuffix("/__init__").replace("/", ".")
            names.add(name.removesuffix(".__main__"))
    return sorted(name for name in names if re.fullmatch(_DOTTED, name))


def _module_hint(module: str, distributions: Sequence[Distribution], files: Sequence[File]) -> str:
    for distribution in distributions:
        if module in distribution.console_scripts or module in distribution.script_files:
            return f"`{module}` is a console script: `-c {module}` runs it"
    names = _modules(files)
    if near := difflib.get_close_matches(module, names, n=3):
        return f"did you mean {_listed(near, 'or')}?"
    tops = [name for name in _modules(file for file in files if not file.owner) if "." not in name] or [
        name for name in names if "." not in name
    ]
    return f"the bundle has {_listed(tops)}" if tops else "the bundle has no modules"


def _modules_below(module: str, files: Sequence[File]) -> str:
    below = [name for name in _modules(files) if name.startswith(f"{module}.")]
    return f"it has {_listed(below)}" if below else "name a module in it"


def _only_one(
    project: Project, distributions: Sequence[Distribution], asked: set[str], files: Sequence[File], required: bool
) -> EntryPoint | None:
    own = {file.path: file for file in files if not file.owner}
    if project.kind == "script" and own:
        return EntryPoint(next(iter(own))[:-3])
    if project.kind == "directory":
        if "__main__.py" in own:
            if "__init__.py" in own and uses_relative_imports(content(own["__main__.py"])):
                raise EntryPointError(
                    "`__main__.py` imports relatively, so it runs only as part of its package",
                    hint=_parent_hint(project),
                )
            return EntryPoint("__main__")
        if not required:
            return None
        raise _none_in_directory(project, own, distributions)
    candidates = [each for each in distributions if canonicalize_name(each.name) in asked]
    if project.kind == "nothing" and not candidates:
        candidates = list(distributions)
    scripts = [name for each in candidates for name in (*each.console_scripts, *each.script_files)]
    scripts = scripts or [name for each in candidates for name in each.gui_scripts]
    console = [name for each in candidates for name in each.console_scripts]
    if len(console) == 1 or (not console and len(scripts) == 1):
        return _console_script((console or scripts)[0], candidates, files)
    if not required:
        return None
    subject = (
        f"`{project.name}`"
        if project.kind == "project"
        else ", ".join(f"`{each.name}`" for each in candidates)
        if len(candidates) < 4
        else "what is installed"
    )
    if scripts:
        raise EntryPointError(
            f"{subject or 'the bundle'} has several console scripts: {_listed(scripts)}",
            hint=f"choose one, such as `-c {scripts[0]}`",
        )
    mains = _runnable(files, {each.name for each in candidates})
    hint = (
        f"`-e {mains[0]}` runs it as `python -m {mains[0]}` does"
        if mains
        else "name a callable with `-e MODULE:CALLABLE`, or start nothing with `--library`"
    )
    raise EntryPointError(f"{subject or 'the bundle'} has no console script", hint=hint)


def _none_in_directory(
    project: Project, own: dict[str, File], distributions: Sequence[Distribution]
) -> EntryPointError:
    if "__init__.py" in own:
        return EntryPointError(
            f"`{project.origin}` is a package, and what is bundled is the directory around it",
            hint=_parent_hint(project),
        )
    choices = [f"-e {name}" for name in _runnable(own.values(), {""})]
    choices += [f"-e {name}" for name in _modules(own.values()) if "." not in name and f"{name}.py" in own]
    choices += [f"-c {name}" for each in distributions for name in each.console_scripts]
    message = f"nothing says what `{project.name}` runs: it has no `__main__.py`"
    return EntryPointError(
        message, hint=f"choose from {_listed(choices)}" if choices else "name it with `-e MODULE:CALLABLE`"
    )


def _parent_hint(project: Project) -> str:
    if project.origin is None:
        return "name it with `-e MODULE`"
    directory = project.origin.absolute()
    return f"point at its parent: `bundler build {directory.parent} -e {directory.name}`"


def _runnable(files: Iterable[File], owners: Collection[str]) -> list[str]:
    """Return the packages of ``owners`` that have a ``__main__.py``."""
    mains = [
        file.path.removesuffix("/__main__.py")
        for file in files
        if file.owner in owners and file.path.endswith("/__main__.py")
    ]
    return [name for main in sorted(mains) if re.fullmatch(_DOTTED, name := main.replace("/", "."))]


def _listed(names: Sequence[str], joint: str = "and") -> str:
    """Return "`a`, `b` and `c`"; of more than eight the first seven and how many there are."""
    shown = [f"`{name}`" for name in names]
    if len(shown) > 8:
        return f"{', '.join(shown[:7])} {joint} {len(shown) - 7} more"
    return f" {joint} ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
