"""App files to run: small, built once a session for each interpreter that asks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import native_material
import pytest
from interpreters import interpreters
from trees import Files, write_tree

from bundler.build import build


@pytest.fixture(scope="session")
def build_app(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A function that builds ``files`` (``installed_files`` as site-packages) into an app file; the same ones once."""
    cache = shared / "build-cache"
    built: dict[object, Path] = {}

    def build_app(
        files: Files | None, /, installed_files: Files | None = None, name: str = "app.pyz", directory: str = "", **options
    ) -> Path:
        key = repr((files, installed_files, name, directory, sorted(options.items())))
        if key not in built:
            root = tmp_path_factory.mktemp("app")
            source = write_tree(root / "src", files) if files is not None else None
            site_packages = write_tree(root / "installed", installed_files) if installed_files else None
            target = root / directory
            target.mkdir(exist_ok=True)
            build(source, target / name, site_packages=site_packages, cache=cache, **options)
            built[key] = target / name
        return built[key]

    return build_app


@pytest.fixture(scope="session", params=["own bytecode", "other bytecode"])
def target(request: pytest.FixtureRequest, python: str) -> str:
    """The interpreter that a bundle is built for: the one that runs it, and another one."""
    if request.param == "own bytecode":
        return python
    others = [path for path in interpreters().values() if path != python]
    if not others:
        pytest.skip("there is one interpreter only")
    return others[0]


@pytest.fixture(scope="session")
def newest() -> str:
    """The newest interpreter, for what does not depend on the version of Python."""
    return list(interpreters().values())[-1]


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory, headers: str) -> dict[str, bytes]:
    """Extension modules and the libraries that they need, as ``native_material`` makes them."""
    if not sys.platform.startswith("linux") or not shutil.which("g++"):
        pytest.skip("no g++ to make libraries with")
    return native_material.make(tmp_path_factory.mktemp("native"), headers)


EXTENSION = """
#include <Python.h>
static PyObject *answer(PyObject *module, PyObject *arguments) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, "Return 42."}, {0}};
#ifdef SINGLE
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "NAME", 0, -1, methods};
PyMODINIT_FUNC PyInit_NAME(void) { return PyModule_Create(&definition); }
#else
static int run(PyObject *module) { return PyModule_AddIntConstant(module, "phases", 2); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, run}, {0}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "NAME", 0, 0, methods, slots};
PyMODINIT_FUNC PyInit_NAME(void) { return PyModuleDef_Init(&definition); }
#endif
"""


@pytest.fixture(scope="session")
def extensions(tmp_path_factory: pytest.TempPathFactory, headers: str) -> dict[str, bytes]:
    """Two extension modules that every Python loads: ``single_phase`` and ``multi_phase`` (PEP 489)."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        pytest.skip("no C compiler")
    root = tmp_path_factory.mktemp("extensions")
    made = {}
    for name in ("single_phase", "multi_phase"):
        source, library = root / f"{name}.c", root / f"{name}.abi3.so"
        source.write_text(EXTENSION.replace("NAME", name))
        define = ["-DSINGLE"] if name == "single_phase" else []
        options = ["-shared", "-fPIC", "-DPy_LIMITED_API=0x03090000", "-I", headers, *define]
        subprocess.run([compiler, *options, str(source), "-o", str(library)], check=True)
        made[f"{name}.abi3.so"] = library.read_bytes()
    return made


@pytest.fixture(scope="session")
def headers() -> str:
    """The directory with the headers of some Python: those of the stable ABI are alike in all."""
    found = [include for python in interpreters().values() if (include := _headers(python))]
    if not found:
        pytest.skip("no interpreter has its headers")
    return found[0]


def _headers(python: str) -> str | None:
    program = "import sysconfig; print(sysconfig.get_paths()['include'])"
    include = subprocess.run([python, "-I", "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    return include if Path(include, "Python.h").exists() else None
