"""The bytes of a container in a local file.

One descriptor, read with ``os.pread``: no shared offset, so it is safe across
threads and fork. It is high and close-on-exec. Daemons close every descriptor
and numbers are reused; a read that gives something else than the index
promised is tried again on the file opened anew, if that is still the same one.
"""

import os

from .layout import FOOTER_SIZE, ContainerError

END_RECORD = b"PK\5\6"  # of the zip's central directory (APPNOTE 4.3.16)
END_RECORD_SIZE = 22
TAIL_SIZE = 65536  # holds the central directory, the footer and all that a small app has

# A number that nothing else is likely to use, nor to expect to be free.
HIGH_DESCRIPTOR = 250


class LocalFile:
    """A source over the app file ``path``.

    ``descriptor`` and ``tail`` (the file's last bytes, at most TAIL_SIZE) may
    be handed over by the launcher, which has read them already. Raises
    ContainerError if there is no container in the file.
    """

    def __init__(self, path, descriptor=None, tail=None):
        self.path = path
        self.descriptor = _lift(descriptor) if descriptor is not None else _open(path)
        self.footer, self.start, self._tail_at, self._tail = self._locate(tail)

    def _locate(self, tail):
        """Return footer, start of the container, and a tail with where it begins in the container."""
        size = os.fstat(self.descriptor).st_size
        if tail is None:
            tail = _read(self.descriptor, min(size, TAIL_SIZE), max(size - TAIL_SIZE, 0))
        end = tail.rfind(END_RECORD)
        if end < 0 or len(tail) - end < END_RECORD_SIZE:
            raise ContainerError("`%s` is truncated or damaged" % self.path, path=self.path)
        directory_size = int.from_bytes(tail[end + 12 : end + 16], "little")
        container_end = size - len(tail) + end - directory_size
        footer = _read(self.descriptor, FOOTER_SIZE, container_end - FOOTER_SIZE) if container_end >= FOOTER_SIZE else b""
        start = container_end - int.from_bytes(footer[0:8], "little")
        if start < 0:
            raise ContainerError("`%s` is truncated or damaged" % self.path, path=self.path)
        return footer, start, size - len(tail) - start, tail

    def read_at(self, offset, length):
        """Return ``length`` bytes at ``offset`` of the container, fewer at its end, none if the file cannot be read."""
        within = offset - self._tail_at
        if within >= 0:
            return self._tail[within : within + length]
        try:
            return _read(self.descriptor, length, self.start + offset)
        except OSError:
            return b""

    def read_again(self, offset, length):
        """Open the file anew, if it is still the same one, and read from it.

        Raises ContainerError if the file is gone or has become another one.
        """
        try:
            descriptor = _open(self.path)
        except OSError as error:
            raise ContainerError("`%s` can no longer be opened: %s" % (self.path, error.strerror), path=self.path) from error
        lost, self.descriptor = self.descriptor, descriptor
        try:
            footer, start, _, _ = self._locate(None)
        except ContainerError:
            footer = None
        if footer != self.footer:
            os.close(descriptor)
            self.descriptor = lost
            raise ContainerError("`%s` was replaced while it was running" % self.path, path=self.path)
        # the lost number is left alone: whoever reused it owns it now
        self.start = start
        return _read(descriptor, length, start + offset)

    def explain(self, problem):
        """Return the ContainerError that says what is wrong with this file."""
        return ContainerError("`%s` is damaged: %s" % (self.path, problem), path=self.path)


def _open(path):
    return _lift(os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)))


def _lift(descriptor):
    """Move ``descriptor`` to a high free number, if the limit on descriptors leaves one."""
    for high in range(HIGH_DESCRIPTOR, HIGH_DESCRIPTOR - 8, -1):
        try:
            os.fstat(high)
        except OSError:
            try:
                os.dup2(descriptor, high, inheritable=False)
            except OSError:
                break
            os.close(descriptor)
            return high
    return descriptor


if hasattr(os, "pread"):

    def _read(descriptor, length, offset):
        data = os.pread(descriptor, length, offset)
        while len(data) < length:  # a signal, or more than the kernel gives at once
            more = os.pread(descriptor, length - len(data), offset + len(data))
            if not more:
                break
            data += more
        return data

else:
    from _thread import allocate_lock

    _lock = allocate_lock()

    def _read(descriptor, length, offset):
        with _lock:
            os.lseek(descriptor, offset, 0)
            data = b""
            while len(data) < length:
                more = os.read(descriptor, length - len(data))
                if not more:
                    break
                data += more
            return data
