"""Trees of files to build app files from."""

from __future__ import annotations

from pathlib import Path

Files = dict[str, "str | bytes"]


def write_tree(root: Path, files: Files) -> Path:
    """Write ``files`` below ``root`` and return it."""
    for directory in {(root / name).parent for name in files}:
        directory.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (root / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def installed(name: str, version: str, files: Files, entry_points: str = "") -> Files:
    """Return ``files`` with the metadata of a distribution, as an installer leaves it."""
    metadata = f"{name.lower().replace('-', '_')}-{version}.dist-info"
    files = {**files, f"{metadata}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"}
    if entry_points:
        files[f"{metadata}/entry_points.txt"] = entry_points
    record = "".join(f"{path},,\n" for path in [*files, f"{metadata}/RECORD"])
    return {**files, f"{metadata}/RECORD": record}
