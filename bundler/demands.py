"""Work out what a target's files demand of Python and platform: together they are as one wheel, with one tag.

The tags are those of "Platform compatibility tags" of the packaging
specifications: ``py3-none-any`` runs everywhere, ``cp38-abi3-manylinux_2_17_x86_64``
on Python 3.8 or later where glibc is 2.17 or later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from packaging.tags import Tag, parse_tag

from bundler import platforms
from bundler.platforms import Platform
from bundler.stages import Distribution, File, Target
from bundler.targets import wheel_tags

ANYWHERE = "py3-none-any"


def demanded(
    target: Target,
    needed: Iterable[str],
    files: Sequence[File],
    contents: Mapping[str, bytes],
    distributions: Sequence[Distribution],
    sources: bool,
) -> str:
    """Return the tag of what runs wherever the files at the paths ``needed`` do.

    A file demands what the tags of its wheel say, the least where there are
    several; without a wheel, what its name says, and the target's platform.
    Without ``sources`` there is bytecode alone, which demands the target's
    version.
    """
    owners = {file.path: file.owner for file in files}
    wheels = {each.name: _tags(contents.get(each.metadata + "/WHEEL", b"")) for each in distributions}
    order = {str(tag): place for place, tag in enumerate(wheel_tags(target))}
    python, abi = (ANYWHERE.split("-")[0], "none") if sources else ("cp%d%d" % target.version, "none")
    platform: Platform | None = None
    for path in sorted(needed):
        tag = _least(wheels.get(owners[path], ()), order) or _by_name(path, target)
        python, abi = max((python, abi), (tag.interpreter, tag.abi), key=_strictness)
        platform = _stricter(platform, platforms.parse(tag.platform.replace("universal2", target.platform.machine)))
    return "%s-%s-%s" % (python, abi, platform.tag if platform else "any")


def _tags(wheel: bytes) -> frozenset[Tag]:
    lines = wheel.decode("utf-8", "replace").splitlines()
    return frozenset(tag for line in lines if line.startswith("Tag:") for tag in parse_tag(line.partition(":")[2].strip()))


def _least(tags: Iterable[Tag], order: Mapping[str, int]) -> Tag | None:
    """Return, of the tags that the target takes, the one that most others take too; None if it takes none."""
    taken = [tag for tag in tags if str(tag) in order]
    return max(taken, key=lambda tag: order[str(tag)], default=None)


def _by_name(path: str, target: Target) -> Tag:
    python = "cp%d%d" % target.version
    return Tag(python, "abi3" if ".abi3." in path else target.python, target.platform.tag)


def _strictness(tag: tuple[str, str]) -> tuple[int, int]:
    """Return how much an interpreter and ABI tag demand: any Python, from one on, one, its ABI."""
    python, abi = tag
    if abi not in ("none", "abi3", "abi3t"):
        return 3, 0
    if abi == "none":
        return (0 if python == "py3" else 2), 0
    return 1, int(python[3:])


def _stricter(first: Platform | None, second: Platform | None) -> Platform | None:
    """Return the one that demands more: a C library before any, and the later version of it."""
    if first is None or second is None:
        return first or second
    return max(first, second, key=lambda each: (each.kind != "linux", each.version))
