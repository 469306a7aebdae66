from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from bundler.standard_library import ADDED_AFTER_39, NAMES


@pytest.mark.parametrize("version", ["running", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"])
def test_every_version_is_covered(version):
    command = sys.executable if version == "running" else shutil.which(f"python{version}")
    program = "import sys; print(*sys.stdlib_module_names)"
    done = command and subprocess.run([command, "-I", "-S", "-c", program], capture_output=True, text=True)
    if not done or done.returncode:
        pytest.skip(f"no Python {version} here")
    assert set(done.stdout.split()) - NAMES == set()


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
