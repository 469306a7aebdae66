"""Modules of the standard library are found sooner in an app, and are what the standard finders would have made of them."""

from __future__ import annotations

import ast
import importlib.util
import marshal
import os
import py_compile
import textwrap

import pytest
from interpreters import interpreters
from running import run

from runtime_stub.startup import library

# Modules of one file, packages, modules in packages, extension modules, built-in and frozen ones, one that is missing.
OBSERVE = """
import importlib, importlib.util, sys, traceback
def shown(text):
    return str(text).replace(sys.bundler_file, "APP").partition(" at 0x")[0]
def observe(name):
    found = importlib.util.find_spec(name)
    spec = [found and isinstance(found.loader, importlib.machinery.SourceFileLoader), shown(found)[:40]]
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        return [spec, shown("".join(traceback.format_exception(type(error), error, error.__traceback__)))]
    again = importlib.reload(module) if name == "colorsys" else module
    found, loader = again.__spec__, again.__loader__
    code = getattr(getattr(module, "_test", None) or getattr(module, "main", None), "__code__", None)
    return [
        spec, shown(loader), type(loader).__qualname__, loader is found.loader, found.name, found.parent, found.origin, found.cached, found.has_location,
        found.submodule_search_locations, code and code.co_filename, [[key, shown(value)] for key, value in list(vars(module).items())[:9] if key != "__builtins__"],
    ]
NAMES = "colorsys json json.tool wave xml.dom.minidom email.mime.text sched _bisect array _decimal sys os itertools nowhere concurrent.futures.thread ctypes.nowhere unittest.mock".split()
def main():
    print([observe(name) for name in NAMES])
"""
FAILING = """
import sys, traceback
def main():
    sys.modules["_bisect"] = sys.modules["heapq"] = None
    shown = []
    for name in ("sched", "xml.nowhere"):
        try:
            __import__(name)
        except ImportError as error:
            shown.append([each.name for each in traceback.extract_tb(error.__traceback__)] + [str(error)])
    print(shown)
"""
OTHERS = """
import importlib.machinery, os, sys, tempfile, types
class Finder:
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name in ("wave", "xml.sax") else None
    def create_module(self, spec):
        return types.ModuleType(spec.name)
    def exec_module(self, module):
        module.MADE = "by a finder"
def main():
    told = []
    import colorsys, xml
    told.append(colorsys.MADE if hasattr(colorsys, "MADE") else "standard")
    front = [type(each).__name__ for each in sys.meta_path].index("Front") if "front" not in os.environ.get("BUNDLER_DISABLE", "") else 0
    sys.meta_path.insert(front + 1, Finder())
    import wave, xml.sax
    told += [wave.MADE, xml.sax.MADE]
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "sched.py"), "w") as file:
            file.write("MADE = 'by a path entry'\\n")
        sys.path.insert(1, directory)
        import sched
        told.append(sched.MADE)
    print(told)
"""
FILES = {"observe.py": OBSERVE, "failing.py": FAILING, "others.py": OTHERS}


@pytest.mark.costly
@pytest.mark.parametrize("name", FILES)
def test_same_modules_are_found_without(python, build_app, name):
    app = build_app({path: textwrap.dedent(text) for path, text in FILES.items()}, entry_point=name.replace(".py", ":main"), python=python)
    shown = [run(python, app, env=env) for env in ({}, {"BUNDLER_DISABLE": "library"})]
    assert [(ran.returncode, ran.stderr) for ran in shown] == [(0, "")] * 2
    with_it, without = (ast.literal_eval(ran.stdout) for ran in shown)
    assert with_it == without
    if name == "others.py":
        assert with_it == ["standard", "by a finder", "by a finder", "by a path entry"]


def test_module_of_the_app_stands_in_front_of_one_that_later_versions_added(python, build_app):
    oldest = interpreters().get("3.9")
    if not oldest:
        pytest.skip("there is no Python that lacks such a module")
    files = {
        "main.py": "import tomllib, graphlib\ndef main(): print(tomllib.OWN, hasattr(graphlib, 'OWN'))\n",
        "tomllib/__init__.py": "OWN = 'own'\n",
    }
    ran = run(python, build_app(files, entry_point="main:main", python=oldest))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "own False\n", "")


SPOILT = {
    "of another Python": lambda data: b"\0\0" + data[2:],
    "of another time": lambda data: data[:8] + b"\0\0\0\0" + data[12:],
    "of a source of another size": lambda data: data[:12] + b"\0\0\0\0" + data[16:],
    "checked by a digest": lambda data: data[:4] + b"\1\0\0\0" + data[8:],
    "cut short": lambda data: data[:-3],
    "empty": lambda data: b"",
    "no code": lambda data: data[:16] + marshal.dumps(["code"]),
    "large beyond measure": lambda data: data + bytes(9000),
}


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "module.py"
    path.write_text("VALUE = 1\n")
    py_compile.compile(str(path), doraise=True)
    return path


def test_bytecode_beside_a_source_is_used(source):
    namespace = {}
    code = library._code(str(source))
    exec(code, namespace)
    assert (namespace["VALUE"], code.co_filename) == (1, str(source))


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_bytecode_that_is_not_as_it_should_be_is_left_to_the_standard_loader(source, spoil):
    cached = importlib.util.cache_from_source(str(source))
    with open(cached, "rb") as file:
        data = file.read()
    with open(cached, "wb") as file:
        file.write(spoil(data))
    assert library._code(str(source)) is None


def test_source_that_is_newer_is_left_to_the_standard_loader(source):
    os.utime(source, (1, 1))
    assert library._code(str(source)) is None
    os.unlink(source)
    assert library._code(str(source)) is None
