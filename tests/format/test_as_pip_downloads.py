"""A file for platforms that are not here holds, byte for byte, the wheels that ``pip download --platform`` takes."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from reader import Entry, Reader, find_container

from bundler import accounts, platforms
from bundler.build import build

pytestmark = [pytest.mark.network, pytest.mark.conformance]

NAMES = ("numpy", "cryptography", "psutil")
TARGETS = (
    ("3.13", "cp313", "manylinux_2_28_aarch64"),
    ("3.12", "cp312", "musllinux_1_2_x86_64"),
    ("3.13", "cp313", "win_amd64"),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Path:
    output = tmp_path_factory.mktemp("foreign") / "libs.zip"
    build(None, output, with_=NAMES, target=["%s-%s" % (abi, platform) for _, abi, platform in TARGETS])
    return output


def downloaded(directory: Path, python: str, abi: str, platform: str) -> list[Path]:
    """Return the wheels that pip takes, each by itself."""
    taken = [part for tag in platforms.parse(platform).wheels for part in ("--platform", tag)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(directory)]
    command += ["--python-version", python, "--implementation", "cp", "--abi", abi, *taken, *NAMES]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return sorted(directory.glob("*.whl"))


@pytest.mark.parametrize("version, abi, platform", TARGETS)
def test_wheels_are_those_that_pip_takes(app, tmp_path, version, abi, platform):
    name = "%s-%s" % (abi, platform)
    account = accounts.read(app)["targets"]
    (place,) = [place for place, each in enumerate(account) if each["name"] == name]
    target = account[place]
    has = {each["name"].lower().replace("_", "-"): each for each in target["distributions"]}
    reader = Reader(find_container(app.read_bytes()), place)
    entries = reader.entries()
    wheels = downloaded(tmp_path, version, abi, platform)
    assert len(wheels) == len(NAMES)
    for wheel in wheels:
        distribution, release, *_ = wheel.name.split("-")
        assert has[distribution.lower().replace("_", "-")]["version"] == release
        with zipfile.ZipFile(wheel) as archive:
            for path in archive.namelist():
                if ".dist-info/" not in path and ".data/" not in path and "__pycache__/" not in path and not path.endswith("/"):
                    assert content(reader, entries, path) == archive.read(path), path


def content(reader: Reader, entries: dict[bytes, Entry], path: str) -> bytes:
    """Return what the file has for the target: as a file, or as the source or the extension of a module (docs/FORMAT.md, section 9)."""
    directory, _, name = path.rpartition("/")
    entry, role = entries.get(b"%s\1%s" % (directory.encode(), name.encode())), 0
    if entry is None:
        stem, dot, rest = name.partition(".")
        entry = entries[b"%s\0%s" % (directory.encode(), stem.encode())]
        role = 0 if rest == "py" else 4
        assert role == 0 or dot + rest == entry.suffix, path
    frame, offset, length = entry.parts[role]
    return reader.content(frame)[offset : offset + length] if length else b""
