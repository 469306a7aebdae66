"""Make small wheels, and trees as an installer would leave them, without a network."""

from __future__ import annotations

import base64
import csv
import hashlib
import zipfile
from pathlib import Path


def digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def make_wheel(
    directory: Path,
    name: str,
    version: str,
    files: dict[str, str],
    *,
    requires: tuple[str, ...] = (),
    entry_points: str = "",
    requires_python: str = "",
    tag: str = "py3-none-any",
) -> Path:
    """Write a wheel, pure or with another ``tag``, and return its path. ``files`` are by their path in the archive."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {each}\n" for each in requires)
    metadata += f"Requires-Python: {requires_python}\n" if requires_python else ""
    members = {path: text.encode() for path, text in files.items()}
    members[f"{info}/METADATA"] = metadata.encode()
    members[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n".encode()
    if entry_points:
        members[f"{info}/entry_points.txt"] = entry_points.encode()
    record = "".join(f"{path},{digest(data)},{len(data)}\n" for path, data in members.items())
    members[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    directory.mkdir(parents=True, exist_ok=True)
    wheel = directory / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, data in members.items():
            archive.writestr(path, data)
    return wheel


def make_tree(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write ``files`` below ``root`` and return it."""
    root.mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
    return root


def make_installed(
    root: Path,
    name: str,
    files: dict[str, str],
    *,
    version: str = "1.0",
    entry_points: str = "",
    outside: dict[str, str] | None = None,
    extra_metadata: dict[str, str] | None = None,
) -> Path:
    """Write a distribution as installed below ``root``. ``outside`` is recorded, and written, relative to it."""
    info = f"{name}-{version}.dist-info"
    files = {**files, f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"}
    if entry_points:
        files[f"{info}/entry_points.txt"] = entry_points
    files.update({f"{info}/{path}": text for path, text in (extra_metadata or {}).items()})
    make_tree(root, {**files, **(outside or {})})
    record = [[path, digest(text.encode()), len(text.encode())] for path, text in {**files, **(outside or {})}.items()]
    with (root / info / "RECORD").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*record, [f"{info}/RECORD", "", ""]])
    return root
