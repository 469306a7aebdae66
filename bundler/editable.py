"""Refuse distributions that are installed editable: their files lie elsewhere.

A bundle of such a tree would start here, where the sources are, and nowhere
else. PEP 660 and PEP 610 say how they are marked; the older way is an
``.egg-link`` and a line in a ``.pth`` file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from importlib.metadata import PathDistribution
from pathlib import Path

from bundler.collect import content
from bundler.errors import RequirementError
from bundler.stages import File


def refuse(
    directory: Path,
    found: Mapping[str, File],
    sources: Mapping[str, PathDistribution],
    names: Mapping[str, str],
    records: Mapping[str, Collection[str]],
) -> None:
    """Raise :class:`RequirementError` naming the first editable distribution in ``directory``.

    ``sources``, ``names`` and ``records`` are by the path of the
    distribution's metadata; a record holds the paths that it installed.
    """
    for metadata, source in sources.items():
        if _is_marked(source):
            raise _refusal(names[metadata], directory)
    for path, file in found.items():
        if "/" in path:
            continue
        if path.endswith(".egg-link"):
            raise _refusal(path.removesuffix(".egg-link"), directory)
        if path.endswith(".pth") and (path.startswith("__editable__") or _leads_outside(file, directory)):
            owner = next((names[metadata] for metadata, record in records.items() if path in record), None)
            named = re.match(r"__editable__\.(.+?)-\d", path)
            raise _refusal(owner or (named[1] if named else None), directory, path)


def _is_marked(source: PathDistribution) -> bool:
    try:
        direct = json.loads(source.read_text("direct_url.json") or "{}")
        return bool(direct.get("dir_info", {}).get("editable"))
    except (ValueError, AttributeError):
        return False


def _leads_outside(file: File, directory: Path) -> bool:
    root = directory.resolve()
    for line in content(file).decode(errors="replace").splitlines():
        line = line.strip()
        if not line or line.startswith(("#", "import ", "import\t")) or "\0" in line:
            continue
        target = root / line
        if target.is_dir() and not target.resolve().is_relative_to(root):
            return True
    return False


def _refusal(name: str | None, directory: Path, path: str | None = None) -> RequirementError:
    if name is None:
        return RequirementError(
            f"`{directory / (path or '')}` leads outside: what it adds would not be in the bundle",
            hint="install it properly, without `-e`",
        )
    return RequirementError(
        f"`{name}` in `{directory}` is an editable install: its files lie elsewhere", hint="install it without `-e`"
    )
