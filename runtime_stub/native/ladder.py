"""Give a file of a bundle a path that the dynamic linker can open: in memory if it can be, else on the rung below that holds.

Each file goes down this ladder by itself, and BUNDLER_VERBOSE tells which rung
it took, and why not one above. What is below memory lies in ``written``.
"""

import errno
import os

from ..variables import tell
from .memory import Impossible, create, fill, seal

_DIRECTORY = "/proc/self/fd"


def place(name, digest, pieces):
    """Return ``(path, close)``: a path of the file, never spelt so before for another one; call ``close`` once it is loaded.

    ``name`` is its bundle path, ``digest`` its SHA-256 or None, ``pieces`` a
    function that returns an iterator of its bytes, in pieces, each time.
    Raises ContainerError if the file cannot be placed anywhere, or if nothing
    is to be written and memory will not do, and what ``pieces`` raises.
    """
    return next(rungs(name, digest, pieces))


def load(name, digest, pieces, function, writes=True):
    """Return ``function(path)``, which calls the dynamic linker, for the path that :func:`place` gives.

    If the dynamic linker may not map it, as a policy of the system may have it,
    the rungs below are tried, but for those that write if ``writes`` is false.
    Raises what ``place`` and ``function`` do.
    """
    for path, close in rungs(name, digest, pieces, writes):
        try:
            return function(path)
        except (ImportError, OSError) as error:
            if not says_that_it_may_not(str(error), path):
                raise
            tell("%s: %s", name, error)
        finally:
            close()


def says_that_it_may_not(message, path):
    """Tell whether the dynamic linker says in ``message`` that it was not allowed to map the file at ``path``."""
    # glibc's texts ("PATH: failed to map segment from shared object") and the system's
    reasons = "failed to map segment", os.strerror(errno.EPERM), os.strerror(errno.EACCES)
    return path in message and any(reason in message for reason in reasons)


def rungs(name, digest, pieces, writes=True):
    """Yield what :func:`place` returns, for one rung after another. Raises ContainerError after the last."""
    try:
        yield in_memory(name, pieces)
        raise Impossible(name, "the dynamic linker refuses it")
    except Impossible as error:
        if not writes:
            raise
        reason = error.reason
    from ..written import rungs as below

    yield from below.rungs(name, digest, pieces, reason)


def tree(files, shared=False):
    """Return a directory in which ``files`` stand at their bundle paths, for what finds one by its place beside another.

    ``files`` is a list of ``(bundle path, digest, executable, pieces)``. The
    directory lasts as long as this process, and is for reading. ``shared`` says
    that files which stand in several directories are to be the same ones there,
    as libraries must be: two of one library would each have its state. Raises
    ContainerError as :func:`place` does: no directory is in memory.
    """
    from ..written import rungs as below

    return below.tree(files, shared)


def in_memory(name, pieces):
    """Return what :func:`place` does, for a sealed file in memory. Raises Impossible, and what ``pieces`` raises."""
    made = pieces.filled() if hasattr(pieces, "filled") else None
    descriptor = create(name) if made is None else made
    try:
        # before it is filled
        path = spelt(descriptor)
        if os.fstatvfs(descriptor).f_flag & os.ST_NOEXEC:
            raise PermissionError(errno.EACCES, "mounted noexec")
        if made is None:
            fill(descriptor, pieces())
        seal(descriptor)
    except BaseException as error:
        os.close(descriptor)
        if isinstance(error, OSError):
            raise Impossible(name, error.strerror) from error
        raise
    tell("%s: loaded from a file in memory", name)
    return path, lambda: os.close(descriptor)


def spelt(descriptor):
    """Return a path of an open file that was never spelt so before. Raises OSError where there is no /proc.

    glibc remembers a library by the string it was opened by: were a descriptor's
    number and its spelling used twice, the second library would be the first.
    So each path is spelt in its own way: the numbers of the file itself, written
    in binary as "/" and "/.", stand in it. Another interpreter of this process
    has other files, and has not got its own count of them.
    """
    status = os.fstat(descriptor)
    spelling = bin(status.st_ino << 8 | status.st_dev & 0xFF)[2:].replace("0", "/").replace("1", "/.")
    path = "%s%s/%d" % (_DIRECTORY, spelling, descriptor)
    try:
        os.stat(path)
    except OSError as error:
        raise FileNotFoundError(errno.ENOENT, "there is no /proc to open it by", path) from error
    return path
