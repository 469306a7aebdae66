"""From what is known of the targets to what is to be written: frames, a section for each target, and the zip's members."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bundler.analyse.companions import accompany
from bundler.analyse.linking import link
from bundler.cache import Cache
from bundler.demands import ANYWHERE
from bundler.prepare import Compilers, Prepared
from bundler.report import Report
from bundler.stages import Interpreter
from bundler.write import embed
from bundler.write.arrange import Arrangement, arrange
from bundler.write.codecs import Choice
from bundler.write.container import Contents, Section
from bundler.write.frames import Levels, compress, pack, plainly
from bundler.write.parts import Parts, asks, choose
from bundler.write.room import Room
from runtime_stub.layout import STORED, ZLIB


def made(
    prepared: Sequence[Prepared],
    choice: Choice,
    levels: Levels,
    compilers: Compilers,
    current: Interpreter,
    optimize: int,
    inherit: str,
    account: bytes,
    lazy: Sequence[str],
    mapped: bool,
    cache: Cache | None,
    workers: int | None,
    report: Report,
) -> tuple[Contents, dict[str, bytes], int]:
    """Return the container's contents, the members of the zip before it, and how many modules there are.

    ``levels`` are those of the compression, ``optimize`` the least level that
    modules run at, and ``mapped`` says that libraries are to be mapped. The zip's own ``__main__.pyc`` is for ``current`` where a
    target is, else for the first target that has bytecode.
    """
    room = Room(choice.codec, mapped)
    arranged = [_arranged(each, room) for each in prepared]
    packed = pack(room.groups, choice.codec, levels, cache, workers, report.progress)
    packed = plainly(packed, {group for each in arranged for group in each.start})
    for each in arranged:  # what is stored need not be decompressed ahead
        each.start = [group for group in each.start if packed[group].codec != STORED]

    choosing = len(prepared) > 1 or prepared[0].demands != ANYWHERE
    compiler = partial(_runtime_compiler, compilers)
    runtime, tables = embed.add_runtime(
        [
            embed.Wanted(made.entries, _parts(each, made, choice, choosing, bool(lazy)), each.interpreter)
            for each, made in zip(prepared, arranged)
        ],
        compiler,
    )
    makers = {each.interpreter.magic: each.interpreter for each in prepared if each.interpreter}
    contents = Contents(
        packed | runtime,
        tables,
        prepared[0].gathered.entry_point,
        [_section(each, made, choice, levels.alone) for each, made in zip(prepared, arranged)],
        optimize,
        choice.decoders,
        inherit,
        account,
        lazy,
    )
    members, left_out = embed.members(
        [made.entries for made in arranged],
        [embed.described(each.gathered.distributions, each.gathered.contents) for each in prepared],
        contents.entry,
        makers.get(current.magic) or next(iter(makers.values()), None),
        compiler,
    )
    if left_out:
        report.detail("%d top-level names have no doorway" % left_out)
    return contents, members, max(made.modules for made in arranged)


def _arranged(prepared: Prepared, room: Room) -> Arrangement:
    gathered = prepared.gathered
    linking = link(gathered.contents, {file.path: file.owner for file in gathered.files})
    return arrange(
        gathered.files,
        {**gathered.contents, **linking.contents},
        prepared.compiled,
        prepared.order,
        prepared.starting,
        gathered.target,
        prepared.sources,
        accompany(linking.needs, gathered.files, gathered.contents),
        room,
    )


def _parts(prepared: Prepared, arranged: Arrangement, choice: Choice, choosing: bool, lazy: bool) -> Parts:
    gathered = prepared.gathered
    return choose(
        arranged.entries,
        gathered.distributions,
        gathered.target,
        choice,
        {path: prepared.compiled.get(path) for path in prepared.order[: prepared.starting]},
        prepared.overlay,
        len(arranged.start) > 1,
        prepared.patterns is not None,
        bool(gathered.start_lines),
        prepared.on_disk is not None,
        choosing,
        lazy and gathered.target.version >= (3, 15),
        asks(prepared.compiled.values()),
    )


def _runtime_compiler(compilers: Compilers, interpreter: Interpreter) -> embed.Compile:
    """Return what compiles the runtime for ``interpreter``: as small as can be."""
    return partial(compilers, interpreter, levels=[2], positions=False)


def _section(prepared: Prepared, arranged: Arrangement, choice: Choice, level: int) -> Section:
    table = prepared.patterns
    return Section(
        prepared.gathered.target.name,
        prepared.demands,
        prepared.interpreter.magic if prepared.interpreter else bytes(4),
        arranged.entries,
        arranged.native,
        arranged.start,
        # not alone to have a decoder for zstd loaded
        (table.key, compress(table.content, choice.codec, level) if arranged.start else compress(table.content, ZLIB, 9)) if table else None,
        prepared.gathered.start_lines,
        prepared.overlay,
        prepared.on_disk,
        embed.asks_for_resources(prepared.gathered.entry_point, arranged.entries, prepared.gathered.contents),
        prepared.sources,
    )
