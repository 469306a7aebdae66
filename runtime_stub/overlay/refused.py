"""What would change a bundle is refused, with the errors of a read-only mount.

Linux looks for the parent, then whether the mount may be written, and only in
what makes a new name whether there is one already.
"""

import errno
import os
import sys

from ..variables import tell
from . import tree


def read_only(mount, path):
    """Return the error of a change, which says what would help where an error can hold more than its text (PEP 678)."""
    error = tree.refuse(errno.EROFS, path)
    advice = "`%s` is read-only: what code writes next to itself must go elsewhere" % mount.root
    tell("%s: refused to change %r", advice, path)
    if sys.version_info >= (3, 11):
        error.add_note(advice + ", or to a directory on disk: build with `--files disk=GLOB`")
    return error


def change(mount, inside, path, *args, **options):
    """Refuse to change what stands at ``inside``: its mode, owner, times, attributes."""
    tree.entry_at(mount, inside, path)
    raise read_only(mount, path)


def truncate(mount, inside, path, length):
    """Refuse ``os.truncate``."""
    if tree.entry_at(mount, inside, path)[1] is None:
        raise tree.refuse(errno.EISDIR, path)
    raise read_only(mount, path)


def make(mount, inside, path, *args, **options):
    """Refuse a new directory, link, pipe or device."""
    _parent(mount, inside, path)
    if mount.file(inside) is not None:
        raise tree.refuse(errno.EEXIST, path)
    raise read_only(mount, path)


def remove(mount, inside, path, *args, **options):
    """Refuse to remove or rename what stands at ``inside``."""
    _parent(mount, inside, path)
    raise read_only(mount, path)


def rename(source, target):
    """Refuse ``os.rename`` and ``os.replace``; each is None where it lies elsewhere."""
    for place in (source, target):
        if place is not None:
            _parent(*place)
    if source is None or target is None:
        raise tree.refuse(errno.EXDEV, (source or target)[2])
    raise read_only(target[0], source[2])


def link(source, target):
    """Refuse ``os.link``; each is None where it lies elsewhere."""
    if source is not None:
        tree.entry_at(*source)
    if target is None:
        raise tree.refuse(errno.EXDEV, source[2])
    make(*target)


def symlink(source, target):
    """Refuse ``os.symlink``, unless it only leads into a bundle."""
    make(*target)


def _parent(mount, inside, path):
    """Raise unless the place above ``inside`` is a directory, and its last name one that could be."""
    parent, _, name = inside.rpartition("/")
    if parent and tree.entry_at(mount, parent, path)[1] is not None:
        raise tree.refuse(errno.ENOTDIR, path)
    if len(os.fsencode(name)) > 255 or "\0" in name:
        raise tree.absent(mount, inside, path)
