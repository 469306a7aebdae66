"""Where this user may write, and run what was written."""

import errno
import os
import sys

_VARIABLE = "BUNDLER_CACHE"


def temporary():
    """Return the directories that may take files for a while, those in memory first."""
    session, *given = map(os.environ.get, ("XDG_RUNTIME_DIR", "TMPDIR", "TEMP", "TMP"))
    found = (session, "/dev/shm", *given, "/tmp", "/var/tmp")
    return list(dict.fromkeys(each for each in found if each and os.path.isabs(each) and os.path.isdir(each)))


def cache():
    """Return the directory of this user's files that are kept from one start to the next, whether it is there or not.

    What ``BUNDLER_CACHE`` says, else where the user's caches are: as platformdirs
    has it, by the XDG Base Directory Specification, Apple's and Microsoft's
    guidelines. Raises OSError if there is no such place, or it would be another
    user's: that of who called sudo.
    """
    named = os.environ.get(_VARIABLE)
    if named:
        return os.path.join(os.path.abspath(named), "native")
    place = _users_caches()
    if place is None:
        raise FileNotFoundError(errno.ENOENT, "this user has no home directory", "a cache")
    if hasattr(os, "geteuid"):
        there = place
        while not os.path.exists(there):
            there = os.path.dirname(there)
        if os.stat(there).st_uid != os.geteuid():
            raise PermissionError(errno.EACCES, "this directory is another user's", there)
    return os.path.join(place, "native")


def _users_caches():
    if os.name == "nt":
        local = os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
        return os.path.join(local, "bundler", "Cache") if os.path.isabs(local) else None
    named = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(named):
        return os.path.join(named, "bundler")
    home = os.environ.get("HOME", "")
    if not os.path.isabs(home):
        try:
            from pwd import getpwuid

            home = getpwuid(os.getuid()).pw_dir
        except (ImportError, KeyError):
            return None
    if not os.path.isabs(home) or not os.path.isdir(home):
        return None
    return os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache", "bundler")


def forbids_running(place):
    """Return whether ``place``, a directory or a descriptor, lies on what was mounted ``noexec``; False where that is not known."""
    try:
        return bool(os.statvfs(place).f_flag & os.ST_NOEXEC)
    except (AttributeError, OSError):
        return False


def check_that_it_runs(descriptor):
    """Raise OSError if no code may be run from this open file, which must not be empty.

    By mounting, or by a policy: only an attempt shows that. On Linux, that is:
    elsewhere nothing is known before the code is loaded.
    """
    if forbids_running(descriptor):
        raise PermissionError(errno.EACCES, "mounted noexec")
    if sys.platform == "linux":
        from mmap import MAP_PRIVATE, PROT_EXEC, PROT_READ, mmap

        mmap(descriptor, 1, MAP_PRIVATE, PROT_READ | PROT_EXEC).close()
