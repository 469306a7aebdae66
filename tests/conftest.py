"""Run a test that asks for ``python`` on every interpreter, and name those that are absent: skipped is not passed."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from interpreters import VERSIONS, interpreters


def pytest_configure() -> None:
    """Take interrupts, which a shell has what it starts in the background ignore: the programs under test would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``python`` on each interpreter."""
    if "python" in metafunc.fixturenames:
        metafunc.parametrize(
            "python", [pytest.param(path, id=version) for version, path in interpreters().items()], scope="session"
        )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is costly to the long tier on most interpreters, and leave out what is marked as slow unless `-m` names it."""
    found = list(interpreters().values())
    first = {found[0], found[len(found) // 2], found[-1]} if found else set()
    for item in items:
        if item.get_closest_marker("costly") and item.callspec.params["python"] not in first:
            item.add_marker("conformance")
    if "slow" not in config.getoption("markexpr"):
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that the workers of a session share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    absent = [version for version in VERSIONS if version not in interpreters()]
    terminalreporter.write_line("interpreters: %s" % ", ".join(interpreters()))
    if absent:
        terminalreporter.write_line("absent, so not tested: Python %s" % ", ".join(absent))
