"""A carried decoder has lost what compresses, and decodes as before."""

from __future__ import annotations

import hashlib
import random
import subprocess
import zlib
from pathlib import Path

import pytest
import zstandard
from interpreters import version

from bundler import targets
from bundler.interpreter import describe
from bundler.write import codecs
from bundler.write.decoder import smaller
from bundler.write.frames import Levels
from runtime_stub.layout import STORED, ZSTD

LEVELS = (-5, 1, 3, 6, 12, 17, 22)

# Loads the extension module in the file that is named first, decodes each frame of the others against its prefix, prints a digest of each, and meets damage.
DECODE = """\
import hashlib, sys
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from importlib.util import module_from_spec
loader = ExtensionFileLoader("_zstd", sys.argv[1])
module = module_from_spec(ModuleSpec("_zstd", loader, origin=sys.argv[1]))
loader.exec_module(module)
prefix = open(sys.argv[2], "rb").read()
for name in sys.argv[3:]:
    data = open(name, "rb").read()
    against = (module.ZstdDict(prefix, is_raw=True).as_prefix,) if name.endswith("-prefix") else ()
    whole = module.ZstdDecompressor(*against)
    content = whole.decompress(data)
    pieces = module.ZstdDecompressor(*against)
    assert whole.eof and content == b"".join(pieces.decompress(data[at : at + 1000]) for at in range(0, len(data), 1000))
    print(hashlib.sha256(content).hexdigest())
try:
    module.ZstdDecompressor().decompress(bytes.fromhex("28b52ffd") + bytes([255]) * 40)
except module.ZstdError:
    print("refused")
"""


def contents() -> dict[str, bytes]:
    """Bytes of kinds that make a decoder go all of its ways: literals raw, of one byte, with one stream and four; sequences by each kind of table."""
    chosen = random.Random(7)
    source = Path(zstandard.__file__).with_name("__init__.py").read_bytes() + b"".join(
        file.read_bytes() for file in sorted(Path(codecs.__file__).parent.glob("*.py"))
    )
    return {
        "empty": b"",
        "short": b"a",
        "zeros": bytes(300_000),
        "random": chosen.randbytes(200_000),
        "source": source,
        "letters": bytes(chosen.choices(b"abcdefgh", range(1, 9), k=150_000)),
        "mixed": b"".join(source[at : at + 700] + chosen.randbytes(90) + bytes(300) for at in range(0, 60_000, 500)) * 6,
    }


def frames(prefix: bytes) -> dict[str, tuple[bytes, str]]:
    """Frames by name, each with the digest of its content."""
    made = {}
    known = zstandard.ZstdCompressionDict(prefix, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    for name, content in contents().items():
        for level in LEVELS:
            for suffix, dictionary in (("", None), ("-prefix", known)):
                data = zstandard.ZstdCompressor(level=level, dict_data=dictionary, write_checksum=not suffix).compress(content)
                made["%s%d%s" % (name, level, suffix)] = data, hashlib.sha256(content).hexdigest()
    return made


@pytest.mark.network
def test_it_decodes_whatever_was_compressed(python, tmp_path):
    if version(python) >= (3, 14):
        pytest.skip("since 3.14 none is carried")
    target = targets.of(describe(python))
    ((suffix, module),) = codecs.choose("zstd", [target], True, 0, None, None, lambda text: None).decoders
    assert len(zlib.compress(module, 9)) < 170_000  # else nothing was taken out of it
    assert smaller(module) == module  # without its symbols nobody knows which function is which
    (tmp_path / ("_zstd" + suffix)).write_bytes(module)
    prefix = contents()["source"][:50_000]
    (tmp_path / "prefix").write_bytes(prefix)
    made = frames(prefix)
    for name, (data, _) in made.items():
        (tmp_path / name).write_bytes(data)
    command = [python, "-I", "-c", DECODE, "_zstd" + suffix, "prefix", *made]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.split() == [*(digest for _, digest in made.values()), "refused"]


@pytest.mark.parametrize("module", [b"", b"no ELF file", b"\x7fELF" + bytes(60), b"MZ" + bytes(100)], ids=["empty", "text", "cut off", "PE"])
def test_what_is_no_module_of_a_known_kind_stays_as_it_is(module):
    assert smaller(module) == module


def test_levels_follow_what_there_is_to_compress():
    assert codecs.levels(ZSTD, None, codecs.MUCH).alone > codecs.levels(ZSTD, None, codecs.MUCH + 1).alone
    assert codecs.levels(ZSTD, 3, codecs.MUCH + 1) == codecs.levels(ZSTD, 3, 0) == Levels(3, 3)
    assert codecs.levels(STORED, 22, 0) == Levels(0, 0)
