"""The functions that the overlay wraps pass on what is not theirs, as it was given, and at little cost: counted."""

from __future__ import annotations

import pytest
from running import evaluate

FILES = {
    "reader.py": "import os\nHERE = os.path.dirname(os.path.abspath(__file__))\n",
    "shelf/notes.txt": "some notes\n",
    "shelf/größe/deep.txt": "",
}

PROGRAM = """
import builtins, io, os, pathlib, sys, warnings
sys.path.insert(0, sys.argv[1])
originals = {name: getattr(os, name) for name in ("stat", "lstat", "open", "listdir", "scandir", "access")}
originals["io.open"] = io.open
from reader import HERE

def outcome(function, *args, **options):
    try:
        found = function(*args, **options)
    except Exception as error:
        return type(error).__name__, str(error)
    if function in (os.open, originals["open"]):
        os.close(found)
        return "descriptor"
    if hasattr(found, "close"):
        with found:
            return found.read() if hasattr(found, "read") else [one.name for one in found]
    return found

def calls(function, *args, **options):
    seen = []
    sys.setprofile(lambda frame, event, argument: event == "call" and seen.append(frame.f_code.co_name))
    try:
        function(*args, **options)
    except OSError:
        pass
    finally:
        sys.setprofile(None)
    return seen
"""


@pytest.fixture(scope="session")
def app(build_app):
    return build_app(FILES, library=True)


def answer(python, app, program, expression):
    return evaluate(python, PROGRAM + program + f"\nprint(ascii({expression}))", app)


ELSEWHERE = {
    "stat": [
        "'/'", "b'/'", "pathlib.Path('/')", "0", "path='/'", "'/proc/self/cwd', follow_symlinks=False", "'passwd', dir_fd=root", "'/absent'",
        "'a\\0b'", "HERE + '.absent'", "b'/absent'", "None", "3.5", "os.path.join(HERE[:-1])", "'\\udcff'", "''",
    ],
    "lstat": ["'/'", "b'/'", "path='/'", "'passwd', dir_fd=root", "'/absent'", "0"],
    "listdir": ["'/etc'", "b'/etc'", "path='/etc'", "root", "", "None", "'/absent'", "pathlib.Path('/etc')", "3.5"],
    "scandir": ["'/etc'", "path='/etc'", "root", "", "None", "'/absent'", "pathlib.Path('/etc')", "3.5"],
    "access": ["'/', os.R_OK", "path='/', mode=os.W_OK", "'passwd', os.R_OK, dir_fd=root", "'/', os.X_OK, effective_ids=True"],
    "open": ["'/etc/passwd', os.O_RDONLY", "path='/etc/passwd', flags=0", "'passwd', 0, dir_fd=root", "'/absent', 0", "'/absent', 0, 0o600"],
    "io.open": [
        "'/etc/passwd'", "file='/etc/passwd', mode='rb'", "b'/etc/passwd', 'rb', 0", "os.open('/etc/passwd', 0), closefd=True",
        "'/absent'", "'/etc/passwd', 'nonsense'", "'/etc/passwd', 'r', -1, 'utf-8', 'strict', None, True, None", "None",
        "'x', opener=lambda path, flags: os.open('/etc/passwd', flags)", "'/etc/passwd', 'r', bogus=1",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", ELSEWHERE)
def test_call_about_another_path_is_passed_on_as_it_is(python, app, name):
    program = f"wrapped = {'io.open' if name == 'io.open' else 'os.' + name}\nroot = os.open('/etc', os.O_RDONLY)\n"
    program += "pairs = [\n"
    for arguments in ELSEWHERE[name]:
        both = (f"outcome(wrapped, {arguments})", f"outcome(originals[{name!r}], {arguments})")
        program += "    (%s, %s, %r),\n" % (*both, arguments)
    program += "]\n"
    # both were asked, and differ in nothing but their being another object
    assert answer(python, app, program, f"wrapped is not originals[{name!r}]")
    assert answer(python, app, program, "[how for one, other, how in pairs if one != other]") == []


INSIDE = {
    "stat": ["HERE + '/shelf'", "b", "pathlib.Path(HERE, 'shelf')", "path=HERE + '/shelf'", "HERE + '/shelf', follow_symlinks=False",
             "HERE + '/shelf', dir_fd=root"],
    "access": ["HERE + '/shelf', os.R_OK", "path=b, mode=os.X_OK", "pathlib.Path(HERE, 'shelf'), os.R_OK, dir_fd=root",
               "HERE + '/shelf', os.R_OK, follow_symlinks=False"],
    "open": ["HERE + '/shelf/notes.txt', os.O_RDONLY", "path=b + b'/notes.txt', flags=0",
             "HERE + '/shelf/notes.txt', os.O_RDONLY, 0o600, dir_fd=root"],
    "io.open": ["HERE + '/shelf/notes.txt'", "file=HERE + '/shelf/notes.txt', mode='rb'", "b + b'/notes.txt', 'rb', 0",
                "pathlib.Path(HERE, 'shelf', 'notes.txt'), 'r', -1, 'utf-8', 'strict', None, True, None",
                "HERE + '/shelf/notes.txt', opener=print", "HERE + '/shelf/notes.txt', closefd=True, errors='strict'"],
}  # fmt: skip


@pytest.mark.parametrize("name", INSIDE)
def test_path_in_the_bundle_is_taken_in_every_form(python, app, name):
    program = f"wrapped = {'io.open' if name == 'io.open' else 'os.' + name}\nroot = os.open('/etc', os.O_RDONLY)\n"
    program += "b = os.fsencode(HERE + '/shelf')\n"
    program += "found = [%s]\n" % ", ".join(f"outcome(wrapped, {arguments})" for arguments in INSIDE[name])
    expression = "[one for one in found if type(one) is tuple and type(one[0]) is str and one[0].endswith('Error')]"
    assert answer(python, app, program, expression) == []


def test_bytes_list_bytes(python, app):
    program = "b = os.fsencode(HERE + '/shelf')\n"
    expression = (
        "[os.listdir(b), sorted(one.name for one in os.scandir(b)),"
        " [(root[len(b):], dirs, files) for root, dirs, files in os.walk(b)]]"
    )
    big = "größe".encode()
    assert answer(python, app, program, expression) == [
        [big, b"notes.txt"],
        [big, b"notes.txt"],
        [(b"", [big], [b"notes.txt"]), (b"/" + big, [], [b"deep.txt"])],
    ]


@pytest.mark.parametrize("call", ["os.stat, '/'", "os.lstat, '/'", "os.lstat, HERE", "os.listdir, '/'", "os.stat, '/', follow_symlinks=False",
                                  "os.access, '/', os.R_OK", "os.chdir, '/'", "os.rename, '/absent', '/absent'", "os.chmod, '/absent', 0"])  # fmt: skip
def test_call_about_another_path_runs_one_function_more(python, app, call):
    # what is seldom called is loaded by the first call
    program = f"outcome({call})\n"
    assert answer(python, app, program, f"calls({call})") == ["__call__"]


def test_wrapped_function_is_pickled_by_its_name_and_is_its_own_copy(python, app):
    # a pool's workers are handed `os.stat` so
    program = (
        "import copy, pickle\n"
        "functions = [os.stat, io.open, os.unlink, os.rename, os.path.realpath]\n"
        "found = [[pickle.loads(pickle.dumps(each, protocol)) == copy.deepcopy(each) == each for protocol in range(5)] for each in functions]\n"
    )
    assert answer(python, app, program, "[all(map(all, found)), pickle.dumps(os.stat, 0).count(b'bundler')]") == [True, 0]


def test_status_of_a_file_is_made_once(python, app):
    program = (
        "path = HERE + '/shelf/notes.txt'\n"
        "first, later = calls(os.stat, path), [calls(function, path) for function in (os.stat, os.lstat)]\n"
    )
    expression = "['status_of' in first, later, os.stat(path) == os.lstat(path), os.stat(path).st_size]"
    assert answer(python, app, program, expression) == [True, [["__call__"], ["__call__"]], True, 11]


@pytest.mark.costly
def test_statuses_are_remembered_up_to_a_bound(python, app):
    program = (
        "kind = type(os.stat.__self__)\n"
        "sizes = []\n"
        "for number in range(kind.most * 2 + 10):\n"
        "    os.stat(HERE + '/shelf' + '/.' * (number % 40) + '/' * (number // 40) + '/notes.txt')\n"
        "    sizes.append(len(kind.known))\n"
    )
    assert answer(python, app, program, "[max(sizes) == kind.most, sizes[-1] < kind.most]") == [True, True]


def test_wrapped_function_in_a_class_body_is_no_method(python, app):
    program = "class Files:\n    stat = os.stat\n    open = open\n"
    assert answer(python, app, program, "Files().stat('/') == os.stat('/') and not Files().open('/etc/passwd').close()")


def test_module_is_loaded_by_the_path_of_its_source(python, app):
    program = (
        "from importlib import util\n"
        "spec = util.spec_from_file_location('plugin', HERE + '/reader.py')\n"
        "plugin = util.module_from_spec(spec)\n"
        "spec.loader.exec_module(plugin)\n"
        "with io.open_code(path=HERE + '/shelf/notes.txt') as notes:\n"
        "    text = notes.read()\n"
    )
    expression = "[plugin.HERE == HERE, text.decode(), outcome(io.open_code, '/absent')[0], outcome(io.open_code, 3)[0]]"
    assert answer(python, app, program, expression) == [True, "some notes\n", "FileNotFoundError", "TypeError"]


def test_standard_path_hooks_see_a_bundle_as_a_directory(python, app):
    # as programs ask them that put a hook of their own in front of all; twisted takes the last that does not refuse
    program = (
        "def answers(path):\n"
        "    return [outcome(hook, path) for hook in sys.path_hooks[1:]]\n"
        "zipped, found = answers(HERE + '/shelf')\n"
        "refused = [each[0] for each in answers(HERE + '/reader.py')]\n"
    )
    expression = "[zipped[0], type(found).__name__, found.find_spec('absent'), refused]"
    assert answer(python, app, program, expression) == ["ZipImportError", "FileFinder", None, ["ZipImportError", "ImportError"]]


def test_standard_finder_finds_extension_modules(python, build_app, extensions):
    app = build_app({**FILES, "shelf/multi_phase.abi3.so": extensions["multi_phase.abi3.so"]}, library=True)
    program = (
        "from importlib import util\n"
        "spec = sys.path_hooks[-1](HERE + '/shelf').find_spec('multi_phase')\n"
        "module = util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
    )
    expression = "[type(spec.loader).__name__, module.__file__ == HERE + '/shelf/multi_phase.abi3.so', module.answer()]"
    assert answer(python, app, program, expression) == ["ExtensionFileLoader", True, 42]


def test_functions_of_os_path_in_c_give_way_to_those_in_python(python, app):
    # as they are on Windows since 3.12
    program = (
        "import os, sys, types\n"
        "fake = {name: [].count for name in ('exists', 'isdir', 'isfile')}\n"
        "vars(os.path).update(fake)\n"
        "holder = sys.modules['holder'] = types.ModuleType('holder')\n"
        "holder.is_directory = fake['isdir']\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from reader import HERE\n"
        "print([os.path.isdir(HERE + '/shelf'), os.path.isfile(HERE + '/shelf'), os.path.exists(HERE), holder.is_directory(HERE + '/shelf')])\n"
    )
    assert evaluate(python, program, app) == [True, False, True, True]
