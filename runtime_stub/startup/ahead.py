"""Decompress the frames of a start ahead of need, on a second thread.

Decompression releases the GIL, so on two cores an application's start waits
for little more than its first frame. Nothing of it can be noticed: the thread
is no concern of ``threading``, a fork waits until it is idle, and whatever
goes wrong in it goes wrong again where the frame is asked for.
"""

import os
from _thread import allocate_lock, get_native_id, start_new_thread

# So much is decompressed ahead: enough to stay in front, little enough to waste.
WINDOW = 3 << 20


def reading(frames, decode):
    """Return a ReadAhead, None if there is no second core for this process."""
    try:
        cores = len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        cores = os.cpu_count() or 1
    return ReadAhead(frames, decode) if cores > 1 else None


class ReadAhead:
    """Keep in front of a reader that takes ``frames`` about in their order; ``decode(frame)`` returns a content."""

    def __init__(self, frames, decode):
        self._frames = frames
        self._decode = decode
        self._ordinals = {frame[0]: ordinal for ordinal, frame in enumerate(frames)}
        self._next = 0
        self._coming = {}
        self._ready = {}
        self._idle = allocate_lock()
        self._thread = None
        if hasattr(os, "register_at_fork"):
            # a child would wait for ever for a thread that it has not got
            os.register_at_fork(before=self._wait, after_in_parent=self._idle.release, after_in_child=self._idle.release)

    def take(self, frame):
        """Return the content of ``frame``, waiting for it if it is on its way; None if it is not. Look further ahead."""
        ordinal = self._ordinals.get(frame[0])
        if ordinal is None:
            return None
        self._continue(ordinal + 1)
        coming = self._coming.pop(frame[0], None)
        if coming is not None:
            coming.acquire()
        return self._ready.pop(frame[0], None)

    def _continue(self, ordinal):
        """Start the thread on the frames from ``ordinal`` that fit the window, unless it is at work."""
        first = max(self._next, ordinal)
        if first >= len(self._frames) or not self._idle.acquire(False):
            return
        batch, size = [], sum(map(len, self._ready.values()))
        for frame in self._frames[first:]:
            size += frame[2]
            if size > WINDOW:
                break
            batch.append(frame)
        self._next = first + len(batch)
        for frame in batch:
            self._coming[frame[0]] = lock = allocate_lock()
            lock.acquire()
        try:
            if not batch:
                raise RuntimeError
            start_new_thread(self._run, ([(frame, self._coming[frame[0]]) for frame in batch],))
        except RuntimeError:  # no batch, or no more threads
            for frame in batch:
                self._coming.pop(frame[0]).release()
            self._idle.release()

    def _run(self, batch):
        self._thread = get_native_id()
        try:
            for frame, lock in batch:
                try:
                    self._ready[frame[0]] = self._decode(frame)
                except Exception:
                    pass  # it is decoded again, and fails again, where it is asked for
                finally:
                    lock.release()
        finally:
            self._idle.release()

    def _wait(self):
        # held until the fork is over, for other threads may import meanwhile
        self._idle.acquire()
        # the lock is free a moment before the thread is gone, and a fork with two threads is warned of
        for _ in range(10000):
            if self._thread is None or not os.path.exists("/proc/self/task/%d" % self._thread):
                break
            os.sched_yield()
        self._thread = None
