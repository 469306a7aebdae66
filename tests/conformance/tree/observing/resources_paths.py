"""Resources as paths: every method of ``pathlib.Path``, as values, and in the hands of what takes a path."""

import copy
import importlib.resources as resources
import io
import os
import pathlib
import pickle
import shutil
import stat
import tokenize

import cargo
import cargo.hold
from observing import ROOT, attempt
from observing.resources import KEPT, asked

# What there is no answer to that two places share, or what would write.
LEFT_OUT = (
    "cwd", "home", "stat", "lstat", "info", "touch", "mkdir", "unlink", "rmdir", "chmod", "lchmod", "rename", "replace", "move",
    "move_into", "write_text", "write_bytes", "copy", "copy_into", "symlink_to", "hardlink_to", "link_to", "joinpath", "parts",
)  # fmt: skip
ARGUMENTS = {
    "glob": (("*",), ("*.txt",), ("**",), ("**/*",), ("**/*.txt",), ("crates/*",), ("*/one.txt",), ("crates/**",), (".*",), ("",),
             ("/abs",), ("../cargo/*.bin",), ("*/",), ("crates/",), ("[mh]*",), ("nowhere/*",), ("HOLD.PY",), ("*/deep/..",), ("**/",)),
    "rglob": (("*",), ("*.txt",), ("",), ("deep/*",), ("..",), ("two.txt",), ("*/",), ("**",)),
    "walk": ((), (False,)),
    "match": (("*",), ("*.txt",), ("cargo/*",), ("/nowhere",)),
    "full_match": (("*",), ("**/*.txt",), ("/**",)),
    "relative_to": ((ROOT,), (ROOT + "/cargo/crates",), ("relative",)),
    "is_relative_to": ((ROOT,), ("/nowhere",)),
    "with_name": (("other.txt",), ("",), ("a/b",)), "with_suffix": ((".md",), ("",), ("bad",)), "with_stem": (("other",),),
    "with_segments": (("/a", "b"),),
    "samefile": ((ROOT + "/cargo/manifest.txt",), (ROOT + "/cargo",), ("/",), (ROOT + "/nowhere",)),
    "resolve": ((), (True,)), "readlink": ((),), "open": ((), ("rb",), ("bad",), ("rt", -1, "latin-1")),
    "read_text": ((), ("latin-1",), ("utf-8", "replace")), "owner": ((),), "group": ((),), "exists": ((),), "from_uri": (("file:///a",),),
}  # fmt: skip

OUTSIDE = ("exists", "is_dir", "is_file", "is_symlink", "resolve", "absolute", "parent", "name", "suffix", "owner")


def observe_paths():
    """Every method and property of ``pathlib.Path``."""
    root = resources.files(cargo)
    answers = {"names": [name for name in dir(pathlib.Path) if not name.startswith("_") and not hasattr(root, name)]}
    for child in ("", "manifest.txt", "crates", "nowhere", "manifest.txt/below", "crates/../hold.py", "größe.txt", "x" * 300, "..", "../.."):
        path = root / child
        for name in dir(pathlib.Path):
            if name.startswith("_") or name in LEFT_OUT:
                continue
            if child == ".." and name in ("iterdir", "rglob", "walk") or child == "../.." and name not in OUTSIDE:
                continue
            if len(child) > 255 and name == "is_mount":  # up to 3.11 that asks for its status
                continue
            # getattr each time: some warn
            value = attempt(getattr, path, name)
            if not callable(value):
                answers[child + " ." + name] = asked(lambda: getattr(path, name))
                continue
            for arguments in ARGUMENTS.get(name, ((),)) if child != ".." or name != "glob" else (("carg*",), ("*/manifest.txt",)):
                answer = asked(lambda: getattr(path, name)(*arguments))
                if name == "resolve" and isinstance(answer, list):
                    del answer[2:]  # 3.14 names the part of the path at which it failed
                answers["%s .%s%s" % (child, name, arguments)] = answer
    return answers


def observe_walk():
    if not hasattr(pathlib.Path, "walk"):
        return None
    found = []
    for directory, directories, files in resources.files(cargo).walk():
        directories[:] = sorted(name for name in directories if name not in KEPT and name != "deep")
        found.append((str(directory), list(directories), sorted(files)))
    errors = []
    nothing = list((resources.files(cargo) / "nowhere").walk(on_error=errors.append))
    return [found, [type(error).__name__ for error in errors], nothing]


def observe_options_of_glob():
    root = resources.files(cargo)
    return {
        "case_sensitive": asked(lambda: root.glob("MANIFEST.*", case_sensitive=False)),
        "case_sensitive literal": asked(lambda: root.glob("HOLD.py", case_sensitive=False)),
        "recurse_symlinks": asked(lambda: root.glob("**/*.txt", recurse_symlinks=True)),
    }


def observe_status():
    answers = {}
    for child in ("", "manifest.txt", "bytes.bin", "crates", "empty.bin"):
        path = resources.files(cargo) / child
        for status in (path.stat(), path.lstat(), os.stat(path), os.lstat(str(path))):
            answers.setdefault(child, []).append([stat.S_IFMT(status.st_mode), stat.S_ISDIR(status.st_mode) or status.st_size])
        answers[child].append((resources.files(cargo) / child).stat().st_ino == path.stat().st_ino)
        answers[child].append(path.stat().st_ino == path.parent.stat().st_ino)
    return answers


def observe_paths_as_values():
    path = resources.files(cargo) / "manifest.txt"
    plain = pathlib.Path(str(path))
    copies = [copy.copy(path), copy.deepcopy(path), pickle.loads(pickle.dumps(path)), type(path)(path), path.parent / ".." / "cargo" / path.name]
    return {
        "equal": [path == plain, plain == path, hash(path) == hash(plain), path in {plain}, not path != plain],
        "order": [path < plain, path <= plain, path > plain.parent, sorted([path, plain.parent]) == [plain.parent, plain]],
        "copies": [[each.read_bytes(), each == path] for each in copies],
        "forms": [str(path), os.fspath(path), bytes(path), path.as_posix(), path.as_uri(), "%s" % path, f"{path}"],
        "isinstance": [isinstance(path, kind) for kind in (pathlib.Path, pathlib.PurePath, type(plain), os.PathLike)],
        "parents": [[str(each), each.is_dir()] for each in list(path.parents)[:2]],
        "outside": [[each.exists(), each.is_dir()] for each in (path.parents[2], path / "/etc", path / "../../.." / "nowhere")],
        "joined": [(path / "/etc/passwd").is_file(), path.joinpath("/", "etc").is_dir(), (path / "/").iterdir() is not None],
        "reverse": asked(lambda: "/a" / path),
    }


def observe_repr_of_a_path():
    return repr(resources.files(cargo))


def observe_paths_in_other_hands():
    """What takes a path opens it."""
    path = resources.files(cargo) / "manifest.txt"
    home = pathlib.Path(os.environ["HOME"])
    answers = {
        "open": asked(open, path, "rb"),
        "os.path": [getattr(os.path, name)(path) for name in ("exists", "isfile", "isdir", "islink", "getsize", "basename")],
        "listdir": sorted(name for name in os.listdir(path.parent) if name not in KEPT),
        "scandir": sorted((each.name, each.is_dir(), each.is_file()) for each in os.scandir(path.parent) if each.name not in KEPT),
        "access": [os.access(path, mode) for mode in (os.F_OK, os.R_OK)],
        "io.open": asked(io.open, path, encoding="latin-1", newline=""),
        "tokenize": asked(tokenize.open, cargo.hold.__file__),
        "copied": [pathlib.Path(shutil.copyfile(path, home / "copied")).read_bytes(), (home / "copied").stat().st_size],
        "tree": sorted(str(each.relative_to(home)) for each in pathlib.Path(shutil.copytree(path.parent / "crates", home / "tree")).rglob("*.txt")),
    }
    if hasattr(path, "copy"):
        answers["copy"] = [path.copy(home / "copy").read_bytes(), (path.parent / "lists").copy_into(home).name, (home / "lists/list.txt").read_bytes()]
        info = path.info
        answers["info"] = [info.exists(), info.is_file(), info.is_dir(), info.is_symlink()]
        children = {each.name: each.info for each in path.parent.iterdir() if each.name not in KEPT}
        answers["info of children"] = sorted((name, each.is_dir(), each.is_file(), each.is_symlink()) for name, each in children.items())
    return answers
