import pytest

from bundler.analyse.imports import MissingImport, missing, order, resolve, suggest
from bundler.stages import Compiled, Import


def compiled(*imports):
    return Compiled(code={}, imports=imports)


def test_order_follows_imports_depth_first_and_parents_come_first():
    modules = {"main": "main.py", "p": "p/__init__.py", "p.a": "p/a.py", "p.b": "p/b.py", "z": "z.py", "c": "c.py"}
    facts = {
        "main.py": compiled(Import("p.b", 0, ()), Import("z", 0, ())),
        "p/__init__.py": compiled(Import("", 1, ("a", "name"))),
        "p/b.py": compiled(Import("main", 0, ()), Import("absent", 0, ())),
    }
    expected = ["main.py", "p/__init__.py", "p/a.py", "p/b.py", "z.py", "c.py"]
    assert order(["main"], modules, facts) == (expected, 5, 5)


def test_imports_in_functions_come_after_all_that_run_at_once():
    modules = {name: name + ".py" for name in ("main", "app", "first")}
    facts = {"main.py": compiled(Import("app", 0, (), inner=True), Import("first", 0, ()))}
    assert order(["main"], modules, facts) == (["main.py", "first.py", "app.py"], 3, 3)


def test_imports_in_functions_of_the_module_that_main_comes_from_belong_to_a_start():
    modules = {name: name + ".py" for name in ("main", "core", "late", "other", "later")}
    facts = {
        "main.py": compiled(Import("core", 0, ("main",), inner=True), Import("other", 0, ("x",), inner=True)),
        "core.py": compiled(Import("late", 0, (), inner=True)),
        "other.py": compiled(Import("later", 0, (), inner=True)),
    }
    assert order(["main"], modules, facts) == (["main.py", "core.py", "other.py", "late.py", "later.py"], 4, 5)


def test_what_a_package_holds_and_imports_as_a_top_level_module_is_followed():
    modules = {"p": "p/__init__.py", "p.held": "p/held/__init__.py", "p.held.a": "p/held/a.py", "p.json": "p/json.py", "own": "own.py", "p.own": "p/own.py"}
    facts = {
        "p/__init__.py": compiled(Import("held", 0, ("a",)), Import("json", 0, ()), Import("own", 0, ())),
        "p/held/a.py": compiled(Import("held.b", 0, ()), Import("absent", 0, ())),
    }
    expected = ["p/__init__.py", "p/held/__init__.py", "p/held/a.py", "own.py"]
    found, start, _ = order(["p"], modules, facts, frozenset(["json"]))
    assert found[:start] == expected


@pytest.mark.parametrize(
    ("what", "package", "expected"),
    [
        (Import("a.b", 0, ()), "p", "a.b"),
        (Import("a", 1, ()), "p.q", "p.q.a"),
        (Import("", 1, ("x",)), "p.q", "p.q"),
        (Import("a", 2, ()), "p.q", "p.a"),
        (Import("a", 3, ()), "p.q", None),
        (Import("a", 1, ()), "", None),
    ],
)
def test_relative_imports_are_resolved_as_pep_328_has_it(what, package, expected):
    assert resolve(what, package) == expected


def names(source, **target):
    return [each.name for each in missing({"a.py": source.encode()}, ["bundled.x"], frozenset(["sys", "os"]), **target)]


def test_the_first_missing_import_of_each_name_is_returned_with_its_line():
    sources = {"b.py": b"import sys, bundled\n\nimport yaml.nodes\ndef f():\n  from yaml import x\n", "a.py": b"import sk"}
    assert missing(sources, ["bundled"], frozenset(["sys"])) == [
        MissingImport("a.py", 1, "sk"),
        MissingImport("b.py", 3, "yaml.nodes"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "try:\n  import a\nexcept ImportError:\n  a = None\nelse:\n  import b",
        "try:\n  import a\nexcept (KeyError, ModuleNotFoundError):\n  import sys",
        "try:\n  import a\nexcept:\n  pass",
        "try:\n  import sys\nexcept ImportError:\n  import a",
        "from contextlib import suppress\nwith suppress(ImportError):\n  import a",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import a",
        "import typing as t\nif t.TYPE_CHECKING and t:\n  import a",
        "if sys.version_info < (3, 11):\n  import a",
        "if sys.version_info >= (3, 11):\n  pass\nelse:\n  import a",
        "if sys.version_info[0] == 2 or sys.version_info[:2] < (3, 9):\n  import a",
        "if sys.platform == 'win32':\n  import a",
        "if sys.platform.startswith(('win', 'cygwin')) or os.name == 'nt':\n  import a",
        "if platform.system() == 'Windows':\n  import a",
        "if not sys.version_info > (3,):\n  import a",
        "from . import a",
        "import bundled.y, __main__",
        "not python",
    ],
)
def test_what_may_be_missing_is_not_returned(source):
    lines = [line for line in source.split("\n") if not line.startswith(("from contextlib", "from typing", "import typing"))]
    assert names("\n".join(lines), version=(3, 11, 7), platform="linux") == []


@pytest.mark.parametrize(
    "source",
    [
        "try:\n  import b\nexcept ImportError:\n  import a",
        "try:\n  import a\nexcept ValueError:\n  pass",
        "try:\n  pass\nfinally:\n  import a",
        "if unknown:\n  import a",
        "if sys.version_info >= (3, 11):\n  import a",
        "if sys.version_info[:2] == (3, 11) and sys.platform != 'win32':\n  import a",
        "class C:\n  async def f(self):\n    async with x:\n      import a",
        "match x:\n  case 1:\n    import a",
        "from a import b",
    ],
)
def test_what_is_needed_is_returned(source):
    assert names(source, version=(3, 11, 7), platform="linux") == ["a"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("yaml.nodes", "PyYAML"), ("google.cloud.storage.blob", "google-cloud-storage"), ("rich.table", "rich"), ("PIL", "pillow")],
)
def test_the_distribution_is_suggested_and_not_the_module(name, expected):
    assert suggest(name) == expected


def test_submodules_tell_distributions_apart():
    assert names("from google.cloud import storage") == ["google.cloud.storage"]


def test_an_extension_module_is_read_in_the_source_beside_it():
    modules = {"main": "main.py", "p": "p/__init__.cpython-311-x86_64-linux-gnu.so", "p.a": "p/a.abi3.so", "p.b": "p/b.so", "z": "z.py"}
    facts = {
        "main.py": compiled(Import("p", 0, ())),
        "p/__init__.py": compiled(Import("", 1, ("a",))),
        "p/a.py": compiled(Import("z", 0, ())),
    }
    expected = ["main.py", modules["p"], modules["p.a"], "z.py", modules["p.b"]]
    assert order(["main"], modules, facts) == (expected, 4, 4)
