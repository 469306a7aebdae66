import os
import stat

import pytest

from bundler.cache import TAG, Cache


def entries(directory):
    return sorted(path for path in directory.glob("??/*"))


def test_what_was_put_is_returned_and_the_latest_wins(tmp_path):
    cache = Cache(tmp_path / "a b" / "é")
    assert cache.get("key") is None
    cache.put("key", b"one")
    cache.put(b"key", b"two")
    cache.put("other", b"")
    assert (cache.get("key"), cache.get("other")) == (b"two", b"")
    assert Cache(tmp_path / "a b" / "é").get("key") == b"two"


def test_the_directory_is_private_and_tagged(tmp_path):
    Cache(tmp_path / "cache").put("key", b"data")
    assert stat.S_IMODE(os.stat(tmp_path / "cache").st_mode) == 0o700
    (entry,) = entries(tmp_path / "cache")
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600
    assert (tmp_path / "cache" / "CACHEDIR.TAG").read_bytes() == TAG


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"", lambda data: data[:40] + b"!" + data[41:], lambda data: b"!" + data[1:]])
def test_a_damaged_entry_is_absent_and_removed(tmp_path, damage):
    cache = Cache(tmp_path)
    cache.put("key", b"0123456789abcdef")
    (entry,) = entries(tmp_path)
    entry.write_bytes(damage(entry.read_bytes()))
    assert cache.get("key") is None
    assert entries(tmp_path) == []


def test_an_entry_under_the_name_of_another_is_absent(tmp_path):
    cache = Cache(tmp_path)
    cache.put("one", b"1")
    (one,) = entries(tmp_path)
    cache.put("two", b"2")
    two = next(path for path in entries(tmp_path) if path != one)
    two.write_bytes(one.read_bytes())
    assert (cache.get("one"), cache.get("two")) == (b"1", None)


def test_the_cache_may_be_deleted_while_it_is_used(tmp_path):
    cache = Cache(tmp_path / "cache")
    cache.put("key", b"data")
    for path in sorted((tmp_path / "cache").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (tmp_path / "cache").rmdir()
    assert cache.get("key") is None
    cache.put("key", b"data")
    assert cache.get("key") == b"data"
    assert (tmp_path / "cache" / "CACHEDIR.TAG").exists()


def test_where_no_directory_can_be_made_nothing_is_kept_and_nothing_raised(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    cache = Cache(tmp_path / "file" / "cache")
    cache.put("key", b"data")
    assert cache.get("key") is None


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_directory_that_others_may_write_to_is_not_used(tmp_path):
    Cache(tmp_path / "cache").put("key", b"data")
    os.chmod(tmp_path / "cache", 0o777)
    assert Cache(tmp_path / "cache").get("key") is None


def test_the_size_is_bounded_and_the_least_recently_used_go_first(tmp_path):
    cache = Cache(tmp_path, limit=1 << 20)
    for number in range(40):
        for path in entries(tmp_path):  # each put is a minute later than the one before
            os.utime(path, (0, path.stat().st_mtime - 60))
        cache.put(str(number), bytes(100_000))
        assert sum(path.stat().st_size for path in entries(tmp_path)) <= (1 << 20) * 17 / 16 + 100_000
    kept = [number for number in range(40) if cache.get(str(number)) is not None]
    assert kept == list(range(kept[0], 40)) and len(kept) >= 7


def test_a_use_keeps_an_entry_from_being_dropped(tmp_path):
    cache = Cache(tmp_path)
    for key in ("used", "unused"):
        cache.put(key, bytes(600))
    for path in entries(tmp_path):
        os.utime(path, (0, 1_000_000))
    assert cache.get("used") is not None
    Cache(tmp_path, limit=1000).prune()
    assert (cache.get("used") is not None, cache.get("unused")) == (True, None)


def test_abandoned_temporary_files_are_removed(tmp_path):
    cache = Cache(tmp_path)
    cache.put("key", b"data")
    abandoned = entries(tmp_path)[0].with_name(".0123")
    abandoned.write_bytes(b"half")
    os.utime(abandoned, (0, 1))
    cache.prune()
    assert not abandoned.exists() and cache.get("key") == b"data"


def test_what_app_files_keep_beside_is_left_alone(tmp_path):
    cache = Cache(tmp_path, limit=1)
    cache.put("key", b"data")
    kept = [tmp_path / "native" / name for name in (".lock", "CACHEDIR.TAG")]
    kept[0].parent.mkdir()
    for path in kept:
        path.touch()
        os.utime(path, (0, 1))
    cache.prune()
    assert [path.exists() for path in kept] == [True, True] and entries(tmp_path) == []
