"""Make the zstd decoder that is carried small: take out of the extension module what only compressing needs.

`backports.zstd._zstd` compresses and decompresses; three quarters of its code
are of the former, which an app file never calls. The symbol table, which wheels
have and which no start needs, says where each function lies. Those that only a
compressor has are overwritten with one byte, which deflates to nothing: no other
byte moves, so nothing that refers to code or data has to change. Then the symbol
table itself goes, and what else the dynamic linker does not load.
"""

from __future__ import annotations

import io
import re
import struct

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

# Of libzstd 1.5: the compressors of blocks, their match finders and tables, long-distance matching, compression on threads,
# the encoders of entropy, and all that trains dictionaries. What is named here and what decompresses have no callers in common.
_COMPRESSES = re.compile(
    r"ZSTD_compress|ZSTD_(?:Bt|Hc|Row)FindBestMatch_|ZSTD_DUBT_|ZSTD_btGetAllMatches_|ZSTD_insertBt1|ZSTD_ldm_|ZSTD_optLdm_|ZSTD_opt_"
    r"|ZSTD_fill(?:Double)?HashTable|ZSTD_dedicatedDictSearch_|ZSTD_encodeSequences|ZSTD_generateSequences|ZSTD_transferSequences_"
    r"|ZSTD_buildCTable|ZSTD_buildSeqStore|ZSTD_buildSequencesStatistics|ZSTD_buildBlockEntropyStats|ZSTD_buildEntropyStatistics|ZSTD_splitBlock"
    r"|ZSTD_deriveBlockSplits|ZSTD_rescaleFreqs|ZSTD_seqToCodes|ZSTD_estimateCC|ZSTD_estimateCStream|ZSTD_resetCCtx_internal"
    r"|ZSTDMT_(?:compress|init|create)|HIST_count|HUF_(?:compress|buildCTable|writeCTable)|FSE_(?:compress|buildCTable|normalizeCount|writeNCount)"
    r"|(?:FAST)?COVER_|ZDICT_(?:add|analyze|finalize|optimize|train|tryMerge)|(?:ss|tr)_(?:mintrosort|introsort|swapmerge)|divbwt|divsufsort|sort_typeBstar"
)

# A byte that stops a processor which comes to it: `int3`, and four zeros are `udf`.
_STOPS = {"EM_X86_64": 0xCC, "EM_AARCH64": 0}

# What is smaller a compiler may have found equal to another function, and made one of the two.
_SMALLEST = 200

# Elf64_Ehdr: e_shoff, and e_shnum with e_shstrndx
_SECTIONS_AT, _SECTIONS_COUNT = 40, 60


def smaller(module: bytes) -> bytes:
    """Return the decoder ``module`` without what compresses; as it is where that cannot be told."""
    try:
        file = ELFFile(io.BytesIO(module))
        stop = _STOPS.get(str(file["e_machine"]))
        if stop is None or file.elfclass != 64 or not file.little_endian:
            return module
        end = max(segment["p_offset"] + segment["p_filesz"] for segment in file.iter_segments("PT_LOAD"))
        made = bytearray(module[:end])
        for start, size in _functions(file):
            made[start : start + size] = bytes([stop]) * size
    except (ELFError, ValueError, KeyError):
        return module
    struct.pack_into("<Q", made, _SECTIONS_AT, 0)
    struct.pack_into("<HH", made, _SECTIONS_COUNT, 0, 0)
    return bytes(made)


def _functions(file: ELFFile) -> list[tuple[int, int]]:
    """Return where in the file the functions lie that only compress, and how many bytes each has."""
    found = []
    for table in file.iter_sections():
        if not isinstance(table, SymbolTableSection) or table.name != ".symtab":
            continue
        for symbol in table.iter_symbols():
            wanted = symbol["st_info"]["type"] == "STT_FUNC" and symbol["st_size"] >= _SMALLEST and _COMPRESSES.match(symbol.name)
            place = next(iter(file.address_offsets(symbol["st_value"], symbol["st_size"])), None) if wanted else None
            if place is not None:
                found.append((place, symbol["st_size"]))
    return found
