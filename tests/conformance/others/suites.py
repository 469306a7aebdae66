"""The list of other people's test suites, suites.toml, as data."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LIST = Path(__file__).with_name("suites.toml")


@dataclass(frozen=True)
class Suite:
    """The tests of a release of a package, and how to run them."""

    name: str
    version: str
    tested: tuple[str, ...]  #: the import packages that must come from the bundle
    run: tuple[str, ...]  #: arguments of the interpreter, which starts in the unpacked source distribution
    sha256: str = ""  #: of the source distribution; empty if the tests are among what is installed
    requires: tuple[str, ...] = ()  #: what the tests need beside the package
    remove: tuple[str, ...] = ()  #: what would be imported in place of what is installed: paths in the source distribution
    install: dict[str, str] = field(default_factory=dict)  #: paths in it to what is to lie among what is installed
    versions: tuple[str, ...] = ("3.11", "3.14")
    deselected: dict[str, str] = field(default_factory=dict)  #: pattern of a test's name to why it is not counted
    differs: dict[str, str] = field(default_factory=dict)  #: pattern of a test's name to why it fails in a bundle

    @property
    def requirements(self) -> tuple[str, ...]:
        """What is installed."""
        return f"{self.name}=={self.version}", *self.requires


def suites() -> dict[str, Suite]:
    """Return the suites by name."""
    with LIST.open("rb") as file:
        listed: dict[str, Any] = tomllib.load(file)["suite"]
    return {name: Suite(name, **{key: _frozen(value) for key, value in table.items()}) for name, table in listed.items()}


def constraints() -> tuple[str, ...]:
    """Return the version of each distribution that any of the suites installs."""
    with LIST.open("rb") as file:
        return tuple(tomllib.load(file)["constraints"])


def matches(test: str, patterns: Iterable[str]) -> bool:
    """Tell whether the name of a test is one of ``patterns``, or matches one (``*`` stands for anything)."""
    return any(test == pattern or re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), test) for pattern in patterns)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
