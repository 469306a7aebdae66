"""Choose the codec, and say how the app will decode it (docs/FORMAT.md, section 4; docs/codecs.md has the figures)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bundler import requirements
from bundler.cache import Cache
from bundler.errors import BundlerError, UsageError
from bundler.stages import Target
from bundler.write.decoder import smaller
from bundler.write.frames import Levels
from runtime_stub.layout import STORED, ZLIB, ZSTD

CODECS = {"stored": STORED, "zlib": ZLIB, "zstd": ZSTD}
LEVELS = {ZLIB: (1, 9), ZSTD: (1, 22), STORED: (0, 0)}

# httpie's bytecode takes level 17 four seconds, level 14 1.6 for 5 % more bytes, level 19 nine for 2 % fewer. Its sources, compressed against
# the bytecode, take level 12 one second; from 13 on a base is sorted into trees first, and they take four to seven, for 1 to 7 % fewer.
DEFAULT_LEVEL = {ZLIB: Levels(9, 9), ZSTD: Levels(17, 12), STORED: Levels(0, 0)}

# Of so many bytes most are data and libraries, of which level 17 takes 5 % more than 14, in twice the time: 10 s for 120 MB.
MUCH = 60_000_000
LEVEL_FOR_MUCH = {**DEFAULT_LEVEL, ZSTD: Levels(14, 12)}

# zstd takes about a sixth of the bytes of sources off what zlib leaves of them and their bytecode. The decoders in Python, which other Pythons then
# need, take 30 KB of that; the carried one takes 155 KB more.
ZSTD_PAYS = 400_000
CARRYING_PAYS = 2_000_000

# A carried decoder takes 3.5 ms of a start, and saves it 2 ms for each megabyte. A start that decodes less than this would be
# more than 2.5 ms slower for it.
START_PAYS = 500_000

# One version for each Python, so that the same input gives the same bytes.
DECODER = "backports.zstd==1.8.0"
DECODER_39 = "backports.zstd==1.3.0"  # the last for 3.9


@dataclass(frozen=True)
class Choice:
    """A codec, and the decoders that go with it into the file: an extension suffix and bytes each."""

    codec: int
    decoders: tuple[tuple[str, bytes], ...] = ()
    decoded_by: str = ""
    warning: str | None = None


#: How compiled code lies in the file.
NATIVE = ("compressed", "mapped")


def check(codec: str, level: int | None, native: str = "compressed") -> None:
    """Raise UsageError if there is no such codec, or the level is none of its own, or compiled code cannot be ``native`` so."""
    if native not in NATIVE:
        raise UsageError("native files cannot be `%s`" % native, hint="they are one of %s" % ", ".join(NATIVE))
    if codec != "auto" and codec not in CODECS:
        raise UsageError("there is no codec `%s`" % codec, hint="it is one of auto, %s" % ", ".join(CODECS))
    if level is None:
        return
    low, high = LEVELS[CODECS.get(codec, ZSTD)]
    if not low <= level <= high:
        raise UsageError(
            "level %d is not between %d and %d" % (level, low, high), hint="these are the levels of %s" % codec
        )


def levels(codec: int, level: int | None, raw: int) -> Levels:
    """Return the levels to compress ``raw`` bytes at: the one asked for, the highest where ``auto`` chose a codec with fewer, or the defaults."""
    if level is None:
        return (LEVEL_FOR_MUCH if raw > MUCH else DEFAULT_LEVEL)[codec]
    level = min(level, LEVELS[codec][1])
    return Levels(level, level)


def choose(
    wanted: str,
    targets: Sequence[Target],
    tied: bool,
    raw: int,
    start: int | None,
    cache: Cache | None,
    report: Callable[[str], None],
) -> Choice:
    """Return the codec for a bundle of ``raw`` bytes, of which a start decodes about ``start`` (None: nothing starts).

    ``wanted`` is ``auto`` or a name. ``tied`` says that the file is meant for
    ``targets`` only: they were asked for by name, or there is compiled code
    in the file. ``auto`` takes zstd where every Python that the file is meant
    for has a decoder of its own or is given one, and that pays; else zlib.
    """
    if wanted == "stored":
        return Choice(STORED, decoded_by="not compressed")
    lacking = {target.extension_suffixes[0]: target for target in targets if target.version < (3, 14)}
    incapable = next((target for target in lacking.values() if not _can_carry(target)), None)
    if wanted == "auto":
        pays = raw >= (CARRYING_PAYS * len(lacking) if lacking else ZSTD_PAYS)
        pays = pays and (not lacking or start is None or start >= START_PAYS)
        if not (tied and pays and incapable is None):
            wanted = "zlib"
    if wanted == "zlib":
        return Choice(ZLIB, decoded_by="decoded by every Python")
    if not lacking:
        return Choice(ZSTD, decoded_by="decoded by Python %s itself" % (targets[0].minor if len(targets) == 1 else "3.14 and later"))
    if incapable is None:
        try:
            decoders = tuple(_fetch(target, cache, report) for target in lacking.values())
            by = "the decoder that it carries" if len(decoders) == 1 else "the decoders that it carries, %d" % len(decoders)
            return Choice(ZSTD, decoders, "decoded by " + by)
        except BundlerError as error:
            problem = error.message
    else:
        problem = "none can be carried for %s" % incapable.platform.tag
    if wanted == "auto":
        return Choice(ZLIB, decoded_by="decoded by every Python", warning=None)
    return Choice(
        ZSTD,
        decoded_by="decoded by the system's libzstd, or slowly in Python",
        warning="no zstd decoder is carried for Python %s: %s" % (", ".join(dict.fromkeys(each.minor for each in lacking.values())), problem),
    )


def _can_carry(target: Target) -> bool:
    # it is loaded from memory, which only Linux can do
    return target.platform.system == "linux"


def _fetch(target: Target, cache: Cache | None, report: Callable[[str], None]) -> tuple[str, bytes]:
    """Return the extension suffix and the bytes of the decoder for ``target``."""
    decoder = DECODER if target.version >= (3, 10) else DECODER_39
    key = "smaller decoder %s %s" % (decoder, target.name)
    kept = cache.get(key) if cache else None
    if kept is not None:
        name, _, module = kept.partition(b"\0")
        return name.decode(), module
    with TemporaryDirectory(prefix="bundler-") as directory:
        requirements.install([decoder], [], target, Path(directory), report=report)
        for suffix in target.extension_suffixes:
            file = Path(directory, "backports", "zstd", "_zstd" + suffix)
            if file.is_file():
                module = smaller(file.read_bytes())
                if cache:
                    cache.put(key, suffix.encode() + b"\0" + module)
                return suffix, module
    raise BundlerError("`%s` has no compiled decoder for %s" % (decoder, target.name))
