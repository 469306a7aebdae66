"""Resolve and install for several targets: each by its own tags and markers, or one version of everything for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distributions
from pathlib import Path

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from bundler import requirements
from bundler.errors import RequirementError
from bundler.report import Report
from bundler.stages import Target

#: Installers wait for the network; more than a few at once wait for each other's downloads.
AT_ONCE = 4


def install(
    asked: Sequence[str],
    requirement_files: Sequence[Path],
    targets: Sequence[Target],
    temporary: Path,
    report: Report,
    universal: bool = False,
) -> tuple[list[str], list[Path]]:
    """Install for each of ``targets`` into a directory below ``temporary``; return the requirements and these directories.

    Local projects and source archives among the requirements are built here,
    once, where a target is not: they are then wheels. ``universal`` installs
    for the oldest Python first, and holds the others to its versions.
    Raise :class:`RequirementError` if a requirement cannot be met, or if
    ``universal`` cannot.
    """
    if not all(target.here for target in targets):
        asked = [requirements.built(each, temporary / "wheels", report.detail) for each in asked]
    trees = {target: temporary / target.name for target in targets}

    def install_one(target: Target, constraints: Path | None = None) -> list[str]:
        return requirements.install(
            asked, list(requirement_files), target, trees[target], constraints=constraints, report=report.detail
        )

    if len(targets) == 1:
        # on the main thread, which signals interrupt
        warnings = install_one(targets[0])
    elif universal:
        warnings = _one_version(targets, trees, temporary, install_one)
    else:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            pending = [pool.submit(install_one, target) for target in targets]
            try:
                warnings = [each for future in pending for each in future.result()]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    for warning in dict.fromkeys(warnings):
        report.warn(warning)
    return list(asked), list(trees.values())


def _one_version(
    targets: Sequence[Target], trees: Mapping[Target, Path], temporary: Path, install_one: Callable[[Target, Path | None], list[str]]
) -> list[str]:
    warnings: list[str] = []
    pinned: dict[str, str] = {}
    temporary.mkdir(exist_ok=True)
    constraints = temporary / "constraints.txt"
    for target in reversed(targets):  # the oldest Python has the least choice
        constraints.write_text("".join("%s==%s\n" % item for item in sorted(pinned.items())))
        try:
            warnings += install_one(target, constraints if pinned else None)
        except RequirementError as error:
            if pinned:
                error.message = "there is no one version for all targets: " + error.message
                error.args = (error.message,)
            raise
        pinned |= installed_versions(trees[target])
    return warnings


def installed_versions(tree: Path) -> dict[str, str]:
    """Return the version of each distribution installed in ``tree``, by normalised name."""
    return {str(canonicalize_name(each.metadata["Name"])): each.version for each in distributions(path=[str(tree)])}


def name_of(requirement: str) -> str | None:
    """Return the name in the file name of a wheel; None if ``requirement`` is no path of one."""
    try:
        return str(parse_wheel_filename(Path(requirement).name)[0])
    except InvalidWheelFilename:
        return None
