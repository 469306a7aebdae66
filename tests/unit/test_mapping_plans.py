"""A plan accounts for each byte that the dynamic linker loads, and there is none where it would run code that is not there yet."""

from __future__ import annotations

import io
import random
import shutil
import subprocess

import pytest
from elftools.elf.elffile import ELFFile

from bundler.analyse.mapping import plan
from runtime_stub.layout import PAGE

pytestmark = pytest.mark.skipif(not shutil.which("gcc"), reason="no gcc to make libraries with")

BULK = 'const char bulk[200000] = {1}; int begun; __attribute__((constructor)) void begin(void) { begun++; } asm(".text; .fill 150000, 1, 0x90");'


@pytest.fixture
def compiled(tmp_path):
    def compiled(source, *options):
        (tmp_path / "source.c").write_text(source + "\n")
        subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-o", tmp_path / "lib.so", tmp_path / "source.c", *options], check=True)
        return (tmp_path / "lib.so").read_bytes()

    return compiled


def lines(content, kind):
    return [[int(word) if word.isdigit() else word for word in line.split()[1:]] for line in plan(content).decode().splitlines() if line.startswith(kind + " ")]


@pytest.mark.parametrize("option", ["-Wl,-z,separate-code", "-Wl,-z,noseparate-code"])
def test_each_loaded_byte_is_copied_or_mapped_once(compiled, option):
    content = compiled(BULK, option)
    runs = [(offset, offset + length, "copy") for offset, length in lines(content, "copy")]
    runs += [(offset, offset + length, kind) for offset, length, _, kind in lines(content, "map")]
    runs.sort()
    assert all(before[1] <= after[0] for before, after in zip(runs, runs[1:]))
    file = ELFFile(io.BytesIO(content))
    covered = {byte for start, end, _ in runs for byte in range(start, end)}
    for segment in file.iter_segments("PT_LOAD"):
        assert covered.issuperset(range(segment["p_offset"], segment["p_offset"] + segment["p_filesz"]))
    assert {kind for _, _, kind in runs} == {"copy", "r", "x"}
    # what can be written, and what the dynamic linker reads, is never mapped
    mapped = {byte for start, end, kind in runs if kind != "copy" for byte in range(start, end)}
    for section in file.iter_sections():
        if section["sh_flags"] & 1 or section["sh_type"] not in ("SHT_PROGBITS", "SHT_NOBITS"):
            assert mapped.isdisjoint(range(section["sh_offset"], section["sh_offset"] + section["sh_size"])), section.name


def test_runs_are_pages_at_the_addresses_of_their_segments(compiled):
    content = compiled(BULK)
    file = ELFFile(io.BytesIO(content))
    for offset, length, address, kind in lines(content, "map"):
        assert offset % PAGE == length % PAGE == address % PAGE == 0
        (segment,) = [each for each in file.iter_segments("PT_LOAD") if each["p_vaddr"] <= address < each["p_vaddr"] + each["p_filesz"]]
        assert address - segment["p_vaddr"] == offset - segment["p_offset"]
        assert bool(segment["p_flags"] & 1) or kind == "r"


def test_initialisers_are_hidden_and_listed(compiled):
    content = compiled(BULK)
    file = ELFFile(io.BytesIO(content))
    dynamic = next(file.iter_segments("PT_DYNAMIC"))
    tags = {tag.entry.d_tag: tag.entry.d_val for tag in dynamic.iter_tags()}
    changed = bytearray(content)
    for place, word in lines(content, "set"):
        changed[place : place + 8] = word.to_bytes(8, "little")
    left = {tag.entry.d_tag for tag in next(ELFFile(io.BytesIO(bytes(changed))).iter_segments("PT_DYNAMIC")).iter_tags()}
    assert {"DT_INIT", "DT_INIT_ARRAY"} <= tags.keys()
    assert set(tags) - left == {"DT_INIT", "DT_INIT_ARRAY"}
    assert lines(content, "call") == [[tags["DT_INIT"]]]
    assert lines(content, "array") == [[tags["DT_INIT_ARRAY"], tags["DT_INIT_ARRAYSZ"] // 8]]


@pytest.mark.parametrize(
    ("source", "options"),
    [
        ("int small;", ()),
        (BULK + "int one(void) { return 1; } void *choose(void) { return one; } int chosen(void) __attribute__((ifunc(\"choose\")));", ()),
        (BULK + "int one(void) { return 1; } static void *choose(void) { return one; } static int chosen(void) __attribute__((ifunc(\"choose\"))); int ask(void) { return chosen(); }", ()),
        (BULK + "extern int elsewhere; asm(\".text; .quad elsewhere\");", ("-Wl,-z,notext",)),
        (BULK, ("-Wl,-z,initfirst",)),
        (BULK + 'asm(".section .note.go.buildid,\\"a\\"; .quad 1; .text");', ()),
    ],
    ids=["small", "function chosen when it is linked", "the same, for itself", "code that is relocated", "initialised first", "Go"],
)  # fmt: skip
def test_there_is_no_plan_where_mapping_is_wrong_or_not_worth_it(compiled, source, options):
    assert plan(compiled(source, *options)) is None


def test_what_is_no_library_of_a_known_kind_has_no_plan(compiled):
    content = compiled(BULK)
    assert plan(content)
    assert plan(b"") is plan(b"not a library") is plan(b"\x7fELF") is None
    # <elf.h>: 32 bits, big-endian, a program, another machine
    for place, byte in ((4, 1), (5, 2), (16, 2), (18, 243)):
        assert plan(content[:place] + bytes([byte]) + content[place + 1 :]) is None


def test_damaged_libraries_are_left_to_the_dynamic_linker(compiled):
    content = compiled(BULK)
    chosen = random.Random(1)
    for length in range(4, len(content), len(content) // 50):
        plan(content[:length])
    for _ in range(100):
        changed = bytearray(content)
        for _ in range(3):
            start = chosen.choice((0, 0x40, len(content) - 0x800))  # headers of the file, of segments, of sections
            changed[start + chosen.randrange(0x700)] = chosen.choice((0, 1, 0x7F, 0xFF))
        plan(bytes(changed))
