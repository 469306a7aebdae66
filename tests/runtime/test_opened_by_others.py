"""Code in C and other programs, which open paths themselves, are handed something that they can open."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess

import pytest
from running import evaluate, run
from trees import write_tree

from bundler.build import build

CERTIFICATE_COMMAND = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "36500", "-subj", "/CN=test", "-keyout"]


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    place = tmp_path_factory.mktemp("material")
    for journal in ("delete", "wal"):
        connection = sqlite3.connect(place / f"{journal}.db")
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE notes (text)")
        connection.execute("INSERT INTO notes VALUES ('kept')")
        connection.commit()
        connection.close()
    subprocess.run([*CERTIFICATE_COMMAND, place / "key.pem", "-out", place / "cert.pem"], check=True, capture_output=True)
    library = place / "answer.so"
    source = place / "answer.c"
    source.write_text("int answer(void) { return 42; }\n")
    subprocess.run(["cc", "-shared", "-fPIC", source, "-o", library], check=True)
    program = place / "echo"
    shutil.copyfile(shutil.which("echo"), program)
    files = {path.name: path.read_bytes() for path in place.iterdir() if path.suffix != ".c"}
    files["script"] = b"#!/bin/sh\ncat \"$1\"\n"
    files["fonts/one.txt"] = files["one file.txt"] = b"one\n"
    files["opener.py"] = (
        b"import os, sys\nHERE = os.path.dirname(os.path.abspath(__file__)) + os.sep + 'data' + os.sep\n"
    )
    files = {name if name == "opener.py" else f"data/{name}": content for name, content in files.items()}
    tree = write_tree(place / "tree", files)
    for name in ("echo", "script"):
        (tree / "data" / name).chmod(0o755)
    build(tree, place / "app.pyz", library=True, cache=False)
    return place / "app.pyz"


PROGRAM = """
import os, subprocess, sys
sys.path.insert(0, sys.argv[1])
from opener import HERE
before = os.listdir("/proc/self/fd")

def attempt(function, *args, **options):
    try:
        return function(*args, **options)
    except Exception as error:
        return type(error).__name__, str(error).replace(HERE, "")
"""


def answer(python, app, program, **options):
    return evaluate(python, PROGRAM + program, app, **options)


def test_openssl_reads_certificates(python, app):
    program = """
import ssl
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_verify_locations(HERE + "cert.pem")
context.load_verify_locations(cafile=os.fsencode(HERE + "cert.pem"))
context.load_cert_chain(HERE + "cert.pem", keyfile=HERE + "key.pem")
print([len(context.get_ca_certs()), attempt(context.load_verify_locations, HERE + "absent")[0]])
"""
    assert answer(python, app, program) == [1, "NotADirectoryError"]


@pytest.mark.parametrize("name", ["delete.db", "wal.db"])
def test_sqlite_reads_a_database_and_refuses_to_change_it(python, app, name):
    program = f"""
import sqlite3
with sqlite3.connect(HERE + {name!r}) as connection:
    found = connection.execute("SELECT text FROM notes").fetchall()
    refused = attempt(connection.execute, "INSERT INTO notes VALUES ('more')")
uri = sqlite3.connect("file:" + HERE + {name!r} + "?mode=ro", uri=True).execute("SELECT text FROM notes").fetchall()
absent = attempt(sqlite3.connect, HERE + "absent.db")
try:
    sqlite3.connect(os.fsencode(HERE) + b"absent.db")
except sqlite3.OperationalError as error:
    advice = getattr(error, "__notes__", None) or [error.bundler_advice]
print([found, uri, refused, absent, advice])
"""
    found, uri, refused, absent, advice = answer(python, app, program)
    assert found == uri == [("kept",)]
    assert refused == ("OperationalError", "attempt to write a readonly database")
    assert absent == ("OperationalError", "unable to open database file")
    assert advice == [f"`{app}` is read-only: a new database must go elsewhere"]


def test_dynamic_linker_opens_a_library(python, app):
    program = """
import ctypes
libraries = [ctypes.CDLL(HERE + "answer.so"), ctypes.cdll.LoadLibrary(HERE + "answer.so")]
print([[each.answer() for each in libraries], libraries[0]._name == HERE + "answer.so", ctypes.CDLL(None) is not None])
"""
    assert answer(python, app, program) == [[42, 42], True, True]


@pytest.mark.parametrize("word", ["HERE + 'one file.txt'", "os.fsencode(HERE) + b'one file.txt'"])
def test_program_of_the_bundle_runs_and_is_given_its_files(python, app, word):
    program = f"""
import pathlib
given = [HERE + "script", {word}]
ran = subprocess.run(given, stdout=subprocess.PIPE)
echo = subprocess.check_output([pathlib.Path(HERE + "echo"), "plain"])
other = subprocess.check_output(["cat", {word}, HERE + "fonts/one.txt"])
alone = subprocess.check_output(HERE + "echo")
print([ran.stdout, ran.args == given, echo, other, alone])
"""
    assert answer(python, app, program) == [b"one\n", True, b"plain\n", b"one\none\n", b"\n"]


@pytest.mark.parametrize(
    "call",
    [
        "os.execv(HERE + 'script', ['script', HERE + 'one file.txt'])",
        "os.execve(HERE + 'script', ['script', HERE + 'one file.txt'], {})",
        "os.execlp('cat', 'cat', HERE + 'one file.txt')",
        "os.waitpid(os.posix_spawn(HERE + 'script', ['script', HERE + 'one file.txt'], {}), 0)",
        "os.spawnv(os.P_WAIT, HERE + 'script', ['script', HERE + 'one file.txt'])",
    ],
)
def test_process_becomes_a_program_of_the_bundle(python, app, call):
    ran = run(python, "-c", PROGRAM + call, app, env={"PATH": "/usr/bin:/bin"})
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "one\n", "")


def test_directory_is_copied_for_a_program_unless_nothing_may_be_written(python, app, tmp_path):
    program = """
listed = attempt(subprocess.check_output, ["ls", HERE + "fonts"])
import glob
print([listed, [each for each in glob.glob("/dev/shm/tmp*/fonts") if os.stat(each).st_uid == os.getuid()] != []])
"""
    options = {"TMPDIR": str(tmp_path)}
    assert answer(python, app, program, env=options)[0] == b"one.txt\n"
    assert list(tmp_path.iterdir()) == []
    refused, _ = answer(python, app, program, env={**options, "BUNDLER_STRICT": "1"})
    assert refused[0] == "OSError" and "BUNDLER_STRICT forbids the temporary copy" in refused[1]


PLAIN = {"plain.py": "import os, subprocess, unittest\n"}  # nothing that could be handed on, but a tool that opens files


def test_bundle_with_nothing_to_hand_on_starts_programs(python, build_app, tmp_path):
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import plain\n"
        "child = plain.os.posix_spawn('/bin/echo', ['echo', './x'], {})\n"
        "print([plain.os.waitpid(child, 0)[1], plain.subprocess.call(['/bin/true', './x'])])"
    )
    ran = run(python, "-c", program, build_app(PLAIN, library=True))
    assert (ran.returncode, sorted(ran.stdout.splitlines()), ran.stderr) == (0, ["./x", "[0, 0]"], "")


def test_what_the_first_bundle_does_not_carry_is_taken_from_the_next(python, app, build_app):
    first = build_app(PLAIN, library=True)
    program = f"sys.path.insert(0, {str(first)!r}); import plain\nprint(subprocess.check_output(['cat', HERE + 'one file.txt']))"
    before = PROGRAM.replace("from opener", f"sys.path.insert(0, {str(first)!r}); import plain\nfrom opener")
    assert evaluate(python, before + program, app) == b"one\n"


def test_app_file_is_a_zip_of_the_bundle_to_who_reads_one(python, app):
    # as code does that finds itself below a file; what the file really holds is there too
    program = """
import copy, io, tempfile, zipfile
root = sys.argv[1]
os.chdir(os.path.dirname(root))
with zipfile.ZipFile(root) as archive:
    names = archive.namelist()
    infos = [archive.getinfo("data/" + name) for name in ("script", "one file.txt")]
    found = [len(names) == len(set(names)), "container" in names, archive.testzip(), archive.read("data/one file.txt"),
             [(info.file_size, info.CRC, info.external_attr >> 16 & 0o777, info.date_time[0]) for info in infos],
             archive.open("data/script").readline()]
    with tempfile.TemporaryDirectory() as place:
        archive.extractall(place)
        with open(place + "/data/cert.pem") as copied, open(HERE + "cert.pem") as original:
            found.append(copied.read() == original.read())
    with zipfile.ZipFile(io.BytesIO(), "w") as other:
        other.writestr(copy.copy(infos[0]), archive.read(infos[0]))
        found.append(other.read("data/script"))
found.append(attempt(archive.read, "data/script")[0])
found.append(zipfile.Path(os.path.basename(root), "data/fonts/one.txt").read_text())
found.append(attempt(zipfile.ZipFile, root, "x")[0])
with open(root, "rb") as raw, zipfile.ZipFile(raw) as archive:
    found.append("data/script" in archive.namelist())
print(found)
"""
    assert answer(python, app, program) == [
        True, True, None, b"one\n", [(19, 1649456195, 0o755, 1980), (4, 4162300063, 0o644, 1980)], b"#!/bin/sh\n", True,
        b'#!/bin/sh\ncat "$1"\n', "ValueError", "one\n", "FileExistsError", False,
    ]  # fmt: skip


BACKEND = """
import _ctypes, ctypes, os

def load_library(name, flags=0):
    return _ctypes.dlopen(name, flags or os.RTLD_NOW)

class FFI:
    def dlopen(self, name=None, flags=0):
        return load_library(name, flags)
"""
OPENING = """
import os, ctypes
import _cffi_backend
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "answer.so")
opened = {_cffi_backend.load_library(path, 0), _cffi_backend.FFI().dlopen(path), ctypes.CDLL(path)._handle}
try:
    _cffi_backend.FFI().dlopen(path + ".absent")
except OSError as error:
    print(len(opened), _cffi_backend.FFI().dlopen() != 0, "answer.so.absent" in str(error))
"""


def test_what_the_bundle_itself_opens_libraries_by_opens_its_own(python, build_app, tmp_path):
    (tmp_path / "answer.c").write_text("int answer(void) { return 42; }\n")
    subprocess.run(["cc", "-shared", "-fPIC", "answer.c", "-o", "answer.so"], check=True, cwd=tmp_path)
    files = {"__main__.py": OPENING, "_cffi_backend.py": BACKEND, "data/answer.so": (tmp_path / "answer.so").read_bytes()}
    ran = run(python, build_app(files))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "1 True True\n", "")


def test_process_that_goes_to_a_directory_works_in_a_copy_which_goes_with_it(python, app):
    program = """
os.chdir(HERE + "fonts")
first = os.getcwd()
found = [sorted(os.listdir(".")) == sorted(os.listdir(HERE + "fonts")), open("one.txt").read(), first.startswith(sys.argv[1])]
found.append(subprocess.check_output(["cat", "one.txt"]))
os.chdir("/")
os.chdir(HERE + "fonts")
found += [os.getcwd() == first, attempt(os.chdir, HERE + "one file.txt")[0], attempt(os.chdir, HERE + "none")[0]]
print([first, found])
"""
    place, found = answer(python, app, program)
    assert found == [True, "one\n", False, b"one\n", True, "NotADirectoryError", "FileNotFoundError"]
    assert not os.path.exists(place)
