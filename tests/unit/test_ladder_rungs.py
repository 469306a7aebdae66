"""The ladder's rungs in their order; sets of files that must lie beside each other; and where a user's caches are."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import platformdirs
import pytest

from runtime_stub.layout import ContainerError
from runtime_stub.native import ladder, memory
from runtime_stub.written import places, rungs

DATA = b"content of a library"
DIGEST = sha256(DATA).digest()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A place for the cache, and none of what a session has otherwise."""
    for name in ("XDG_RUNTIME_DIR", "TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BUNDLER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(rungs, "_caches", {})
    monkeypatch.setattr(rungs, "_trees", {})
    return tmp_path / "cache" / "native"


def pieces():
    yield DATA[:7]
    yield memoryview(DATA)[7:]


def where(path: str) -> str:
    """Return which rung a path is of."""
    name = os.readlink(path)
    return "memory" if name.startswith("/memfd:") else "unlinked" if name.endswith("(deleted)") else "cache"


@pytest.mark.skipif(sys.platform != "linux", reason="there are no files in memory")
@pytest.mark.parametrize("digest", [DIGEST, None])
def test_what_the_dynamic_linker_may_not_map_goes_down_the_ladder(digest, cache):
    taken, spellings = [], set()

    def refuse(path):
        spellings.add(path)
        taken.append((where(path), Path(path).read_bytes()))
        raise ImportError(f"{path}: failed to map segment from shared object")

    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(ContainerError) as caught:
        ladder.load("pkg/libone.so", digest, pieces, refuse)
    # the last one is that of a private directory
    assert taken == [(rung, DATA) for rung in ("memory", "unlinked", "cache", "cache")]
    assert len(spellings) == 4
    message = str(caught.value)
    assert message.startswith("`pkg/libone.so` can be loaded from nowhere (memory: the dynamic linker refuses it; ")
    assert message.count("the dynamic linker refuses it") == 4 and f"{cache}/" in message
    assert caught.value.name == "pkg/libone.so"
    # but for the lock of the private directory
    assert len(os.listdir("/proc/self/fd")) <= before + 1


@pytest.mark.skipif(sys.platform != "linux", reason="there are no files in memory")
@pytest.mark.parametrize("error", [ImportError("{}: undefined symbol: f"), OSError("libtwo.so: failed to map segment from shared object"), ValueError("")])
def test_other_errors_of_the_dynamic_linker_are_its_own(error):
    def fail(path):
        error.args = (error.args[0].format(path),)
        raise error

    with pytest.raises(type(error)) as caught:
        ladder.load("pkg/libone.so", DIGEST, pieces, fail)
    assert caught.value is error


def test_damaged_bytes_end_the_descent(monkeypatch, cache):
    def damaged():
        yield DATA
        raise ContainerError("damaged")

    with pytest.raises(ContainerError, match="^damaged$"):
        ladder.place("pkg/libone.so", DIGEST, damaged)
    monkeypatch.delattr(os, "memfd_create", raising=False)
    with pytest.raises(ContainerError, match="^damaged$"):
        ladder.place("pkg/libone.so", DIGEST, damaged)
    assert not cache.exists()


BECOMING = """
import os, sys
sys.path.insert(0, sys.argv[1])
from runtime_stub.written import rungs
if sys.argv[2] == "no cache":
    os.environ["BUNDLER_CACHE"] = "/dev/null"
with open("/bin/cat", "rb") as file:
    data = file.read()
directory = rungs.tree([("bin/cat", None, True, lambda: [data])])
print(directory, flush=True)
os.execv(directory + "/bin/cat", ["cat"])
"""


@pytest.mark.skipif(not os.path.exists("/bin/cat"), reason="there is no cat")
@pytest.mark.parametrize("place", ["cache", "no cache"])
def test_program_that_a_process_has_become_stays_while_it_runs(tmp_path, cache, place):
    command = [sys.executable, "-c", BECOMING, str(Path(__file__).parents[2]), place]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path)}) as started:
        directory = started.stdout.readline().decode().strip()
        started.stdin.write(b"running\n")
        started.stdin.flush()
        assert started.stdout.readline() == b"running\n"
        assert directory.startswith(str(cache if place == "cache" else tmp_path / "bundler-files-"))
        removing = [sys.executable, "-c", REMOVING, str(Path(__file__).parents[2]), str(cache)]
        options = {"env": {**os.environ, "TMPDIR": str(tmp_path)}, "check": True}
        subprocess.run(removing, **options)
        assert os.path.exists(directory + "/bin/cat")
    subprocess.run(removing, **options)
    assert not os.path.exists(directory)


REMOVING = """
import sys
sys.path.insert(0, sys.argv[1])
from runtime_stub.written import private
from runtime_stub.written.cache import Cache
private.make()
Cache(sys.argv[2])._shrink(0)
"""


def test_files_that_belong_together_lie_beside_each_other(cache):
    names = ["pkg/one.so", "pkg.libs/libtwo-1234.so.2", "pkg/bin/tool"]
    files = [(name, digest, name == "pkg/bin/tool", pieces) for name, digest in zip(names, (DIGEST, None, DIGEST))]
    directory = ladder.tree(files)
    assert Path(directory).parents[1] == cache
    assert {path.relative_to(directory).as_posix(): (path.read_bytes(), os.access(path, os.X_OK)) for path in Path(directory).rglob("*") if path.is_file()} == {
        "pkg/one.so": (DATA, False),
        "pkg.libs/libtwo-1234.so.2": (DATA, False),
        "pkg/bin/tool": (DATA, True),
    }
    descriptors = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    assert ladder.tree(files) == directory
    assert not descriptors or len(os.listdir("/proc/self/fd")) == descriptors
    assert ladder.tree(files[:1]) != directory


@pytest.mark.parametrize(("number", "reason"), [(1, "no program can be started from there"), (2, "it is looked for by its place beside others")])
def test_directory_is_refused_where_nothing_is_to_be_written(monkeypatch, cache, number, reason):
    monkeypatch.setattr(rungs, "strict", True)
    with pytest.raises(ContainerError) as caught:
        ladder.tree([("pkg/one.so", DIGEST, False, pieces), ("pkg/two.so", DIGEST, False, pieces)][:number])
    assert str(caught.value) == (
        f"`pkg/one.so` cannot be loaded from memory ({reason}), "
        "and BUNDLER_STRICT forbids to write it to a file: start it without that"
    )
    assert not cache.exists()


def test_memory_that_there_is_not_is_told_from_what_is_damaged(monkeypatch):
    monkeypatch.delattr(os, "memfd_create", raising=False)
    with pytest.raises(memory.Impossible) as caught:
        ladder.in_memory("pkg/libone.so", pieces)
    assert str(caught.value) == "no file in memory can be made for `pkg/libone.so`: this platform has none"


@pytest.mark.parametrize("xdg", ["{home}/x d g", "", "relative", None])
def test_caches_are_where_platformdirs_has_them(monkeypatch, tmp_path, xdg):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("BUNDLER_CACHE")
    if xdg is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", xdg.format(home=tmp_path))
    if xdg == "relative":  # "must be ignored", and platformdirs does not
        assert places.cache() == str(tmp_path / ".cache/bundler/native")
    else:
        assert places.cache() == os.path.join(platformdirs.user_cache_dir("bundler", appauthor=False), "native")


def test_caches_of_macos_and_windows_are_where_platformdirs_has_them(monkeypatch, tmp_path):
    from platformdirs.macos import MacOS

    monkeypatch.delenv("BUNDLER_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "darwin")
        assert places.cache() == os.path.join(MacOS("bundler", appauthor=False).user_cache_dir, "native")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        found = places.cache()
    assert found == f"{tmp_path}/Local/bundler/Cache/native"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there is no password database")
@pytest.mark.parametrize("home", ["", None, "relative"])
def test_home_that_is_not_told_is_that_of_the_password_database(monkeypatch, home):
    import pwd

    monkeypatch.delenv("BUNDLER_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if home is None:
        monkeypatch.delenv("HOME", raising=False)
    else:
        monkeypatch.setenv("HOME", home)
    assert places.cache() == os.path.join(pwd.getpwuid(os.getuid()).pw_dir, ".cache/bundler/native")
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 12345)
    with pytest.raises(FileNotFoundError, match="this user has no home directory: 'a cache'"):
        places.cache()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives directories away")
@pytest.mark.parametrize("variable", ["HOME", "XDG_CACHE_HOME"])
def test_caches_of_who_called_sudo_are_left_alone(monkeypatch, tmp_path, variable):
    os.chown(tmp_path, 54321, 54321)
    monkeypatch.delenv("BUNDLER_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "caches" if variable == "XDG_CACHE_HOME" else tmp_path))
    with pytest.raises(PermissionError, match="this directory is another user's"):
        places.cache()
    assert list(tmp_path.iterdir()) == []


def test_directories_for_a_while_are_those_that_there_are(monkeypatch, tmp_path):
    for name, value in (("XDG_RUNTIME_DIR", tmp_path / "session"), ("TMPDIR", tmp_path / "gone"), ("TMP", "relative")):
        monkeypatch.setenv(name, str(value))
    (tmp_path / "session").mkdir()
    found = places.temporary()
    assert found[0] == str(tmp_path / "session")
    assert found[1:] == [each for each in ("/dev/shm", "/tmp", "/var/tmp") if os.path.isdir(each)]
