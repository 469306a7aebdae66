"""``auto`` takes zstd only where each Python that the file is meant for has a native decoder, and where it pays."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from known_targets import TARGETS

from bundler.cache import Cache
from bundler.errors import UsageError
from bundler.stages import Target
from bundler.targets import of
from bundler.write import codecs
from runtime_stub.layout import STORED, ZLIB, ZSTD

LARGE = codecs.CARRYING_PAYS + 1
DECODER = b"bytes of an extension module"


def target(version, platform="linux-x86_64"):
    """The target of an interpreter like one that runs here, but of ``version``, on ``platform``."""
    tag = "cpython-%d%d" % version
    suffixes = (".%s.so" % tag,)
    return of(
        dataclasses.replace(
            TARGETS[0], version=(*version, 0), platform=platform, cache_tag=tag, extension_suffixes=suffixes, executable="/nonexistent"
        )
    )


@pytest.fixture
def cache(tmp_path):
    """A cache that holds the decoder for 3.11, and none for any other: there is no index to take one from."""
    cache = Cache(tmp_path)
    known = target((3, 11))
    key = "smaller decoder %s %s" % (codecs.DECODER, known.name)
    cache.put(key, known.extension_suffixes[0].encode() + b"\0" + DECODER)
    return cache


def choose(wanted, target, tied, raw, cache, start=None):
    targets = [target] if isinstance(target, Target) else target
    return codecs.choose(wanted, targets, tied, raw, start, cache, lambda text: None)


@pytest.mark.parametrize(
    "interpreter, tied, raw, codec, decoder",
    [
        (target((3, 14)), True, codecs.ZSTD_PAYS, ZSTD, None),
        (target((3, 14), "macosx-11.0-arm64"), True, codecs.ZSTD_PAYS, ZSTD, None),
        (target((3, 14)), True, codecs.ZSTD_PAYS - 1, ZLIB, None),
        (target((3, 14)), False, LARGE, ZLIB, None),  # other Pythons may run it
        (target((3, 11)), True, codecs.CARRYING_PAYS, ZSTD, (".cpython-311.so", DECODER)),
        (target((3, 11)), True, codecs.CARRYING_PAYS - 1, ZLIB, None),
        (target((3, 11)), False, LARGE, ZLIB, None),
        (target((3, 11), "macosx-11.0-arm64"), True, LARGE, ZLIB, None),  # nothing is loaded from memory there
        (target((3, 11), "win-amd64"), True, LARGE, ZLIB, None),
        (target((3, 12)), True, LARGE, ZLIB, None),  # there is no decoder to carry
    ],
)
def test_auto_takes_zstd_where_it_is_decoded_natively_and_pays(cache, interpreter, tied, raw, codec, decoder):
    choice = choose("auto", interpreter, tied, raw, cache)
    assert (choice.codec, choice.decoders, choice.warning) == (codec, (decoder,) if decoder else (), None)


def test_auto_leaves_no_python_with_the_decoder_in_python(cache):
    versions = [(3, minor) for minor in range(9, 16)]
    platforms = ("linux-x86_64", "linux-aarch64", "macosx-11.0-arm64", "win-amd64")
    for version, platform, tied, raw in itertools.product(versions, platforms, (True, False), (0, LARGE)):
        choice = choose("auto", target(version, platform), tied, raw, cache)
        assert choice.codec == ZLIB or tied and (version >= (3, 14) or choice.decoders), (version, platform)


def test_zstd_that_is_asked_for_warns_where_no_decoder_can_be_carried(cache):
    choice = choose("zstd", target((3, 11), "macosx-11.0-arm64"), True, 0, cache)
    assert (choice.codec, choice.decoders) == (ZSTD, ())
    assert choice.decoded_by == "decoded by the system's libzstd, or slowly in Python"
    assert choice.warning == "no zstd decoder is carried for Python 3.11: none can be carried for macosx_11_0_arm64"


@pytest.mark.parametrize("wanted, codec", [("stored", STORED), ("zlib", ZLIB), ("zstd", ZSTD)])
def test_codec_that_is_asked_for_is_taken(cache, wanted, codec):
    assert choose(wanted, target((3, 11)), True, 0, cache).codec == codec


@pytest.mark.parametrize(
    "codec, level, native, message, hint",
    [
        ("brotli", None, "compressed", "there is no codec `brotli`", "it is one of auto, stored, zlib, zstd"),
        ("zlib", 10, "mapped", "level 10 is not between 1 and 9", "these are the levels of zlib"),
        ("auto", 23, "mapped", "level 23 is not between 1 and 22", "these are the levels of auto"),
        ("auto", None, "zipped", "native files cannot be `zipped`", "they are one of compressed, mapped"),
    ],
)
def test_unknown_codec_and_level_are_refused(codec, level, native, message, hint):
    with pytest.raises(UsageError) as caught:
        codecs.check(codec, level, native)
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    "version, start, codec",
    [
        ((3, 11), codecs.START_PAYS, ZSTD),
        ((3, 11), codecs.START_PAYS - 1, ZLIB),
        ((3, 11), None, ZSTD),  # a library: how much is read is for others to say
        ((3, 14), 0, ZSTD),  # nothing has to be carried
    ],
)
def test_auto_carries_no_decoder_that_a_start_would_hardly_use(cache, version, start, codec):
    assert choose("auto", target(version), True, LARGE, cache, start).codec == codec


@pytest.mark.parametrize(
    "targets, raw, codec, decoders",
    [
        ([target((3, 15)), target((3, 14), "win-amd64")], codecs.ZSTD_PAYS, ZSTD, 0),
        ([target((3, 14)), target((3, 11))], codecs.CARRYING_PAYS, ZSTD, 1),
        ([target((3, 11)), target((3, 11))], codecs.CARRYING_PAYS, ZSTD, 1),  # the same decoder
        ([target((3, 12)), target((3, 11))], codecs.CARRYING_PAYS * 2 - 1, ZLIB, 0),  # each costs its place
        ([target((3, 11)), target((3, 11), "win-amd64")], LARGE * 2, ZLIB, 0),
    ],
)
def test_auto_takes_zstd_for_several_targets_where_all_decode_it_natively(cache, targets, raw, codec, decoders):
    choice = choose("auto", targets, True, raw, cache)
    assert (choice.codec, len(choice.decoders)) == (codec, decoders)
