"""Build an app file: the pipeline, stage by stage.

What the user pointed at becomes a project; its requirements an installed tree;
both a sorted list of files; the sources bytecode and facts; these frames, an
index and a container; and that, with launcher and doorways, the app file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bundler import interpreter as interpreters
from bundler import placing, prefixed
from bundler import project as projects
from bundler.analyse import imports, patterns
from bundler.analyse.companions import accompany
from bundler.analyse.linking import link
from bundler.cache import Cache, default_directory
from bundler.compiler import compile_sources
from bundler.gather import Wanted, check_sources, first_modules, gather, importable, warn_of_missing
from bundler.report import Report
from bundler.stages import EntryPoint
from bundler.write import codecs, embed, parts
from bundler.write.appfile import check_output, write_appfile
from bundler.write.arrange import arrange
from bundler.write.container import Contents, write_container
from bundler.write.frames import compress, pack
from runtime_stub.layout import CODEC_NAMES


@dataclass(frozen=True)
class Built:
    """What a build has written."""

    output: Path
    size: int  #: bytes
    modules: int
    codec: str  #: ``zstd``, ``zlib`` or ``stored``
    decoded_by: str  #: how an app decodes it
    entry_point: EntryPoint | None
    python: str  #: the version that it holds bytecode for: ``3.11``
    distributions: tuple[str, ...]  #: ``name version``, sorted
    left_out: tuple[str, ...] = ()  #: lines of ``.pth`` files, as a sentence each


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
    codec: str = "auto",
    level: int | None = None,
    optimize: int = 0,
    exclude: Sequence[str] = (),
    sources: bool = True,
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
    files next to itself is served (docs/overlay.md). ``cache`` is the directory of the build cache, True for the
    user's, False for none; neither it nor ``workers`` changes what is written.
    ``report`` hears of progress and warnings.

    Raises a :class:`bundler.errors.BundlerError`; the old output file, if
    there is one, is then as it was.
    """
    report = report or Report()
    output = Path(output)
    check_output(output)
    codecs.check(codec, level)
    wish = placing.parse(files)
    kept = Cache(default_directory() if cache is True else cache) if cache else None
    shebang, target, warning = interpreters.choose(python)
    if warning:
        report.warn(warning)
    compile_for = partial(compile_sources, target, cache=kept, workers=workers)

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
        gathered = gather(project, wanted, target, output, Path(temporary), report)

    on_disk = placing.on_disk(wish, gathered.files)
    for rule in placing.unmatched(wish, gathered.files):
        report.warn("`--files %s=%s` matches no file of the bundle" % (rule.place, rule.glob), hint="patterns are those of `--exclude`")

    report.stage("compiling")
    texts = [(file.path, gathered.contents[file.path]) for file in gathered.files if file.path.endswith(".py")]
    compiled = compile_for(texts, [optimize], progress=report.progress)
    check_sources(gathered, compiled, report)
    compiled = prefixed.mark(compiled, gathered.files)
    warn_of_missing(project, gathered, target, report)

    modules = importable(gathered.files, target)
    order, starting, reached = imports.order(first_modules(gathered.entry_point, gathered.start_lines), modules, compiled)
    report.detail(
        "of %d modules a start imports about %d, imports in functions lead to %d" % (len(order), starting, reached)
    )
    overlay, reason = placing.when(wish, order[:starting], compiled, gathered.files)
    report.detail(reason)
    if on_disk:
        report.detail("files: %d on disk while the app runs, imported from there: %s" % (len(on_disk.files), ", ".join(on_disk.names)))
    tied = _names_version(python) or not sources or any(path.endswith((".so", ".pyd")) for path in modules.values())
    loaded = None
    if gathered.entry_point:
        loaded = sum(len(code) for path in order[:starting] if path in compiled for code in compiled[path].code.values())
    choice = codecs.choose(codec, target, tied, sum(map(len, gathered.contents.values())), loaded, kept, report.detail)
    if choice.warning:
        report.warn(choice.warning)

    table = patterns.table(target, order[:starting], gathered.contents, compiled, kept)
    if table and table.size < patterns.FEWEST:
        table = None
    report.stage("compressing")
    linking = link(gathered.contents, {file.path: file.owner for file in gathered.files})
    arranged = arrange(
        gathered.files,
        {**gathered.contents, **linking.contents},
        compiled,
        _every(order, texts),
        starting,
        target,
        choice.codec,
        sources,
        accompany(linking.needs, gathered.files, gathered.contents),
    )
    packed = pack(arranged.groups, choice.codec, codecs.level_of(choice.codec, level), kept, workers, report.progress)

    report.stage("writing")
    compile_runtime = partial(compile_for, levels=[2], positions=False)  # the smallest there is
    carried = parts.choose(
        arranged.entries,
        gathered.distributions,
        target,
        choice,
        {path: compiled.get(path) for path in order[:starting]},
        overlay,
        table is not None,
        bool(gathered.start_lines),
        on_disk is not None,
    )
    runtime_packed, tables = embed.add_runtime(arranged.entries, carried, target, compile_runtime)
    packed |= runtime_packed
    contents = Contents(
        arranged.entries,
        packed,
        tables,
        gathered.entry_point,
        target,
        optimize,
        sources,
        choice.decoder,
        arranged.start,
        (table.key, compress(table.content, choice.codec, codecs.level_of(choice.codec, level))) if table else None,
        inherit_path,
        gathered.start_lines,
        overlay,
        on_disk,
        embed.asks_for_resources(gathered.entry_point, arranged.entries, gathered.contents),
    )
    if table:
        report.detail("%d regular expressions are carried compiled" % table.size)
    members, left_out = embed.members(
        arranged.entries, gathered.distributions, gathered.contents, gathered.entry_point, target, compile_runtime
    )
    if left_out:
        report.detail("%d top-level names have no doorway" % left_out)
    size = write_appfile(output, shebang, members, lambda file: write_container(file, contents))
    return Built(
        output,
        size,
        arranged.modules,
        CODEC_NAMES[choice.codec],
        choice.decoded_by,
        gathered.entry_point,
        target.minor,
        tuple(sorted("%s %s" % (each.name, each.version) for each in gathered.distributions)),
        tuple("left out `%s`, line %d: %s" % (each.file, each.number, each.reason) for each in gathered.left_out),
    )


def _names_version(python: str | None) -> bool:
    """Tell whether ``-p`` means one version of Python: neither absent nor just ``python3``."""
    return python is not None and python.rpartition("/")[2].split()[-1] not in ("python", "python3")


def _every(order: Iterable[str], texts: Iterable[tuple[str, bytes]]) -> list[str]:
    """Return ``order`` and after it the sources that no import statement can name."""
    return list(dict.fromkeys([*order, *(path for path, _ in texts)]))
