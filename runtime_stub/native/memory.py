"""Files in memory."""

import os

from ..layout import ContainerError

# F_ADD_SEALS with F_SEAL_SEAL, SHRINK, GROW and FUTURE_WRITE (linux/fcntl.h): ``import fcntl`` is not needed for numbers.
# F_SEAL_WRITE waits until the kernel has put away the last pages that were written, 90 ms at times.
_F_ADD_SEALS, _SEALS, _OLD_SEALS = 1033, 0x17, 0xF

_MFD_EXEC = 0x10  # linux/memfd.h: the file may be started as a program, where that is not a matter of course (Linux 6.3)


class Impossible(ContainerError):
    """There are no files in memory, or none that can be run, for the ``reason`` given."""

    def __init__(self, name, reason):
        super().__init__("no file in memory can be made for `%s`: %s" % (name, reason), name=name)
        self.reason = reason


def memory_file(name, data, executable=False):
    """Return a descriptor of a new sealed file in memory that holds ``data``.

    ``executable`` asks for one that can be started, if the system has it so.
    Raises Impossible where there are no such files.
    """
    descriptor = create(name, _MFD_EXEC if executable else 0)
    try:
        fill(descriptor, (data,))
        seal(descriptor)
        os.lseek(descriptor, 0, 0)
    except OSError as error:
        os.close(descriptor)
        raise Impossible(name, error.strerror) from error
    return descriptor


def create(name, flags=0):
    """Return the descriptor of a new file in memory, which is to be filled. Raises Impossible."""
    if not hasattr(os, "memfd_create"):
        raise Impossible(name, "this platform has none")
    try:
        # MFD_ALLOW_SEALING = 2, as os.memfd_create's own constants say
        return os.memfd_create(os.fsdecode(name.encode("utf-8", "replace")[-200:]), os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING | flags)
    except OSError as error:
        if flags:  # the kernel does not know them, or forbids them (vm.memfd_noexec)
            return create(name)
        raise Impossible(name, error.strerror) from error


def fill(descriptor, pieces):
    """Write all of ``pieces``, which are bytes-like, to the file. Raises OSError."""
    for piece in pieces:
        view = memoryview(piece)
        while view:
            view = view[os.write(descriptor, view) :]


def seal(descriptor):
    """See that the file stays as it is, where the kernel can do that."""
    try:
        from fcntl import fcntl

        try:
            fcntl(descriptor, _F_ADD_SEALS, _SEALS)
        except OSError:  # Linux before 5.1
            fcntl(descriptor, _F_ADD_SEALS, _OLD_SEALS)
    except (ImportError, OSError):
        pass  # a kernel without seals: the file is private to this process all the same
