"""What uv and pip really wrote, and what is made of it."""

from __future__ import annotations

import sys

import pytest

from bundler import targets
from bundler.interpreter import describe
from bundler.resolver_output import explain, warnings

PIP_UNKNOWN = """\
WARNING: Location 'file:///x/' is ignored: it is neither a file nor a directory.
ERROR: Could not find a version that satisfies the requirement nosuch (from versions: none)
ERROR: No matching distribution found for nosuch

[notice] A new release of pip is available: 23.2.1 -> 26.3
[notice] To update, run: pip install --upgrade pip
"""
PIP_VERSION = """\
ERROR: Ignored the following versions that require a different python version: 2.1.0 Requires-Python >=3.99
ERROR: Could not find a version that satisfies the requirement x==9 (from versions: 1.0, 1.1, 1.2, 1.3, 2.0)
ERROR: No matching distribution found for x==9
"""
PIP_CONFLICT = """\
INFO: pip is looking at multiple versions of a to determine which version is compatible.
ERROR: Cannot install a and b==1 because these package versions have conflicting dependencies.

The conflict is caused by:
    The user requested b==1
    a 1.0 depends on b<1
"""
PIP_BUILD = """\
  error: subprocess-exited-with-error

  × python setup.py egg_info did not run successfully.
  │ exit code: 1
  ╰─> [3 lines of output]
      Traceback (most recent call last):
        File "setup.py", line 1, in <module>
      RuntimeError: no compiler here
      [end of output]

  note: This error originates from a subprocess, and is likely not a problem with pip.
error: metadata-generation-failed
"""
UV_OLD = """\
Using Python 3.11.7 environment at: /x
  × No solution found when resolving dependencies:
  ╰─▶ Because there is no version of
      x==9 and you require x==9, we can conclude that your
      requirements are unsatisfiable.
"""
UV_NETWORK = """\
error: Request failed after 3 retries in 9.7s
  cause: Failed to fetch: `https://example.org/simple/x/`
  cause: dns error
"""


@pytest.mark.parametrize(
    "output, reason, hint",
    [
        (PIP_UNKNOWN, "Could not find a version that satisfies the requirement nosuch (from versions: none)", "check the spelling, and that the index it comes from is configured for pip or uv"),
        (PIP_VERSION, "Could not find a version that satisfies the requirement x==9 (the last versions are 1.2, 1.3, 2.0)", None),
        (PIP_VERSION.replace("x==9", "x>=2.1"), "Could not find a version that satisfies the requirement x>=2.1 (the last versions are 1.2, 1.3, 2.0)", "it is for another Python than {}: choose one with `-p`, or another version"),
        (PIP_CONFLICT, "Cannot install a and b==1 because these package versions have conflicting dependencies; The conflict is caused by: The user requested b==1; a 1.0 depends on b<1", None),
        (PIP_BUILD, "RuntimeError: no compiler here", "it has no wheel for this Python and its build failed: `-v` shows all of it"),
        (UV_OLD, "Because there is no version of x==9 and you require x==9, we can conclude that your requirements are unsatisfiable", None),
        (UV_NETWORK, "the package index cannot be reached", "check the network, or the index that pip or uv is told to use"),
        ("", "the installer failed and did not say why", None),
        ("error: something new\n", "something new", None),
        ("Segmentation fault\n", "Segmentation fault", None),
    ],
)  # fmt: skip
def test_reason_is_one_line_without_noise(output, reason, hint):
    target = targets.of(describe(sys.executable))
    assert explain(output, ["x", "y"], target) == (
        f"cannot install `x`, `y`: {reason}",
        hint and hint.format(target.minor),
    )


def test_requirements_file_has_no_names_to_tell():
    assert explain("error: x\n", [], targets.of(describe(sys.executable)))[0] == "cannot install the requirements: x"


def test_only_warnings_that_a_user_can_act_on_are_kept():
    output = (
        "WARNING: Running pip as the 'root' user\n"
        "warning: The package `app==1` does not have an extra named `fast`\n"
        "warning: The package `app==1` does not have an extra named `fast`\n"
        "WARNING: app 1.0 does not provide the extra 'fast'\n"
        "warning: `x==1` is yanked (reason: broken).\n"
    )
    assert warnings(output) == [
        "The package `app==1` does not have an extra named `fast`",
        "app 1.0 does not provide the extra 'fast'",
        "`x==1` is yanked (reason: broken)",
    ]


def test_crash_of_the_installer_is_told_without_its_traceback():
    output = (
        "ERROR: Exception:\nTraceback (most recent call last):\n"
        '  File "pip/base_command.py", line 180, in exc_logging_wrapper\n    status = run_func(*args)\n'
        "             ^^^^^^^^^^^^^^^\nAttributeError: module 'pkgutil' has no attribute 'ImpImporter'\n"
    )
    target = targets.of(describe(sys.executable))
    assert explain(output, ["cowsay"], target) == (
        "cannot install `cowsay`: the installer itself failed: AttributeError: module 'pkgutil' has no attribute 'ImpImporter'",
        f"install uv, or a pip that runs on Python {target.minor}",
    )
