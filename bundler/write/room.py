"""The groupings that the parts of a file go into: one of each kind for all targets, so that what several have alike is there once."""

from __future__ import annotations

import hashlib

from bundler.analyse import mapping
from bundler.analyse.linking import Needs
from bundler.write.frames import Chains, Group, Grouping, Part
from bundler.write.index import IndexEntry
from runtime_stub.layout import DIGEST, MAPPING, NEEDS, TOGETHER, ZSTD

# A cold module costs the decompression of its frame: 0.6 ms for 512 KiB of zstd, 0.25 ms for 64 KiB of zlib,
# whose window is 32 KiB, so that larger frames would be no smaller. Each doubling takes 3 % off what zstd leaves; but a
# reader keeps 4 MiB, and with 1 MiB modules of four packages that import each other in turn would push out each other's frames.
GROUP_BYTES = {ZSTD: 512 * 1024}
GROUP_BYTES_OTHERWISE = 64 * 1024

# Modules may be tiny: opening one is not to cost the decompression of hundreds.
GROUP_MODULES = 128

# A start uses nearly all of its frames, one after the other: fewer and larger ones are smaller in all.
START_GROUP_BYTES = 512 * 1024


class Room:
    """Where the parts of a file go that is compressed with ``codec``, but for native files that are to be ``mapped``."""

    def __init__(self, codec: int, mapped: bool = False) -> None:
        self.codec = codec
        self._mapped = mapped
        self._limit = GROUP_BYTES.get(codec, GROUP_BYTES_OTHERWISE)
        self._code: dict[bytes, tuple[Grouping, Grouping]] = {}
        self.alone, self._small = Chains(), Grouping(self._limit)
        self.texts = Grouping(self._limit, GROUP_MODULES)
        # what is asked of all distributions at once lies together: entry points, then METADATA
        self.data, self.plugins, self.described, self.metadata = (Grouping(self._limit) for _ in range(4))

    def code(self, magic: bytes) -> tuple[Grouping, Grouping]:
        """Return the groupings for the bytecode of the Pythons with this magic number: a start's, and the rest."""
        if magic not in self._code:
            self._code[magic] = Grouping(START_GROUP_BYTES), Grouping(self._limit, GROUP_MODULES)
        return self._code[magic]

    def add_native(self, content: bytes, needs: Needs | None, entry: IndexEntry) -> Part:
        """Put a native file into a frame of its own, since it is used on its own and is large; give ``entry`` what else there is to say of it."""
        if needs is not None:
            entry.parts[NEEDS] = self._small.add("".join(library + "\n" for library in needs.libraries).encode("utf-8"))
            entry.flags |= TOGETHER if needs.together else 0
        self.add_digest(content, entry)
        plan = mapping.plan(content) if self._mapped and not entry.flags & TOGETHER else None
        if plan is not None:
            entry.parts[MAPPING] = self._small.add(plan)
        return self.alone.add(content, plan is not None)

    def add_digest(self, content: bytes, entry: IndexEntry) -> None:
        """Have ``entry`` tell what the content must be, where it is found on disk."""
        entry.parts[DIGEST] = self._small.add(hashlib.sha256(content).digest())

    @property
    def groups(self) -> list[Group]:
        """All groups, in the order in which their frames are to lie: bases before what needs them."""
        code = [grouping for pair in self._code.values() for grouping in pair]
        groupings = [self._small, self.data, *code, self.texts, self.plugins, self.described, self.metadata]
        return self.alone.groups + [group for grouping in groupings for group in grouping.groups]
