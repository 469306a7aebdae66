"""The functions that are wrapped, each with its reason; docs/overlay.md lists them from here."""

import _io
import builtins
import io
import os
from _frozen_importlib_external import _os as system

from .wrapped import Asking, Examining, Late, Listing, Opening, Paired, Resolving, Starting, Wrapped

# with the class of `seldom` that they become
CHANGING, ALTERING = (Late, "Changing"), (Late, "Altering")
NAMING, LINKING, LEADING = (Paired, "Naming"), (Paired, "Linking"), (Paired, "Leading")

#: Module, name, how it is called, what answers for a path in a bundle, and who calls it.
FUNCTIONS = (
    (builtins, "open", Opening, "opened.open_file", "everyone"),
    (io, "open", Opening, "opened.open_file", "`pathlib`, `zipfile`, `tarfile`"),
    (io, "open_code", Wrapped, "opened.open_code", "`runpy`"),
    (_io, "open_code", Wrapped, "opened.open_code", "the loader of sources, for plug-ins that are loaded by their path"),
    (os, "open", Wrapped, "opened.open_descriptor", "`tempfile`, servers that send a descriptor"),
    (os, "stat", Examining, "tree.status", "`os.path.exists` and its kin, `pathlib`, `shutil`"),
    (os, "lstat", Examining, "tree.status", "`os.path.lexists`, `os.path.realpath`"),
    (os, "access", Asking, "answers.access", "`shutil.which`, guards"),
    (os, "listdir", Listing, "tree.names", "`glob`, `shutil`"),
    (os, "scandir", Listing, "listed.Directory", "`os.walk`, `pathlib`, `shutil.copytree`"),
    (os.path, "realpath", Resolving, None, "`pathlib.Path.resolve`: 3.14 refuses to go through what is no directory"),
    (os, "readlink", Wrapped, "answers.readlink", "`os.path.realpath`: there are no links"),
    (os, "listxattr", Wrapped, "answers.attributes", "`shutil.copy2`, `shutil.copytree`"),
    (os, "getxattr", Wrapped, "answers.attribute", "copying"),
    (os, "statvfs", Wrapped, "answers.file_system", "`shutil.disk_usage`; the mount is read-only"),
    (os, "chdir", Wrapped, "answers.directory", "goes to a copy: nobody can work in a directory in memory"),
    (os, "mkdir", CHANGING, "refused.make_directory", "`os.makedirs`, `pathlib`: caches"),
    (os, "mkfifo", CHANGING, "refused.make", "to refuse it"),
    (os, "mknod", CHANGING, "refused.make", "to refuse it"),
    (os, "unlink", CHANGING, "refused.unlink", "to refuse it"),
    (os, "remove", CHANGING, "refused.unlink", "to refuse it"),
    (os, "rmdir", CHANGING, "refused.rmdir", "to refuse it"),
    (os, "rename", NAMING, "refused.rename", "files written under another name first"),
    (os, "replace", NAMING, "refused.rename", "files written under another name first"),
    (os, "link", LINKING, "refused.link", "to refuse it"),
    (os, "symlink", LEADING, "refused.symlink", "to refuse it"),
    (os, "truncate", ALTERING, "refused.truncate", "to refuse it"),
    (os, "chmod", ALTERING, "refused.change", "`shutil.copymode` to here"),
    (os, "lchmod", ALTERING, "refused.change", "the same, of links"),
    (os, "chown", ALTERING, "refused.change", "to refuse it"),
    (os, "lchown", ALTERING, "refused.change", "to refuse it"),
    (os, "utime", ALTERING, "refused.change", "`pathlib.Path.touch`"),
    (os, "setxattr", ALTERING, "refused.change", "to refuse it"),
    (os, "removexattr", ALTERING, "refused.change", "to refuse it"),
    (os, "execv", Starting, None, "programs that a wheel carries, files that are named to a program"),
    (os, "execve", Starting, None, "the same"),
    (os, "posix_spawn", Starting, None, "the same"),
    (os, "posix_spawnp", Starting, None, "the same"),
)

#: The same of the import system's own: from when it looks at a path of a bundle.
FINDING = (
    (system, "stat", Examining, "tree.status", "the standard finder of files, `zipimport`"),
    (system, "listdir", Listing, "tree.names", "the standard finder of files"),
)

#: Module, dotted name, the function of ``foreign`` that is called with the original first, and why.
FOREIGN = (
    ("ssl", "SSLContext.load_verify_locations", "libraries.load", "OpenSSL opens certificates itself"),
    ("ssl", "SSLContext.load_cert_chain", "libraries.load", "the same"),
    ("sqlite3", "connect", "libraries.connect", "SQLite opens databases itself: it is given a copy in memory, which refuses to be changed"),
    ("sqlite3", "dbapi2.connect", "libraries.connect", "the same"),
    ("ctypes", "_dlopen", "libraries.dlopen", "the dynamic linker opens libraries itself"),
    ("_cffi_backend", "load_library", "libraries.dlopen", "the same, for cffi"),
    ("_cffi_backend", "FFI.dlopen", "libraries.dlopen_of", "the same, for what cffi has written; its class, which is of C, gives way to one of Python"),
    ("zipfile", "ZipFile.__init__", "archives.open_archive", "the app file has the bundle's files, for code that finds itself below a file and takes that for a zip"),
    ("zipfile", "ZipFile.open", "archives.open_member", "the same"),
    ("subprocess", "Popen.__init__", "programs.popen", "another process opens a program, and the files that are named to it"),
)
