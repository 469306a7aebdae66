"""An extension module that a start goes on without does not tie the file to its platform."""

from __future__ import annotations

import sys
from textwrap import dedent

import pytest
from known_targets import TARGETS

from bundler.analyse import imports
from bundler.analyse.conditions import Target
from bundler.analyse.needed import needed
from bundler.compiler import compile_sources

EXTENSION = "pkg/fast.cpython-311-x86_64-linux-gnu.so"


def found(main: str, *, entry: str = "main", **modules: str) -> list[str]:
    """The extension modules that a start of ``main`` needs; ``modules`` are by path, with ``__`` for ``/``."""
    sources = {"main.py": dedent(main).encode(), "pkg/__init__.py": b""}
    sources.update((name.replace("__", "/", 1) + ".py", dedent(text).encode()) for name, text in modules.items())
    names = {path[:-3].replace("/", ".").removesuffix(".__init__"): path for path in sources}
    names = {"pkg.fast": EXTENSION, **{name: path for name, path in names.items() if name != "pkg.fast"}}
    compiled = compile_sources(TARGETS[-1], sources.items(), [0], workers=1)
    order, starting, _ = imports.order([entry], names, compiled)
    return needed([entry], order[:starting], names, compiled, sources, Target(sys.version_info[:3], "linux"))


@pytest.mark.parametrize(
    "main",
    [
        "import pkg.fast",
        "from pkg import fast",
        "from pkg.fast import thing",
        "def main():\n    import pkg.fast",  # what the entry point does in its functions
        "try:\n    import pkg.fast\nexcept ValueError:\n    pass",
        "try:\n    import pkg.fast\nexcept ImportError as error:\n    raise ImportError('see the manual') from error",
        "try:\n    pass\nfinally:\n    import pkg.fast",
        "import sys\nif sys.version_info >= (3, 9):\n    import pkg.fast",
        "import sys\nif sys.platform == 'win32':\n    pass\nelse:\n    import pkg.fast",
        "from os import environ\nif environ.get('SETUP'):\n    print('setting up')\nelse:\n    import pkg.fast",
        "class Namespace:\n    import pkg.fast",
        "with open('x') as file:\n    import pkg.fast",
    ],
)
def test_import_that_nothing_catches_is_needed(main):
    assert found(main) == [EXTENSION]


@pytest.mark.parametrize(
    "main",
    [
        "",
        "try:\n    import pkg.fast\nexcept ImportError:\n    pass",
        "try:\n    from pkg import fast\nexcept Exception:\n    fast = None",
        "try:\n    import pkg.fast\nexcept:\n    print('slow')",
        "import sys\nif sys.platform == 'win32':\n    import pkg.fast",
        "from os import environ\nif environ.get('FAST'):\n    import pkg.fast",
        "from os import environ\nif environ.get('SLOW'):\n    import pkg\nelse:\n    import pkg.fast",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import pkg.fast",
    ],
)
def test_import_that_is_caught_or_may_not_run_is_not(main):
    assert found(main) == []


def test_module_of_python_code_beside_it_serves_as_well():
    assert found("import pkg.fast", pkg__fast="") == []


def test_caught_import_covers_what_that_imports_in_turn():
    modules = {"pkg__middle": "import pkg.fast"}
    assert found("import pkg.middle", **modules) == [EXTENSION]
    assert found("try:\n    import pkg.middle\nexcept ImportError:\n    pass", **modules) == []


def test_one_way_that_nothing_catches_is_enough():
    modules = {"pkg__middle": "import pkg.fast", "pkg__other": "try:\n    import pkg.fast\nexcept ImportError:\n    pass"}
    assert found("import pkg.other", **modules) == []
    assert found("import pkg.other, pkg.middle", **modules) == [EXTENSION]


def test_functions_of_other_modules_are_not_a_start():
    assert found("import pkg.middle", pkg__middle="def later():\n    import pkg.fast") == []


def test_circle_of_imports_ends():
    assert found("import pkg.a", pkg__a="import pkg.b", pkg__b="import pkg.a\nimport pkg.fast") == [EXTENSION]
    assert found("try:\n    import pkg.a\nexcept ImportError:\n    pass", pkg__a="import pkg.b", pkg__b="import pkg.a\nimport pkg.fast") == []
