"""Read what ELF files say to the dynamic linker, and change a word of it."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerDefSection, GNUVerNeedSection

from bundler.analyse.binaries import ELF

_LINKED = {"DT_NEEDED": "needed", "DT_SONAME": "soname", "DT_RPATH": "rpath", "DT_RUNPATH": "runpath"}

# <elf.h>: DF_BIND_NOW, DF_1_NOW
_BIND_NOW, _NOW = 8, 1

# Relocations that ld.so leaves until a function is called (R_386_, R_X86_64_ and R_ARM_, R_PPC64_, R_AARCH64_, R_RISCV_, R_390_JUMP_SLOT).
_LATE = {"EM_386": 7, "EM_X86_64": 7, "EM_ARM": 22, "EM_PPC64": 21, "EM_AARCH64": 1026, "EM_RISCV": 5, "EM_S390": 11}


@dataclass(frozen=True)
class Linked:
    """What an ELF file says to the dynamic linker."""

    machine: tuple[int, str]  #: bits, and the architecture: files of another one are passed over
    soname: str = ""
    needed: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()  #: bundle paths of directories; empty where there is a RUNPATH
    runpath: tuple[str, ...] | None = None
    program: bool = False  #: is started, not loaded


def read(path: str, content: bytes) -> Linked | None:
    """Return what the file with this bundle path and content says to the dynamic linker; None if it is no ELF file, or says nothing.

    Directories outside the bundle are left to the machine that the app runs on.
    """
    if not content.startswith(ELF):
        return None
    try:
        file = ELFFile(io.BytesIO(content))
        machine = file.elfclass, str(file["e_machine"])
        found: dict[str, list[str]] = {}
        program = False
        for segment in file.iter_segments():
            program = program or segment["p_type"] == "PT_INTERP"
            for tag in segment.iter_tags() if isinstance(segment, DynamicSegment) else ():
                if tag.entry.d_tag in _LINKED:
                    name = _LINKED[tag.entry.d_tag]
                    found.setdefault(name, []).append(getattr(tag, name))
    except (ELFError, ValueError):  # cut off, or made on purpose: the dynamic linker will say so
        return None
    directory = posixpath.dirname(path)
    runpath = _directories(found["runpath"][0], directory) if "runpath" in found else None
    rpath = _directories(found["rpath"][0], directory) if "rpath" in found and runpath is None else ()
    return Linked(machine, found.get("soname", [""])[0], tuple(found.get("needed", ())), rpath, runpath, program)


def expanded(path: str, directory: str) -> str | None:
    """Return the bundle path of ``path``, as a file in ``directory`` has it; None where it leads elsewhere, or depends on the machine."""
    for origin in ("$ORIGIN", "${ORIGIN}"):
        rest = path.removeprefix(origin)
        if rest != path and rest[:1] in ("", "/") and "$" not in rest:
            found = posixpath.normpath(posixpath.join(directory or ".", "." + rest))
            return None if found.split("/")[0] == ".." else "" if found == "." else found
    return None


def _directories(paths: str, directory: str) -> tuple[str, ...]:
    found = [expanded(path, directory) for path in paths.split(":")]
    return tuple(path for path in found if path is not None)


class Words:
    """The words of an ELF file: names of libraries, symbols and versions, in its string table."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._file = ELFFile(io.BytesIO(content))
        self._dynamic = next(segment for segment in self._file.iter_segments("PT_DYNAMIC") if isinstance(segment, DynamicSegment))

    @cached_property
    def defined(self) -> frozenset[str]:
        """The symbols that others can use."""
        return frozenset(symbol.name for symbol in self._dynamic.iter_symbols() if symbol["st_shndx"] != "SHN_UNDEF")

    def waits_for(self, names: frozenset[str]) -> bool:
        """Tell whether of ``names`` this file only calls functions, which glibc finds when they are first called."""
        late = _LATE.get(self._file["e_machine"])
        for tag in self._dynamic.iter_tags():
            now = {"DT_BIND_NOW": -1, "DT_FLAGS": _BIND_NOW, "DT_FLAGS_1": _NOW}.get(tag.entry.d_tag, 0)
            if tag.entry.d_tag == "DT_BIND_NOW" or tag.entry.d_val & now:
                return False
        for table in self._dynamic.get_relocation_tables().values():
            for relocation in table.iter_relocations():
                at = relocation["r_info_sym"]
                if at and relocation["r_info_type"] != late and self._dynamic.get_symbol(at).name in names:
                    return False
        return True

    def without(self, name: str) -> bytes | None:
        """Return the file so changed that it does not need the library ``name``; None if it needs a version of it."""
        if any(self._text(offset) == name for offset in self._of_versions(GNUVerNeedSection, "vn_file")):
            return None
        tags = list(self._dynamic.iter_tags())
        gone = next(number for number, tag in enumerate(tags) if tag.entry.d_tag == "DT_NEEDED" and tag.needed == name)
        # it needs another one twice instead
        others = [number for number, tag in enumerate(tags) if tag.entry.d_tag == "DT_NEEDED" and tag.needed != name]
        if not others:
            return None
        size = self._file.structs.Elf_Dyn.sizeof()
        start = self._dynamic["p_offset"]
        other = self._content[start + others[-1] * size :][:size]
        return self._content[: start + gone * size] + other + self._content[start + (gone + 1) * size :]

    def renamed(self, old: str, new: str) -> bytes | None:
        """Return the file with the name ``new``, which is as long, for the library ``old``, itself or a needed one; None if another word shares the bytes."""
        table = self._offset_of_strings
        length = len(old.encode())
        places = {offset for offset in self._of_libraries() if self._text(offset) == old}
        others = [offset for offset in self._of_libraries() if offset not in places]
        for offset in (*others, *self._of_others()):
            end = offset + len(self._text(offset).encode())
            if any(offset < place + length and place < end for place in places):
                return None
        content = bytearray(self._content)
        for place in places:
            content[table + place : table + place + length] = new.encode()
        return bytes(content)

    @cached_property
    def _offset_of_strings(self) -> int:
        address = next(tag.entry.d_ptr for tag in self._dynamic.iter_tags("DT_STRTAB"))
        return int(next(self._file.address_offsets(address)))

    def _text(self, offset: int) -> str:
        start = self._offset_of_strings + offset
        return self._content[start : self._content.index(b"\0", start)].decode("utf-8", "surrogateescape")

    def _of_libraries(self) -> Iterator[int]:
        for tag in self._dynamic.iter_tags():
            if tag.entry.d_tag in ("DT_NEEDED", "DT_SONAME"):
                yield tag.entry.d_val
        yield from self._of_versions(GNUVerNeedSection, "vn_file")
        yield from self._of_versions(GNUVerDefSection, "vda_name")

    def _of_others(self) -> Iterator[int]:
        yield from self._of_versions(GNUVerNeedSection, "vna_name")
        for tag in self._dynamic.iter_tags():
            if tag.entry.d_tag in ("DT_RPATH", "DT_RUNPATH", "DT_FILTER", "DT_AUXILIARY"):
                yield tag.entry.d_val
        for symbol in self._dynamic.iter_symbols():
            yield symbol["st_name"]

    def _of_versions(self, kind: type, name: str) -> Iterator[int]:
        for section in self._file.iter_sections():
            if isinstance(section, kind):
                for version, auxiliaries in section.iter_versions():
                    if name in version.entry:
                        yield version[name]
                    for auxiliary in auxiliaries:
                        if name in auxiliary.entry:
                            yield auxiliary[name]
