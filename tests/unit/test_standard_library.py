from __future__ import annotations

import subprocess
import sys

import pytest

from bundler.standard_library import ADDED_AFTER_39, NAMES


def names_of(python: str) -> set[str]:
    """Ask ``python`` for the names of its standard library; 3.9 cannot say."""
    program = "import sys; print(*getattr(sys, 'stdlib_module_names', ()))"
    return set(
        subprocess.run([python, "-I", "-S", "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


def test_running_version_is_covered():
    assert sys.stdlib_module_names <= NAMES


def test_every_version_is_covered(python):
    assert names_of(python) - NAMES == set()


@pytest.mark.parametrize(
    "name",
    ["distutils", "imp", "asyncore", "cgi", "formatter", "tomllib", "compression", "annotationlib", "_zstd", "winreg"],
)
def test_removed_and_new_and_foreign_modules_are_known(name):
    assert name in NAMES


def test_what_39_lacks_is_part_of_all_names():
    assert ADDED_AFTER_39 < NAMES
    assert "tomllib" in ADDED_AFTER_39
    assert not {"os", "winreg", "graphlib", "parser"} & ADDED_AFTER_39


@pytest.mark.parametrize("name", ["test", "pip", "setuptools", "site-packages"])
def test_names_that_applications_may_have_are_free(name):
    assert name not in NAMES
