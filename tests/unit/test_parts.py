"""Of the runtime an app carries what it may need, and as bytecode what a start on its target may."""

from __future__ import annotations

import pytest

from bundler import platforms
from bundler.stages import Compiled, Distribution, Import, Target
from bundler.write.codecs import Choice
from bundler.write.index import IndexEntry
from bundler.write.parts import Parts, asks, choose
from runtime_stub.layout import DIGEST, EXTENSION, FILE, FILE_KEY, MODULE, NAMES_FILES, ZLIB

LADDER = ["written/__init__.py", "written/cache.py", "written/locks.py", "written/places.py", "written/private.py", "written/rungs.py", "written/unlinked.py"]


def chosen(tag: str, roles: tuple[int, ...], on_disk: bool = False) -> Parts:
    """Return the Parts of an app with one module that has ``roles``, for the platform ``tag``."""
    target = Target((3, 13), "", platforms.parse(tag), None, False)
    entries = {"module": IndexEntry(MODULE, parts=dict.fromkeys(roles))}
    return choose(entries, [], target, Choice(ZLIB), {}, "needed", on_disk=on_disk)


def of_ladder(paths: list[str]) -> list[str]:
    return [path for path in paths if path.startswith("written/")]


@pytest.mark.parametrize(
    ("tag", "writes"),
    [("manylinux_2_28_x86_64", False), ("linux_aarch64", False), ("musllinux_1_2_x86_64", True), ("macosx_11_0_arm64", True), ("win_amd64", True)],
)
def test_ladder_is_there_for_native_code_compiled_where_starts_go_down_it(tag, writes):
    parts = chosen(tag, (EXTENSION, DIGEST))
    assert of_ladder(parts.carried) == LADDER
    assert of_ladder(parts.compiled) == (LADDER if writes else [])
    pure = chosen(tag, ())
    assert of_ladder(pure.carried) == of_ladder(pure.compiled) == []


def test_files_on_disk_need_the_private_directory_only():
    parts = chosen("manylinux_2_28_x86_64", (), on_disk=True)
    assert of_ladder(parts.carried) == of_ladder(parts.compiled) == ["written/__init__.py", "written/places.py", "written/private.py"]


@pytest.mark.parametrize(
    ("key", "flags", "asking", "compiled"),
    [
        ("thing-1.dist-info\1METADATA", 0, False, set()),
        ("thing-1.dist-info/licenses\1LICENSE", 0, False, set()),
        ("thing-1.dist-info\1METADATA", 0, True, {"metadata", "resources", "overlay"}),
        ("thing-1.dist-info\1METADATA", NAMES_FILES, False, {"overlay"}),
        ("thing\1data.txt", 0, False, {"resources", "overlay"}),
    ],
)
def test_metadata_that_nothing_asks_for_needs_no_bytecode(key, flags, asking, compiled):
    target = Target((3, 13), "", platforms.parse("manylinux_2_28_x86_64"), None, False)
    entries = {key.replace("\1", FILE_KEY): IndexEntry(FILE), "module": IndexEntry(MODULE, flags)}
    parts = choose(entries, [Distribution("thing", "1", "thing-1.dist-info")], target, Choice(ZLIB), {}, "needed", asking=asking)
    packages = {path.partition("/")[0] for path in parts.compiled}
    assert packages & {"metadata", "resources", "overlay"} == compiled
    assert {"metadata", "overlay"} <= {path.partition("/")[0] for path in parts.carried}


@pytest.mark.parametrize(
    ("found", "answer"),
    [
        (Import("importlib.metadata", 0, ()), True),
        (Import("importlib", 0, ("util", "resources")), True),
        (Import("importlib.metadata", 0, ("version",), inner=True), True),
        (Import("pkg_resources", 0, ()), True),
        (Import("importlib", 0, ("util",)), False),
        (Import("importlib", 0, ()), False),
    ],
)
def test_what_asks_for_metadata_is_seen_by_its_imports(found, answer):
    assert asks([Compiled({}), Compiled({}, (found,))]) is answer
