"""Extension modules are loaded where files in memory cannot be: each rung of the ladder holds when those above it are taken away."""

from __future__ import annotations

import ast
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from running import run

FORBIDDING = str(Path(__file__).with_name("forbidding.py"))
MAIN = """
import sys
def main():
    from pkg import single_phase, multi_phase
    print([[each.answer(), each.__file__] for each in (single_phase, multi_phase)])
"""
NOEXEC = "for each in /dev/shm /tmp /var/tmp; do mount --bind $each $each && mount -o remount,bind,noexec $each || exit 77; done"
NO_PROC = "umount -l /proc || exit 77"
MEMORY, TEMPORARY = "memfd_create=EPERM", "O_TMPFILE=EOPNOTSUPP"


@pytest.fixture(scope="session")
def app(python, build_app, extensions):
    files = {"main.py": MAIN, "pkg/__init__.py": "", **{"pkg/" + name: data for name, data in extensions.items()}}
    return build_app(files, entry_point="main:main", python=python, directory="with späces")


@pytest.fixture(scope="session")
def one_app(newest, build_app, extensions):
    """The app, for tests of what does not depend on the version of Python."""
    files = {"main.py": MAIN, "pkg/__init__.py": "", **{"pkg/" + name: data for name, data in extensions.items()}}
    return build_app(files, entry_point="main:main", python=newest, directory="with späces")


@pytest.fixture
def cache(tmp_path):
    """A place for the cache where code can be run, since `/tmp` may be taken away."""
    found = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / ("bundler-tests-%d" % os.getpid())
    yield found
    shutil.rmtree(found, ignore_errors=True)


def without(python, app, *forbidden, mounts="", **env):
    """Start ``app`` where the system calls ``forbidden`` fail, after the shell commands ``mounts``; return what ran and what it told."""
    command = [python, app]
    if forbidden:
        if sys.platform != "linux":
            pytest.skip("there is no seccomp")
        command = [sys.executable, FORBIDDING, *forbidden, "--", *command]
    if mounts:
        options = ["-m"] if os.geteuid() == 0 else ["-rm"]
        command = [shutil.which("unshare") or pytest.skip("there is no unshare"), *options, "sh", "-c", mounts + '\nexec "$@"', "sh", *command]
    ran = run(*command, env={"PATH": os.environ["PATH"], "BUNDLER_VERBOSE": "1", "PYTHONUTF8": "1", **env})
    if ran.returncode == 77 or mounts and "unshare failed" in ran.stderr:
        pytest.skip("no file systems can be mounted here: " + ran.stderr)
    return ran, re.findall("^bundler: (pkg/.*)$", ran.stderr, re.MULTILINE)


def check(app, ran):
    assert ran.returncode == 0, ran.stderr
    assert ast.literal_eval(ran.stdout) == [[42, f"{app}/pkg/{name}_phase.abi3.so"] for name in ("single", "multi")]


def test_each_rung_is_taken_where_those_above_are_gone(python, app, cache):
    told = without(python, app)[1]
    assert told == [f"pkg/{name}_phase.abi3.so: loaded from a file in memory" for name in ("single", "multi")]
    before = set(os.listdir("/dev/shm"))
    for forbidden in ([MEMORY], [MEMORY, TEMPORARY]):
        ran, told = without(python, app, *forbidden)
        check(app, ran)
        assert told == [
            f"pkg/{name}_phase.abi3.so: loaded from a file without a name in /dev/shm, since not from memory: Operation not permitted"
            for name in ("single", "multi")
        ]
    assert not {each for each in set(os.listdir("/dev/shm")) - before if each.startswith("bundler")}
    for _ in range(2):
        ran, told = without(python, app, MEMORY, mounts=NOEXEC, BUNDLER_CACHE=str(cache))
        check(app, ran)
        assert [re.sub("[0-9a-f]{32}", "KEY", each) for each in told] == [
            f"pkg/{name}_phase.abi3.so: loaded from {cache}/native/KEY/files, since not from elsewhere: memory: Operation not permitted; "
            "/dev/shm: mounted noexec; /tmp: mounted noexec; /var/tmp: mounted noexec"
            for name in ("single", "multi")
        ]
    assert sorted(path.name for path in cache.glob("native/*/files/*")) == ["multi_phase.abi3.so", "single_phase.abi3.so"]


def test_strict_start_loads_from_memory_only_and_says_so(one_app, newest, cache):
    check(one_app, without(newest, one_app, BUNDLER_STRICT="1", BUNDLER_CACHE=str(cache))[0])
    ran, _ = without(newest, one_app, MEMORY, BUNDLER_STRICT="1", BUNDLER_CACHE=str(cache))
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].endswith(
        "ContainerError: `pkg/single_phase.abi3.so` cannot be loaded from memory (Operation not permitted), and BUNDLER_STRICT forbids "
        "to write it to a file: start it without that, or where it may call `memfd_create`"
    )
    assert not cache.exists()


def test_library_of_the_cache_is_loaded_by_name_where_there_is_no_proc(one_app, newest, cache):
    for _ in range(2):
        ran, told = without(newest, one_app, mounts=NO_PROC, XDG_CACHE_HOME=str(cache))
        check(one_app, ran)
        assert told[0].endswith(
            "since not from elsewhere: memory: there is no /proc to open it by; a file without a name: there is no /proc to open it by"
        )
    (library,) = cache.glob("bundler/native/*/files/single_phase.abi3.so")
    library.write_bytes(b"changed")
    check(one_app, without(newest, one_app, mounts=NO_PROC, XDG_CACHE_HOME=str(cache))[0])
    assert library.read_bytes().startswith(b"\x7fELF")


@pytest.mark.parametrize("broken", ["no directory", "another's", "a link", "no home"])
def test_where_there_is_no_cache_a_private_directory_serves_until_the_end(one_app, newest, cache, tmp_path, broken):
    cache.mkdir()
    (tmp_path / "témp").mkdir()
    env = {"BUNDLER_CACHE": str(cache)}
    reason = f"{cache}/native: this is something else"
    if broken == "no directory":
        (cache / "native").touch()
    elif broken == "a link":
        (cache / "real").mkdir()
        (cache / "native").symlink_to("real")
    elif broken == "no home":
        env = {"HOME": str(cache / "gone")}
        reason = "a cache: this user has no home directory"
    elif os.geteuid() != 0:
        pytest.skip("only root gives directories away")
    else:
        (cache / "native").mkdir()
        os.chown(cache / "native", 54321, 54321)
        reason = f"{cache}/native: this is another user's"
    ran, told = without(newest, one_app, mounts=NO_PROC, TMPDIR=str(tmp_path / "témp"), **env)
    check(one_app, ran)
    assert f"{tmp_path}/témp/bundler-files-" in told[0] and told[0].endswith(reason)
    assert list((tmp_path / "témp").iterdir()) == []
    assert not list(cache.rglob("*.so"))


def test_where_nothing_can_be_written_it_is_said_once_and_clearly(one_app, newest, cache, tmp_path):
    read_only = "\n".join("mount --bind %s %s && mount -o remount,bind,ro %s || exit 77" % ((place,) * 3) for place in ("/dev/shm", "/"))
    check(one_app, without(newest, one_app, mounts=read_only, BUNDLER_CACHE=str(cache), BUNDLER_STRICT="1")[0])
    ran, _ = without(newest, one_app, MEMORY, mounts=read_only, BUNDLER_CACHE=str(cache))
    assert ran.returncode == 1
    message = ran.stderr.splitlines()[-1]
    assert re.search(
        r"ContainerError: `pkg/single_phase\.abi3\.so` can be loaded from nowhere \(memory: Operation not permitted; "
        r"/dev/shm: Read-only file system; /tmp: Read-only file system; /var/tmp: Read-only file system; \S+: Read-only file system; "
        r"a private directory: No usable temporary directory found in [^)]*\): "
        r"let BUNDLER_CACHE name a directory of yours that can be written to, and that code can be run from$",
        message,
    ), message


def test_cache_on_a_read_only_disk_serves_what_it_has(one_app, newest, cache):
    without(newest, one_app, MEMORY, mounts=NOEXEC, BUNDLER_CACHE=str(cache))
    read_only = "mount --bind %s %s && mount -o remount,bind,ro %s || exit 77" % ((cache,) * 3)
    ran, told = without(newest, one_app, MEMORY, mounts=NOEXEC + "\n" + read_only, BUNDLER_CACHE=str(cache))
    check(one_app, ran)
    assert told[0].startswith(f"pkg/single_phase.abi3.so: loaded from {cache}/native/")


def test_full_disk_makes_room_of_what_is_not_in_use(one_app, newest, build_app, extensions, cache):
    files = {"pkg/" + name: data + b"\0" for name, data in extensions.items()}
    other = build_app({"main.py": MAIN, "pkg/__init__.py": "", **files}, entry_point="main:main", python=newest)
    cache.mkdir()
    page, size = os.sysconf("SC_PAGESIZE"), sum(len(data) for data in extensions.values())
    # for the libraries of one app and half of those of the other
    mounts = f"{NOEXEC}\nmount -t tmpfs -o size={(size * 3 // 2 // page + 4) * page} none {cache} || exit 77"
    # the words of the command: python, filter, what is forbidden, --, python, app
    ran, told = without(newest, other, MEMORY, mounts=f'{mounts}\n"$1" "$2" "$3" -- "$5" "{one_app}" >/dev/null 2>&1 || exit 1', BUNDLER_CACHE=str(cache))
    check(other, ran)
    assert all(f"loaded from {cache}/native/" in each for each in told)


def test_system_with_neither_files_in_memory_nor_locks_nor_proc(one_app, newest, cache, tmp_path):
    """As far as macOS and Windows can be had on Linux."""
    (tmp_path / "sitecustomize.py").write_text("import os, sys\nsys.modules['fcntl'] = None\nfor name in ('memfd_create', 'O_TMPFILE'):\n    vars(os).pop(name, None)\n")
    for _ in range(2):
        ran, told = without(newest, one_app, mounts=NO_PROC, PYTHONPATH=str(tmp_path), XDG_CACHE_HOME=str(cache))
        check(one_app, ran)
        assert told[0].endswith("memory: this platform has none; a file without a name: there is no /proc to open it by")
    assert len(list(cache.glob("bundler/native/*/files/*.so"))) == 2
