"""The list of packages, packages.toml, as data; ``calls/`` has the program of each."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LIST = Path(__file__).with_name("packages.toml")
CALLS = Path(__file__).with_name("calls")

#: What a package is chosen for, in the words of the table.
KINDS = {
    "files": "opens files next to itself",
    "resources": "reads resources",
    "metadata": "reads metadata, finds plug-ins",
    "children": "starts children",
    "native": "is compiled",
    "libraries": "is compiled, with libraries in a directory of their own",
}


@dataclass(frozen=True)
class Package:
    """A release of a package, and what is known of it in a bundle."""

    name: str
    version: str
    kind: str  #: one of ``KINDS``
    chosen_for: str
    requires: tuple[str, ...] = ()  #: what its call needs beside it
    environment: str = "plain"  #: packages that name the same are installed together
    fails: str = ""  #: why its call does not pass from a bundle
    disk: tuple[str, ...] = ()  #: the patterns of ``--files disk=`` with which it passes, launched

    @property
    def call(self) -> str:
        """The text of its program, which prints what depends on its data."""
        return (CALLS / f"{self.name}.py").read_text(encoding="utf-8")

    @property
    def requirements(self) -> tuple[str, ...]:
        """What is installed for it."""
        return f"{self.name}=={self.version}", *self.requires


def packages() -> dict[str, Package]:
    """Return the packages by name, in the order of the list."""
    return {name: Package(name, **{key: _frozen(value) for key, value in table.items()}) for name, table in _read()["package"].items()}


def constraints() -> tuple[str, ...]:
    """Return the version of each distribution that any of them installs."""
    return tuple(_read()["constraints"])


def _read() -> dict[str, Any]:
    with LIST.open("rb") as file:
        return tomllib.load(file)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
