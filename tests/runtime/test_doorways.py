"""A bundle on ``sys.path`` that no launcher started: doorways."""

from __future__ import annotations

import itertools

import pytest
from interpreters import version
from running import evaluate, run
from trees import installed

FILES = {
    "plain.py": """
        import sys
        sys.executed = getattr(sys, "executed", []) + [__name__]
        VALUE = "plain"
        if __name__ == "__main__":
            print([__name__, __package__, __spec__.name, __file__, sys.argv])
    """,
    "parcel/__init__.py": """
        import sys
        sys.executed = getattr(sys, "executed", []) + [__name__]
        VALUE = "parcel"
    """,
    "parcel/__main__.py": """
        import sys
        print([__name__, __package__, __spec__.name, __file__, sys.argv])
    """,
    "parcel/inner.py": """
        import sys
        from . import VALUE
        if __name__ == "__main__":
            print([__name__, __package__, __spec__.name, __file__, sys.argv])
    """,
    "parcel/data.txt": "some data",
    "ring/__init__.py": "from . import left\nfrom .right import get\n",
    "ring/left.py": "from . import right\nNAME = 'left'\n",
    "ring/right.py": "import ring.left\ndef get(): return ring.left.NAME\n",
    "scattered/piece.py": "VALUE = 'piece'\n",
    # what its package imports, no thread asks for: 3.14 itself would find a deadlock, in a directory too
    "crowd/__init__.py": "from . import first\nsum(range(200000))\nfrom shared import VALUE\n",
    "crowd/first.py": "import shared\n",
    **{f"crowd/m{n}.py": "from shared import VALUE\ndef get(): return VALUE\n" for n in range(20)},
    "shared.py": "VALUE = 'crowd'\n",
    "failing.py": """
        import sys
        sys.attempts = getattr(sys, "attempts", 0) + 1
        if sys.attempts < 3:
            raise ValueError("attempt %d" % sys.attempts)
    """,
    "broken/__init__.py": "import broken.part\nraise LookupError('broken')\n",
    "broken/part.py": "",
}
FILES = {name: "\n".join(line.removeprefix(" " * 8) for line in text.split("\n")) for name, text in FILES.items()}

APPEND = "import sys; sys.path.append(sys.argv[1])\n"
FLAGS = ((), ("-I", "-S"), ("-E", "-s", "-B"), ("-OO",))


@pytest.fixture(scope="session")
def app(build_app, target):
    return build_app(FILES, library=True, python=target)


@pytest.mark.parametrize("flags", FLAGS, ids=" ".join)
def test_package_is_imported_from_an_app_file_appended_to_the_path(python, app, flags):
    program = APPEND + (
        "import parcel, parcel.inner as inner, plain\n"
        "print([parcel.VALUE, parcel.__file__, parcel.__path__, inner.__file__, inner.__spec__.origin, plain.__file__,"
        " plain.__name__, plain.__package__, parcel.__package__])"
    )
    assert evaluate(python, program, app, flags=flags) == [
        "parcel",
        f"{app}/parcel/__init__.py",
        [f"{app}/parcel"],
        f"{app}/parcel/inner.py",
        f"{app}/parcel/inner.py",
        f"{app}/plain.py",
        "plain",
        "",
        "parcel",
    ]


@pytest.mark.parametrize(
    "module, expected",
    [
        ("parcel", ["__main__", "parcel", "parcel.__main__"]),
        ("parcel.inner", ["__main__", "parcel", "parcel.inner"]),
        ("plain", ["__main__", "", "plain"]),
    ],
)
def test_module_runs_from_pythonpath(python, app, module, expected):
    ran = run(python, "-m", module, "--option", env={"PYTHONPATH": str(app)})
    assert (ran.returncode, ran.stderr) == (0, "")
    path = f"{app}/{expected[-1].replace('.', '/')}.py"
    assert ran.stdout == f"{[*expected, path, [path, '--option']]}\n"


def test_submodule_is_imported_before_its_package(python, app):
    program = APPEND + "import parcel.inner; print([parcel.inner.VALUE, sys.executed])"
    assert evaluate(python, program, app) == ["parcel", ["parcel"]]


def test_from_import_of_a_submodule_enters_the_bundle(python, app):
    assert evaluate(python, APPEND + "from parcel import inner; print(repr(inner.VALUE))", app) == "parcel"


@pytest.mark.parametrize("first", ["ring", "ring.left", "ring.right"])
def test_modules_that_import_each_other_are_imported(python, app, first):
    assert evaluate(python, APPEND + f"import {first}, ring; print(repr(ring.get()))", app) == "left"


THREADS = """
from threading import Barrier, Thread
barrier, seen = Barrier(32), []
def work(number):
    barrier.wait()
    try:
        if number % 2:
            import crowd
            seen.append(crowd.VALUE)
        else:
            module = __import__("crowd.m%d" % (number % 20), fromlist=["get"])
            seen.append(module.get())
    except BaseException as error:
        seen.append(repr(error))
threads = [Thread(target=work, args=(number,)) for number in range(32)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print([len(seen), sorted(set(seen))])
"""


@pytest.mark.parametrize("attempt", range(3))
def test_thirty_two_threads_import_one_package_at_once(python, app, attempt):
    # before 3.14 zipimport's modules do not make other threads wait: one import from the bundle must come first
    first = "" if version(python) >= (3, 14) else "import plain\n"
    assert evaluate(python, APPEND + first + THREADS, app) == [32, ["crowd"]]


@pytest.mark.parametrize("name", ["plain", "parcel"])
def test_reloaded_module_runs_again_in_place(python, app, name):
    program = APPEND + (
        f"import importlib, {name} as module\n"
        "before, module.VALUE = module, 'changed'\n"
        "for _ in range(2): after = importlib.reload(module)\n"
        "print([after is before, module.VALUE, sys.executed, module.__file__.startswith(sys.argv[1])])"
    )
    assert evaluate(python, program, app) == [True, name, [name] * 3, True]


@pytest.mark.parametrize("entered", ["", "import parcel; sys.executed = []\n"], ids=["cold", "entered"])
def test_lazy_loader_defers_the_doorway(python, app, entered):
    if version(python) < (3, 10):
        pytest.skip("zipimport of 3.9 has no exec_module")
    program = (
        APPEND
        + entered
        + (
            "import importlib.util as util\n"
            "spec = util.find_spec('plain')\n"
            "spec.loader = util.LazyLoader(spec.loader)\n"
            "module = sys.modules['plain'] = util.module_from_spec(spec)\n"
            "spec.loader.exec_module(module)\n"
            "before = getattr(sys, 'executed', [])\n"
            "print([before, module.VALUE, sys.executed, module.__file__])"
        )
    )
    assert evaluate(python, program, app) == [[], "plain", ["plain"], f"{app}/plain.py"]


@pytest.mark.parametrize("name", ["plain", "parcel"])
def test_module_made_from_its_spec_is_the_real_one(python, app, name):
    if version(python) < (3, 10):
        pytest.skip("zipimport of 3.9 has no exec_module")
    program = APPEND + (
        "import importlib.util as util\n"
        f"spec = util.find_spec('{name}')\n"
        "module = util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        f"print([module.VALUE, module.__file__, '{name}' in sys.modules])"
    )
    file = "plain.py" if name == "plain" else "parcel/__init__.py"
    assert evaluate(python, program, app) == [name, f"{app}/{file}", False]


@pytest.mark.parametrize("entered", ["", "import ring\n"], ids=["cold", "entered"])
def test_find_spec_imports_nothing(python, app, entered):
    program = (
        APPEND
        + entered
        + (
            "from importlib.util import find_spec\n"
            "plain, parcel = find_spec('plain'), find_spec('parcel')\n"
            "print([plain.origin, plain.submodule_search_locations, parcel.origin, parcel.submodule_search_locations,"
            " list(find_spec('scattered').submodule_search_locations), find_spec('absent'),"
            " hasattr(sys, 'executed'), 'plain' in sys.modules, 'parcel' in sys.modules])"
        )
    )
    assert evaluate(python, program, app) == [
        f"{app}/plain.py",
        None,
        f"{app}/parcel/__init__.py",
        [f"{app}/parcel"],
        [f"{app}/scattered"],
        None,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(("bundle", "second", "directory"))), ids=" ".join)
def test_namespace_package_has_portions_in_bundles_and_directories(python, target, app, build_app, tmp_path, order):
    second = build_app({"scattered/other.py": "VALUE = 'other'\n"}, library=True, python=target)
    loose = tmp_path / "scattered" / "loose.py"
    loose.parent.mkdir()
    loose.write_text("VALUE = 'loose'\n")
    places = {"bundle": app, "second": second, "directory": tmp_path}
    modules = {"bundle": "piece", "second": "other", "directory": "loose"}
    # the module of the path entry that comes last first
    names = [modules[place] for place in reversed(order)]
    program = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "import importlib\n"
        f"values = [importlib.import_module('scattered.' + name).VALUE for name in {names}]\n"
        "import scattered\n"
        "print([values, list(scattered.__path__), getattr(scattered, '__file__', None)])"
    )
    paths = [places[place] for place in order]
    result = evaluate(python, program, *paths)
    assert result[0] == names
    assert result[1] == [f"{path}/scattered" for path in paths]
    assert result[2] is None


@pytest.mark.parametrize("entered", ["", "import plain\n"], ids=["cold", "entered"])
@pytest.mark.parametrize("name", ["single_phase", "multi_phase"])
def test_extension_module_at_top_level_is_imported(python, target, build_app, extensions, entered, name):
    app = build_app({"plain.py": "", **extensions}, library=True, python=target)
    program = (
        APPEND
        + entered
        + (
            f"import {name}, importlib\n"
            f"from importlib.machinery import EXTENSION_SUFFIXES\n"
            f"importlib.reload({name})\n"
            f"print([{name}.answer(), {name}.__file__, {name}.__name__, {name}.__spec__.origin])"
        )
    )
    file = f"{app}/{name}.abi3.so"
    assert evaluate(python, program, app) == [42, file, name, file]


def test_extension_module_in_a_package_is_imported(python, target, build_app, extensions):
    files = {f"parcel/{name}": data for name, data in extensions.items()}
    app = build_app({"parcel/__init__.py": "from .multi_phase import phases\n", **files}, library=True, python=target)
    program = APPEND + "import parcel, parcel.single_phase as s; print([parcel.phases, s.answer(), s.__file__])"
    assert evaluate(python, program, app) == [2, 42, f"{app}/parcel/single_phase.abi3.so"]


def test_stubs_beside_an_extension_do_not_hide_it(python, build_app, extensions):
    files = {"parcel/__init__.py": "", "parcel/multi_phase.abi3.so": extensions["multi_phase.abi3.so"]}
    stubs = {"parcel/multi_phase/__init__.pyi": "phases: int\n", "parcel/multi_phase/other.pyi": ""}
    app = build_app({**files, **stubs}, library=True)
    program = APPEND + "from parcel.multi_phase import phases; print([phases])"
    assert evaluate(python, program, app) == [2]


def test_extension_compiled_from_a_source_that_names_its_files_can_open_them(python, build_app, extensions):
    source = "import os\nHERE = os.path.dirname(__file__)\n"
    files = {"parcel/__init__.py": "", "parcel/notes.txt": "some notes"}
    compiled = {f"parcel/{name}": data for name, data in extensions.items()}
    sources = {f"parcel/{name.partition('.')[0]}.py": source for name in extensions}
    app = build_app({**files, **compiled, **sources}, library=True)
    for name in ("single_phase", "multi_phase"):
        program = APPEND + (
            f"import parcel.{name} as made, os\n"
            "print([made.answer(), open(os.path.join(os.path.dirname(made.__file__), 'notes.txt')).read()])"
        )
        assert evaluate(python, program, app) == [42, "some notes"]


def thing(number):
    source = f"VERSION = {number!r}\n"
    files = {"thing/__init__.py": source, "thing/part.py": source + "PLACE = __file__\n"}
    return installed("Some-Thing", number, files, "[greetings]\nhello = thing.part:VERSION\n")


@pytest.fixture(scope="session")
def things(build_app, target):
    return [build_app(None, thing(number), library=True, python=target) for number in ("1.0", "2.0")]


def test_first_of_two_versions_wins_and_the_second_follows_when_it_is_gone(python, things):
    program = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "import importlib, thing\n"
        "from thing import part\n"
        "first = [thing.VERSION, thing.__file__, part.VERSION]\n"
        "sys.path.pop(0)\n"
        "importlib.reload(thing); importlib.reload(part)\n"
        "print([first, [thing.VERSION, thing.__file__, part.VERSION]])"
    )
    assert evaluate(python, program, *things) == [
        [number, f"{path}/thing/__init__.py", number] for number, path in zip(("1.0", "2.0"), things)
    ]


METADATA = """
from importlib import metadata
def look():
    points = metadata.entry_points()
    points = points.select(group="greetings") if hasattr(points, "select") else points.get("greetings", ())
    everyone = [one.metadata["Name"] for one in metadata.distributions()]
    return [metadata.version("some-thing"), [(point.name, point.value) for point in points],
        everyone.count("Some-Thing")]
"""


def test_distribution_is_seen_before_and_after_the_first_import(python, things):
    program = APPEND + METADATA + "before = look()\nimport thing\nafter = look()\nimport thing.part\nprint([before, after, look()])"
    seen = ["1.0", [("hello", "thing.part:VERSION")], 1]
    assert evaluate(python, program, things[0], flags=("-I", "-S")) == [seen] * 3


def test_distribution_of_the_first_bundle_goes_before_that_of_the_second(python, things):
    program = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from importlib import metadata\n"
        "before = metadata.version('some-thing')\n"
        "import thing\n"
        "after = metadata.version('some-thing')\n"
        "del sys.path[0]\n"
        "print([before, after, metadata.version('some-thing')])"
    )
    assert evaluate(python, program, *things) == ["1.0", "1.0", "2.0"]


def test_entry_point_is_loaded_before_anything_else_was_imported(python, things):
    program = APPEND + (
        "from importlib import metadata\n"
        "point, = metadata.distribution('some-thing').entry_points\n"
        "print(repr(point.load()))"
    )
    assert evaluate(python, program, things[0]) == "1.0"


def test_relative_path_entry_survives_a_change_of_directory(python, app):
    program = (
        "import os, sys; sys.path.insert(0, 'app.pyz')\n"
        "import parcel; os.chdir('/')\n"
        "import parcel.inner, plain, pkgutil\n"
        "print([parcel.__file__, parcel.inner.VALUE, plain.__file__, pkgutil.get_data('parcel', 'data.txt')])"
    )
    expected = [f"{app}/parcel/__init__.py", "parcel", f"{app}/plain.py", b"some data"]
    assert evaluate(python, program, cwd=app.parent) == expected


@pytest.mark.parametrize("directory", ["two words", "Größe", "日本語", "a%20b#c", "quote'\\"])
def test_app_file_may_lie_at_any_path(python, build_app, directory):
    app = build_app(FILES, library=True, directory=directory)
    program = APPEND + "import parcel.inner, plain; print([parcel.inner.__file__, plain.VALUE])"
    assert evaluate(python, program, app) == [f"{app}/parcel/inner.py", "plain"]


def test_app_file_is_entered_through_a_symbolic_link(python, app, tmp_path):
    (tmp_path / "link.zip").symlink_to(app)
    program = APPEND + "import parcel.inner; print(repr(parcel.inner.__file__))"
    assert evaluate(python, program, tmp_path / "link.zip") == f"{tmp_path}/link.zip/parcel/inner.py"


def test_module_that_fails_is_imported_again(python, app):
    program = APPEND + (
        "seen = []\n"
        "for _ in range(3):\n"
        "    try: import failing; seen.append(failing.__name__)\n"
        "    except ValueError as error: seen.append([str(error), 'failing' in sys.modules])\n"
        "print(seen)"
    )
    assert evaluate(python, program, app) == [["attempt 1", False], ["attempt 2", False], "failing"]


def test_package_that_fails_leaves_no_trace_of_itself(python, app):
    program = APPEND + (
        "seen = []\n"
        "for _ in range(2):\n"
        "    try: import broken\n"
        "    except LookupError as error: seen.append([str(error), 'broken' in sys.modules])\n"
        "print(seen)"
    )
    assert evaluate(python, program, app) == [["broken", False]] * 2


@pytest.mark.parametrize("entered", ["", "import plain\n"], ids=["cold", "entered"])
@pytest.mark.parametrize("name", ["absent", "parcel.absent", "plain.absent", "scattered.absent"])
def test_absent_module_is_not_found(python, app, entered, name):
    program = APPEND + entered + (
        f"try: import {name}\nexcept ModuleNotFoundError as error: print([str(error), error.name])"
    )
    message = f"No module named '{name}'" + ("; 'plain' is not a package" if name == "plain.absent" else "")
    assert evaluate(python, program, app) == [message, name]


def test_entering_a_bundle_leaves_the_host_as_it_was(python, app):
    # one finder is for importlib.metadata, and finds no module; on 3.9 one waits for importlib.resources, which it has to change
    program = APPEND + (
        "ours = 'Awaiting', 'Distributions'\n"
        "def finders(): return [each for each in sys.meta_path if type(each).__name__ not in ours]\n"
        "def state(): return [list(sys.path), finders(), sys.path_hooks[-2:], sys.excepthook, sys.argv[:], open]\n"
        "before = state()\n"
        "import ring.left, scattered.piece\n"
        "print([before == state(), [hook.__name__ for hook in sys.path_hooks[:-2]]])"
    )
    assert evaluate(python, program, app) == [True, ["path_hook"]]


def test_path_entry_before_the_bundle_goes_first(python, app, tmp_path):
    (tmp_path / "plain.py").write_text("VALUE = 'directory'\n")
    program = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "import parcel, plain\n"
        "print([parcel.VALUE, plain.VALUE])"
    )
    assert evaluate(python, program, tmp_path, app) == ["parcel", "directory"]
    assert evaluate(python, program, app, tmp_path) == ["parcel", "plain"]
