"""Read an installed tree: its distributions and its files.

It is what an installer made of wheels (PEP 427, "Recording installed projects"
of the packaging specifications), or any site-packages directory. What an
installer adds for this machine is taken out again, so that the bytes do not
depend on the machine, nor on which installer it was.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, PathDistribution
from pathlib import Path

from packaging.utils import canonicalize_name

from bundler import editable, prefixed
from bundler.collect import content, excluded, tree
from bundler.errors import ConflictError, RequirementError
from bundler.scripts import is_program, is_python_script, is_wrapper
from bundler.stages import Distribution, File

_SCRIPT_DIRECTORIES = ("bin", "Scripts")
#: Of one machine or one installer: none of it belongs to the distribution.
_INSTALLERS_OWN = ("INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json")
_LEFT_OUT = re.compile(r"\.lock|_virtualenv\.pyc?|~[^/]*(/.*)?")
_CACHES = re.compile(r"__pycache__")


@dataclass(frozen=True)
class _Claim:
    """What a RECORD says of one file."""

    digest: str
    size: str


def read(directory: Path, exclude: Sequence[str] = ()) -> tuple[list[Distribution], list[File]]:
    """Return the distributions in ``directory`` by name, and its files by bundle path.

    Console scripts that an installer made are left out. A Python script that a
    wheel carries as a file is in its distribution's ``script_files``, whether
    it lies below ``directory`` or where RECORD says. A program that one
    carries (ruff) is in ``bin/``, where ``pip install --target`` puts it and
    its package looks; so are data files that an environment has in ``share/``
    and ``etc/`` of its prefix. Other files outside are left out. Every RECORD is
    written anew for what remains.

    Several distributions may hold the same file, as long as its bytes are the
    same. Data files may differ (a LICENSE, a README), and so may modules that
    are beside the point: those of a top-level name (``tests``) outside which
    each distribution has modules of its own, and namespace declarations.
    Otherwise two distributions that claim a module raise
    :class:`ConflictError`. Raise :class:`RequirementError` if ``directory`` is
    none, if a distribution in it is editable, that is, lies elsewhere, or has
    a line in its ``entry_points.txt`` that is no entry point.
    """
    if not directory.is_dir():
        raise RequirementError(
            f"no such directory: `{directory}`",
            hint="`--site-packages` names a directory that packages are installed in",
        )
    found = {file.path: file for file in tree(directory, left_out=_CACHES) if not _LEFT_OUT.fullmatch(file.path)}
    sources = {path: PathDistribution(directory / path) for path in _metadata_paths(found)}
    records = {path: _claims(source, directory) for path, source in sources.items()}
    names = {path: _identity(source, path) for path, source in sources.items()}
    editable.refuse(directory, found, sources, {path: name for path, (name, _) in names.items()}, records)

    scripts = _take_scripts(found)
    distributions = []
    for path, source in sources.items():
        prefixed.take(found, records[path], directory)
        name, version = names[path]
        entry_points = _scripts(source, path)
        carried = {}
        for claimed in list(records[path]):
            origin = _script(claimed, directory, scripts)
            if origin is None or is_wrapper(origin, entry_points):
                continue
            if is_python_script(origin):
                carried[origin.name] = origin
            elif is_program(origin):
                inside = f"bin/{origin.name}"
                found[inside] = File(inside, origin, executable=True)
                records[path][inside] = records[path].pop(claimed)
        console, gui = (
            {each.name: each.value.split("[")[0].strip() for each in entry_points if each.group == group}
            for group in ("console_scripts", "gui_scripts")
        )
        distributions.append(Distribution(name, version, path, console, dict(sorted(carried.items())), gui))
    distributions.sort(key=lambda each: (canonicalize_name(each.name), each.metadata))

    owners = _owners(found, records, names, directory.name)
    files = {
        path: replace(file, owner=owners[path])
        for path, file in found.items()
        if not excluded(path, exclude) and not _is_installers_own(path, sources)
    }
    _check_claims(files, records, names)
    for path in sources:
        record = f"{path}/RECORD"
        if record in files:
            files[record] = replace(files[record], executable=False, replaces=_record(record, records[path], files))
    return distributions, sorted(files.values(), key=lambda file: file.path)


def _metadata_paths(found: Mapping[str, File]) -> list[str]:
    """Return the paths of ``.dist-info`` and ``.egg-info``, which may be a file, at the root."""
    tops = {path.split("/")[0] for path in found}
    return sorted(
        top for top in tops
        if (top.endswith(".dist-info") and f"{top}/METADATA" in found)
        or (top.endswith(".egg-info") and (top in found or f"{top}/PKG-INFO" in found))
    )  # fmt: skip


def _identity(source: PathDistribution, path: str) -> tuple[str, str]:
    name, _, version = path.rpartition(".")[0].partition("-")
    metadata = source.metadata
    return metadata["Name"] or name, metadata["Version"] or version.split("-")[0] or "0"


def _claims(source: PathDistribution, directory: Path) -> dict[str, _Claim]:
    """Return what the distribution says it installed, by path below ``directory``.

    Paths that lead outside keep their ``../``, save where the file is found in
    the tree: pip's ``--target`` writes ``../../bin/x`` for ``bin/x``.
    """
    text = source.read_text("RECORD")
    if text is not None:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row and row[0]]
    else:
        listed = source.read_text("installed-files.txt") or ""
        base = Path(source._path.name)  # type: ignore[attr-defined]
        rows = [[os.path.normpath(base / line)] for line in listed.splitlines() if line]
    claims = {}
    for row in rows:
        path = os.path.normpath(row[0]).replace("\\", "/")
        if os.path.isabs(path):
            path = os.path.relpath(path, directory).replace("\\", "/")
        inside = path.removeprefix("../../")
        if path.startswith("../../") and not inside.startswith("../") and (directory / inside).is_file():
            path = inside
        claims[path] = _Claim(*(row[1:3] + ["", ""])[:2])
    return claims


def _scripts(source: PathDistribution, metadata: str) -> list[EntryPoint]:
    """Return the entry points that installers make scripts for; those that name no module have none."""
    for number, line in enumerate((source.read_text("entry_points.txt") or "").splitlines(), 1):
        text = line.strip()
        if text and not text.startswith("#") and "=" not in text and not (text.startswith("[") and text.endswith("]")):
            raise RequirementError(
                f"`{metadata}/entry_points.txt`, line {number}: `{text}` is no entry point",
                hint="the distribution cannot be installed as it is: try another version of it",
            )
    found = (each for each in source.entry_points if each.group in ("console_scripts", "gui_scripts"))
    return [each for each in found if each.pattern.match(each.value)]


def _take_scripts(found: dict[str, File]) -> dict[str, Path]:
    """Take the files of a script directory out of ``found``, unless it is a package."""
    scripts = {}
    for directory in _SCRIPT_DIRECTORIES:
        if f"{directory}/__init__.py" not in found:
            for path in [path for path in found if path.startswith(f"{directory}/") and path.count("/") == 1]:
                scripts[path] = found.pop(path).origin
    return scripts


def _script(claimed: str, directory: Path, scripts: Mapping[str, Path]) -> Path | None:
    if claimed in scripts:
        return scripts[claimed]
    if claimed.startswith("../") and Path(claimed).parent.name in _SCRIPT_DIRECTORIES:
        origin = Path(os.path.normpath(directory.resolve() / claimed))
        return origin if origin.is_file() else None
    return None


def _owners(
    found: Mapping[str, File],
    records: Mapping[str, Mapping[str, _Claim]],
    names: Mapping[str, tuple[str, str]],
    otherwise: str,
) -> dict[str, str]:
    """Return the distribution that each file belongs to; the directory's name for none."""
    owners = dict.fromkeys(found, otherwise or "site-packages")
    top_levels: dict[str, str] = {}
    for metadata, (name, _) in names.items():
        top_levels[metadata] = name
        if not records[metadata] and (listed := found.get(f"{metadata}/top_level.txt")):
            top_levels.update(
                (line.strip().replace(".", "/"), name) for line in content(listed).decode(errors="replace").splitlines()
            )
    for path in found:
        top = path.split("/")[0]
        owners[path] = top_levels.get(top) or top_levels.get(top.removesuffix(".py")) or owners[path]
    for metadata, claims in records.items():
        owners.update((path, names[metadata][0]) for path in claims if path in owners)
    return owners


def _is_installers_own(path: str, sources: Mapping[str, PathDistribution]) -> bool:
    directory, _, name = path.rpartition("/")
    return directory in sources and name in _INSTALLERS_OWN


def _check_claims(
    files: Mapping[str, File], records: Mapping[str, Mapping[str, _Claim]], names: Mapping[str, tuple[str, str]]
) -> None:
    claimants: dict[str, dict[str, str]] = defaultdict(dict)
    modules: dict[str, set[str]] = {}
    for metadata, claims in records.items():
        modules[metadata] = {path for path in claims if path in files and _is_module(path)}
        for path in modules[metadata]:
            claimants[path][metadata] = claims[path].digest
    for path, digests in sorted(claimants.items()):
        if len(set(digests.values()) - {""}) < 2 or _declares_namespace(files[path]):
            continue
        first, *others = sorted(digests, key=lambda metadata: canonicalize_name(names[metadata][0]))
        for other in others:
            if digests[first] != digests[other] and not _is_beside_the_point(path, modules[first], modules[other]):
                raise ConflictError(
                    f"two distributions claim `{path}`: `{names[first][0]}` and `{names[other][0]}`",
                    hint=f"keep one of them, or leave the file out with `--exclude /{path}`",
                )


def _is_module(path: str) -> bool:
    """Tell whether the file can be imported; libraries in ``numpy.libs/`` cannot."""
    return path.endswith((".py", ".so", ".pyd")) and "." not in path.rpartition("/")[0]


def _is_beside_the_point(path: str, first: set[str], other: set[str]) -> bool:
    """Tell whether both distributions have modules of their own outside the top-level name of ``path``."""
    top = path.split("/")[0]
    return all(any(each.split("/")[0] != top for each in own) for own in (first - other, other - first))


def _declares_namespace(file: File) -> bool:
    if not file.path.endswith("/__init__.py"):
        return False
    source = content(file)
    code = re.sub(rb"(?m)^\s*#.*$", b"", source).strip()
    return not code or b"declare_namespace" in source or b"extend_path" in source


def _record(path: str, claims: Mapping[str, _Claim], files: Mapping[str, File]) -> bytes:
    """Return RECORD for the files in the bundle; digests that still hold are taken over."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for each in sorted(claims):
        if each == path:
            writer.writerow([each, "", ""])
        elif file := files.get(each):
            size = file.origin.stat().st_size
            claim = claims[each]
            if file.replaces is None and claim.digest.startswith("sha256=") and claim.size == str(size):
                writer.writerow([each, claim.digest, claim.size])
            else:
                data = content(file)
                digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                writer.writerow([each, f"sha256={digest}", len(data)])
    return text.getvalue().encode()
