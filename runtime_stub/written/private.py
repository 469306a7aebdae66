"""A private directory that goes when its process ends, or, if that was killed, when the next one like it starts."""

import os
from atexit import register
from shutil import rmtree
from tempfile import gettempdir, mkdtemp

from .. import mounts
from . import places

_PREFIX = "bundler-files-"
_LOCK = ".lock"


def make():
    """Return the path of a new directory, for its owner alone. Raises OSError.

    It lies where TMPDIR says, or where code can be run if that is not so there.
    """
    directory = os.path.realpath(mkdtemp(prefix=_PREFIX, dir=_parent()))
    register(remove, directory, os.getpid())
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:  # Windows: what a killed process leaves behind stays
        return directory
    path = os.path.join(directory, _LOCK)
    # held by this process, those that it forks and the program that it may become; complete once it has its name
    descriptor = os.open(path + ".new", os.O_CREAT | os.O_RDWR, 0o600)
    os.set_inheritable(descriptor, True)
    flock(descriptor, LOCK_EX | LOCK_NB)
    os.rename(path + ".new", path)
    for name in os.listdir(os.path.dirname(directory)):
        other = os.path.join(os.path.dirname(directory), name)
        if name.startswith(_PREFIX) and other != directory:
            try:
                descriptor = os.open(os.path.join(other, _LOCK), os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            except OSError:  # somebody else's, or not complete
                continue
            try:
                flock(descriptor, LOCK_EX | LOCK_NB)
                rmtree(other, ignore_errors=True)
            except OSError:  # in use
                pass
            finally:
                os.close(descriptor)
    return directory


def _parent():
    try:
        usual = gettempdir()
        if not places.forbids_running(usual):
            return usual
    except FileNotFoundError:  # none of those that it knows can be written to
        usual = None
    for directory in places.temporary():
        if os.access(directory, os.W_OK) and not places.forbids_running(directory):
            return directory
    return usual or gettempdir()


def remove(directory, process):
    """Remove ``directory``, if this is the process that made it: a forked child comes here too."""
    if os.getpid() == process:
        mounts.leave(directory)
        rmtree(directory, ignore_errors=True)
