"""The first half of a build: from what the user pointed at to a sorted list of files, read and checked."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet

from bundler import collect, entry, installed, pth, requirements, targets
from bundler.analyse import imports
from bundler.errors import CompileError, InterpreterError, OutputError, ProjectError, UsageError
from bundler.project import nearby_project
from bundler.report import Report
from bundler.stages import Compiled, Distribution, EntryPoint, File, Interpreter, Project, StartLine


@dataclass(frozen=True)
class Wanted:
    """What is to go into the bundle, as the user asked for it."""

    with_: Sequence[str] = ()
    requirement_files: Sequence[Path] = ()
    site_packages: Path | None = None
    console_script: str | None = None
    entry_point: str | None = None
    library: bool = False
    exclude: Sequence[str] = ()


@dataclass(frozen=True)
class Gathered:
    """What goes into the bundle."""

    files: list[File]  #: sorted by path
    contents: Mapping[str, bytes]  #: of each, by path
    distributions: list[Distribution]
    entry_point: EntryPoint | None
    start_lines: list[StartLine]  #: of ``.pth`` files, in their order
    left_out: list[pth.LeftOut]  #: of these, what makes no sense in a bundle


def gather(
    project: Project, wanted: Wanted, interpreter: Interpreter, output: Path, temporary: Path, report: Report
) -> Gathered:
    """Install what is required, under ``temporary``, and read all files of project and dependencies."""
    if project.kind == "nothing" and not (wanted.with_ or wanted.requirement_files or wanted.site_packages):
        raise UsageError(
            "there is nothing to build", hint="name a directory, a project or a script, or a requirement with `--with`"
        )
    _check_inputs_stay(project, wanted, output)
    _check_python(project, interpreter)
    distributions, dependencies = _dependencies(project, wanted, interpreter, temporary, report)
    report.stage("reading")
    own = collect.own_files(project, output, wanted.exclude)
    files = collect.merge(own, dependencies, interpreter.standard_library)
    if not files:
        raise ProjectError("there is nothing to bundle: no file is left", hint="see what `--exclude` takes away")
    start = None
    if not _is_library(project, wanted, output):
        start = entry.find(
            project, distributions, files, wanted.console_script, wanted.entry_point, named=wanted.with_
        )
        added = entry.added_files(start, distributions)
        files = collect.merge(own, [*dependencies, *added], interpreter.standard_library)
    contents = {file.path: collect.content(file) for file in files}
    start_lines, left_out = pth.read(files, contents, interpreter.standard_library)
    known = {each.name for each in distributions}
    # what a tool put into an environment goes; what a distribution ships stays, and does nothing
    files = [file for file in files if file.owner in known or not pth.unused(file, start_lines, left_out)]
    return Gathered(files, contents, distributions, start, start_lines, left_out)


def _is_library(project: Project, wanted: Wanted, output: Path) -> bool:
    """Tell whether nothing is to start: that is said, or the name is none of an app's where nothing says what is to start."""
    said = project.kind != "nothing" or wanted.console_script or wanted.entry_point
    return wanted.library or not said and output.suffix.lower() == ".zip"


def _check_python(project: Project, interpreter: Interpreter) -> None:
    """Raise InterpreterError if the project does not run on ``interpreter`` by its own account."""
    version = "%d.%d.%d" % interpreter.version
    if project.requires_python and not SpecifierSet(project.requires_python).contains(version, prereleases=True):
        raise InterpreterError(
            "`%s` requires Python %s, the build is for Python %s" % (project.name, project.requires_python, version),
            hint="name another Python with `-p`, such as `-p 3.14`",
        )


def _check_inputs_stay(project: Project, wanted: Wanted, output: Path) -> None:
    """Raise OutputError if ``output`` would replace what the build reads."""
    inputs = list(wanted.requirement_files)
    if project.origin is not None:
        inputs.append(project.origin / "pyproject.toml" if project.kind == "project" else project.origin)
    for path in inputs:
        if path.exists() and output.exists() and path.samefile(output):
            raise OutputError("`%s` is what is to be built from" % output, hint="name another file with `-o`")
    # an app file of an earlier build may have any name
    if project.kind == "directory" and output.suffix in (".py", ".pyw") and output.is_file():
        inside = project.origin is not None and project.origin.resolve() in output.resolve().parents
        if inside and not zipfile.is_zipfile(output):
            raise OutputError(
                "`%s` is a source in `%s`" % (output, project.origin), hint="name another file with `-o`"
            )


def _dependencies(
    project: Project, wanted: Wanted, interpreter: Interpreter, temporary: Path, report: Report
) -> tuple[list[Distribution], list[File]]:
    distributions: list[Distribution] = []
    files: list[File] = []
    asked = [*project.requirements, *wanted.with_]
    if asked or wanted.requirement_files:
        report.stage("resolving and installing")
        tree = temporary / "installed"
        for warning in requirements.install(
            asked, list(wanted.requirement_files), targets.of(interpreter), tree, report=report.detail
        ):
            report.warn(warning)
        distributions, files = installed.read(tree, wanted.exclude)
    if wanted.site_packages is not None:
        report.stage("reading")
        more, more_files = installed.read(wanted.site_packages, wanted.exclude)
        distributions += more
        files += more_files
    return distributions, files


def check_sources(gathered: Gathered, compiled: Mapping[str, Compiled], report: Report) -> None:
    """Raise CompileError for a source of the application's own that does not compile.

    In a dependency it is no error: packages carry templates, test data and
    modules in other versions' syntax, which nothing imports.
    """
    for file in gathered.files:
        error = compiled[file.path].error if file.path in compiled else None
        if error is None:
            continue
        where = "`%s`" % file.origin + (", line %d" % error.line if error.line else "")
        if file.owner:
            report.detail("%s of %s does not compile: %s" % (file.path, file.owner, error.message))
            continue
        text = ": `%s`" % error.text if error.text else ""
        raise CompileError(
            "%s does not compile: %s%s" % (where, error.message, text),
            hint="mend it, or leave it out with `--exclude %s`" % file.path,
        )


def warn_of_missing(project: Project, gathered: Gathered, interpreter: Interpreter, report: Report) -> None:
    """Warn of each import of the application's own that nothing provides, and of a project file next door."""
    own = {
        file.path: gathered.contents[file.path]
        for file in gathered.files
        if not file.owner and file.path.endswith(".py")
    }
    origins = {file.path: file.origin for file in gathered.files}
    provided = importable(gathered.files, interpreter)
    found = imports.missing(own, provided, interpreter.standard_library)
    for each in found:
        name = each.name.partition(".")[0]
        report.warn(
            "%s:%d imports `%s`, which neither the bundle nor the standard library has"
            % (origins[each.path], each.line, each.name),
            hint="`--with %s`" % imports.suggest(name),
        )
    nearby = nearby_project(project.origin) if project.kind == "directory" and project.origin else None
    if nearby is not None:
        report.warn(
            "`%s` lies next to `%s` and is not read" % (nearby / "pyproject.toml", project.origin),
            hint="`bundler build %s` takes its dependencies and scripts from there" % nearby,
        )


def importable(files: Sequence[File], interpreter: Interpreter) -> dict[str, str]:
    """Return the path of each module by its name, namespace packages left out."""
    found: dict[str, str] = {}
    for file in files:
        for suffix in (".py", ".pyc", *interpreter.extension_suffixes):
            if file.path.endswith(suffix):
                name = file.path[: -len(suffix)].replace("/", ".").removesuffix(".__init__")
                found.setdefault(name, file.path)
                break
    return found


def first_modules(start: EntryPoint | None, start_lines: Sequence[StartLine] = ()) -> list[str]:
    """Return the modules that a start imports first."""
    if start is None:
        return []
    first = pth.modules(start_lines)
    if start.script is not None:
        return [*first, start.script.removesuffix(".py").replace("/", ".")]
    return [*first, start.module, start.module + ".__main__"] if start.callable is None else [*first, start.module]
