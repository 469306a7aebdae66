"""What would change a bundle is refused, with the errors of a read-only mount.

Linux looks for the directory first (which :class:`~.wrapped.Changing` has done),
then whether the mount may be written, and only in what makes a new name whether
there is one already.
"""

import errno
import os

from ..variables import tell
from . import tree
from .advice import advise


def read_only(mount, path):
    """Return the error of a change, which says what would help."""
    error = tree.refuse(errno.EROFS, path)
    advice = "`%s` is read-only: what code writes next to itself must go elsewhere" % mount.root
    tell("%s: refused to change %r", advice, path)
    advise(error, advice + ", or, if it need not last, be on disk: build with `--files disk=GLOB`, GLOB matching what stands there")
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


def make_directory(mount, directory, path, name, *args, **options):
    """Refuse ``os.mkdir``."""
    try:
        make(mount, directory, os.fsdecode(path).rstrip("/"), name)
    except OSError as error:
        error.filename = path
        raise


def make(mount, directory, path, name, *args, **options):
    """Refuse a new link, pipe or device called ``name``."""
    if name in (".", ".."):
        raise tree.refuse(errno.EEXIST, path)
    inside = directory + "/" + name if directory else name
    if mount.file(inside) is not None:
        raise tree.refuse(errno.EEXIST, path)
    error = tree.absent(mount, inside, path)
    if os.fsdecode(path).endswith("/"):
        raise error
    raise read_only(mount, path) if getattr(error, "errno", None) == errno.ENOENT else error


def unlink(mount, directory, path, name, **options):
    """Refuse ``os.unlink``."""
    raise tree.refuse(errno.EISDIR, path) if name in (".", "..") else read_only(mount, path)


def rmdir(mount, directory, path, name, **options):
    """Refuse ``os.rmdir``."""
    if name in (".", ".."):
        raise tree.refuse(errno.EINVAL if name == "." else errno.ENOTEMPTY, path)
    raise read_only(mount, path)


def rename(source, target):
    """Refuse ``os.rename`` and ``os.replace``; each is None where it lies elsewhere."""
    mount, _, path, _ = source or target
    if source is None or target is None:
        raise tree.refuse(errno.EXDEV, path)
    if {source[3], target[3]} & {".", ".."}:
        raise tree.refuse(errno.EBUSY, path)
    raise read_only(mount, path)


def link(source, target):
    """Refuse ``os.link``; each is None where it lies elsewhere."""
    if target is None:
        raise tree.refuse(errno.EXDEV, source[2])
    make(*target)


def symlink(source, target):
    """Refuse ``os.symlink``, unless it only leads into a bundle."""
    make(*target)
