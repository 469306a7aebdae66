"""Write docs/compatibility.md: what was compared, what differs and why.

``make compatibility`` runs this, after the packages' own tests have been run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

_TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(Path(__file__).parent / "others"), str(_TESTS / "packages"), str(_TESTS / "native"), str(_TESTS), str(_TESTS.parent)]

from accepted import ACCEPTED, DOORWAY, LAUNCHED, Difference  # noqa: E402
from applications import applications  # noqa: E402
from fared import section as section_of_packages  # noqa: E402
from interpreters import VERSIONS, interpreters  # noqa: E402
from listed import packages  # noqa: E402
from outcomes import section as section_of_applications  # noqa: E402
from places import TOPICS, Places, differing  # noqa: E402
from results import gather, section  # noqa: E402
from standard_library import topics  # noqa: E402
from suites import suites  # noqa: E402

PAGE = Path(__file__).parents[2] / "docs" / "compatibility.md"

INTRODUCTION = """\
# Compatibility

Code cannot tell, in any way that matters to it, that it was imported from a bundle. This page says how that is known, and where it is not so.
`make compatibility` writes it.
"""

OBSERVED = """\
## What code observes

One tree of packages, data files and metadata is imported from a directory, from a plain zip file, and from a bundle, on each Python; a program in it
observes what the import system shows of it. The table counts the observations (of the Python with the most), and on how many (at most, over the Pythons) a plain zip and a bundle
differ from the directory, what only one of the two shows included. `make test`, or `make test-conformance` on some Pythons, fails where a bundle differs and the difference is not listed below.
"""

DIFFERENCES = """\
## Accepted differences

*Launched* is an app started by its launcher, *library* a bundle on `sys.path` that is entered with no launcher.
"""

WAYS = {(LAUNCHED,): "launched", (DOORWAY,): "library"}


def main() -> None:
    """Observe on every interpreter and write the page."""
    with TemporaryDirectory() as directory:
        counts = list(count(Path(directory)))
    gather()
    observed = [INTRODUCTION, OBSERVED, observed_table(counts), DIFFERENCES, differences_table(ACCEPTED)]
    sections = [section_of_packages(packages()), section_of_applications(applications()), section(suites(), topics())]
    PAGE.write_text("\n".join(observed + sections))


def count(directory: Path) -> Iterable[tuple[str, list[int]]]:
    """Yield each topic with the numbers of observations, and of those that differ in a zip, launched, as a library."""
    places = {version: Places(directory / version, python) for version, python in interpreters().items()}
    for topic in TOPICS:
        most = [0, 0, 0, 0]
        for place in places.values():
            expected = place.observe("directory", topic)
            differ = [len(differing(expected, place.observe(way, topic))) for way in ("zip", LAUNCHED, DOORWAY)]
            most = [max(pair) for pair in zip(most, [len(expected), *differ])]
        yield topic, most


def observed_table(counts: Iterable[tuple[str, Sequence[int]]]) -> str:
    """Return the table of counts."""
    lines = ["| topic | observations | differ in a zip | in a launched bundle | in a bundle as a library |", "|---|---|---|---|---|"]
    lines += ["| %s | %d | %d | %d | %d |" % (topic, *numbers) for topic, numbers in counts]
    return "\n".join(lines) + "\n"


def differences_table(accepted: Sequence[Difference]) -> str:
    """Return the table of accepted differences."""
    lines = ["| what | where | Python | why |", "|---|---|---|---|"]
    for each in accepted:
        lines.append("| `%s` | %s | %s | %s |" % (each.observation, WAYS.get(each.ways, "both"), pythons(each.versions), each.reason))
    return "\n".join(lines) + "\n"


def pythons(versions: Sequence[str]) -> str:
    """Return the versions as a range, or one by one."""
    if len(versions) == len(VERSIONS):
        return "all"
    first = VERSIONS.index(versions[0])
    if len(versions) > 1 and VERSIONS[first : first + len(versions)] == tuple(versions):
        return "%s to %s" % (versions[0], versions[-1])
    return ", ".join(versions)


if __name__ == "__main__":
    main()
