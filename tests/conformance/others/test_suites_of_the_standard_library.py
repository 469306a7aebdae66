"""The standard library's tests of imports pass on bundles where they pass on directories and zip files."""

from __future__ import annotations

import pytest
from comparing import as_it_is, pointed_at_bundles, problems
from interpreters import interpreters
from results import record
from standard_library import Topic, present, topics

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize("topic", [pytest.param(topic, id=name) for name, topic in topics().items()])
def test_standard_library_passes_on_bundles(topic: Topic, python: str) -> None:
    (version,) = (name for name, path in interpreters().items() if path == python)
    modules = present(topic, python)
    if not modules:
        pytest.skip(f"Python {version} came without its tests")
    expected, observed = as_it_is(modules, python), pointed_at_bundles(modules, python)
    record(f"standard library: {topic.name}", version, version, expected, observed)
    assert expected.counts()["passed"] > 0, expected.printed[-5000:]
    assert not (found := problems(expected, observed, topic.differs, version)), "\n" + "\n".join(found)
