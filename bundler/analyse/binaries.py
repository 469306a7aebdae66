"""Tell native files, libraries and programs, by their first bytes: names say little (``libfoo.so.1.2``, ``bin/ruff``)."""

from __future__ import annotations

ELF = b"\x7fELF"

# <mach-o/loader.h> and <mach-o/fat.h>: 32 and 64 bits, in both byte orders
_MACH_O = (b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
_UNIVERSAL = b"\xca\xfe\xba\xbe"

# A class file of Java begins as a universal binary does. There the number of architectures stands, here its version, 45 at least.
_MOST_ARCHITECTURES = 30


def is_native(content: bytes) -> bool:
    """Tell whether ``content`` is that of a library or a program: ELF, Mach-O or PE."""
    return content.startswith((ELF, *_MACH_O)) or _is_universal(content) or _is_pe(content)


def _is_universal(content: bytes) -> bool:
    return content.startswith(_UNIVERSAL) and 0 < int.from_bytes(content[4:8], "big") < _MOST_ARCHITECTURES


def _is_pe(content: bytes) -> bool:
    # "PE Format", 1: the offset of the signature stands at 0x3c
    if not content.startswith(b"MZ") or len(content) < 0x40:
        return False
    at = int.from_bytes(content[0x3C:0x40], "little")
    return content[at : at + 4] == b"PE\0\0"
