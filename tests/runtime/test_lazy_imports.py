"""``--lazy``: on 3.15 and later imports of the packages named are lazy, before that nothing is other than ever."""

from __future__ import annotations

import ast

import pytest
from interpreters import version
from running import run

from bundler.report import Report

FILES = {
    "shop/__init__.py": "import colorsys\nimport shop.registered\n",
    "shop/registered.py": "",
    "shop/main.py": """if 1:
        import sys
        import heavy, wave
        def main():
            names = "colorsys", "shop.registered", "heavy", "wave", "quopri"
            before = [name for name in names if name in sys.modules]
            heavy.VALUE, wave.__name__
            print([before, [name for name in names if name in sys.modules]])
    """,
    "heavy.py": "import quopri\nVALUE = 1\n",
}
EVERY = ["colorsys", "shop.registered", "heavy", "wave", "quopri"]


class Told(Report):
    def __init__(self):
        self.warnings = []

    def warn(self, text, hint=None):
        self.warnings.append(text)


@pytest.mark.parametrize(
    ("packages", "before", "after"),
    [
        ([], EVERY, EVERY),
        (["all"], [], ["heavy", "wave"]),
        (["shop"], [], ["heavy", "wave", "quopri"]),
        (["heavy"], ["colorsys", "shop.registered", "heavy", "wave"], ["colorsys", "shop.registered", "heavy", "wave"]),
    ],
    ids=str,
)
def test_imports_are_done_when_a_name_is_used(python, build_app, packages, before, after):
    app = build_app(FILES, entry_point="shop.main:main", python=python, lazy=packages)
    expected = [before, after] if version(python) >= (3, 15) else [EVERY, EVERY]
    for env in ({}, {"BUNDLER_DISABLE": "lazy"}):
        ran = run(python, app, env=env)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ast.literal_eval(ran.stdout) == (expected if not env else [EVERY, EVERY])


def test_build_names_imports_of_the_application_that_would_never_be_done(python, build_app):
    told = Told()
    build_app(FILES, entry_point="shop.main:main", python=python, lazy=["all"], name="told.pyz", report=told)
    if version(python) >= (3, 15):
        assert told.warnings == ["shop/__init__.py:2 imports `shop.registered` and does not use it: lazily, it is never imported"]
    else:
        assert told.warnings == ["`--lazy` does nothing before Python 3.15, and none of the targets is that new"]
