"""The tests of the standard library that are pointed at bundles: standard_library.toml, as data."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from suites import tomllib

LIST = Path(__file__).with_name("standard_library.toml")


@dataclass(frozen=True)
class Topic:
    """Tests on one topic."""

    name: str
    modules: tuple[str, ...]  #: where the tests are, in one Python or another; those that there are are run
    differs: dict[str, str] = field(default_factory=dict)  #: as in ``suites.Suite``


def topics() -> dict[str, Topic]:
    """Return the topics by name."""
    with LIST.open("rb") as file:
        listed = tomllib.load(file)["topic"]
    return {name: Topic(name, tuple(table["modules"]), table.get("differs", {})) for name, table in listed.items()}


def present(topic: Topic, python: str) -> list[str]:
    """Return the modules of ``topic`` that ``python`` has: some are installed without their tests."""
    program = (
        "import importlib.util, sys\n"
        "def there(name):\n"
        "    try: return importlib.util.find_spec(name)\n"
        "    except ImportError: return None\n"
        "print(*filter(there, sys.argv[1:]))"
    )
    asked = subprocess.run([python, "-I", "-c", program, *topic.modules], capture_output=True, text=True, check=True)
    return asked.stdout.split()
