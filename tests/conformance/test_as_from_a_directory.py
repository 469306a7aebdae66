"""What code observes of the import system in a bundle is what it observes in a directory."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from accepted import ACCEPTED, DOORWAY, LAUNCHED
from interpreters import interpreters
from places import TOPICS, Places, differing


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Places]:
    """A function that lays the tree in its places for an interpreter, once."""
    return cache(lambda python: Places(tmp_path_factory.mktemp("places"), python))


COSTLY = ("introspection_tools", "introspection_tracebacks")


@pytest.mark.parametrize("topic", [pytest.param(name, marks=pytest.mark.costly if name in COSTLY else ()) for name in TOPICS])
def test_bundle_is_observed_as_a_directory_is(places: Callable[[str], Places], python: str, topic: str) -> None:
    (version,) = (name for name, path in interpreters().items() if path == python)
    expected = places(python).observe("directory", topic)
    assert expected
    problems = []
    for way in (LAUNCHED, DOORWAY):
        found = differing(expected, places(python).observe(way, topic))
        for name, (before, after) in found.items():
            if not any(each.covers(name, way, version) for each in ACCEPTED):
                problems.append(f"{way}: {name}\n  directory: {before!r}\n  bundle:    {after!r}")
        # what is accepted must be there still, or the page says what is not so any more
        problems += [
            f"{way}: {each.observation} is accepted and does not differ"
            for each in ACCEPTED
            if each.observation.startswith(topic + ".")
            and way in each.ways
            and version in each.versions
            and not any(each.covers(name, way, version) for name in found)
        ]
    assert not problems, "\n" + "\n".join(problems)
