"""Files in memory that C code can open by a path."""

import os

from ..layout import ContainerError
from ..variables import tell

_DIRECTORY = "/proc/self/fd"

# F_ADD_SEALS with F_SEAL_SEAL, SHRINK, GROW and WRITE (linux/fcntl.h): ``import fcntl`` is not needed for numbers
_F_ADD_SEALS, _ALL_SEALS = 1033, 0xF

_spellings = 0


def memory_file(name, data):
    """Return a descriptor of a new sealed file in memory that holds ``data``.

    Raises ContainerError where there are no such files.
    """
    if not hasattr(os, "memfd_create"):
        raise ContainerError("this platform has no files in memory: `%s` cannot be opened by a path" % name, name=name)
    try:
        # MFD_ALLOW_SEALING = 2, as os.memfd_create's own constants say
        descriptor = os.memfd_create(name[:200], os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    except OSError as error:
        raise ContainerError("no file in memory can be made for `%s`: %s" % (name, error.strerror), name=name) from error
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        _seal(descriptor)
        os.lseek(descriptor, 0, 0)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _seal(descriptor):
    try:
        from fcntl import fcntl

        fcntl(descriptor, _F_ADD_SEALS, _ALL_SEALS)
    except (ImportError, OSError):
        pass  # a kernel without seals: the file is private to this process all the same


def sealed_path(name, data):
    """Return ``(path, close)``: a path of a new file in memory with ``data``, never spelt so before.

    glibc remembers a library by the string it was opened by: were a descriptor's
    number and its spelling used twice, the second library would be the first.
    So each path is spelt in its own way: a number, written in binary as "/"
    and "/.", stands in it. ``close()`` gives the descriptor back.
    """
    global _spellings
    descriptor = memory_file(name, data)
    tell("%s: loaded from a file in memory", name)
    _spellings += 1
    spelling = bin(_spellings)[2:].replace("0", "/").replace("1", "/.")
    return "%s%s/%d" % (_DIRECTORY, spelling, descriptor), lambda: os.close(descriptor)
