"""When the overlay is installed: before the first module where a start needs it, else when the need shows, and as `--files` says."""

from __future__ import annotations

import pytest
from running import evaluate, run

# `early` is imported before what opens files, and keeps functions where nobody finds them.
EARLY = "import os\ndef size(path, stat=os.stat):\n    return stat(path).st_size\n"
LATE = "import os\nHERE = os.path.dirname(__file__)\n"
REPORT = """
def report(**more):
    import os, sys
    loaded = any(name.partition(".")[2] == "overlay.table" for name in sys.modules if name.startswith("_bundler_"))
    print(ascii({"overlay": hasattr(os.stat, "original"), "loaded": loaded, **more}))
"""

OPENS = {
    "main.py": "import early, late, data\nfrom told import report\ndef main():\n    report(size=early.size(late.HERE + '/data.txt'))\n",
    "early.py": EARLY,
    "late.py": LATE,
    "data.py": "",
    "data.txt": "text",
    "told.py": REPORT,
}
OPENS_LATER = {
    **OPENS,
    "main.py": (
        "import early\nfrom told import report\ndef main():\n    before = hasattr(early.os.stat, 'original')\n"
        "    late = __import__('la' + 'te')\n    report(before=before, found=early.os.path.exists(late.HERE + '/data.txt'))\n"
    ),
}
OPENS_NONE = {
    "main.py": "import early, json\nfrom told import report\ndef main():\n    report(size=early.size('/'))\n",
    "early.py": EARLY,
    "told.py": REPORT,
}


def answer(python, app, **env):
    ran = run(python, app, env=env)
    assert (ran.returncode, ran.stderr) == (0, "")
    return eval(ran.stdout)


def test_overlay_is_there_before_the_first_module_of_a_start_that_needs_it(python, build_app):
    app = build_app(OPENS, entry_point="main:main", python=python)
    assert answer(python, app) == {"overlay": True, "loaded": True, "size": 4}
    told = run(python, app, env={"BUNDLER_VERBOSE": "1"}).stderr
    assert "bundler: overlay: a module that a start imports may open files next to itself\n" in told


def test_overlay_is_installed_when_a_module_that_no_start_imports_needs_it(python, build_app):
    app = build_app(OPENS_LATER, entry_point="main:main", python=python)
    assert answer(python, app) == {"overlay": True, "loaded": True, "before": False, "found": True}


def test_app_that_opens_no_files_has_no_overlay(python, build_app):
    app = build_app(OPENS_NONE, entry_point="main:main", python=python)
    found = answer(python, app)
    assert [found["overlay"], found["loaded"]] == [False, False]


def test_overlay_is_there_at_every_start_if_the_build_was_told_so(python, build_app):
    app = build_app(OPENS_NONE, entry_point="main:main", python=python, files=["overlay"])
    found = answer(python, app)
    assert [found["overlay"], found["loaded"]] == [True, True]
    program = "import os, sys\nsys.path.insert(0, sys.argv[1])\nimport early\nprint([hasattr(os.stat, 'original'), early.size(early.__file__) > 0])"
    assert evaluate(python, program, app) == [True, True]


NEVER = """
import os, pkgutil, sys, unittest
import late, shelf
import importlib.resources as resources
found = [pkgutil.get_data("shelf", "data.txt")]
if hasattr(resources, "files"):
    found += [(resources.files("shelf") / "data.txt").read_text()]
print([hasattr(os.stat, "original"), os.path.exists(late.__file__), *found])
"""


@pytest.mark.parametrize("launched", [True, False])
def test_overlay_is_never_there_if_the_build_was_told_so(python, build_app, launched):
    files = {**OPENS, "shelf/__init__.py": LATE, "shelf/data.txt": "text"}
    app = build_app(files, entry_point="main:main", python=python, files=["never"])
    if launched:
        ran = run(python, app, "-c", NEVER, env={"BUNDLER_INTERPRETER": "1"})
    else:
        ran = run(python, "-W", "ignore", "-c", NEVER, env={"PYTHONPATH": str(app)})
    assert (ran.returncode, ran.stderr) == (0, "")
    expected = [False, False, b"text", "text"]
    assert eval(ran.stdout) == expected[: len(eval(ran.stdout))]
