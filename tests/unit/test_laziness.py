"""What a build says of imports that are to be lazy."""

from __future__ import annotations

import pytest

from bundler import laziness
from bundler.analyse.unused import unused
from bundler.errors import UsageError

MODULES = {"shop", "shop.handlers", "shop.prices", "shop.signals", "other"}


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("shop/main.py", "import shop.handlers\n", [(1, "shop.handlers")]),
        ("shop/main.py", "import shop.handlers\nshop.handlers.go()\n", []),
        ("shop/main.py", "\nfrom . import handlers\n", [(2, "shop.handlers")]),
        ("shop/__init__.py", "from . import handlers, prices\nprices\n", [(1, "shop.handlers")]),
        ("shop/__init__.py", "from . import handlers\n__all__ = ['handlers']\n", []),
        ("shop/sub/main.py", "from .. import signals as _signals\n", [(1, "shop.signals")]),
        ("shop/main.py", "from shop.prices import TABLE\n", []),  # no module: what is imported from one is used elsewhere
        ("shop/main.py", "import json\n", []),  # not of the bundle
        ("shop/main.py", "try:\n    import other\nexcept ImportError:\n    pass\n", []),
        ("shop/main.py", "def f():\n    import other\n", []),
        ("shop/main.py", "if True:\n    import other\n", [(2, "other")]),
        ("shop/main.py", "import other\nx: 'other.Kind'\n", []),
        ("shop/main.py", "import other\nprint 'python 2'\n", []),
        ("main.py", "import other, shop\nshop\n", [(1, "other")]),
    ],
)
def test_imports_that_are_there_for_what_they_run_are_found(path: str, source: str, found: list[tuple[int, str]]) -> None:
    assert [(each.line, each.module) for each in unused({path: source.encode()}, MODULES)] == found


@pytest.mark.parametrize(
    ("packages", "message"),
    [
        (["a.b"], "`--lazy a.b` names no package"),
        (["src/"], "`--lazy src/` names no package"),
        (["all", "rich"], "`--lazy all` leaves nothing to name"),
    ],
)
def test_what_names_no_package_is_refused(packages: list[str], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        laziness.check(packages)
    assert refused.value.message == message
    assert refused.value.hint


def test_names_and_all_are_taken() -> None:
    laziness.check(["rich", "__main__"])
    laziness.check(["all"])
    laziness.check([])
