"""The files of the mounted bundles as a read-only directory tree.

Each function takes ``(mount, inside)`` as :func:`runtime_stub.mounts.locate`
gives it and raises the OSError that the operating system would raise.
"""

import errno
import os
import stat
from zlib import crc32

from ..layout import CONTENT, DIRECTORY, EXECUTABLE, EXTENSION, MODULE_KEY, RUNTIME_DIRECTORY

_stat = os.stat
_devices = {}  # of the app files, by path

# The earliest time that a zip file can name: times do not vary.
TIMESTAMP = 315532800

# PATH_MAX and NAME_MAX (linux/limits.h)
_LONGEST_PATH, _LONGEST_NAME = 4096, 255


def refuse(number, path):
    """Return the OSError for ``number`` on ``path``."""
    return OSError(number, os.strerror(number), path)


def entry_at(mount, inside, path):
    """Return ``(entry, role)``: entry None for the root, role None for a directory. Raises the error that :func:`absent` gives."""
    if not inside:
        return None, None
    found = mount.file(inside)
    if found is None:
        raise absent(mount, inside, path)
    return found


def absent(mount, inside, path):
    """Return the error for a path at which nothing stands: it may lead through a file, or be no path at all."""
    if "\0" in inside:
        return ValueError("embedded null byte")
    if len(os.fsencode(path)) >= _LONGEST_PATH:
        return refuse(errno.ENAMETOOLONG, path)
    current = ""
    for name in inside.split("/"):
        if len(os.fsencode(name)) > _LONGEST_NAME:
            return refuse(errno.ENAMETOOLONG, path)
        current = current + "/" + name if current else name
        found = mount.file(current)
        if found is None:
            break
        if found[1] is not None:
            return refuse(errno.ENOTDIR, path)
    return refuse(errno.ENOENT, path)


def is_file(mount, inside):
    """Return whether a file (not a directory) stands at ``inside``."""
    found = mount.file(inside) if inside else None
    return found is not None and found[1] is not None


def content(mount, inside, path):
    """Return the bytes of the file."""
    entry, role = entry_at(mount, inside, path)
    if role is None:
        raise refuse(errno.EISDIR, path)
    return mount.store.read(entry, role)


def names(mount, inside, path):
    """Return the names of what stands in the directory, sorted; bytes where ``path`` is."""
    found = [name for name, _, _ in children(mount, inside, path)]
    return list(map(os.fsencode, found)) if isinstance(path, bytes) else found


def children(mount, inside, path):
    """Return ``(name, entry, role)`` for what stands in the directory, sorted by name."""
    _, role = entry_at(mount, inside, path)
    if role is not None:
        raise refuse(errno.ENOTDIR, path)
    found = []
    for key, name, entry in mount.store.list(inside):
        if key != MODULE_KEY:
            if inside or name != RUNTIME_DIRECTORY:
                found.append((name, entry, None if entry.kind == DIRECTORY else CONTENT))
            continue
        if EXTENSION in entry.parts:
            found.append((name + entry.suffix, entry, EXTENSION))
        if CONTENT in entry.parts:
            found.append((name + ".py", entry, CONTENT))
    return sorted(found, key=lambda child: child[0])


def status(mount, inside, path):
    """Return the ``os.stat_result`` of the file or directory."""
    entry, role = entry_at(mount, inside, path)
    return status_of(mount, inside, entry, role)


def _device(root):
    """Return the device that the app file is on, or 0 if it is gone: no path in a bundle is a mount point."""
    if root not in _devices:
        try:
            _devices[root] = _stat(root).st_dev
        except OSError:
            return 0
    return _devices[root]


def status_of(mount, inside, entry, role):
    """Return the ``os.stat_result`` of what :func:`entry_at` found."""
    # as installed: nothing can be written all the same, but what `shutil.copy` and `copytree` make of it can
    size = 0
    mode = stat.S_IFDIR | 0o755
    if role is not None:
        size = entry.parts[role][2]
        mode = stat.S_IFREG | (0o755 if entry.flags & EXECUTABLE else 0o644)
    # the number names bundle and path, so that ``samefile`` is right; no file system counts so far
    name = mount.store.identity()[:16] + inside.encode("utf-8", "surrogatepass")
    number = 1 << 63 | crc32(name) << 31 | crc32(name, 1)
    seconds = (TIMESTAMP, TIMESTAMP, TIMESTAMP)
    nanoseconds = TIMESTAMP * 1000000000
    return os.stat_result(
        (mode, number, _device(mount.root), 1, 0, 0, size) + seconds,
        {
            "st_atime_ns": nanoseconds,
            "st_mtime_ns": nanoseconds,
            "st_ctime_ns": nanoseconds,
            "st_blksize": 4096,
            "st_blocks": (size + 511) // 512,
        },
    )
