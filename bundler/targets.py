"""Read for which Pythons and platforms a file is to be: ``--target``, ``--requires-python`` and ``--platform``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags

from bundler import platforms
from bundler.errors import UsageError
from bundler.platforms import Platform
from bundler.stages import Interpreter, Target

#: The minor versions that ``--requires-python`` chooses from.
SUPPORTED = tuple((3, minor) for minor in range(9, 16))

_PYTHON = re.compile(r"(?:cp|python|py)?(\d)\.?(\d{1,2})((?:t|d)*)")
_EXAMPLES = "write it as `3.13`, `cp313-manylinux_2_28_x86_64` or `current`"
_PLATFORMS = "tags are such as manylinux_2_28_x86_64, musllinux_1_2_aarch64, macosx_11_0_arm64 and win_amd64"

#: Returns the Python of a version that runs here, or None.
Find = Callable[[tuple[int, int], str], "Interpreter | None"]


def of(interpreter: Interpreter) -> Target:
    """Return the target that ``interpreter`` itself is, on this machine."""
    return Target(interpreter.version[:2], interpreter.flags, platforms.of_python(interpreter.platform), interpreter, True)


def read(
    targets: Sequence[str],
    requires_python: str | None,
    platform_tags: Sequence[str],
    current: Interpreter,
    find: Find,
) -> list[Target]:
    """Return the targets that are asked for, each once: the newest Python first, and in the order given for each of them.

    ``targets`` are the values of ``--target``. ``requires_python`` adds all
    supported versions that satisfy it, each on all of ``platform_tags``, or
    on this machine; ``platform_tags`` without it the version of ``current``.
    With nothing asked for, it is ``current`` alone. Raises UsageError for what
    cannot be read, or leaves nothing.
    """
    found = [_read(text, current, find) for text in targets]
    if requires_python is not None or platform_tags:
        versions = [current.version[:2]] if requires_python is None else _satisfying(requires_python)
        found += [
            _target(version, "", _platform(tag) if tag else None, current, find)
            for version in versions
            for tag in (platform_tags or [""])
        ]
    if not found:
        return [of(current)]
    return sorted({target.name: target for target in reversed(found)}.values(), key=lambda target: _order(target, found))


def _order(target: Target, found: Sequence[Target]) -> tuple[int, int, str, int]:
    return -target.version[0], -target.version[1], target.flags, found.index(target)


def _read(text: str, current: Interpreter, find: Find) -> Target:
    if text == "current":
        return of(current)
    python, dash, tag = text.strip().partition("-")
    matched = _PYTHON.fullmatch(python)
    if not matched:
        raise UsageError("`--target %s` names no Python" % text, hint=_EXAMPLES)
    version, flags = (int(matched[1]), int(matched[2])), "".join(sorted(set(matched[3]), reverse=True))
    if version < SUPPORTED[0]:
        raise UsageError("`--target %s` is Python %d.%d, and bundles run on 3.9 or later" % (text, *version), hint=_EXAMPLES)
    if "t" in flags and version < (3, 13):
        raise UsageError("`--target %s`: Python %d.%d has no free-threaded build" % (text, *version), hint="they began with 3.13")
    return _target(version, flags, _platform(tag) if dash else None, current, find)


def _platform(tag: str) -> Platform:
    found = platforms.parse(tag)
    if found is None:
        # the ABI may stand between: cp313-cp313-win_amd64
        found = platforms.parse(tag.partition("-")[2])
    if found is None:
        hint = "name one machine: `x86_64` or `arm64`" if tag.endswith(("universal2", "universal")) else _PLATFORMS
        raise UsageError("`%s` is not a platform tag" % tag, hint=hint)
    return found


def _target(version: tuple[int, int], flags: str, platform: Platform | None, current: Interpreter, find: Find) -> Target:
    if (version, flags) == (current.version[:2], current.flags):
        maker: Interpreter | None = current
    else:
        # free-threaded and debug builds have the bytecode of the others
        maker = find(version, flags) or (find(version, "") if flags else None)
    own = platforms.of_python(current.platform)
    if platform is None or platform == own:
        return Target(version, flags, own, maker, maker is not None and maker.flags == flags)
    return Target(version, flags, platform, maker, False)


def _satisfying(specifier: str) -> list[tuple[int, int]]:
    try:
        specifiers = SpecifierSet(specifier)
    except InvalidSpecifier as error:
        raise UsageError("`--requires-python %s` is no specifier of versions" % specifier, hint="such as `>=3.10`") from error
    found = [
        version
        for version in SUPPORTED
        if any(specifiers.contains("%d.%d.%d" % (*version, last), prereleases=True) for last in (0, 99))
    ]
    if not found:
        raise UsageError(
            "no Python from %d.%d to %d.%d satisfies `%s`" % (*SUPPORTED[0], *SUPPORTED[-1], specifier),
            hint="name one with `--target`",
        )
    return found


def wheel_tags(target: Target) -> list[Tag]:
    """Return the tags of the wheels that ``target`` takes, the best first, as ``packaging.tags`` has them for the running Python."""
    admitted = list(target.platform.wheels)
    abis = [target.python] + ([target.python.replace("d", "")] if "d" in target.flags else [])
    interpreter = "cp%d%d" % target.version
    return [*cpython_tags(target.version, abis, admitted), *compatible_tags(target.version, interpreter, admitted)]


