"""Apply operations on files to a tree and tell what came of each: run by the interpreters under test.

Started as ``python overlay_operations.py DIRECTORY``: the tree is ``tree/`` of
what is called ``app.pyz`` in that directory, a mounted directory or an app
file. Each line of the input is a list of operations (JSON), each line of the
output what they gave.
"""

import configparser
import glob
import io
import json
import mmap
import os
import pathlib
import shutil
import stat
import sys
import tempfile
import tokenize
import zipfile


def path_of(root, spelling, path):
    """Return ``path``, relative to the tree, as ``spelling`` has it."""
    full = {"relative": "app.pyz/tree", "link": root + "/link.pyz/tree"}.get(spelling, root + "/app.pyz/tree") + "/" + path
    if not path:
        full = full[:-1]
    return os.fsencode(full) if spelling == "bytes" else pathlib.Path(full) if spelling == "pathlib" else full


def status(found):
    return [stat.S_IFMT(found.st_mode), stat.S_IMODE(found.st_mode), found.st_mtime, stat.S_ISREG(found.st_mode) and found.st_size]


def read_through(file, steps):
    """Take ``steps`` with an open file and return what each gave."""
    with file:
        return [attempt(lambda step=step: STEPS[step](file)) for step in steps] + [status(os.fstat(file.fileno()))]


STEPS = {
    "read": lambda file: file.read(),
    "read 3": lambda file: file.read(3),
    "line": lambda file: file.readline(),
    "lines": lambda file: list(file),
    "rewind": lambda file: file.seek(0),
    "end": lambda file: file.seek(0, 2),
    "tell": lambda file: file.tell(),
    "write": lambda file: file.write("x" if isinstance(file, io.TextIOBase) else b"x"),
    "truncate": lambda file: file.truncate(),
    "able": lambda file: [file.readable(), file.writable(), file.seekable(), file.isatty()],
    "map": lambda file: mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)[:],
    "map to write": lambda file: mmap.mmap(file.fileno(), 0)[:],
    "name": lambda file: [file.name, file.mode],
}


def opened_descriptor(path, flags, steps):
    if os.path.isdir(path) and not flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR | os.O_TRUNC):
        return "a directory"  # of a bundle's there is no descriptor: docs/overlay.md
    descriptor = os.open(path, flags)
    try:
        found = [status(os.fstat(descriptor)), os.get_inheritable(descriptor)]
        for step in steps:
            if step == "read":
                found.append(os.read(descriptor, 100))
            elif step == "write":
                found.append(attempt(lambda: os.write(descriptor, b"x")))
            elif step == "rewind":
                found.append(os.lseek(descriptor, 0, 0))
        return found
    finally:
        os.close(descriptor)


def scanned(path):
    with os.scandir(path) as entries:
        return sorted(
            [os.fsdecode(each.name), each.is_dir(), each.is_file(), each.is_symlink(), status(each.stat()), each.path] for each in entries
        )


def copied(path, function):
    with tempfile.TemporaryDirectory() as place:
        target = os.path.join(place, "copy")
        function(os.fsdecode(path), target)
        if os.path.isdir(target):
            found = sorted((os.path.relpath(each, target), sorted(names)) for each, _, names in os.walk(target))
            for each, _, _ in os.walk(target):
                os.chmod(each, 0o700)
            return found
        _, mode, time, size = status(os.stat(target))
        return [mode, function is shutil.copy2 and time, size, pathlib.Path(target).read_bytes()]


def configured(path):
    parser = configparser.ConfigParser()
    return [len(parser.read(path)), parser.sections()]


OPERATIONS = {
    "stat": lambda path: status(os.stat(path)),
    "lstat": lambda path: status(os.lstat(path)),
    "access": lambda path, mode: os.access(path, mode),
    "listdir": lambda path: sorted(os.listdir(path)),
    "scandir": scanned,
    "walk": lambda path: sorted([top, sorted(one), sorted(other)] for top, one, other in os.walk(path)),
    "open": lambda path, mode, steps: read_through(open(path, mode), steps),
    "open text": lambda path, steps: read_through(io.open(path, encoding="utf-8"), steps),
    "os.open": opened_descriptor,
    "mkdir": lambda path: os.mkdir(path),
    "makedirs": lambda path: os.makedirs(path, exist_ok=True),
    "rmdir": lambda path: os.rmdir(path),
    "unlink": lambda path: os.unlink(path),
    "truncate": lambda path: os.truncate(path, 0),
    "chmod": lambda path: os.chmod(path, 0o777),
    "utime": lambda path: os.utime(path),
    "mkfifo": lambda path: os.mkfifo(path),
    "readlink": lambda path: os.readlink(path),
    "statvfs": lambda path: os.statvfs(path).f_flag & os.ST_RDONLY,
    "listxattr": lambda path: os.listxattr(path),
    "rename": lambda path, other: os.rename(path, other),
    "replace": lambda path, other: os.replace(path, other),
    "link": lambda path, other: os.link(path, other),
    "symlink": lambda path, other: os.symlink(path, other),
    "samefile": lambda path, other: os.path.samefile(path, other),
    "exists": lambda path: [function(path) for function in (os.path.exists, os.path.lexists, os.path.isfile, os.path.isdir, os.path.islink)],
    "getsize": lambda path: [os.path.isdir(path) or os.path.getsize(path), os.path.getmtime(path)],
    "realpath": lambda path: os.path.realpath(path),
    "glob": lambda path, pattern: sorted(glob.glob(os.path.join(os.fsdecode(path), pattern), recursive=True)),
    "pathlib": lambda path, name, *rest: PATHLIB[name](pathlib.Path(os.fsdecode(path)), *rest),
    "copyfile": lambda path: copied(path, shutil.copyfile),
    "copy2": lambda path: copied(path, shutil.copy2),
    "copytree": lambda path: copied(path, shutil.copytree),
    "zipfile": lambda path: zipfile.ZipFile(path).namelist(),
    "tokenize": lambda path: read_through(tokenize.open(path), ["read"]),
    "configparser": configured,
    "which": lambda path: shutil.which(os.fsdecode(path)),
}


def strict(path):
    if ".." in str(path) or "\0" in str(path):
        return None  # what comes of these is another in each version
    try:
        return str(path.resolve(strict=True))
    except OSError as error:  # which of its parts it names is another in each version
        return error.errno


PATHLIB = {
    "read": lambda path: [path.read_bytes(), attempt(path.read_text)],
    "children": lambda path: sorted(map(str, path.iterdir())),
    "glob": lambda path, pattern: sorted(map(str, path.glob(pattern))),
    "rglob": lambda path, pattern: sorted(map(str, path.rglob(pattern))),
    "is": lambda path: [path.exists(), path.is_file(), path.is_dir(), path.is_symlink(), path.is_mount(), path.is_fifo()],
    "stat": lambda path: [status(path.stat()), status(path.lstat())],
    "resolve": lambda path: str(path.resolve()),
    "strict": strict,
    "write": lambda path: path.write_bytes(b"x"),
    "touch": lambda path: path.touch(),
    "mkdir": lambda path: path.mkdir(parents=True, exist_ok=True),
    "unlink": lambda path: path.unlink(missing_ok=True),
    "open": lambda path: path.open("rb").close(),
}


def attempt(function):
    """Return what ``function`` returns, or all that an error tells."""
    try:
        return function()
    except Exception as error:
        known = isinstance(error, OSError)
        return [type(error).__name__, str(error)] + ([error.errno, error.filename, error.filename2] if known else [])


def perform(root, operation):
    """Return what came of one operation: its name, spelling and path, and the arguments that are no paths."""
    name, spelling, path, *arguments = operation
    if name in ("open", "os.open"):
        path = path.rstrip("/")  # to make a file called "x/" fails in ways of its own
    arguments = [path_of(root, spelling, each["path"]) if isinstance(each, dict) else each for each in arguments]
    return attempt(lambda: OPERATIONS[name](path_of(root, spelling, path), *arguments))


def main():
    """Answer line by line until the input ends."""
    root = sys.argv[1]
    os.chdir(root)
    sys.path.insert(0, os.path.join(root, "app.pyz"))
    __import__("opener")  # it opens files next to itself
    for line in sys.stdin:
        answer = [perform(root, operation) for operation in json.loads(line)]
        print(json.dumps(answer, default=lambda value: repr(value)).replace(root, "<root>"), flush=True)


main()
