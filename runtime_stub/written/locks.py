"""Locks between processes, where there are such: they go with the process that has them."""

import contextlib
import os
import time
from errno import ETIMEDOUT

try:
    from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock

    exist = True
except ImportError:  # Windows: a file that is open cannot be removed, nor a directory with one be renamed
    exist = False

_PATIENCE = 60.0  # seconds: another start may be writing a large set of files


def share(descriptor):
    """Have a lock on the open file, which others may have too. Waits for who has it alone."""
    if exist:
        flock(descriptor, LOCK_SH)


@contextlib.contextmanager
def alone(path, flags):
    """Have the lock on the file ``path``, which nobody else has. Raises OSError, TimeoutError if it cannot be had in a minute."""
    if not exist:
        yield
        return
    descriptor = os.open(path, flags, 0o600)
    try:
        end = time.monotonic() + _PATIENCE
        while not _taken(descriptor):
            if time.monotonic() > end:
                raise TimeoutError(ETIMEDOUT, "another process does not give back its lock", path)
            time.sleep(0.01)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def unused(path, flags):
    """Yield whether nobody has a lock on the file ``path``, and nobody can have one meanwhile.

    True for a file that is missing, and where there are no locks: an attempt will show.
    """
    descriptor = None
    try:
        if exist:
            descriptor = os.open(path, flags)
        free = not exist or _taken(descriptor)
    except FileNotFoundError:
        free = True
    except OSError:
        free = False
    try:
        yield free
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _taken(descriptor):
    """Take the lock alone, if it is free, and return whether it was."""
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True
