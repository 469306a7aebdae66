"""Paths that C code can open: a file in memory for a file, a copy of the files for a directory."""

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from ..layout import DIGEST, ContainerError
from ..overlay import opened
from ..variables import strict, tell
from .path import BundlePath

_SHARED_MEMORY = "/dev/shm"

# SQLite resolves links itself, those in /proc to names of nothing; where it may, it makes a new database there.
_DATABASE = b"SQLite format 3\0"


class MemoryPath(type(Path())):
    """The path of a file in memory: a number by itself, but it has the resource's name and parent, for whoever asks for its suffix, or for what lies beside it."""

    __slots__ = ("_resource",)

    @property
    def name(self):
        """The name of the resource that the file holds; of another path, its last part."""
        return self._resource.name if hasattr(self, "_resource") else super().name

    @property
    def parent(self):
        """The directory that the resource lies in; of another path, the path without its last part."""
        return self._resource.parent if hasattr(self, "_resource") else super().parent

    def resolve(self, strict=False):
        """Return this path, which is a link in /proc to what has no name."""
        return self if hasattr(self, "_resource") else super().resolve(strict)


@contextlib.contextmanager
def as_file(path):
    """Yield a path of the file or directory ``path`` that C code, and other processes, can open.

    A file is in memory, until the context is left. A directory is copied, into
    memory too where the system has a place for that, since the operating system
    has no directory to open; so is a database of SQLite, which opens nothing
    else. Raises OSError (EROFS) for these if the start is to write nothing.
    Other errors are those of reading ``path``. A path of what is on disk
    already, or nowhere, is yielded as it is.
    """
    inside = path
    if isinstance(path, Path):
        inside = BundlePath(path)
        if inside.place() is None or not inside.exists():
            yield path
            return
    place = inside.place() if isinstance(inside, BundlePath) else None  # of merged directories there are several
    found = place and place[0].file(place[1])
    if found and DIGEST in found[0].parts and lasting_path(inside):
        # for good: a number that was another library's is still that one's to the dynamic linker
        yield _named(inside, lasting_path(inside))
        return
    descriptor = None if inside.is_dir() else _in_memory(inside)
    if descriptor is None:
        with _copied(inside) as copy:
            yield copy
        return
    try:
        yield _named(inside, _path_of(descriptor))
    finally:
        os.close(descriptor)


lasting = {}  #: path to (process, path in memory or None)


def lasting_path(path):
    """Return the path of a file in memory with the content of ``path``, the same one each time; None if it cannot be."""
    process, found = lasting.get(path, (None, None))
    if process != os.getpid():
        descriptor = _in_memory(path)
        found = None if descriptor is None else _path_of(descriptor)
        lasting[path] = os.getpid(), found
    return found


def _in_memory(path):
    """Return the descriptor of a file in memory with the content of the file ``path``, or None if that would not do."""
    try:
        descriptor = opened.open_descriptor(*path.place())
    except ContainerError as error:
        tell("%s", error)
        return None
    if os.pread(descriptor, len(_DATABASE), 0) == _DATABASE or not os.path.exists("/proc/self/fd"):
        os.close(descriptor)
        return None
    return descriptor


def _path_of(descriptor):
    # not /proc/self: a child that is given the path shall find it as well
    return "/proc/%d/fd/%d" % (os.getpid(), descriptor)


def _named(path, memory):
    found = MemoryPath(memory)
    found._resource = path
    return found


def _copied(path):
    """Return a context manager that copies the file or directory ``path`` to a private place, and removes it at the end."""
    if strict:
        raise OSError(
            errno.EROFS,
            "BUNDLER_STRICT forbids the temporary copy that C code could open: read this through `files`, "
            "or take the files of a directory by `as_file` one by one",
            str(path),
        )
    return _copying(path)


@contextlib.contextmanager
def _copying(path):
    with tempfile.TemporaryDirectory(dir=_room(path)) as directory:
        tell("%s: copied to %s for C code", path, directory)
        copy = Path(directory, path.name)
        _copy(path, copy)
        yield copy


def _copy(source, target):
    if source.is_dir():
        target.mkdir()
        for child in source.iterdir():
            _copy(child, target / child.name)
    else:
        target.write_bytes(source.read_bytes())
        if isinstance(source, Path):
            target.chmod(source.stat().st_mode & 0o777 | 0o200)


def _room(path):
    """Return the directory in memory that can take a copy of ``path``; None for the usual temporary one."""
    size, runs = _needs(path)
    try:
        status = os.statvfs(_SHARED_MEMORY)
    except (AttributeError, OSError):  # not on this system
        return None
    if not os.access(_SHARED_MEMORY, os.W_OK) or status.f_bavail * status.f_frsize < 2 * size:
        return None
    # nothing can be run from it in most containers, nor libraries be loaded
    return None if runs and status.f_flag & os.ST_NOEXEC else _SHARED_MEMORY


def _needs(path):
    """Return how many bytes a copy of ``path`` takes (blocks, at most), and whether some of it is to be run."""
    if not path.is_dir():
        if not isinstance(path, Path):
            return len(path.read_bytes()) + 4096, False
        status = path.stat()
        return status.st_size + 4096, bool(status.st_mode & 0o111) or ".so" in path.suffixes
    needs = [_needs(child) for child in path.iterdir()]
    return sum(size for size, _ in needs) + 4096, any(runs for _, runs in needs)
