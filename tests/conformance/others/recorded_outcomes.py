"""Record what becomes of each test, on the side of the tests: a plug-in of pytest, and a way to run unittest.

``-m pytest -p recorded_outcomes ...``, or ``-m recorded_outcomes ...`` in place of ``-m unittest ...``; a script as
first argument is run instead. ``$OUTCOMES_FILE`` gets, as JSON, ``outcomes``, by test, and ``files``, where the packages
that ``$OUTCOMES_OF`` names came from. It stands next to the tested package: in an environment, or in a bundle.
"""

import atexit
import json
import os
import sys

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
_WORSE = (PASSED, SKIPPED, FAILED)

outcomes = {}


def note(test, outcome):
    """Keep ``outcome`` of ``test``, unless a worse one is known: of its parts, its set-up, its subtests."""
    if _WORSE.index(outcome) >= _WORSE.index(outcomes.get(test, PASSED)):
        outcomes[test] = outcome


def write():
    """Write what was recorded."""
    tested = os.environ["OUTCOMES_OF"].split()
    files = {name: getattr(sys.modules.get(name), "__file__", None) for name in tested}
    with open(os.environ["OUTCOMES_FILE"], "w", encoding="utf-8") as file:
        json.dump({"outcomes": outcomes, "files": files}, file, indent=1)


def pytest_runtest_logreport(report):
    """Take note of a test's set-up, call and tear-down; an expected failure passes."""
    if hasattr(report, "wasxfail"):
        note(report.nodeid, PASSED)
    else:
        note(report.nodeid, report.outcome)


def pytest_collectreport(report):
    """Take note of a test file that could not be read."""
    if report.outcome != PASSED:
        note(report.nodeid, report.outcome)


def pytest_sessionfinish(session):
    """Write the record, once: not in each worker of xdist."""
    if not hasattr(session.config, "workerinput"):
        write()


def _patched(name, outcome):
    from unittest import TestResult

    original = getattr(TestResult, name)

    def add(result, test, *details):
        note(test.id(), outcome)
        return original(result, test, *details)

    setattr(TestResult, name, add)


def main():
    """Run ``unittest``, or the script that is the first argument, and record outcomes."""
    import runpy
    import unittest
    from unittest import TestResult

    for name in ("addSuccess", "addExpectedFailure"):
        _patched(name, PASSED)
    for name in ("addError", "addFailure", "addUnexpectedSuccess"):
        _patched(name, FAILED)
    _patched("addSkip", SKIPPED)
    add_subtest = TestResult.addSubTest

    def add(result, test, subtest, error):
        if error is not None:
            note(test.id(), FAILED)
        return add_subtest(result, test, subtest, error)

    TestResult.addSubTest = add
    atexit.register(write)
    if sys.argv[1].endswith(".py"):
        script = sys.argv[1]
        del sys.argv[0]
        sys.path[0] = os.path.dirname(os.path.abspath(script))
        runpy.run_path(script, run_name="__main__")
    else:
        unittest.main(module=None)


if __name__ == "__main__":
    main()
