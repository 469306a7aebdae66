"""The functions that the overlay wraps, each with its reason; docs/overlay.md lists them from here."""

import _io
import builtins
import errno
import io
import os
from _frozen_importlib_external import _os as system

from ..layout import EXECUTABLE
from . import listed, opened, refused, tree
from .wrapped import Asking, Changing, Examining, Leading, Linking, Listing, Naming, Opening, Resolving, Starting, Wrapped


def _access(mount, inside, path, mode, **options):
    try:
        entry, role = tree.entry_at(mount, inside, path)
    except ValueError:
        return False
    if mode & os.W_OK:
        return False
    return not mode & os.X_OK or role is None or bool(entry.flags & EXECUTABLE)


def _readlink(mount, inside, path):
    tree.entry_at(mount, inside, path)
    raise tree.refuse(errno.EINVAL, path)


def _attributes(mount, inside, path, **options):
    tree.entry_at(mount, inside, path)
    return []


def _attribute(mount, inside, path, attribute, **options):
    tree.entry_at(mount, inside, path)
    raise tree.refuse(errno.ENODATA, path)


def _file_system(mount, inside, path):
    tree.entry_at(mount, inside, path)
    found = _statvfs(mount.root)
    return os.statvfs_result((*found[:3], 0, 0, *found[5:8], found.f_flag | os.ST_RDONLY, found.f_namemax), {"f_fsid": found.f_fsid})


def _directory(mount, inside, path):
    if tree.entry_at(mount, inside, path)[1] is not None:
        raise tree.refuse(errno.ENOTDIR, path)
    error = tree.refuse(errno.ENOTSUP, path)
    if hasattr(error, "add_note"):
        error.add_note("no process can work in a directory of `%s`: give paths in full" % mount.root)
    raise error


_statvfs = getattr(os, "statvfs", None)

#: Module, name, how it is called, what answers for a path in a bundle, and who calls it.
FUNCTIONS = (
    (builtins, "open", Opening, opened.open_file, "everyone"),
    (io, "open", Opening, opened.open_file, "`pathlib`, `zipfile`, `tarfile`"),
    (io, "open_code", Wrapped, opened.open_code, "`runpy`"),
    (_io, "open_code", Wrapped, opened.open_code, "the loader of sources, for plug-ins that are loaded by their path"),
    (os, "open", Wrapped, opened.open_descriptor, "`tempfile`, servers that send a descriptor"),
    (os, "stat", Examining, tree.status, "`os.path.exists` and its kin, `pathlib`, `shutil`"),
    (os, "lstat", Examining, tree.status, "`os.path.lexists`, `os.path.realpath`"),
    (os, "access", Asking, _access, "`shutil.which`, guards"),
    (os, "listdir", Listing, tree.names, "`glob`, `shutil`"),
    (os, "scandir", Listing, listed.Directory, "`os.walk`, `pathlib`, `shutil.copytree`"),
    (system, "stat", Examining, tree.status, "the standard finder of files, where code makes one for a directory of plug-ins"),
    (system, "listdir", Listing, tree.names, "the standard finder of files"),
    (os.path, "realpath", Resolving, None, "`pathlib.Path.resolve`: 3.14 refuses to go through what is no directory"),
    (os, "readlink", Wrapped, _readlink, "`os.path.realpath`: there are no links"),
    (os, "listxattr", Wrapped, _attributes, "`shutil.copy2`, `shutil.copytree`"),
    (os, "getxattr", Wrapped, _attribute, "copying"),
    (os, "statvfs", Wrapped, _file_system, "`shutil.disk_usage`; the mount is read-only"),
    (os, "chdir", Wrapped, _directory, "to say that it cannot be done"),
    (os, "mkdir", Changing, refused.make_directory, "`os.makedirs`, `pathlib`: caches"),
    (os, "mkfifo", Changing, refused.make, "to refuse it"),
    (os, "mknod", Changing, refused.make, "to refuse it"),
    (os, "unlink", Changing, refused.unlink, "to refuse it"),
    (os, "remove", Changing, refused.unlink, "to refuse it"),
    (os, "rmdir", Changing, refused.rmdir, "to refuse it"),
    (os, "rename", Naming, refused.rename, "files written under another name first"),
    (os, "replace", Naming, refused.rename, "files written under another name first"),
    (os, "link", Linking, refused.link, "to refuse it"),
    (os, "symlink", Leading, refused.symlink, "to refuse it"),
    (os, "truncate", Wrapped, refused.truncate, "to refuse it"),
    (os, "chmod", Wrapped, refused.change, "`shutil.copymode` to here"),
    (os, "lchmod", Wrapped, refused.change, "the same, of links"),
    (os, "chown", Wrapped, refused.change, "to refuse it"),
    (os, "lchown", Wrapped, refused.change, "to refuse it"),
    (os, "utime", Wrapped, refused.change, "`pathlib.Path.touch`"),
    (os, "setxattr", Wrapped, refused.change, "to refuse it"),
    (os, "removexattr", Wrapped, refused.change, "to refuse it"),
    (os, "execv", Starting, None, "programs that a wheel carries, files that are named to a program"),
    (os, "execve", Starting, None, "the same"),
    (os, "posix_spawn", Starting, None, "the same"),
    (os, "posix_spawnp", Starting, None, "the same"),
)
