"""What loads a library from the cache gets the bytes that the app file has, whatever somebody has done there; and the cache stays small."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from runtime_stub.layout import ContainerError
from runtime_stub.written import locks
from runtime_stub.written.cache import Cache

NAME = "pkg/données/libone.so.1"
OTHER_USER = 54321


def described(*contents: bytes, name: str = NAME, told: list | None = None) -> list:
    """Return what ``hold`` takes: a file for each of ``contents``; ``told`` gets the name of each whose bytes were asked for."""

    def pieces(path: str, content: bytes):
        if told is not None:
            told.append(path)
        yield content[:2]
        yield memoryview(content)[2:]

    paths = [name, *("%s.%d" % (name, number) for number in range(1, len(contents)))]
    return [(path, sha256(data).digest(), True, lambda path=path, data=data: pieces(path, data)) for path, data in zip(paths, contents)]


def entries(directory: Path) -> list[Path]:
    return sorted(each for each in directory.iterdir() if each.name not in ("CACHEDIR.TAG", ".lock"))


@pytest.fixture(params=["locks", "no locks"])
def directory(request, monkeypatch, tmp_path):
    """A directory for a cache, on a system with locks and on one without."""
    monkeypatch.setattr(locks, "exist", request.param == "locks")
    return tmp_path / "à b" / "native"


def test_what_is_held_is_read_once_from_the_app_file_and_lies_in_a_private_and_tagged_directory(directory):
    told = []
    files = described(b"one", b"two", told=told)
    for _ in range(2):
        held = Cache(str(directory)).hold(files)
        assert [Path(held.directory, path).read_bytes() for path, *_ in files] == [b"one", b"two"]
        held.close()
    assert told == [NAME, NAME + ".1"]
    (entry,) = entries(directory)
    assert [each.stat().st_mode & 0o777 for each in (directory, entry, entry / "files" / NAME)] == [0o700] * 3
    assert (directory / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")


def test_files_that_are_kept_open_are_those_that_were_verified(directory):
    held = Cache(str(directory)).hold(described(b"one"), keep=True)
    path = Path(held.directory, NAME)
    path.unlink()
    path.write_bytes(b"another")
    assert os.pread(held.descriptors[0], 10, 0) == b"one"
    held.close()


def directory_of_another(path: Path) -> None:
    os.chown(path.parent, OTHER_USER, OTHER_USER)


def file_of_another(path: Path) -> None:
    os.chown(path, OTHER_USER, OTHER_USER)


def link(path: Path) -> None:
    elsewhere = path.parents[3] / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def linked_directory(path: Path) -> None:
    link(path.parent)


def file_for_an_entry(path: Path) -> None:
    entry = path.parents[3]
    entry.rename(entry.with_name("elsewhere"))
    entry.write_bytes(b"")


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"changed"),
        lambda path: path.write_bytes(b"on"),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
        lambda path: path.with_name("libmore.so").write_bytes(b""),
        lambda path: path.chmod(0o722),
        lambda path: path.parents[3].joinpath("lock").unlink(),
        lambda path: (path.unlink(), os.mkfifo(path)),
        directory_of_another,
        file_of_another,
        link,
        linked_directory,
        file_for_an_entry,
    ],
    ids=["changed", "truncated", "emptied", "removed", "one more", "writable by others", "no lock", "a pipe",
         "another's directory", "another's file", "a link", "a linked directory", "a file for an entry"],
)  # fmt: skip
def test_entry_that_is_not_as_it_was_made_is_made_again(directory, damage, request):
    if "another's" in request.node.name and os.geteuid() != 0:
        pytest.skip("only root gives files away")
    told = []
    cache = Cache(str(directory))
    files = described(b"one", told=told)
    held = cache.hold(files)
    held.close()
    damage(Path(held.directory, NAME))
    again = cache.hold(files, keep=True)
    assert os.pread(again.descriptors[0], 10, 0) == Path(again.directory, NAME).read_bytes() == b"one"
    again.close()
    assert again.directory == held.directory
    assert told == [NAME] * 2


def test_content_with_another_digest_is_refused_and_leaves_nothing(directory):
    ((path, _, executable, pieces),) = described(b"one")
    with pytest.raises(ContainerError) as caught:
        Cache(str(directory)).hold([(path, sha256(b"two").digest(), executable, pieces)])
    assert str(caught.value) == f"the content of `{NAME}` is not what its digest says: the app file is damaged"
    assert caught.value.name == NAME
    assert entries(directory) == []


def test_directory_that_others_may_write_to_is_closed_to_them(directory):
    directory.mkdir(0o777, parents=True)
    directory.chmod(0o777)
    Cache(str(directory))
    assert directory.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("kind", ["link", "file", "another's"])
def test_directory_that_is_not_the_users_is_refused(directory, kind):
    directory.parent.mkdir(parents=True)
    if kind == "another's":
        if os.geteuid() != 0:
            pytest.skip("only root gives directories away")
        directory.mkdir()
        os.chown(directory, OTHER_USER, OTHER_USER)
    elif kind == "link":
        directory.with_name("real").mkdir()
        directory.symlink_to("real")
    else:
        directory.write_bytes(b"")
    with pytest.raises(OSError) as caught:
        Cache(str(directory))
    assert caught.value.strerror == ("this is another user's" if kind == "another's" else "this is something else")
    assert not list(directory.parent.rglob("CACHEDIR.TAG"))


def test_least_recently_used_goes_first_and_what_is_in_use_stays(tmp_path):
    cache = Cache(str(tmp_path / "native"), limit=250)
    contents = [bytes([number]) * 100 for number in range(4)]
    held = [cache.hold(described(content)) for content in contents[:3]]
    names = [Path(each.directory).parent for each in held]
    assert entries(tmp_path / "native") == sorted(names), "all are in use"
    for age, name in zip((3, 2, 1), names):  # the clock of the file system is coarse
        os.utime(name / "lock", (1e9 - age,) * 2)
    for each in (*held, cache.hold(described(contents[0]))):
        each.close()
    cache.hold(described(contents[3])).close()
    left = entries(tmp_path / "native")
    assert len(left) == 2 and set(left) & set(names) == {names[0]}


def shared_sets(cache: Cache, told: list | None = None) -> list:
    """Hold two sets that have a library in common, which is also held alone."""
    common = described(b"common" * 10, name="libs/libcommon.so", told=told)
    sets = [cache.hold([*described(content, name="pkg/one.so", told=told), *common], shared=True) for content in (b"one", b"two")]
    return [*sets, cache.hold([("libcommon.so", *common[0][1:])])]


def test_library_of_several_sets_is_one_file(directory):
    told = []
    held = shared_sets(Cache(str(directory)), told)
    paths = [Path(each.directory, path) for each, path in zip(held, ("libs/libcommon.so", "libs/libcommon.so", "libcommon.so"))]
    assert len({path.stat().st_ino for path in paths}) == 1
    assert [Path(each.directory, "pkg/one.so").read_bytes() for each in held[:2]] == [b"one", b"two"]
    assert sorted(told) == ["libs/libcommon.so", "pkg/one.so", "pkg/one.so"]
    paths[0].write_bytes(b"changed")
    for each in (*held, *shared_sets(Cache(str(directory)))):
        each.close()
    assert [path.read_bytes() for path in paths] == [b"common" * 10] * 3
    assert len({path.stat().st_ino for path in paths}) == 1


def test_library_of_several_sets_is_copied_where_there_are_no_links(directory, monkeypatch):
    def refuse(*paths):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    held = shared_sets(Cache(str(directory)))
    assert [Path(each.directory, "libs/libcommon.so").read_bytes() for each in held[:2]] == [b"common" * 10] * 2
    for each in held:
        each.close()


def test_library_goes_after_the_sets_that_it_stands_in(tmp_path):
    directory = tmp_path / "native"
    for each in shared_sets(Cache(str(directory))):
        each.close()
    for number, (_, name) in enumerate(sorted((len(each.name), each) for each in entries(directory))):
        os.utime(name / "lock", (1e9 + number,) * 2)  # those of single files are the oldest
    common = next(directory.glob("*/files/libcommon.so")).stat().st_ino
    # each library is counted once: this takes one set, and then what was only in that
    Cache(str(directory), limit=60 + 3 + 10).hold(described(b"1234567890")).close()
    left = list(directory.glob("*/files/**/libcommon.so"))
    assert len(left) == 2 and {path.stat().st_ino for path in left} == {common}
    Cache(str(directory), limit=10).hold(described(b"0123456789")).close()
    assert [path.name for path in directory.glob("*/files/**/*.so*")] == ["libone.so.1"]


def test_what_a_killed_start_left_is_removed(directory):
    cache = Cache(str(directory))
    for prefix in (".new-", ".old-"):
        left = directory / (prefix + "0123")
        (left / "files").mkdir(parents=True)
        os.utime(left, (time.time() - 7200,) * 2)
    (directory / "something else").mkdir()
    cache.hold(described(b"one")).close()
    assert [each.name for each in entries(directory) if len(each.name) != 32] == ["something else"]


STARTING = """
import sys
sys.path.insert(0, sys.argv[1])
from hashlib import sha256
from runtime_stub.written.cache import Cache
data = b"content" * 100000
def pieces():
    print("made", flush=True)
    yield data
cache = Cache(sys.argv[2])
print("ready", flush=True)
input()
held = cache.hold([("libone.so", sha256(data).digest(), True, pieces)], keep=True)
print("held", flush=True)
"""


def test_two_starts_at_once_make_one_entry(tmp_path):
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", STARTING, root, str(tmp_path / "native")]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for each in started:
        assert each.stdout.readline() == "ready\n"
    for each in started:
        each.stdin.write("\n")
        each.stdin.flush()
    told = [each.communicate()[0].split() for each in started]
    assert [each.returncode for each in started] == [0] * 4
    assert sorted(told, key=len) == [["held"]] * 3 + [["made", "held"]]
    assert len(entries(tmp_path / "native")) == 1
