"""Give a file of a bundle a path that the dynamic linker can open: in memory if it can be, else on the rung below that holds."""

import errno
import os

from ..variables import tell
from .memory import create, fill, impossible, seal

_DIRECTORY = "/proc/self/fd"

_spellings = 0


def place(name, digest, pieces):
    """Return ``(path, close)``: a path of the file, never spelt so before for another one; call ``close`` once it is loaded.

    ``name`` is its bundle path, ``digest`` its SHA-256 or None, ``pieces`` a
    function that returns an iterator of its bytes, in pieces, each time.
    Raises ContainerError if the file cannot be placed anywhere, or if nothing
    is to be written and memory will not do, and what ``pieces`` raises.
    """
    return in_memory(name, pieces)


def tree(files):
    """Return a directory in which ``files`` stand at their bundle paths, for what finds one by its place beside another.

    ``files`` is a list of ``(bundle path, digest, executable, pieces)``. The
    directory lasts as long as this process. Raises ContainerError as
    :func:`place` does: no directory is in memory.
    """
    raise NotImplementedError


def in_memory(name, pieces):
    """Return what :func:`place` does, for a sealed file in memory. Raises Impossible, and what ``pieces`` raises."""
    descriptor = create(name)
    try:
        # before it is filled
        path = spelt(descriptor)
        if os.fstatvfs(descriptor).f_flag & os.ST_NOEXEC:
            raise PermissionError(errno.EACCES, "they are mounted noexec")
        fill(descriptor, pieces())
        seal(descriptor)
    except BaseException as error:
        os.close(descriptor)
        if isinstance(error, OSError):
            raise impossible(name, error) from error
        raise
    tell("%s: loaded from a file in memory", name)
    return path, lambda: os.close(descriptor)


def spelt(descriptor):
    """Return a path of an open file that was never spelt so before. Raises OSError where there is no /proc.

    glibc remembers a library by the string it was opened by: were a descriptor's
    number and its spelling used twice, the second library would be the first.
    So each path is spelt in its own way: a number, written in binary as "/"
    and "/.", stands in it.
    """
    global _spellings
    _spellings += 1
    spelling = bin(_spellings)[2:].replace("0", "/").replace("1", "/.")
    path = "%s%s/%d" % (_DIRECTORY, spelling, descriptor)
    if not os.path.samestat(os.stat(path), os.fstat(descriptor)):  # another process's /proc
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    return path
