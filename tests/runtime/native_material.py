"""Extension modules in C++ and libraries that they need, as a wheel carries them; compiled once, for every Python."""

from __future__ import annotations

import subprocess
from pathlib import Path

#: What a library throws, and counts for each thread: both must be the same to all that use it.
THROWING = """
#include <stdexcept>
static thread_local int counted;
extern "C" int count(void) { return ++counted; }
extern "C" void fail(void) { throw std::runtime_error("thrown by a library"); }
"""

#: Code and constants enough to be worth mapping.
BULK = 'extern "C" { extern const char bulk[200000] = {1}; } asm(".text; .globl bulky; bulky: .fill 150000, 1, 0x90; ret; .previous");'

LEFT = {"first": 'extern "C" int left(void) { return 1; }'}
RIGHT = 'extern "C" int left(void); extern "C" int right(void) { return left() + 1; }'
#: Needs what needs it, for a function that it only calls.
LEFT["second"] = LEFT["first"] + ' extern "C" int right(void); extern "C" int both(void) { return left() + right(); }'

MODULE = """
#include <Python.h>
#include <stdexcept>
#include <cstdio>
#include <cstring>
#include <unistd.h>
extern "C" { int count(void); void fail(void); int both(void); int PyGILState_Check(void); }
static char begun[500];
__attribute__((constructor)) static void begin(int argc, char **argv, char **environment) {
    snprintf(begun + strlen(begun), 100, "%d %s %s %s %s", argc, argv[argc - 1], argv[argc] ? "more" : "end",
        environment == environ ? "environ" : "", PyGILState_Check() ? "GIL" : "no GIL");
}
static PyObject *initialised(PyObject *, PyObject *) { return PyUnicode_FromString(begun); }
static PyObject *caught(PyObject *, PyObject *) {
    try { fail(); } catch (const std::runtime_error &error) { return PyUnicode_FromString(error.what()); }
    return NULL;
}
static PyObject *counted(PyObject *, PyObject *) { return PyLong_FromLong(count()); }
static PyObject *circle(PyObject *, PyObject *) { return PyLong_FromLong(both()); }
static PyMethodDef methods[] = {{"caught", caught, METH_NOARGS}, {"counted", counted, METH_NOARGS}, {"circle", circle, METH_NOARGS},
    {"initialised", initialised, METH_NOARGS}, {0}};
static PyModuleDef_Slot slots[] = {SLOTS {0}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "NAME", 0, 0, methods, slots};
PyMODINIT_FUNC PyInit_NAME(void) { return PyModuleDef_Init(&definition); }
"""

# Py_mod_multiple_interpreters and Py_MOD_PER_INTERPRETER_GIL_SUPPORTED, of 3.12 and later
OWN_GIL = "{3, (void *)2},"


def make(root: Path, headers: str) -> dict[str, bytes]:
    """Compile everything below ``root`` and return the files by bundle path."""
    files = {}

    def compiled(path: str, source: str, *options: str, needs: tuple[str, ...] = ()) -> None:
        where = root / path
        where.parent.mkdir(parents=True, exist_ok=True)
        code = root / "source.cpp"
        code.write_text(source + BULK + "\n")
        command = ["g++", "-shared", "-fPIC", "-w", "-o", where, code, "-Wl,--no-as-needed", "-Wl,--allow-shlib-undefined", "-Wl,-z,lazy"]
        subprocess.run([*command, *options, *(root / each for each in needs)], check=True)
        files[path] = where.read_bytes()

    def library(name: str, source: str, *needs: str) -> None:
        compiled("carried.libs/" + name, source, "-Wl,-soname," + name, "-Wl,-rpath,$ORIGIN", needs=tuple("carried.libs/" + each for each in needs))

    def module(path: str, slots: str = "", *options: str) -> None:
        name = path.split("/")[-2 if "__init__" in path else -1].partition(".")[0]
        up = "../" * path.count("/")
        limited = ["-DPy_LIMITED_API=0x03090000", "-I", headers, f"-Wl,-rpath,$ORIGIN/{up}carried.libs"]
        libraries = ("carried.libs/libthrowing-1a2b3c4d.so.1", "carried.libs/libleft-1a2b3c4d.so")
        compiled(path, MODULE.replace("NAME", name).replace("SLOTS", slots), *limited, *options, needs=libraries)

    library("libthrowing-1a2b3c4d.so.1", THROWING)
    library("libleft-1a2b3c4d.so", LEFT["first"])
    library("libright-1a2b3c4d.so", RIGHT, "libleft-1a2b3c4d.so")
    library("libleft-1a2b3c4d.so", LEFT["second"], "libright-1a2b3c4d.so")
    module("native/one.abi3.so")
    module("native/itself/__init__.abi3.so")
    module("other.abi3.so")
    module("several.abi3.so", OWN_GIL)
    compiled("native/broken.abi3.so", 'extern "C" int nowhere(void); extern "C" int PyInit_broken(void) { return nowhere(); }', "-Wl,-z,now")
    return files
