"""Plan how a library is loaded that is mapped from the app file: what is mapped, what the dynamic linker reads and changes, what is to be called.

glibc opens a file from its first byte on, and an app file is none that it
knows. So it gets a file in memory that has only what it works on itself, with
holes where code and constants are; these are mapped from the app file once the
library is open. Initialisers must not run before, so the dynamic linker is told
of none, and whoever maps calls them.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile

from bundler.analyse.binaries import ELF
from runtime_stub.layout import PAGE

# Runs that are shorter are copied, and a library with less in all is compressed: mapping it costs as much.
_LEAST_RUN = 64 << 10
_LEAST = 128 << 10

# <elf.h>: the relocation that asks a function of the library itself, by machine; elsewhere nothing is known
_IRELATIVE = {"EM_X86_64": 37, "EM_AARCH64": 1032}
_GNU_IFUNC, _FUNCTION_TYPE = 10, 0xF

_WRITE, _ALLOC, _EXECUTE = 1, 2, 4  # SHF_ of sections
_WRITABLE = 2  # PF_W of segments

# DF_TEXTREL; DF_1_INITFIRST
_TEXT_RELOCATIONS, _FIRST = 4, 0x20

# DT_LOOS: a tag that glibc passes over
_NOTHING = 0x6000000D


def plan(content: bytes) -> bytes | None:
    """Return the plan for the library with this ``content``, as docs/FORMAT.md has it (section 7); None if it cannot, or need not, be mapped.

    It cannot be mapped where the dynamic linker would run code of it, or change what is to be mapped.
    """
    if not content.startswith(ELF):
        return None
    try:
        file = ELFFile(io.BytesIO(content))
        if file.elfclass != 64 or not file.little_endian or file["e_type"] != "ET_DYN" or file["e_machine"] not in _IRELATIVE:
            return None
        runs = list(_runs(file))
        if sum(length for _, length, _, _ in runs) < _LEAST or _runs_code_when_opened(file, content):
            return None
        lines = ["copy %d %d" % each for each in _copied(file, runs)]
        lines += ["map %d %d %d %s" % each for each in runs]
        lines += _initialisers(file)
    except (ELFError, ValueError, KeyError, AttributeError, OverflowError, struct.error):  # cut off, or made on purpose: the dynamic linker will say so
        return None
    return "".join(line + "\n" for line in lines).encode()


def _runs(file: ELFFile) -> Iterator[tuple[int, int, int, str]]:
    """Yield offset, length, address and kind (``x`` for code, ``r`` for constants) of each run of pages that nothing but the library itself reads."""
    segments = [each for each in file.iter_segments("PT_LOAD") if not each["p_flags"] & _WRITABLE and each["p_offset"] % PAGE == each["p_vaddr"] % PAGE]
    for section in file.iter_sections():
        start, end = section["sh_offset"], section["sh_offset"] + section["sh_size"]
        if section["sh_type"] != "SHT_PROGBITS" or section["sh_flags"] & (_ALLOC | _WRITE) != _ALLOC:
            continue
        for segment in segments:
            if segment["p_offset"] <= start and end <= segment["p_offset"] + segment["p_filesz"]:
                first, last = -(-start // PAGE) * PAGE, end // PAGE * PAGE
                if last - first >= _LEAST_RUN:
                    kind = "x" if section["sh_flags"] & _EXECUTE else "r"
                    yield first, last - first, first - segment["p_offset"] + segment["p_vaddr"], kind


def _copied(file: ELFFile, runs: list[tuple[int, int, int, str]]) -> Iterator[tuple[int, int]]:
    """Yield offset and length of what is loaded besides ``runs``: what the dynamic linker reads and changes, and small things."""
    loaded = [(each["p_offset"] // PAGE * PAGE, each["p_offset"] + each["p_filesz"]) for each in file.iter_segments("PT_LOAD")]
    headers = file["e_phoff"] + file["e_phnum"] * file["e_phentsize"]
    mapped = sorted((offset, offset + length) for offset, length, _, _ in runs)
    begin = position = 0
    for start, end in sorted([(0, headers), *loaded]):
        for first, last in [*(each for each in mapped if start <= each[0] < end), (end, end)]:
            if position < start:  # a hole before it
                if begin < position:
                    yield begin, position - begin
                begin = position = start
            position = max(position, first)
            if first < last:
                if begin < position:
                    yield begin, position - begin
                begin = position = last
    if begin < position:
        yield begin, position - begin


def _runs_code_when_opened(file: ELFFile, content: bytes) -> bool:
    """Tell whether the dynamic linker calls functions of the library, or changes its code, before it calls the initialisers; or calls these in an order of its own."""
    dynamic = _dynamic(file)
    tags = {tag.entry.d_tag: tag.entry.d_val for tag in dynamic.iter_tags()}
    if "DT_TEXTREL" in tags or tags.get("DT_FLAGS", 0) & _TEXT_RELOCATIONS or tags.get("DT_FLAGS_1", 0) & _FIRST:
        return True
    # the runtime of Go looks for more behind the arguments than an initialiser is given
    if any(section.name.startswith(".go.") or section.name == ".note.go.buildid" for section in file.iter_sections()):
        return True
    kind = _IRELATIVE[file["e_machine"]]
    for start, size in (("DT_RELA", "DT_RELASZ"), ("DT_JMPREL", "DT_PLTRELSZ")):
        if start in tags:
            offset = _offset(file, tags[start])
            # Elf64_Rela: r_offset, r_info, r_addend
            if any(info & 0xFFFFFFFF == kind for _, info, _ in struct.iter_unpack("<QQq", content[offset : offset + tags[size]])):
                return True
    symbols = _offset(file, tags["DT_SYMTAB"])
    # Elf64_Sym: st_name, st_info, st_other, st_shndx, st_value, st_size
    table = content[symbols : symbols + 24 * dynamic.num_symbols()]
    return any(info & _FUNCTION_TYPE == _GNU_IFUNC for _, info, *_ in struct.iter_unpack("<IBBHQQ", table))


def _initialisers(file: ELFFile) -> Iterator[str]:
    """Yield the words to change so that the dynamic linker knows of no initialiser, and then the initialisers, in their order."""
    dynamic = _dynamic(file)
    tags, places = {}, {}
    for number, tag in enumerate(dynamic.iter_tags()):
        tags[tag.entry.d_tag] = tag.entry.d_val
        places[tag.entry.d_tag] = dynamic["p_offset"] + 16 * number
    for name in ("DT_INIT", "DT_INIT_ARRAY"):
        if name in tags:
            yield "set %d %d" % (places[name], _NOTHING)
    if "DT_INIT" in tags:
        yield "call %d" % tags["DT_INIT"]
    if "DT_INIT_ARRAY" in tags:
        yield "array %d %d" % (tags["DT_INIT_ARRAY"], tags["DT_INIT_ARRAYSZ"] // 8)


def _dynamic(file: ELFFile) -> DynamicSegment:
    for segment in file.iter_segments("PT_DYNAMIC"):
        if isinstance(segment, DynamicSegment):
            return segment
    raise ELFError("no dynamic section")


def _offset(file: ELFFile, address: int) -> int:
    for offset in file.address_offsets(address):
        return int(offset)
    raise ELFError("nothing lies at %d" % address)
