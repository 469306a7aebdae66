"""Build an app file: the pipeline, stage by stage.

What the user pointed at becomes a project; its requirements an installed tree
for each target; both a sorted list of files; the sources bytecode and facts;
these frames, indexes and a container; and that, with launcher and doorways,
the app file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bundler import accounts, laziness, placing, pythons, targets, tracing, versions
from bundler import interpreter as interpreters
from bundler import project as projects
from bundler.analyse.binaries import is_native
from bundler.cache import Cache, default_directory
from bundler.errors import InterpreterError
from bundler.gather import Gathered, Wanted, check_sources, gather, warn_of_missing
from bundler.prepare import Compilers, prepare
from bundler.report import Report
from bundler.stages import EntryPoint, Target
from bundler.write import codecs, sections
from bundler.write.appfile import check_output, write_appfile
from bundler.write.container import write_container
from bundler.write.frames import CODEC_NAMES


@dataclass(frozen=True)
class Built:
    """What a build has written."""

    output: Path
    size: int  #: bytes
    modules: int
    codec: str  #: ``zstd``, ``zlib`` or ``stored``
    decoded_by: str  #: how an app decodes it
    entry_point: EntryPoint | None
    python: str  #: the version that it is for, the newest one of several: ``3.11``
    distributions: tuple[str, ...]  #: ``name version``, sorted
    left_out: tuple[str, ...] = ()  #: lines of ``.pth`` files, as a sentence each
    targets: tuple[str, ...] = ()  #: what it is for, the newest Python first: ``cp313-manylinux_2_28_x86_64``
    without_bytecode: tuple[str, ...] = ()  #: of these, those for which there was no Python to make it
    differing: tuple[str, ...] = ()  #: distributions that are of other versions for other targets, as a sentence each


def build(
    source: str | Path | None,
    output: str | Path,
    *,
    with_: Sequence[str] = (),
    requirement_files: Sequence[str | Path] = (),
    site_packages: str | Path | None = None,
    console_script: str | None = None,
    entry_point: str | None = None,
    library: bool = False,
    inherit_path: str = "no",
    files: Sequence[str] = (),
    python: str | None = None,
    target: Sequence[str] = (),
    requires_python: str | None = None,
    platform: Sequence[str] = (),
    python_for: Sequence[str] = (),
    universal: bool = False,
    codec: str = "auto",
    level: int | None = None,
    optimize: int | Sequence[int] = 0,
    exclude: Sequence[str] = (),
    sources: bool = True,
    trace: Sequence[str] = (),
    bytecode: str = "all",
    lazy: Sequence[str] = (),
    native: str = "compressed",
    cache: str | Path | bool = True,
    workers: int | None = None,
    report: Report | None = None,
) -> Built:
    """Build ``source`` and its requirements into the app file ``output``.

    ``source`` is a directory, a project or a script, or None for requirements
    alone. ``with_`` are further requirements (PEP 508), ``site_packages`` an
    installed tree to take as it stands. ``library`` says that there is to be
    no entry point, ``inherit_path`` (``no``, ``fallback`` or ``prefer``) how
    the environment of a start reaches the app, ``files`` how code that opens
    files next to itself is served (docs/overlay.md). ``target``,
    ``requires_python`` and ``platform`` say for which Pythons and platforms
    the file is to be (docs/targets.md), ``python_for`` which Pythons make their
    bytecode, and ``universal`` insists on one version of each distribution for
    all of them. ``optimize`` is one optimisation level or several. ``trace`` are
    command lines, of arguments: the app is started with each, and laid out for
    these starts; ``bytecode`` says which modules have any: ``all``, those that
    were ``traced``, or ``none``. ``lazy`` are packages whose imports are to be lazy
    where Python can (docs/lazy.md), or ``all``. ``native`` says how compiled
    code lies in the file: ``compressed``, or as it is, to be ``mapped`` from
    there (docs/native.md). ``cache`` is the directory of the build cache, True for the user's, False for none;
    neither it nor ``workers`` changes what is written. ``report`` hears of
    progress and warnings.

    Raises a :class:`bundler.errors.BundlerError`; the old output file, if
    there is one, is then as it was.
    """
    report = report or Report()
    output = Path(output)
    check_output(output)
    codecs.check(codec, level, native)
    levels = sorted({optimize} if isinstance(optimize, int) else set(optimize)) or [0]
    laziness.check(lazy)
    tracing.check(trace, bytecode, sources)
    wish = placing.parse(files)
    kept = Cache(default_directory() if cache is True else cache) if cache else None
    shebang, current, warning = interpreters.choose(python)
    if warning:
        report.warn(warning)
    named = bool(target or platform or requires_python is not None)
    chosen = targets.read(target, requires_python, platform, current, pythons.Found(python_for))
    _check_makers(chosen, sources)

    project = projects.read(None if source is None else Path(source))
    wanted = Wanted(
        with_,
        [Path(file) for file in requirement_files],
        None if site_packages is None else Path(site_packages),
        console_script,
        entry_point,
        library,
        exclude,
    )
    with TemporaryDirectory(prefix="bundler-") as temporary:
        gathered = gather(project, wanted, chosen, output, Path(temporary), report, universal=universal)
    for rule in placing.unmatched(wish, [file for each in gathered for file in each.files]):
        report.warn("`--files %s=%s` matches no file of the bundle" % (rule.place, rule.glob), hint="patterns are those of `--exclude`")

    report.stage("compiling")
    compilers = Compilers(kept, workers, report.progress)
    prepared = [prepare(each, current, compilers, levels, wish, sources, kept, report) for each in gathered]
    for each in prepared:
        check_sources(each.gathered, each.compiled, report)
    warn_of_missing(project, gathered, report)
    laziness.advise(lazy, prepared, report)

    tied = named or _names_version(python) or not sources or any(each.native for each in prepared)
    different = {id(content): content for each in gathered for content in each.contents.values()}.values()
    raw = sum(len(content) for content in different if native == "compressed" or not is_native(content))
    loaded = [each.loaded for each in prepared if each.loaded is not None]
    choice = codecs.choose(codec, chosen, tied, raw, max(loaded, default=None), kept, report.detail)
    if choice.warning:
        report.warn(choice.warning)

    def write(destination: Path, choice: codecs.Choice) -> tuple[int, int]:
        """Write the app file and return its size in bytes, and how many modules it has."""
        report.stage("compressing")
        contents, members, modules = sections.made(
            prepared,
            choice,
            codecs.levels(choice.codec, level, raw),
            compilers,
            current,
            levels[0],
            inherit_path,
            accounts.made(prepared, levels),
            lazy,
            native == "mapped",
            kept,
            workers,
            report,
        )
        report.stage("writing")
        return write_appfile(destination, shebang, members, lambda file: write_container(file, contents), native == "mapped"), modules

    if trace:
        with TemporaryDirectory(prefix="bundler-") as temporary:
            uncompressed = codecs.choose("stored", chosen, tied, raw, None, kept, report.detail)
            # what is carried compiled is not seen to be compiled
            prepared = [replace(each, patterns=None) for each in prepared]
            seen = tracing.trace(trace, prepared, lambda path: write(path, uncompressed), Path(temporary), report)
        prepared = [tracing.lay_out(each, seen, kept) for each in prepared]
    prepared = [tracing.keep_bytecode(each, bytecode) for each in prepared]
    size, modules = write(output, choice)
    return Built(
        output,
        size,
        modules,
        CODEC_NAMES[choice.codec],
        choice.decoded_by,
        gathered[0].entry_point,
        chosen[0].minor,
        tuple(sorted({"%s %s" % (each.name, each.version) for one in gathered for each in one.distributions})),
        tuple(dict.fromkeys(text for each in gathered for text in _left_out(each))),
        tuple(each.name for each in chosen),
        tuple(each.name for each in chosen if each.interpreter is None),
        versions.differing(gathered),
    )


def _check_makers(chosen: Sequence[Target], sources: bool) -> None:
    """Raise InterpreterError for a target that would have neither sources nor bytecode."""
    for each in chosen:
        if each.interpreter is None and not sources:
            raise InterpreterError(
                "no Python %s is here to make bytecode for `%s`, and `--no-source` leaves its sources out" % (each.minor, each.name),
                hint="name one with `--python-for %s=PATH`" % each.minor,
            )


def _left_out(gathered: Gathered) -> list[str]:
    return ["left out `%s`, line %d: %s" % (each.file, each.number, each.reason) for each in gathered.left_out]


def _names_version(python: str | None) -> bool:
    """Tell whether ``-p`` means one version of Python: neither absent nor just ``python3``."""
    return python is not None and python.rpartition("/")[2].split()[-1] not in ("python", "python3")
