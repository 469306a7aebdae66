"""Write the app file: a ``#!`` line, and a zip of launcher, doorways, metadata and the container.

Written beside its final name and moved into place when it is whole: a build
that fails or is killed leaves the old file as it was.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from bundler.errors import OutputError
from runtime_stub.layout import PAGE

# Readers before Python 3.13 know nothing of ZIP64.
LARGEST = 0x7FFFFFFF - 0x1000000

# A file that has lost its end is no zip any more, and Python reads it as source: this line is then what it says.
# (PEP 263: an encoding is named in the first two lines. A zip may have anything before it.)
DAMAGE_NOTICE = b"# coding: this-app-file-is-truncated-or-damaged\n"


# What zipalign(1) of Android pads members with, that they can be mapped: an identifier, a length, the alignment, zeros.
_PADDING = 0xD935
_PADDING_SIZE = 6


def write_appfile(
    output: Path, shebang: str, members: Mapping[str, bytes], container: Callable[[BinaryIO], object], aligned: bool = False
) -> int:
    """Write the app file at ``output`` and return its size in bytes.

    ``members`` are stored in their order, names ending in ``/`` as directories;
    ``container(file)`` writes the last one, ``aligned`` to the beginning of a page. Raises OutputError if ``output``
    cannot be written, is a directory, the disk is full, or the file would be
    too large for a zip that every Python reads.
    """
    check_output(output)
    try:
        with _Unnamed(_target(output)) as unnamed:
            file = unnamed.file
            file.write(b"#!" + os.fsencode(shebang) + b"\n" + DAMAGE_NOTICE)
            _write_zip(file, members, container, aligned)
            size = file.seek(0, os.SEEK_END)
            if size > LARGEST:
                raise OutputError(
                    "`%s` would be larger than 2 GiB" % output, hint="leave data files out with `--exclude`"
                )
            file.flush()
            os.fchmod(file.fileno(), 0o777 & ~_umask())
            os.fsync(file.fileno())
            unnamed.move_into_place()
    except OSError as error:
        raise _unwritable(output, error) from error
    return size


class _Unnamed:
    """A file in the directory of ``output`` that has no name before it is whole.

    Linux makes such files (``O_TMPFILE``): a build that is killed leaves
    nothing behind. Elsewhere the file has a name of its own, which goes unless
    the build is killed outright.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        self._name: Path | None = None
        try:
            os.stat("/proc/self/fd")  # by which it gets its name
            descriptor = os.open(output.parent, os.O_TMPFILE | os.O_RDWR, 0o600)
        except (AttributeError, OSError):  # no such platform, or no such file system
            descriptor, name = tempfile.mkstemp(prefix=".%s." % output.name[:80], suffix=".part", dir=output.parent)
            self._name = Path(name)
        self.file = os.fdopen(descriptor, "w+b")

    def __enter__(self) -> _Unnamed:
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):
            self.file.close()
        if self._name is not None:
            with suppress(FileNotFoundError):
                self._name.unlink()

    def move_into_place(self) -> None:
        """Give the file its name; what had it before is gone at the same moment."""
        if self._name is None:
            name = self._output.with_name(".%s.%d.part" % (self._output.name[:80], os.getpid()))
            with suppress(FileNotFoundError):
                name.unlink()
            here = os.open(self._output.parent, os.O_RDONLY)
            try:
                # linkat(2) with AT_SYMLINK_FOLLOW, which Python calls only where a directory is given
                os.link("/proc/self/fd/%d" % self.file.fileno(), name, src_dir_fd=here, follow_symlinks=True)
            finally:
                os.close(here)
            self._name = name  # a link cannot replace a file: named first, renamed then
        os.replace(self._name, self._output)
        self._name = None


def check_output(output: Path) -> None:
    """Raise OutputError if ``output`` cannot be a file: it is a directory, or there is no directory for it."""
    try:
        mode = output.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        mode = stat.S_IFREG
    except OSError as error:
        raise _unwritable(output, error) from error
    if stat.S_ISDIR(mode):
        raise OutputError("`%s` is a directory" % output, hint="name the file to write: `-o %s/app.pyz`" % output)
    if not stat.S_ISREG(mode):
        raise OutputError("`%s` is not a regular file" % output, hint="name a file to write with `-o`")
    directory = _target(output).parent
    if not directory.is_dir():
        raise OutputError("there is no directory `%s`" % directory, hint="create it, or name another with `-o`")
    if not os.access(directory, os.W_OK):
        raise OutputError("`%s` cannot be written to" % directory, hint="name another place with `-o`")


def _target(output: Path) -> Path:
    """Return the file to write: a link stays, and what it leads to is replaced."""
    return Path(os.path.realpath(output)) if output.is_symlink() else output


def _write_zip(file: BinaryIO, members: Mapping[str, bytes], container: Callable[[BinaryIO], object], aligned: bool) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            # launcher and metadata are half as large so; the zlib that the launcher takes is needed next. A doorway is 0.3 KB.
            deflated = name in ("__main__.pyc", "__main__.py") or name.partition("/")[0].endswith("-info")
            archive.writestr(_member(name), data, zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED, 9)
        info = _member("container")
        if aligned:
            info.extra = _padding(file.tell() + zipfile.sizeFileHeader + len(info.filename))
        with archive.open(info, "w", force_zip64=False) as last:
            container(last)
        info.extra = b""  # in the central directory, which every start reads, nobody needs it


def _padding(position: int) -> bytes:
    """Return the extra field after which what would lie at ``position`` begins at a page's beginning."""
    zeros = -(position + _PADDING_SIZE) % PAGE
    return struct.pack("<HHH", _PADDING, 2 + zeros, PAGE) + bytes(zeros)


def _member(name: str) -> zipfile.ZipInfo:
    """Return the header of a member whose bytes depend on nothing but its name."""
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.create_system = 3
    mode = stat.S_IFDIR | 0o755 if name.endswith("/") else stat.S_IFREG | 0o644
    info.external_attr = mode << 16 | (0x10 if name.endswith("/") else 0)
    return info


def _umask() -> int:
    mask = os.umask(0o22)
    os.umask(mask)
    return mask


def _unwritable(output: Path, error: OSError) -> OutputError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError("no space left for `%s`" % output, hint="free some, or name another place with `-o`")
    return OutputError(
        "`%s` cannot be written: %s" % (output, error.strerror), hint="name another place with `-o`"
    )
