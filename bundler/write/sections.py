"""From what is known of the targets to what is to be written: frames, a section for each target, and the zip's members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from bundler.analyse import elf
from bundler.cache import Cache
from bundler.demands import ANYWHERE
from bundler.prepare import Compilers, Prepared
from bundler.report import Report
from bundler.stages import Compiled, Interpreter
from bundler.write import embed
from bundler.write.arrange import Arrangement, arrange
from bundler.write.codecs import Choice
from bundler.write.container import Contents, Section
from bundler.write.frames import compress, pack
from bundler.write.room import Room


def made(
    prepared: Sequence[Prepared],
    choice: Choice,
    level: int,
    compilers: Compilers,
    current: Interpreter,
    optimize: int,
    inherit: str,
    account: bytes,
    cache: Cache | None,
    workers: int | None,
    report: Report,
) -> tuple[Contents, dict[str, bytes], int]:
    """Return the container's contents, the members of the zip before it, and how many modules there are.

    ``level`` is that of the compression, ``optimize`` the least level that
    modules run at. The zip's own ``__main__.pyc`` is for ``current`` where a
    target is, else for the first target that has bytecode.
    """
    room = Room(choice.codec)
    arranged = [_arranged(each, room) for each in prepared]
    packed = pack(room.groups, choice.codec, level, cache, workers, report.progress)

    parts = [_parts_used(each, made, choice) for each, made in zip(prepared, arranged)]
    needless = set.intersection(*(each for each, _ in parts))
    for each, made, (_, wanted) in zip(prepared, arranged, parts):
        packed |= embed.add_runtime(made.entries, needless, wanted, _runtime_compiler(each.interpreter, compilers))

    makers = {each.interpreter.magic: each.interpreter for each in reversed(prepared) if each.interpreter}
    tables = {magic: _runtime_compiler(maker, compilers) for magic, maker in reversed(makers.items())}
    maker = makers.get(current.magic) or next(reversed(makers.values()), None)
    sections = [_section(each, made, choice, level) for each, made in zip(prepared, arranged)]
    contents = Contents(
        packed,
        embed.tables(tables, len(sections) > 1 or sections[0].demands != ANYWHERE),
        prepared[0].gathered.entry_point,
        sections,
        optimize,
        choice.decoders,
        inherit,
        account,
    )
    members, left_out = embed.members(
        [made.entries for made in arranged],
        [embed.described(each.gathered.distributions, each.gathered.contents) for each in prepared],
        contents.entry,
        maker,
        _runtime_compiler(maker, compilers),
    )
    if left_out:
        report.detail("%d top-level names have no doorway" % left_out)
    return contents, members, max(made.modules for made in arranged)


def _arranged(prepared: Prepared, room: Room) -> Arrangement:
    gathered = prepared.gathered
    linked = {path: said for path, content in gathered.contents.items() if (said := elf.read(path, content))}
    return arrange(
        gathered.files,
        gathered.contents,
        prepared.compiled,
        prepared.order,
        prepared.starting,
        gathered.target,
        prepared.sources,
        elf.needs(linked),
        room,
    )


def _parts_used(prepared: Prepared, arranged: Arrangement, choice: Choice) -> tuple[set[str], set[str]]:
    gathered = prepared.gathered
    startup = bool(prepared.patterns or gathered.start_lines)
    return embed.used(arranged.entries, gathered.distributions, gathered.target, choice, startup, prepared.on_disk is not None)


def _runtime_compiler(interpreter: Interpreter | None, compilers: Compilers) -> embed.Compile:
    """Return what compiles the runtime for ``interpreter``: as small as can be; for None what compiles nothing."""
    if interpreter is None:
        return _nothing_compiled
    return partial(compilers, interpreter, levels=[2], positions=False)


def _nothing_compiled(tasks: Iterable[tuple[str, bytes]]) -> Mapping[str, Compiled]:
    return {}


def _section(prepared: Prepared, arranged: Arrangement, choice: Choice, level: int) -> Section:
    table = prepared.patterns
    return Section(
        prepared.gathered.target.name,
        prepared.demands,
        prepared.interpreter.magic if prepared.interpreter else bytes(4),
        arranged.entries,
        arranged.start,
        (table.key, compress(table.content, choice.codec, level)) if table else None,
        prepared.gathered.start_lines,
        prepared.overlay,
        prepared.on_disk,
        prepared.sources,
    )
