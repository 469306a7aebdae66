"""Files that are kept from one start to the next: private, verified each time, bounded.

A set of files that belong together is an *entry*: a directory, named by the
digests of what it holds, with the ``files`` at their bundle paths and a file
``lock``. It is made under another name and renamed, so it is there as a whole
or not at all, and nothing in it is used that was not read back and found to
have its digest. A library that stands in several entries is one file, by hard
links, and has an entry of its own.

Whoever uses an entry holds its lock, shared; the time of the lock is that of
the last use. Whoever makes or removes entries holds the lock of the directory.
Where there are no such locks (Windows), what is open cannot be renamed or
removed, which does as well.
"""

import errno
import os
import time
from contextlib import ExitStack, suppress
from hashlib import sha256
from stat import S_ISDIR, S_ISREG

from ..layout import ContainerError
from . import locks, places

LIMIT = 4 << 30  #: bytes
_NAME = 32  # letters of an entry's name
_SHARED = "s"  # after the name of an entry whose files are those of others
_NEW, _OLD = ".new-", ".old-"
_TAG = b"Signature: 8a477f597d28d172789f06886806bc55\n# Libraries that apps made by bundler have loaded. They may be deleted at any time.\n"
_ABANDONED = 3600.0  # seconds
_PIECE = 1 << 20
_READING = os.O_RDONLY | sum(getattr(os, "O_" + name, 0) for name in ("BINARY", "CLOEXEC", "NOFOLLOW", "NONBLOCK"))
_WRITING = os.O_RDWR | os.O_CREAT | sum(getattr(os, "O_" + name, 0) for name in ("BINARY", "CLOEXEC", "NOFOLLOW"))


class Held:
    """An entry that stays while this is held: ``directory`` has the files, ``descriptors`` are open on those that were to be kept so."""

    def __init__(self, directory, lock):
        self.directory = directory
        self.descriptors = []
        self.lock = lock

    def close(self):
        """Give it back."""
        for descriptor in (*self.descriptors, self.lock):
            os.close(descriptor)
        self.descriptors = []


class Cache:
    """The cache in ``directory``, which is made if it is not there, of at most about ``limit`` bytes.

    Raises OSError if the directory is of another user or a link, or if code
    cannot be run from it.
    """

    def __init__(self, directory, limit=LIMIT):
        self.directory = directory
        self._limit = limit
        os.makedirs(os.path.dirname(directory), 0o700, exist_ok=True)
        try:
            os.mkdir(directory, 0o700)
        except FileExistsError:
            pass
        _check_owner(os.lstat(directory), directory, S_ISDIR)
        if hasattr(os, "geteuid") and os.lstat(directory).st_mode & 0o077:
            os.chmod(directory, 0o700)  # what others have put there does not have the digests
        tag = os.path.join(directory, "CACHEDIR.TAG")
        if not os.path.lexists(tag):
            new = _fresh(directory, _NEW)
            _write(new, (_TAG,))
            os.replace(new, tag)
        descriptor = os.open(tag, _READING)
        try:
            places.check_that_it_runs(descriptor)
        finally:
            os.close(descriptor)

    def hold(self, files, keep=False, shared=False):
        """Return the Held entry with ``files``, a list of ``(path, digest, executable, pieces)``; make it if it is not there.

        ``keep`` says whether the files are to be open: the very ones that were
        verified. ``shared`` says that each is to be the same file as in other
        entries, by hard links: of a library a process is to load one. Raises
        OSError, ContainerError if what ``pieces`` gives has another digest, and
        what ``pieces`` raises.
        """
        if shared:
            files = [(path, digest, True, pieces) for path, digest, _, pieces in files]
        entry = self._entry(files) + _SHARED * shared
        held = _held(entry, files, keep)
        if held is None:
            with locks.alone(os.path.join(self.directory, ".lock"), _WRITING):
                held = self._held_or_made(entry, files, keep, shared)  # another start may have made it meanwhile
                with suppress(OSError):
                    self._shrink(self._limit)
        return held

    def _entry(self, files):
        key = "\n".join(sorted("%s %d %s" % (digest.hex(), executable, path) for path, digest, executable, _ in files))
        return os.path.join(self.directory, sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:_NAME])

    def _held_or_made(self, entry, files, keep=False, shared=False):
        held = _held(entry, files, keep)
        if held is None:
            try:
                self._make(entry, files, shared)
            except OSError as error:
                # full: what is not in use can go
                if error.errno not in (errno.ENOSPC, getattr(errno, "EDQUOT", None)) or not self._shrink(0):
                    raise
                self._make(entry, files, shared)
            held = _held(entry, files, keep)
        if held is None:
            raise OSError(errno.EIO, "what was written cannot be read again", entry)
        return held

    def _make(self, entry, files, shared):
        with ExitStack() as singles:
            originals = {}
            for path, digest, _, pieces in files if shared else ():
                file = path.rpartition("/")[2], digest, True, pieces
                single = self._held_or_made(self._entry([file]), [file])
                singles.callback(single.close)
                originals[path] = os.path.join(single.directory, file[0])
            new = _fresh(self.directory, _NEW)
            os.mkdir(new, 0o700)
            try:
                for path, digest, executable, pieces in files:
                    target = _target(new, path)
                    os.makedirs(os.path.dirname(target), 0o700, exist_ok=True)
                    if path in originals and _link(originals[path], target):
                        continue
                    if _write(target, pieces(), 0o700 if executable else 0o600) != digest:
                        raise ContainerError("the content of `%s` is not what its digest says: the app file is damaged" % path, name=path)
                _write(os.path.join(new, "lock"), ())
                _rename(new, entry)
            except BaseException:
                _remove(new)
                raise

    def _shrink(self, limit):
        """Remove what starts that were killed left, and what was used least recently; return whether an entry was removed."""
        entries = []
        for each in _scan(self.directory):
            if each.name.startswith((_NEW, _OLD)):
                if locks.exist or each.stat(follow_symlinks=False).st_mtime < time.time() - _ABANDONED:
                    _remove(each.path)
            elif len(each.name.rstrip(_SHARED)) == _NAME and each.is_dir(follow_symlinks=False):
                entries.append((_used(each.path), each.path, _size(each.path)))
        entries.sort()
        total, removed = sum(size for _, _, size in entries), []
        # what others have links to goes after them: its removal would give no room, and those made later other files
        for _, path, size in entries * 2:
            if total <= limit:
                break
            if path in removed or not path.endswith(_SHARED) and _is_linked(path):
                continue
            with locks.unused(os.path.join(path, "lock"), _READING) as unused:
                if unused and _remove(path):
                    total -= size
                    removed.append(path)
        return bool(removed)


def _held(entry, files, keep):
    """Return the Held entry with ``files``; None if it is not there, or not as it was made."""
    lock = os.path.join(entry, "lock")
    try:
        held = Held(os.path.join(entry, "files"), os.open(lock, _READING))
    except OSError:
        return None
    try:
        locks.share(held.lock)
        # and not one that was removed before we had it
        if not os.path.samestat(os.fstat(held.lock), os.lstat(lock)):
            raise FileNotFoundError(lock)
        for directory in (entry, held.directory):
            _check_owner(os.lstat(directory), directory, S_ISDIR)
        if {_target(entry, file[0]) for file in files} != set(_listed(held.directory)):
            raise FileNotFoundError(entry)
        for path, digest, *_ in files:
            descriptor = os.open(_target(entry, path), _READING)
            held.descriptors.append(descriptor)
            _verify(descriptor, digest)
            if not keep:
                os.close(held.descriptors.pop())
    except BaseException as error:
        held.close()
        if isinstance(error, OSError):
            return None
        raise
    try:
        os.utime(lock)
    except OSError:  # read-only, and there all the same
        pass
    return held


def _verify(descriptor, digest):
    """Raise OSError if the open file is not this user's alone, or its content has another digest."""
    status = os.fstat(descriptor)
    _check_owner(status, descriptor, S_ISREG)
    if hasattr(os, "geteuid") and status.st_mode & 0o022:
        raise PermissionError(errno.EACCES, "others may write to it", descriptor)
    found = sha256()
    while True:
        piece = os.read(descriptor, _PIECE)
        if not piece:
            break
        found.update(piece)
    if found.digest() != digest:
        raise OSError(errno.EIO, "its content is another", descriptor)


def _check_owner(status, path, is_kind):
    if not is_kind(status.st_mode):
        raise OSError(errno.EEXIST, "this is something else", path)
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        raise PermissionError(errno.EACCES, "this is another user's", path)


def _target(entry, path):
    return os.path.join(entry, "files", *path.split("/"))


def _scan(directory):
    with os.scandir(directory) as found:
        return list(found)


def _listed(directory):
    """Yield the paths of all that is below ``directory`` and is no directory of this user's."""
    for each in _scan(directory):
        if each.is_dir(follow_symlinks=False):
            _check_owner(each.stat(follow_symlinks=False), each.path, S_ISDIR)
            yield from _listed(each.path)
        else:
            yield each.path


def _write(path, pieces, mode=0o600):
    """Write a new file and return the digest of what is in it."""
    total = sha256()
    descriptor = os.open(path, _WRITING | os.O_EXCL, mode)
    try:
        for piece in pieces:
            view = memoryview(piece)
            total.update(view)
            while view:
                view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)
    return total.digest()


def _fresh(directory, prefix):
    return os.path.join(directory, prefix + os.urandom(8).hex())


def _link(original, target):
    """Make ``target`` the same file as ``original`` and return whether that could be done."""
    try:
        os.link(original, target)
    except OSError:  # there are file systems without
        return False
    return True


def _rename(new, entry):
    if os.path.lexists(entry):
        _remove(entry)  # damaged
    try:
        os.rename(new, entry)
    except OSError:
        # where there are no locks, another start may have been faster
        if not os.path.isdir(entry):
            raise
        _remove(new)


def _is_linked(entry):
    with suppress(OSError, StopIteration):
        return os.lstat(next(_listed(os.path.join(entry, "files")))).st_nlink > 1
    return False


def _used(entry):
    try:
        return os.lstat(os.path.join(entry, "lock")).st_mtime
    except OSError:
        return 0.0


def _size(directory):
    total = 0
    with suppress(OSError):
        for each in _scan(directory):
            if each.is_dir(follow_symlinks=False):
                total += _size(each.path)
            else:
                status = each.stat(follow_symlinks=False)
                total += status.st_size // (status.st_nlink or 1)
    return total


def _remove(path):
    """Remove a directory, or whatever else is there, as far as that can be done; return whether it can no longer be used.

    On Windows it cannot be renamed while something in it is open, a library that a process has loaded among that.
    """
    from shutil import rmtree

    old = _fresh(os.path.dirname(path), _OLD)
    try:
        os.rename(path, old)
    except OSError:
        return False
    with suppress(OSError):
        if os.path.islink(old) or not os.path.isdir(old):
            os.unlink(old)
        else:
            rmtree(old, ignore_errors=True)
    return True
