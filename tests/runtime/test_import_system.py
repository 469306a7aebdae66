"""What the import system and its tools ask of finder and loader, and files next to ``__file__``."""

from __future__ import annotations

import pytest
from interpreters import version
from running import evaluate

SOURCE = '"""Größe."""\nimport os\n\ndef size():\n    return len(os.fspath(__file__))\n'
FILES = {
    "shelf/__init__.py": "",
    "shelf/measure.py": SOURCE,
    "shelf/latin.py": "# coding: latin-1\nNAME = 'Größe'\n".encode("latin-1"),
    "shelf/notes.txt": "some notes – here\n",
    "shelf/box/__init__.py": "",
    "shelf/box/lid.py": "",
    "shelf/drawer/__init__.py": "",
    "shelf/box/label.bin": bytes(range(256)),
    "shelf/pictures/one.svg": "<svg/>",
    "shelf/pictures/deep/two.svg": "<svg></svg>",
    "alone.py": "WORD = 'alone'\n",
    "open/room.py": "",
    "open/list.txt": "in a namespace\n",
    "odd-name.py": "HERE = __name__\n",
    "reader.py": "import os\nHERE = os.path.dirname(os.path.abspath(__file__))\n",
}
APPEND = "import sys; sys.path.insert(0, sys.argv[1]); app = sys.argv[1]\nimport alone\n"


@pytest.fixture(scope="session")
def app(build_app, target):
    return build_app(FILES, library=True, python=target)


def answer(python, app, program, expression):
    return evaluate(python, APPEND + program + f"\nprint(ascii({expression}))", app)


def test_modules_are_listed(python, app):
    program = "import pkgutil, shelf\nlisted = [(one.name, one.ispkg) for one in pkgutil.iter_modules(shelf.__path__, 'shelf.')]"
    assert answer(python, app, program, "listed") == [
        ("shelf.box", True),
        ("shelf.drawer", True),
        ("shelf.latin", False),
        ("shelf.measure", False),
    ]


def test_top_level_modules_are_listed_once(python, app):
    program = "import pkgutil\nlisted = [(one.name, one.ispkg) for one in pkgutil.iter_modules([app])]"
    assert answer(python, app, program, "listed") == [("alone", False), ("odd-name", False), ("reader", False), ("shelf", True)]


def test_packages_are_walked(python, app):
    program = "import pkgutil, shelf\nwalked = [one.name for one in pkgutil.walk_packages(shelf.__path__, 'shelf.')]"
    expected = ["shelf.box", "shelf.box.lid", "shelf.drawer", "shelf.latin", "shelf.measure"]
    assert answer(python, app, program, "walked") == expected


def test_loader_answers_for_its_module(python, app):
    program = (
        "import shelf.measure, shelf.latin, shelf\n"
        "loader = shelf.measure.__loader__\n"
        "latin = shelf.latin.__loader__.get_source('shelf.latin')\n"
    )
    expression = (
        "[loader.get_source('shelf.measure'), loader.is_package('shelf.measure'), loader.get_filename('shelf.measure'),"
        " loader.get_code('shelf.measure').co_filename, shelf.__loader__.is_package('shelf'), latin]"
    )
    path = f"{app}/shelf/measure.py"
    assert answer(python, app, program, expression) == [
        SOURCE, False, path, path, True, "# coding: latin-1\nNAME = 'Größe'\n"
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["get_source", "get_code", "get_filename", "is_package"])
def test_loader_refuses_another_module(python, app, method):
    program = (
        f"try: alone.__loader__.{method}('other')\n"
        "except ImportError as error: said = [type(error).__name__, str(error), error.name]"
    )
    assert answer(python, app, program, "said") == ["ImportError", "loader for alone cannot handle other", "other"]


def test_data_is_read_by_its_path(python, app):
    program = (
        "import pkgutil, shelf\n"
        "def fails(function, *arguments):\n"
        "    try: function(*arguments)\n"
        "    except OSError as error: return [type(error).__name__, error.errno, error.filename]\n"
        "get = shelf.__loader__.get_data\n"
    )
    expression = (
        "[pkgutil.get_data('shelf', 'box/label.bin') == bytes(range(256)), get(app + '/shelf/notes.txt'),"
        " fails(get, app + '/shelf/absent'), fails(get, app + '/shelf/box'), fails(get, '/etc/absent')]"
    )
    assert answer(python, app, program, expression) == [
        True,
        "some notes – here\n".encode(),
        ["FileNotFoundError", 2, f"{app}/shelf/absent"],
        ["IsADirectoryError", 21, f"{app}/shelf/box"],
        ["FileNotFoundError", 2, "/etc/absent"],
    ]


def test_source_is_found_by_inspect_and_tracebacks(python, app):
    program = (
        "import inspect, linecache, shelf.measure as measure\n"
        "linecache.clearcache()\n"
        "function = inspect.getsource(measure.size)\n"
        "module = inspect.getsource(measure)\n"
    )
    expected = ["def size():\n    return len(os.fspath(__file__))\n", SOURCE, f"{app}/shelf/measure.py"]
    assert answer(python, app, program, "[function, module, inspect.getfile(measure)]") == expected


RESOURCES = {
    "files().read_text": ("files('shelf').joinpath('notes.txt').read_text(encoding='utf-8')", "some notes – here\n"),
    "files() /": ("(files('shelf') / 'box' / 'label.bin').read_bytes()[:3]", b"\0\1\2"),
    "iterdir": (
        "sorted(one.name for one in files('shelf').iterdir())",
        ["__init__.py", "box", "drawer", "latin.py", "measure.py", "notes.txt", "pictures"],
    ),
    "rglob": ("sorted(one.name for one in files('shelf').rglob('*.svg'))", ["one.svg", "two.svg"]),
    "is_file": ("[(files('shelf') / name).is_file() for name in ('notes.txt', 'box', 'absent')]", [True, False, False]),
    "is_dir": ("[(files('shelf') / name).is_dir() for name in ('notes.txt', 'box', 'absent')]", [False, True, False]),
    "open": ("(files('shelf') / 'notes.txt').open('rb').read(4)", b"some"),
    "module as anchor": ("files(__import__('shelf')).joinpath('notes.txt').is_file()", True),
    "is_resource": ("resources.is_resource('shelf', 'notes.txt')", True),
    "contents": ("'notes.txt' in list(resources.contents('shelf'))", True),
    "read_text": ("resources.read_text('shelf', 'notes.txt', encoding='utf-8')", "some notes – here\n"),
    "read_binary": ("resources.read_binary('shelf.box', 'label.bin')[-1]", 255),
    "open_text": ("resources.open_text('shelf', 'notes.txt', encoding='utf-8').read()", "some notes – here\n"),
    "open_binary": ("resources.open_binary('shelf', 'notes.txt').read(4)", b"some"),
    "absent": ("fails(lambda: (files('shelf') / 'absent').read_bytes())", "FileNotFoundError"),
}
# Deprecated since 3.11; 3.13 took some away and gave them back.
WITH_WARNINGS = ("is_resource", "contents", "read_text", "read_binary", "open_text", "open_binary")


@pytest.mark.parametrize("name", RESOURCES)
def test_resource_is_read(python, app, name):
    expression, expected = RESOURCES[name]
    program = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "import importlib.resources as resources\n"
        "from importlib.resources import files\n"
        "def fails(function):\n"
        "    try: function()\n"
        "    except OSError as error: return type(error).__name__\n"
    )
    if name in WITH_WARNINGS:
        program += f"if not hasattr(resources, {name!r}): print(None); raise SystemExit\n"
    found = answer(python, app, program, expression)
    assert found == expected or (found is None and name in WITH_WARNINGS and version(python) >= (3, 13))


@pytest.mark.parametrize("package, name", [("shelf.box", "label.bin"), ("shelf", "notes.txt")])
def test_resource_is_a_file_that_c_code_can_open(python, app, package, name):
    program = (
        "from importlib.resources import as_file, files\n"
        "import os\n"
        f"with as_file(files({package!r}) / {name!r}) as path:\n"
        "    descriptor = os.open(path, os.O_RDONLY)\n"
        "    data = os.read(descriptor, 1000)\n"
    )
    expected = FILES[f"{package.replace('.', '/')}/{name}"]
    assert answer(python, app, program, "data") == (expected if isinstance(expected, bytes) else expected.encode())


NEXT_TO_FILE = {
    "open": ("open(os.path.join(HERE, 'shelf', 'notes.txt'), encoding='utf-8').read()", "some notes – here\n"),
    "bytes path": ("open(os.fsencode(HERE) + b'/shelf/notes.txt', 'rb').read(4)", b"some"),
    "seek": ("(lambda f: (f.seek(250), f.read(2)))(open(HERE + '/shelf/box/label.bin', 'rb'))", (250, b"\xfa\xfb")),
    "fileno": ("(lambda f: os.fstat(f.fileno()).st_size)(open(HERE + '/shelf/box/label.bin', 'rb'))", 256),
    "stat": ("os.stat(HERE + '/shelf/box/label.bin').st_size", 256),
    "exists": ("[os.path.exists(HERE + '/shelf' + end) for end in ('', '/box', '/notes.txt', '/absent')]",
               [True, True, True, False]),
    "isdir": ("[os.path.isdir(HERE + '/shelf' + end) for end in ('', '/box', '/notes.txt')]", [True, True, False]),
    "isfile": ("[os.path.isfile(HERE + '/shelf' + end) for end in ('', '/notes.txt', '/measure.py')]", [False, True, True]),
    "listdir": ("os.listdir(HERE + '/shelf/box')", ["__init__.py", "label.bin", "lid.py"]),
    "scandir": ("[(one.name, one.is_dir()) for one in os.scandir(HERE + '/shelf/pictures')]",
                [("deep", True), ("one.svg", False)]),
    "walk": ("[(root[len(HERE):], sorted(names), sorted(files)) for root, names, files in os.walk(HERE + '/shelf/pictures')]",
             [("/shelf/pictures", ["deep"], ["one.svg"]), ("/shelf/pictures/deep", [], ["two.svg"])]),
    "glob": ("sorted(os.path.basename(one) for one in glob.glob(HERE + '/shelf/**/*.svg', recursive=True))",
             ["one.svg", "two.svg"]),
    "pathlib read": ("pathlib.Path(HERE, 'shelf', 'notes.txt').read_text(encoding='utf-8')", "some notes – here\n"),
    "pathlib iterdir": ("sorted(one.name for one in pathlib.Path(HERE, 'shelf/pictures').iterdir())", ["deep", "one.svg"]),
    "pathlib exists": ("[pathlib.Path(HERE, name).exists() for name in ('shelf', 'absent')]", [True, False]),
    "copy": ("shutil.copyfile(HERE + '/shelf/notes.txt', tempfile.gettempdir() + '/notes') and"
             " open(tempfile.gettempdir() + '/notes', 'rb').read(4)", b"some"),
    "copytree": ("sorted(os.listdir(shutil.copytree(HERE + '/shelf/pictures', tempfile.gettempdir() + '/copied')))",
                 ["deep", "one.svg"]),
    "root walked": ("sorted(names for _, names, _ in os.walk(HERE))[-1]", ["open", "shelf"]),
    "dots": ("open(HERE + '/shelf/box/../notes.txt', 'rb').read(4)", b"some"),
    "write": ("fails(lambda: open(HERE + '/shelf/notes.txt', 'w'))", "OSError 30"),
    "absent": ("fails(lambda: open(HERE + '/shelf/absent'))", "FileNotFoundError 2"),
    "directory": ("fails(lambda: open(HERE + '/shelf'))", "IsADirectoryError 21"),
    "not a directory": ("fails(lambda: open(HERE + '/shelf/notes.txt/more'))", "NotADirectoryError 20"),
    "other files": ("os.path.exists('/proc') and open('/proc/self/stat', 'rb').read(1).isdigit()", True),
    "app file": ("[os.path.isfile(HERE), open(HERE, 'rb').read(2)]", [True, b"#!"]),
    "root": ("sorted(os.listdir(HERE))", ["alone.py", "odd-name.py", "open", "reader.py", "shelf"]),
}  # fmt: skip


@pytest.mark.parametrize("name", NEXT_TO_FILE)
def test_file_next_to_a_module_is_read(python, app, tmp_path, name):
    expression, expected = NEXT_TO_FILE[name]
    program = (
        "import glob, os, pathlib, shutil, tempfile\n"
        f"tempfile.tempdir = {str(tmp_path)!r}\n"
        "from reader import HERE\n"
        "def fails(function):\n"
        "    try: function()\n"
        "    except OSError as error: return '%s %d' % (type(error).__name__, error.errno)\n"
    )
    assert answer(python, app, program, expression) == expected


@pytest.mark.parametrize("spelling", ["{parent}/below/../{name}", "{parent}//{name}", "../{name}", "./../{parent_name}/{name}"])
def test_app_file_is_found_however_its_path_is_spelt(python, app, tmp_path, spelling):
    # no doorway is there for a name that no statement can import
    program = (
        "import importlib, sys; sys.path.insert(0, sys.argv[1])\n"
        "import shelf, open.room; print(ascii([shelf.__file__, importlib.import_module('odd-name').HERE]))"
    )
    started = app.parent / "below"
    started.mkdir(exist_ok=True)
    entry = spelling.format(parent=app.parent, parent_name=f"../{app.parent.name}", name=app.name)
    found = evaluate(python, program, entry, cwd=started)
    assert found == [f"{app}/shelf/__init__.py", "odd-name"]


def test_directory_without_links_is_a_path_entry_of_the_bundle_behind_a_link(python, build_app, tmp_path):
    app = build_app(FILES, library=True)
    link = tmp_path / "link.pyz"
    link.symlink_to(app)
    program = """
import os, sys
sys.path.insert(0, sys.argv[1])
import shelf, reader
here = os.path.realpath(os.path.dirname(shelf.__file__))
sys.path.insert(0, os.path.join(here, "box"))
import lid
with open(os.path.join(here, "notes.txt"), encoding="utf-8") as file:
    print([lid.__file__, lid.__loader__.get_data(os.path.join(here, "box", "label.bin"))[:3], file.read(), os.listdir(os.path.join(here, "pictures", "deep"))])
"""
    assert evaluate(python, program, link) == [f"{app.resolve()}/shelf/box/lid.py", b"\0\1\2", "some notes – here\n", ["two.svg"]]
