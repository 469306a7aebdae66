"""Resources: ``importlib.resources``, ``pkgutil.get_data``, what a loader gives."""

import contextlib
import ctypes
import importlib
import importlib.abc
import importlib.resources as resources
import io
import os
import pathlib
import pkgutil
import subprocess
import sys
import tempfile
import warnings
import zipfile

import cargo
import cargo.hold
import cargo.lists
import cargo_alone
import harbour
import harbour.pier
import harbour.yard
from observing import ROOT, attempt

CRATES = importlib.import_module("cargo.crates")  # a directory without __init__, in a package
PACKAGES = {"package": cargo, "inner": cargo.lists, "namespace": harbour, "in_a_namespace": harbour.yard, "directory": CRATES}
ANCHORS = {**PACKAGES, "module": cargo.hold, "alone": cargo_alone, "by_name": "cargo", "missing": "cargo.nowhere", "number": 1}
NAMES = (
    "manifest.txt", "latin.txt", "empty.bin", "bytes.bin", "two words.txt", "größe.txt", ".hidden", "hold.py", "__init__.py",
    "nowhere.txt", "crates", "crates/one.txt", "crates/deep/two.txt", "crates/fake.so", "crates/not-a-module.py", "crates/nowhere",
    "lists", "lists/list.txt", "hold.py/below", "", ".", "..", "../cargo/hold.py", "crates/../manifest.txt", "./manifest.txt",
    "manifest.txt/", "/etc/hostname.nowhere", "../harbour/chart.txt", "chart.txt", "basin", "basin/depth.txt", "tools.txt", "list.txt",
    "one.txt",
)  # fmt: skip
KEPT = ("__pycache__",)
# 3.9 shows how it spells a path
SPELT = ("", ".", "./manifest.txt", "/etc/hostname.nowhere") if sys.version_info < (3, 10) else ()


def shown(value):
    """Return plain data for a path, an open file, an iterator."""
    if isinstance(value, pathlib.PurePath):
        return "path " + str(value)
    if isinstance(value, io.IOBase):
        with value:
            return [value.read(), value.name, value.mode, value.readable(), value.writable(), value.seekable()]
    if isinstance(value, set):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [shown(each) for each in value]
    if isinstance(value, (str, bytes, bool, int, float, dict, type(None))):
        return value
    if hasattr(value, "is_dir") and hasattr(value, "iterdir"):
        return "traversable " + str(value)
    if hasattr(value, "__next__") or hasattr(value, "__getitem__"):
        return sorted(map(str, filter(None, map(_kept_out, map(shown, value)))))
    return repr(type(value))


def _kept_out(value):
    """Return what is shown of a child, or of a step of a walk; None for what Python has put there."""
    if isinstance(value, list):
        return _kept_out(value[0]) and [value[0], *(sorted(set(names).difference(KEPT)) for names in value[1:])]
    return None if any(name in str(value) for name in KEPT) else value


def asked(function, *arguments, **options):
    """Return what a call returns, as plain data, with the kinds of warnings; or its error, with its number."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer = shown(function(*arguments, **options))
        except OSError as error:
            answer = [type(error).__name__, error.errno, str(error.filename)]
        except Exception as error:
            answer = [type(error).__name__, str(error)]
    # what is not closed is the caller's
    told = [each.category.__name__ for each in caught if each.category is not ResourceWarning]
    return [answer, *told] if told else answer


def observe_files():
    return {name: asked(resources.files, anchor) for name, anchor in ANCHORS.items()}


def observe_files_of_the_caller():
    return asked(cargo.files_of_the_caller)


def observe_files_and_a_name():
    answers = {}
    for name, package in PACKAGES.items():
        try:
            files = resources.files(package)
        except Exception:  # above
            continue
        for child in NAMES:
            answers[name + " / " + child] = asked(lambda: files / child)
            answers[name + " joined " + child] = asked(lambda: files.joinpath(child).read_bytes())
        answers[name + " names"] = asked(lambda: [sorted(each.name for each in files.iterdir() if each.name not in KEPT)])
        answers[name + " kinds"] = asked(
            lambda: sorted((each.name, each.is_dir(), each.is_file()) for each in files.iterdir() if each.name not in KEPT)
        )
        answers[name + " several"] = asked(lambda: files.joinpath("crates", "deep", "two.txt").read_text())
        answers[name + " nested"] = asked(lambda: files.joinpath("basin/depth.txt").read_text())
        answers[name + " stepwise"] = asked(lambda: (files / "basin" / "depth.txt").read_text())
        for method in ("is_dir", "is_file", "read_bytes", "read_text", "open", "exists"):
            answers[name + " " + method] = asked(lambda: getattr(files, method)())
        answers[name + " name"] = asked(lambda: files.name)
        answers[name + " is a Path"] = isinstance(files, pathlib.Path)
    return answers


def _functions():
    for function in ("open_binary", "read_binary", "open_text", "read_text", "is_resource", "contents"):
        if hasattr(resources, function):
            yield function, getattr(resources, function)


def observe_functions():
    """The functions by name: those of 3.9 to 3.12, and those of 3.13."""
    answers = {}
    for function, call in _functions():
        if function == "contents":
            for name, package in ANCHORS.items():
                if name != "alone":  # all that there is
                    answers[function + " " + name] = asked(lambda: [set(call(package)).difference(KEPT)])
            continue
        for name, package in ANCHORS.items():
            for child in [each for each in NAMES if each not in SPELT] if name == "package" else NAMES[:1] + NAMES[-6:]:
                answers[" ".join((function, name, child))] = asked(call, package, child)
    return answers


def observe_functions_with_several_names():
    names = ("crates", "deep", "two.txt")
    answers = {function: asked(call, cargo, *names) for function, call in _functions()}
    answers["encoding"] = asked(resources.read_text, cargo, "latin.txt", encoding="latin-1")
    answers["wrong"] = asked(resources.read_text, cargo, "latin.txt")
    answers["errors"] = asked(resources.read_text, cargo, "latin.txt", encoding="utf-8", errors="replace")
    answers["positional"] = asked(resources.read_text, cargo, "latin.txt", "latin-1")
    return answers


def _taken(path):
    """Return what C code and another process find at ``path``, and what its name is good for."""
    if os.path.isdir(path):
        return sorted(
            (os.path.relpath(os.path.join(where, name), path), open(os.path.join(where, name), "rb").read())
            for where, directories, names in os.walk(path)
            for name in names
            if not where.endswith(KEPT)
        )
    fopen, fread, fclose = (getattr(ctypes.CDLL(None), name) for name in ("fopen", "fread", "fclose"))
    fopen.restype = ctypes.c_void_p
    file = fopen(os.fsencode(path), b"rb")
    content = ctypes.create_string_buffer(1024)
    length = fread(content, 1, 1024, ctypes.c_void_p(file)) if file else -1
    if file:
        fclose(ctypes.c_void_p(file))
    child = subprocess.run(["cat", str(path)], capture_output=True)
    return [content.raw[: max(length, 0)], length, child.returncode, child.stdout, path.name, path.suffix, path.stem]


def observe_as_file():
    answers = {}
    for child in NAMES[:14] + ("crates/fake.so", "lists", "nowhere.txt"):

        def take():
            with resources.as_file(resources.files(cargo) / child) as path:
                return [isinstance(path, pathlib.Path), path.exists(), path.is_file(), path.resolve().exists(), _taken(path)]

        answers[child] = asked(take)
    return answers


def observe_as_file_twice():
    with contextlib.ExitStack() as stack:
        paths = [stack.enter_context(resources.as_file(resources.files(cargo) / "manifest.txt")) for _ in range(3)]
        return [path.read_bytes() for path in paths]


def observe_descriptors_left_open():
    before = len(os.listdir("/proc/self/fd"))
    for child in ("manifest.txt", "crates", "bytes.bin"):
        with resources.as_file(resources.files(cargo) / child):
            pass
        attempt((resources.files(cargo) / child).read_bytes)
    return len(os.listdir("/proc/self/fd")) - before


def observe_path():
    if not hasattr(resources, "path"):
        return None

    def take(package, name):
        with resources.path(package, name) as path:
            return path.read_bytes()

    return {
        " ".join((name, child)): asked(take, package, child)
        for name, package in PACKAGES.items()
        for child in ("manifest.txt", "nowhere.txt", "crates/one.txt", "chart.txt", "tools.txt", "one.txt")
    }


def observe_get_data():
    """pkgutil's."""
    answers = {}
    for package in ("cargo", "cargo.lists", "cargo.hold", "cargo.crates", "harbour", "harbour.yard", "cargo_alone", "nowhere"):
        # what is above the top of a bundle is not what is above a directory
        for child in [name for name in NAMES if package != "cargo_alone" or not name.startswith("..")]:
            answers[package + " " + child] = asked(pkgutil.get_data, package, child)
    return answers


def observe_get_data_of_a_loader():
    elsewhere = os.path.join(os.environ["HOME"], "elsewhere.txt")
    with open(elsewhere, "w") as file:
        file.write("elsewhere\n")
    where = os.path.dirname(cargo.__file__)
    answers = {child: asked(cargo.__loader__.get_data, os.path.join(where, child)) for child in NAMES}
    for name, path in {
        "elsewhere": elsewhere, "relative": "cargo/manifest.txt", "bytes": os.fsencode(os.path.join(where, "bytes.bin")),
        "path": pathlib.Path(where, "bytes.bin"), "source": cargo.__file__, "of another": harbour.pier.__file__,
        "nothing": "", "root": ROOT + "/nowhere",
    }.items():  # fmt: skip
        answer = asked(cargo.__loader__.get_data, path)
        answers[name] = str(answer).replace(os.environ["HOME"], "<home>")
    return answers


def observe_reader():
    """What the protocol of 3.9 and 3.10 has."""
    answers = {}
    for name, module in {**PACKAGES, "module": cargo.hold, "alone": cargo_alone}.items():
        make = getattr(module.__loader__, "get_resource_reader", None)
        answers[name + " of another"] = isinstance(attempt(make, "another") if make else None, tuple)
        reader = attempt(make, module.__name__) if make else None
        answers[name] = reader if isinstance(reader, tuple) else reader is None
        if isinstance(reader, tuple) or reader is None:
            continue
        answers[name + " contents"] = name == "alone" or asked(reader.contents)
        for child in [each for each in NAMES if each not in SPELT] if name == "package" else NAMES[:1] + NAMES[-6:]:
            answers[name + " open " + child] = asked(reader.open_resource, child)
            answers[name + " is " + child] = asked(reader.is_resource, child)
        for child in ("manifest.txt", "chart.txt", "list.txt"):
            answers[name + " path " + child] = asked(lambda: os.path.exists(reader.resource_path(child)))
        if sys.version_info >= (3, 10):  # before, a loader was its own reader
            answers[name + " files"] = asked(lambda: reader.files())
            answers[name + " path"] = asked(lambda: reader.path)
    return answers


def observe_kinds():
    """Which abstract classes readers and paths pass for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        modules = [importlib.abc, getattr(resources, "abc", None)]
        kinds = {
            name: getattr(module, name)
            for module in modules
            for name in ("ResourceReader", "Traversable", "TraversableResources")
            if hasattr(module, name)
        }
    answers = {}
    for name, module in PACKAGES.items():
        reader = attempt(lambda: module.__loader__.get_resource_reader(module.__name__))
        for kind in kinds:
            answers["reader %s %s" % (name, kind)] = attempt(isinstance, reader, kinds[kind])
            answers["files %s %s" % (name, kind)] = attempt(lambda: isinstance(resources.files(module), kinds[kind]))
    return answers


def observe_namespace_with_portions_elsewhere():
    """A namespace package of which the bundle has one portion, a directory another; and an archive, where that is read (3.13)."""
    home = tempfile.mkdtemp(dir=os.environ["HOME"])
    where = os.path.join(home, "elsewhere")
    for name, text in {"harbour/tide.txt": "tide", "harbour/chart.txt": "hidden", "harbour/basin/swell.txt": "swell"}.items():
        os.makedirs(os.path.dirname(os.path.join(where, name)), exist_ok=True)
        with open(os.path.join(where, name), "w") as file:
            file.write(text)
    archive = os.path.join(home, "portion.zip")
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("harbour/", "")
        file.writestr("harbour/zipped.txt", "zipped")
        file.writestr("harbour/crane.py", "VALUE = 'crane'")
    answers = {}
    for name, more in {"directory": [where], "archive": [archive] if sys.version_info >= (3, 13) else [], "none": []}.items():
        sys.path += more
        try:
            answers[name] = str(_merged()).replace(home, "<home>")
        finally:
            sys.path[len(sys.path) - len(more) :] = []
    harbour.__path__.append(os.path.join(where, "harbour"))
    try:
        answers["appended"] = str(_merged()).replace(home, "<home>")
    finally:
        harbour.__path__._path.pop()
    return answers


def _merged():
    files = attempt(resources.files, "harbour")
    if isinstance(files, tuple):
        return files
    children = sorted((each.name, each.is_dir(), each.is_file()) for each in files.iterdir() if each.name not in KEPT)
    texts = {
        name: asked(lambda: files.joinpath(name).read_text())
        for name in ("chart.txt", "tide.txt", "zipped.txt", "nowhere.txt", "basin", "basin/depth.txt", "basin/swell.txt")
    }
    basin = files / "basin"
    inner = asked(lambda: sorted(each.name for each in basin.iterdir()))
    several = asked(lambda: files.joinpath("basin", "swell.txt").read_text())
    stepwise = asked(lambda: (files / "basin" / "depth.txt").read_text())
    return [len(harbour.__path__), children, texts, inner, several, stepwise, files.name, str(files)]


def observe_as_file_of_a_merged_directory():
    def take():
        with resources.as_file(resources.files(harbour)) as path:
            return path.name, _taken(path)

    return asked(take)
