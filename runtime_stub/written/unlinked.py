"""Files that have a descriptor but no name: nobody else can open them, and they go with the process."""

import os

from ..native.ladder import spelt
from ..native.memory import fill
from . import places

_FLAGS = os.O_RDWR | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)


def place(pieces, reasons):
    """Return ``(directory, path, close)`` for a new file with the bytes of ``pieces()``, its path never spelt so before.

    None if no directory takes such a file: ``reasons`` gets a few words on each.
    Raises what ``pieces`` raises.
    """
    if not os.path.exists("/proc/self/fd"):
        reasons.append("a file without a name: there is no /proc to open it by")
        return None
    for directory in places.temporary():
        try:
            return (directory, *_place(directory, pieces))
        except OSError as error:
            reasons.append("%s: %s" % (directory, error.strerror))
    return None


def _place(directory, pieces):
    descriptor = _new(directory)
    try:
        path = spelt(descriptor)
        os.ftruncate(descriptor, 1)
        places.check_that_it_runs(descriptor)
        fill(descriptor, pieces())
        # nobody can write to it from now on, nor is it "busy" to who runs it
        reading = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        os.dup2(reading, descriptor, False)
        os.close(reading)
    except BaseException:
        os.close(descriptor)
        raise
    return path, lambda: os.close(descriptor)


def _new(directory):
    try:
        # with O_EXCL it can never be given a name
        return os.open(directory, os.O_TMPFILE | _FLAGS, 0o500)
    except (AttributeError, OSError):  # not on this system, or not on this file system
        pass
    private = os.path.join(directory, "bundler-" + os.urandom(8).hex())
    os.mkdir(private, 0o700)
    try:
        path = os.path.join(private, "file")
        descriptor = os.open(path, os.O_CREAT | _FLAGS, 0o500)
        os.unlink(path)
    finally:
        os.rmdir(private)
    return descriptor
