from __future__ import annotations

import pytest

from bundler.names import is_top_level_name, uses_relative_imports


@pytest.mark.parametrize(
    "source",
    [
        "def main(): ...", "async def main(): ...", "class main: ...", "main = 1", "main: int = 1", "a, (main, *b) = x",
        "import main", "import main.sub", "import x as main", "from x import main", "from x import y as main",
        "from x import *", "try:\n    from x import main\nexcept ImportError:\n    pass", "if 1:\n    def main(): ...",
        "with x as main: ...", "for main in x: ...", "(main := 1)", "def __getattr__(name): ...", "globals()['main'] = 1",
        "import sys\nsys.modules[__name__] = x", "try: ...\nexcept E as main: ...", "def (:", "\0",
    ],
)  # fmt: skip
def test_name_that_the_module_has_is_found(source):
    assert is_top_level_name(source.encode(), "main")[0]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def other(): main = 1",
        "class A:\n    def main(self): ...",
        "x = main",
        "f = lambda: (main := 1)",
        "[main for main in x]",
        "from main import x",
    ],
)
def test_name_that_the_module_does_not_bind_is_not_found(source):
    assert not is_top_level_name(source.encode(), "main")[0]


def test_names_are_listed_for_suggestions():
    assert is_top_level_name(b"import os\ndef run(): ...\n__all__ = []\n", "rum") == (False, ["os", "run"])


@pytest.mark.parametrize(
    "source, expected", [("from . import a", True), ("from .a import b", True), ("import a", False), ("def (:", False)]
)
def test_relative_imports_are_seen(source, expected):
    assert uses_relative_imports(source.encode()) is expected
