"""Install packages into environments, for any Python: uv does it, since some of them have no pip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bundler import indexes

TOOLS = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def environment(root: Path, python: str, requirements: Sequence[str] = (), constraints: Sequence[str] = ()) -> Path:
    """Return the environment ``root`` with ``requirements``, from wheels; one that is there is taken if it was made for the same.

    Raises CalledProcessError, with what uv says as ``stderr``, if there is something missing.
    """
    stamp = root / "holds.txt"
    content = "\n".join([python, *sorted(requirements), *constraints])
    if stamp.exists() and stamp.read_text(encoding="utf-8") == content:
        return root
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run([python, "-I", "-m", "venv", "--without-pip", str(root)], check=True)
    if requirements:
        options, variables = indexes.for_uv(os.environ)
        uv = shutil.which("uv", path=TOOLS)
        assert uv, "uv is needed: it installs for Pythons that have no pip"
        limits = root / "constraints.txt"
        limits.write_text("\n".join(constraints) + "\n", encoding="utf-8")
        command = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--only-binary", ":all:", *options, "--constraints", str(limits)]
        command += ["--python", str(root / "bin" / "python"), *requirements]
        subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **variables})
    stamp.write_text(content, encoding="utf-8")
    return root


def site_packages(root: Path) -> Path:
    """Return where the environment ``root`` has its packages."""
    (found,) = root.glob("lib/python*/site-packages")
    return found


def installed(root: Path) -> dict[str, str]:
    """Return the releases in the environment ``root``, by normalised name."""
    names = (path.name.removesuffix(".dist-info").rpartition("-") for path in site_packages(root).glob("*.dist-info"))
    return {name.lower().replace("_", "-").replace(".", "-"): release for name, _, release in sorted(names)}
