"""Make files in memory ahead of need, and with two cores: decompression and writing release the GIL.

A second thread makes the native files that a start is known to need, in that
order; whoever needs one helps with what is left of it. As with the frames of a
start, nothing of it can be noticed: the thread is no concern of ``threading``,
a fork waits until it is gone, and whatever goes wrong in it goes wrong again
where the file is asked for.
"""

import os
import sys
from _thread import allocate_lock, get_native_id, start_new_thread

from ..layout import MAPPING
from ..variables import enabled
from .memory import create
from .pieces import links_of, pieces_of

# So much waits at most to be asked for: an application may not do it after all.
WINDOW = 64 << 20

# Worth two threads: less is done before the second has begun.
LEAST = 2 << 20

# After each piece the thread waits for the GIL, so long at most: Python's own 5 ms are more than a piece takes.
_SWITCH = 0.0002

_coming = []  # (mount, bundle path) of the files that are to be made, the last one first
_waiting = {}  # full path of a file to the Filling that was made for it
_asked = set()  # full paths of those that were asked for
_shared = []  # Fillings that somebody waits for
_lock = allocate_lock()  # held to find out what was asked for, and what was made
_busy = allocate_lock()  # held by the second thread
_thread = None
_stopped = False
_maps = None  # whether libraries can be mapped from the app file, once that was asked


def _has_two_cores():
    try:
        return len(os.sched_getaffinity(0)) > 1
    except (AttributeError, OSError):
        return (os.cpu_count() or 1) > 1


_two = _has_two_cores() and enabled("ahead")


class Filling:
    """A file in memory that two threads fill with the contents of ``links``, the frames that its bytes are in."""

    maps = False

    def __init__(self, store, name, links):
        self.size = sum(link[2] for link in links)
        self._store = store
        self._rest = []
        self._helping = allocate_lock()
        self._failed = False
        offset = 0
        for link in links:
            self._rest.append((offset, link))
            offset += link[2]
        self._rest.reverse()
        self.descriptor = create(name)

    def fill(self, offset, link):
        """Put the content of a frame into the file at ``offset``. Raises whatever goes wrong."""
        for piece in pieces_of(self._store, link):
            rest = memoryview(piece)
            while rest:
                written = os.pwrite(self.descriptor, rest, offset)
                rest, offset = rest[written:], offset + written

    def _work(self):
        try:
            while not _stopped:
                self.fill(*self._rest.pop())
        except IndexError:  # all is done, or begun
            pass
        except Exception:
            self._failed = True

    def help(self):
        """Fill what nobody has begun to fill, on the second thread."""
        with self._helping:
            self._work()

    def finish(self):
        """Complete the file and return True, or give it back and return False if it could not be filled."""
        self._work()
        with self._helping:
            pass
        if self._failed or self._rest:
            self.close()
            return False
        return True

    def close(self):
        """Give the file back."""
        os.close(self.descriptor)


def begin_start(mount):
    """Make the files that a start of the app at ``mount`` is known to need."""
    store = mount.store
    begin(mount, store.content(store.manifest["native"][0]).decode("utf-8").split("\n")[:-1])


def begin(mount, paths):
    """Make the files at these bundle paths, in this order, as far as they may wait; they go before others that were to be made."""
    if _two and mount.disk is None:
        _coming.extend((mount, inside) for inside in reversed(paths))
        _start()


def filled(mount, inside, entry, role, mapped=False):
    """Return the Filling of a native file, complete, made ahead or with two threads; None if the file is to be made otherwise.

    ``mapped`` asks for one that maps what it can from the app file, None if it cannot.
    """
    path = mount.path_of(inside)
    with _lock:
        _asked.add(path)
        filling = _waiting.pop(path, None)
    if filling is not None and filling.maps != mapped:  # asked for to be read, and not to be loaded
        filling.close()
        filling = None
    if filling is None and (mapped or _two and entry.parts[role][2] >= LEAST):
        filling = _begun(mount.store, inside, entry, role, mapped)
    if filling is None:
        return None
    if _two:
        _shared.append(filling)
        _start()
    complete = filling.finish()
    try:
        _shared.remove(filling)
    except ValueError:  # the thread has taken it
        pass
    return filling if complete else None


def maps(entry):
    """Tell whether a native file is to be mapped from the app file, as far as is known before that is tried."""
    global _maps
    if MAPPING in entry.parts and _maps is None:
        try:
            from . import mapped  # which needs _ctypes and glibc

            _maps = enabled("mapping")
        except (ImportError, OSError):
            _maps = False
    return MAPPING in entry.parts and _maps


def _begun(store, inside, entry, role, mapped):
    """Return a Filling that is empty yet, or None."""
    if mapped:
        from .mapped import prepared

        return prepared(store, inside, entry, role)
    links = links_of(store, entry, role)
    return Filling(store, inside, links) if links else None


def _start():
    if (_shared or _coming) and _busy.acquire(False):
        try:
            start_new_thread(_run, ())
        except RuntimeError:  # no more threads
            _busy.release()


def _run():
    global _thread
    _thread = get_native_id()
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    during = sys.getswitchinterval()
    try:
        while not _stopped:
            filling = _next()
            if filling is None:
                break
            filling.help()
    except Exception:  # it goes wrong again where it is asked for
        pass
    finally:
        if sys.getswitchinterval() == during:
            sys.setswitchinterval(before)
        _busy.release()


def _next():
    """Return the Filling to work at, or None: first one that somebody waits for."""
    try:
        return _shared.pop(0)
    except IndexError:
        pass
    while _coming and sum(filling.size for filling in list(_waiting.values())) < WINDOW:
        mount, inside = _coming.pop()
        path = mount.path_of(inside)
        found = path not in _asked and path not in _waiting and mount.file(inside)
        filling = found and _begun(mount.store, inside, *found, maps(found[0]))
        if filling:
            with _lock:  # not for longer: who waits for a lock may do so for as long as the thread runs
                if path not in _asked:
                    _waiting[path] = filling
                    return filling
            filling.close()
    return None


def _stop():
    """Wait until the thread is gone: a child that is forked would wait for ever for it."""
    global _stopped
    _stopped = True
    _busy.acquire()
    # the lock is free a moment before, and a fork with two threads is warned of
    for _ in range(10000):
        if _thread is None or not os.path.exists("/proc/self/task/%d" % _thread):
            break
        os.sched_yield()


def _resume():
    global _stopped, _thread
    _stopped, _thread = False, None
    _busy.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_stop, after_in_parent=_resume, after_in_child=_resume)
