"""Libraries that wheels carry are opened from memory before what needs them, once, and are the same to everyone."""

from __future__ import annotations

import pytest
from interpreters import version
from running import evaluate, run

HERE = "import sys, os; app = os.environ['APP']; sys.path.insert(0, app); "


@pytest.fixture(scope="session", params=["compressed", "mapped"])
def way(request):
    return request.param


@pytest.fixture(scope="session")
def app(material, build_app, python, way):
    files = {"native/__init__.py": "import os\nHERE = os.path.dirname(__file__)\n", **material}
    return build_app(files, library=True, python=python, native=way)


def ask(python, app, program):
    return evaluate(python, HERE + program, env={"APP": str(app), "BUNDLER_STRICT": "1"})


def test_libraries_are_there_for_what_needs_them_and_the_same_to_all(python, app):
    program = """
import ctypes, threading
from native import HERE, one, itself
libraries = os.path.join(os.path.dirname(HERE), "carried.libs")
path = os.path.join(libraries, "libthrowing-1a2b3c4d.so.1")
throwing = ctypes.CDLL(path)
counts = [one.counted(), itself.counted(), throwing.count()]
thread = threading.Thread(target=lambda: counts.append(one.counted()))
thread.start()
thread.join()
same = [ctypes.CDLL(path)._handle == throwing._handle, ctypes.CDLL(one.__file__)._handle == ctypes.CDLL(one.__file__)._handle]
class Info(ctypes.Structure):
    _fields_ = [("file", ctypes.c_char_p), ("base", ctypes.c_void_p), ("name", ctypes.c_char_p), ("address", ctypes.c_void_p)]
info = Info()
ctypes.CDLL(None).dladdr(ctypes.cast(throwing.count, ctypes.c_void_p), ctypes.byref(info))
files = [os.path.relpath(each, app) for each in (os.fsdecode(info.file), one.__file__, itself.__file__, one.__spec__.origin)]
print([one.caught(), itself.circle(), counts, same, files, itself.__path__ == [os.path.dirname(itself.__file__)]])
"""
    files = ["carried.libs/libthrowing-1a2b3c4d.so.1", "native/one.abi3.so", "native/itself/__init__.abi3.so", "native/one.abi3.so"]
    assert ask(python, app, program) == ["thrown by a library", 3, [1, 2, 3, 1], [True, True], files, True]


def test_initialisers_run_once_with_the_arguments_and_the_environment_of_the_process(python, app):
    program = "from native import one, itself\nprint([one.initialised(), itself.initialised(), sys.argv[-1]])"
    first, second, last = evaluate(python, HERE + program, "last", env={"APP": str(app)})
    assert first == second == "4 last end environ GIL", last


def test_forked_children_and_threads_open_what_they_need(python, app):
    program = """
import threading, warnings
warnings.simplefilter("ignore")
from native import one
child = os.fork()
if not child:
    import other, native.itself
    os._exit(other.counted() + native.itself.counted() + one.circle())
failed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
found = []
def ask(name): found.append(__import__(name, fromlist=["counted"]).circle())
threads = [threading.Thread(target=ask, args=[name]) for name in ("other", "native.itself") * 4]
for each in threads: each.start()
for each in threads: each.join()
print([failed, found, len(os.listdir("/proc/self/fd"))])
"""
    failed, found, descriptors = ask(python, app, program)
    assert (failed, found) == (6, [3] * 8)
    assert descriptors < 12


def test_what_the_dynamic_linker_says_is_said_of_the_file_in_the_bundle(python, app):
    program = """
import ctypes, native
said = []
try:
    import native.broken
except ImportError as error:
    said += [type(error).__name__, str(error).replace(app, "APP"), error.name, error.path.replace(app, "APP")]
try:
    ctypes.CDLL(os.path.join(native.HERE, "broken.abi3.so"))
except OSError as error:
    said += [str(error).replace(app, "APP")]
try:
    ctypes.CDLL(os.path.join(native.HERE, "one.abi3.so"), os.RTLD_NOLOAD)
except OSError:
    said += ["not loaded"]
print(said)
"""
    message = "APP/native/broken.abi3.so: undefined symbol: nowhere"
    assert ask(python, app, program) == ["ImportError", message, "native.broken", "APP/native/broken.abi3.so", message, "not loaded"]


def test_python_without_ctypes_opens_libraries_too(python, app):
    program = """
sys.modules["_ctypes"] = None
from native import one, itself
print([one.caught(), itself.circle(), one.counted(), itself.counted()])
"""
    assert ask(python, app, program) == ["thrown by a library", 3, 1, 2]


def test_each_interpreter_of_a_process_opens_its_own_files(python, app):
    if version(python) < (3, 14):
        pytest.skip("concurrent.interpreters is of 3.14")
    program = """
from concurrent import interpreters
import several, native.one
first = [several.counted(), native.one.circle()]
other = interpreters.create()
other.prepare_main(app=app)
other.exec("import sys; sys.path.insert(0, app); import several; assert several.circle() == 3")
other.close()
print(first)
"""
    assert ask(python, app, program) == [1, 3]


def test_libraries_come_from_two_threads_and_ahead_of_need_alike(python, build_app, material, way):
    start = "import native.one, other\nprint([native.one.circle(), other.caught()])\n"
    # larger than what two threads are worth
    files = {path: content + bytes(range(256)) * 12_000 if path.startswith("carried.libs") else content for path, content in material.items()}
    app = build_app({"__main__.py": start, "native/__init__.py": "", **files}, python=python, native=way)
    told = {"compressed": "loaded from a file in memory", "mapped": "mapped from the app file"}[way]
    for disabled in ("", "ahead"):
        ran = run(python, app, env={"BUNDLER_STRICT": "1", "BUNDLER_DISABLE": disabled, "BUNDLER_VERBOSE": "1"})
        assert (ran.returncode, ran.stdout) == (0, "[3, 'thrown by a library']\n"), ran.stderr
        for name in ("libthrowing-1a2b3c4d.so.1", "libleft-1a2b3c4d.so", "libright-1a2b3c4d.so"):
            assert ran.stderr.count("bundler: carried.libs/%s: %s\n" % (name, told)) == 1
