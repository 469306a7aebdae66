"""Which paths lie in a bundle: as the operating system would walk them, were the app file a directory."""

import errno
import os
import stat

from .. import mounts
from . import tree

_stat = os.stat
_SPECIAL = ("//", "/.")


class Outside(Exception):
    """A path that leads into a bundle and, by ``..``, out again: ``path`` is what is left of it."""

    def __init__(self, path):
        super().__init__(path)
        self.path = path


def place(path):
    """Return ``(mount, bundle path)`` of a path that begins with the place of a mounted bundle, or None.

    ``path`` is text. Raises :class:`Outside`, and the OSError of a path that
    leads through what is no directory.
    """
    for root, mount in mounts.by_root.items():
        if path.startswith(root):
            rest = path[len(root) :]
            if not rest or rest[0] in mounts.SEPARATORS:
                if mount.disk is not None and root == mount.disk.directory:
                    return mount.disk.find(path)
                return mount, _walk(mount, rest, path)
    data = _beside(path)
    return data and data.find(path)


def _beside(path):
    for directory, data in mounts.beside.items():
        if path.startswith(directory) and path[len(directory) : len(directory) + 1] in ("", *mounts.SEPARATORS):
            return data
    return None


def astray(path):
    """Return ``(mount, bundle path)`` of a path through a file, if that file is a mounted bundle; else None.

    The operating system has refused to walk such a path: a relative one, or
    one that leads through a link. Raises as :func:`place` does.
    """
    try:
        head, rest = os.path.join(os.getcwd(), path), ""
    except FileNotFoundError:  # the current directory is gone
        return None
    while True:
        try:
            status = _stat(head)
            break
        except NotADirectoryError:
            head, name = os.path.split(head)
            rest = "/" + name + rest
        except OSError:
            return None
    if not stat.S_ISREG(status.st_mode):
        return None
    for mount in mounts.present():
        try:
            same = os.path.samestat(status, _stat(mount.root))
        except OSError:  # the file is gone
            continue
        if same:
            return mount, _walk(mount, rest, path)
    return None


def on_disk(path):
    """Return what is on disk of the bundle (a :class:`~runtime_stub.disk.Disk`) if the text ``path`` leads to its private directory, else None."""
    if path.startswith(mounts.roots):
        for mount in mounts.present():
            if mount.disk is not None and mount.disk.covers(path):
                return mount.disk
    return None


def showing(path):
    """Return what of a bundle shows in the directory of the operating system's that the text ``path`` leads to, or None."""
    return on_disk(path) or _beside(path)


def settle(path):
    """Return whether the text ``path`` leads to a private directory on disk; a file there is no longer in memory only.

    It is about to be changed.
    """
    disk = on_disk(path)
    if disk is not None:
        disk.settle(path)
    return disk is not None


def _walk(mount, rest, path):
    """Return the bundle path that ``rest``, below the app file, leads to."""
    if os.sep != "/":
        rest = rest.replace(os.sep, "/")
    inside = rest[1:]
    if not inside or inside[0] not in "/." and inside[-1] != "/" and not any(each in inside for each in _SPECIAL):
        return inside
    parts = []
    names = inside.split("/")
    for index, name in enumerate(names):
        if parts:
            before = "/".join(parts)
            if tree.entry_at(mount, before, path)[1] is not None:
                raise tree.refuse(errno.ENOTDIR, path)
        if name == "..":
            if not parts:
                raise Outside("/".join([os.path.dirname(mount.root), *names[index + 1 :]]))
            parts.pop()
        elif name and name != ".":
            parts.append(name)
    return "/".join(parts)
