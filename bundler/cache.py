"""Keep what was computed once: a bounded, private, verified store of bytes on disk.

An entry is one file, named by the digest of its key: 32 bytes of digest over
key and data, then the data. It is written under a temporary name and renamed,
so readers and other builds see it whole or not at all. Everything here is a
convenience: what cannot be read, does not verify or cannot be written is
treated as absent, and the cache may be deleted at any time.

The directory follows the XDG Base Directory Specification where there is one,
and carries a tag by the Cache Directory Tagging Specification.
"""

from __future__ import annotations

import contextlib
import os
import time
from hashlib import blake2b
from pathlib import Path

import platformdirs

LIMIT = 1 << 30  #: bytes
TAG = b"Signature: 8a477f597d28d172789f06886806bc55\n# A cache of bundler. It may be deleted at any time.\n"
TALLY = "written"  #: file that grows by a byte per ``UNIT`` bytes written, whoever writes them
UNIT = 16 * 1024
FRESH = 3600.0  #: seconds for which a use is not recorded again
DIGEST_SIZE = 32
SHARD = 2  #: letters of a name that are its directory's


def default_directory() -> Path:
    """Return the user's cache directory for bundler, whether it exists or not."""
    return Path(platformdirs.user_cache_dir("bundler", appauthor=False))


class Cache:
    """A store of bytes under ``directory``, of at most about ``limit`` bytes; least recently used entries go first.

    A directory that cannot be made, or that someone else owns or may write to,
    is not used: then every ``get`` returns None and every ``put`` does nothing.
    """

    def __init__(self, directory: str | os.PathLike[str], limit: int = LIMIT) -> None:
        self._directory = os.path.abspath(directory)
        self._limit = limit
        self._readable, self._writable = self._prepare()

    def get(self, key: bytes | str) -> bytes | None:
        """Return what was put under ``key``; None if there is nothing, or what is there does not verify."""
        if not self._readable:
            return None
        key = _as_bytes(key)
        path = self._path(key)
        try:
            with open(path, "rb", buffering=0) as file:
                used = os.fstat(file.fileno()).st_mtime
                entry = file.read()
        except OSError:
            return None
        data = entry[DIGEST_SIZE:]
        if entry[:DIGEST_SIZE] != _digest(key, data):
            with contextlib.suppress(OSError):
                os.unlink(path)
            return None
        if time.time() - used > FRESH:
            with contextlib.suppress(OSError):
                os.utime(path)
        return data

    def put(self, key: bytes | str, data: bytes) -> None:
        """Keep ``data`` under ``key``, in place of what was there, if it can be kept."""
        if not self._writable:
            return
        key = _as_bytes(key)
        path = self._path(key)
        try:
            try:
                self._write(path, _digest(key, data), data)
            except FileNotFoundError:  # the first of its directory, or the cache was deleted
                self._prepare()
                os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
                self._write(path, _digest(key, data), data)
            self._count(len(data))
        except OSError:
            self._writable = False  # full or read-only: every further attempt would cost time

    def prune(self) -> None:
        """Remove the least recently used entries until three quarters of the limit are left, and abandoned files."""
        entries = []
        size = 0
        abandoned = time.time() - FRESH
        for shard in _scan(self._directory):
            # beside these lies what app files keep there while they run
            if len(shard.name) != SHARD or not shard.is_dir(follow_symlinks=False):
                continue
            for file in _scan(shard.path):
                with contextlib.suppress(OSError):
                    status = file.stat(follow_symlinks=False)
                    if file.name.startswith(".") and status.st_mtime < abandoned:
                        os.unlink(file.path)
                        continue
                    entries.append((status.st_mtime, file.path, status.st_size))
                    size += status.st_size
        if size <= self._limit:
            return
        for _, path, length in sorted(entries):
            with contextlib.suppress(OSError):
                os.unlink(path)
                size -= length
            if size <= self._limit * 3 // 4:
                return

    def _prepare(self) -> tuple[bool, bool]:
        """Make the directory where it does not exist; return whether entries may be read, and written."""
        try:
            os.makedirs(self._directory, mode=0o700, exist_ok=True)
            if os.name == "posix":
                status = os.stat(self._directory)
                if status.st_uid != os.geteuid() or status.st_mode & 0o022:
                    return False, False
            tag = os.path.join(self._directory, "CACHEDIR.TAG")
            if not os.path.exists(tag):
                self._write(tag, TAG)
        except OSError:
            return os.path.isdir(self._directory), False
        return True, True

    def _path(self, key: bytes) -> str:
        name = blake2b(key, digest_size=20).hexdigest()
        return os.path.join(self._directory, name[:SHARD], name[SHARD:])

    def _write(self, path: str, *parts: bytes) -> None:
        """Write a file whole or not at all."""
        temporary = os.path.join(os.path.dirname(path), "." + os.urandom(12).hex())
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with open(descriptor, "wb", buffering=0) as file:
                for part in parts:
                    if file.write(part) != len(part):
                        raise OSError("short write")
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise

    def _count(self, length: int) -> None:
        """Record that ``length`` bytes were written, and prune when a sixteenth of the limit was."""
        with open(os.path.join(self._directory, TALLY), "ab", buffering=0) as tally:
            tally.write(b"." * (length // UNIT + 1))
            due = tally.tell() * UNIT > self._limit // 16
            if due:
                tally.truncate(0)
        if due:
            self.prune()


def _as_bytes(key: bytes | str) -> bytes:
    return key.encode("utf-8", "surrogatepass") if isinstance(key, str) else key


def _digest(key: bytes, data: bytes) -> bytes:
    digest = blake2b(len(key).to_bytes(8, "little"), digest_size=DIGEST_SIZE)
    digest.update(key)
    digest.update(data)
    return digest.digest()


def _scan(directory: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as found:
            return list(found)
    except OSError:
        return []
