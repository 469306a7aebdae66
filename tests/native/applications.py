"""The list of applications, applications.toml, as data; ``source/work/`` has what each of them does."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
SOURCE = HERE / "source"
_PINS = HERE / "pins"


@dataclass(frozen=True)
class Application:
    """An application, and what is known of it."""

    name: str  #: of its work
    environment: str  #: applications that name the same are installed together, and lie in one app file
    chosen_for: str
    distribution: str  #: the one that it is about
    requires: tuple[str, ...] = ()  #: further distributions
    writes: tuple[str, ...] = ()  #: patterns of what it writes itself, and elsewhere if its code is in an environment: ``home`` is the user's directory
    without: tuple[str, ...] = ()  #: the Pythons that have no wheel of it


def applications() -> dict[str, Application]:
    """Return the applications by name, in the order of the list."""
    listed: dict[str, Any] = tomllib.loads((HERE / "applications.toml").read_text(encoding="utf-8"))
    return {name: Application(name, **{"distribution": name, **_frozen(table)}) for name, table in listed.items()}


def together(environment: str, version: str) -> list[Application]:
    """Return the applications of an environment that can be had for the Python ``version``."""
    return [each for each in applications().values() if each.environment == environment and version not in each.without]


def requirements(chosen: list[Application]) -> list[str]:
    """Return what is installed for them."""
    return sorted({name for each in chosen for name in (each.distribution, *each.requires)})


def pins(environment: str, version: str) -> list[str]:
    """Return the release of each distribution in an environment of the Python ``version``; none if it was never installed."""
    path = _PINS / environment / f"{version}.txt"
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def pin(environment: str, version: str, installed: dict[str, str]) -> None:
    """Have the same releases installed from now on."""
    path = _PINS / environment / f"{version}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{name}=={release}\n" for name, release in installed.items()), encoding="utf-8")


def _frozen(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
