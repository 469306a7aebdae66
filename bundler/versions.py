"""Say which distributions are of other versions for other targets."""

from __future__ import annotations

from collections.abc import Sequence

from packaging.version import InvalidVersion, Version

from bundler.gather import Gathered
from bundler.stages import Target


def differing(gathered: Sequence[Gathered]) -> tuple[str, ...]:
    """Return a sentence for each distribution that has not the same version for all targets, by name.

    As in ``requests: 2.34.2 for cp310 and later, 2.32.5 for cp39``; a target that
    lacks one is told as well.
    """
    versions: dict[str, dict[str | None, list[Target]]] = {}
    names = {each.name: None for one in gathered for each in one.distributions}
    for one in gathered:
        has = {each.name: each.version for each in one.distributions}
        for name in names:
            versions.setdefault(name, {}).setdefault(has.get(name), []).append(one.target)
    every = [one.target for one in gathered]
    return tuple(
        "%s: %s" % (name, ", ".join("%s for %s" % (version or "none", _named(of, every)) for version, of in _sorted(found)))
        for name, found in sorted(versions.items(), key=lambda item: item[0].lower())
        if len(found) > 1
    )


def _sorted(found: dict[str | None, list[Target]]) -> list[tuple[str | None, list[Target]]]:
    def newness(item: tuple[str | None, list[Target]]) -> Version:
        try:
            return Version(item[0] or "0.dev0")
        except InvalidVersion:
            return Version("0.dev0")

    return sorted(found.items(), key=newness, reverse=True)


def _named(targets: Sequence[Target], every: Sequence[Target]) -> str:
    """Return the names of ``targets``: of Pythons alone, or platforms alone, where these tell them from the others."""
    for of in (lambda target: target.python, lambda target: target.platform.tag):
        mine = dict.fromkeys(of(target) for target in targets)
        if not any(of(target) in mine for target in every if target not in targets):
            return ", ".join(mine)
    return ", ".join(target.name for target in targets)
