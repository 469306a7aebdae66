"""The first half of a build: from what the user pointed at to a sorted list of files for each target, read and checked."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.specifiers import SpecifierSet

from bundler import collect, entry, installed, pth, resolving
from bundler.analyse import imports
from bundler.errors import CompileError, EntryPointError, InterpreterError, OutputError, ProjectError, UsageError
from bundler.project import nearby_project
from bundler.report import Report
from bundler.stages import Compiled, Distribution, EntryPoint, File, Project, StartLine, Target


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
    """What goes into the bundle for a target."""

    target: Target
    files: list[File]  #: sorted by path
    contents: Mapping[str, bytes]  #: of each, by path
    distributions: list[Distribution]
    entry_point: EntryPoint | None
    start_lines: list[StartLine]  #: of ``.pth`` files, in their order
    left_out: list[pth.LeftOut]  #: of these, what makes no sense in a bundle


def gather(
    project: Project,
    wanted: Wanted,
    targets: Sequence[Target],
    output: Path,
    temporary: Path,
    report: Report,
    *,
    universal: bool = False,
) -> list[Gathered]:
    """Install what is required for each of ``targets``, under ``temporary``, and read all files of project and dependencies.

    ``universal`` insists on one version of each distribution for all. What
    starts is the same for all.
    """
    if project.kind == "nothing" and not (wanted.with_ or wanted.requirement_files or wanted.site_packages):
        raise UsageError(
            "there is nothing to build", hint="name a directory, a project or a script, or a requirement with `--with`"
        )
    _check_inputs_stay(project, wanted, output)
    for target in targets:
        _check_python(project, target)
    wanted = replace(wanted, library=_is_library(project, wanted, output))
    asked = [*project.requirements, *wanted.with_]
    trees: Sequence[Path | None] = [None] * len(targets)
    if asked or wanted.requirement_files:
        report.stage("resolving and installing")
        asked, trees = resolving.install(asked, wanted.requirement_files, targets, temporary, report, universal)
        if project.kind == "project" and project.requirements:
            project = replace(project, name=resolving.name_of(asked[0]) or project.name)
    report.stage("reading")
    own = collect.own_files(project, output, wanted.exclude)
    known: dict[bytes, bytes] = {}
    gathered = []
    for target, tree in zip(targets, trees):
        try:
            gathered.append(_gather(project, wanted, target, tree, own, known))
        except EntryPointError as error:
            if len(targets) > 1:
                error.message += f", for `{target.name}`"
                error.args = (error.message,)
            raise
    for each in gathered[1:]:
        if each.entry_point != gathered[0].entry_point:
            raise EntryPointError(
                f"what starts differs between `{gathered[0].target.name}` and `{each.target.name}`", hint="name it with `-e MODULE:CALLABLE`"
            )
    return gathered


def _gather(
    project: Project, wanted: Wanted, target: Target, tree: Path | None, own: list[File], known: dict[bytes, bytes]
) -> Gathered:
    """Read the files for ``target``; those whose bytes are in ``known`` share them, and the others are added to it."""
    distributions, dependencies = installed.read(tree, wanted.exclude) if tree else ([], [])
    if wanted.site_packages is not None:
        more, more_files = installed.read(wanted.site_packages, wanted.exclude)
        distributions, dependencies = [*distributions, *more], [*dependencies, *more_files]
    names = target.standard_library
    files = collect.merge(own, dependencies, names)
    if not files:
        raise ProjectError("there is nothing to bundle: no file is left", hint="see what `--exclude` takes away")
    start = None
    if not wanted.library:
        start = entry.find(
            project, distributions, files, wanted.console_script, wanted.entry_point, named=wanted.with_
        )
        added = entry.added_files(start, distributions)
        files = collect.merge(own, [*dependencies, *added], names)
    contents = {file.path: known.setdefault(content, content) for file in files for content in [collect.content(file)]}
    start_lines, left_out = pth.read(files, contents, names)
    owners = {each.name for each in distributions}
    # what a tool put into an environment goes; what a distribution ships stays, and does nothing
    files = [file for file in files if file.owner in owners or not pth.unused(file, start_lines, left_out)]
    return Gathered(target, files, contents, distributions, start, start_lines, left_out)


def _is_library(project: Project, wanted: Wanted, output: Path) -> bool:
    """Tell whether nothing is to start: that is said, or the name is none of an app's where nothing says what is to start."""
    said = project.kind != "nothing" or wanted.console_script or wanted.entry_point
    return wanted.library or not said and output.suffix.lower() == ".zip"


def _check_python(project: Project, target: Target) -> None:
    """Raise InterpreterError if the project does not run on ``target`` by its own account."""
    if not project.requires_python:
        return
    specifiers = SpecifierSet(project.requires_python)
    # of another Python than is here only the minor version is known
    versions = ["%d.%d.%d" % target.interpreter.version] if target.here and target.interpreter else [target.minor + ".0", target.minor + ".99"]
    if not any(specifiers.contains(version, prereleases=True) for version in versions):
        raise InterpreterError(
            "`%s` requires Python %s, the build is for Python %s"
            % (project.name, project.requires_python, versions[0] if target.here else target.minor),
            hint="name another Python with `-p`, such as `-p 3.14`" if target.here else "leave out `%s`" % target.name,
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


def missing(gathered: Gathered) -> list[tuple[str, str]]:
    """Return a warning and a hint for each import of the application's own that nothing provides."""
    target = gathered.target
    own = {
        file.path: gathered.contents[file.path]
        for file in gathered.files
        if not file.owner and file.path.endswith(".py")
    }
    origins = {file.path: file.origin for file in gathered.files}
    provided = importable(gathered.files, target)
    system = target.platform.system
    found = imports.missing(own, provided, target.standard_library, version=target.full_version, platform=system)
    return [
        (
            "%s:%d imports `%s`, which neither the bundle nor the standard library has"
            % (origins[each.path], each.line, each.name),
            "`--with %s`" % imports.suggest(each.name.partition(".")[0]),
        )
        for each in found
    ]


def warn_of_missing(project: Project, gathered: Sequence[Gathered], report: Report) -> None:
    """Warn of what a target lacks, once for all targets, and of a project file next door."""
    for text, hint in dict.fromkeys(each for one in gathered for each in missing(one)):
        report.warn(text, hint=hint)
    nearby = nearby_project(project.origin) if project.kind == "directory" and project.origin else None
    if nearby is not None:
        report.warn(
            "`%s` lies next to `%s` and is not read" % (nearby / "pyproject.toml", project.origin),
            hint="`bundler build %s` takes its dependencies and scripts from there" % nearby,
        )


def importable(files: Sequence[File], target: Target) -> dict[str, str]:
    """Return the path of each module by its name, namespace packages left out."""
    found: dict[str, str] = {}
    suffixes = (".py", ".pyc", *target.extension_suffixes)
    for file in files:
        for suffix in suffixes:
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
