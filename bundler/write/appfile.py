"""Write the app file: a ``#!`` line, and a zip of launcher, doorways, metadata and the container.

Written beside its final name and moved into place when it is whole: a build
that fails or is killed leaves the old file as it was.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from bundler.errors import OutputError

# Readers before Python 3.13 know nothing of ZIP64.
LARGEST = 0x7FFFFFFF - 0x1000000

# A file that has lost its end is no zip any more, and Python reads it as source: this line is then what it says.
# (PEP 263: an encoding is named in the first two lines. A zip may have anything before it.)
DAMAGE_NOTICE = b"# coding: this-app-file-is-truncated-or-damaged\n"


def write_appfile(
    output: Path, shebang: str, members: Mapping[str, bytes], container: Callable[[BinaryIO], object]
) -> int:
    """Write the app file at ``output`` and return its size in bytes.

    ``members`` are stored in their order, names ending in ``/`` as directories;
    ``container(file)`` writes the last one. Raises OutputError if ``output``
    cannot be written, is a directory, the disk is full, or the file would be
    too large for a zip that every Python reads.
    """
    check_output(output)
    try:
        descriptor, name = tempfile.mkstemp(prefix=".%s." % output.name[:80], suffix=".part", dir=output.parent)
    except OSError as error:
        raise _unwritable(output, error) from error
    part = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            file.write(b"#!" + os.fsencode(shebang) + b"\n" + DAMAGE_NOTICE)
            _write_zip(file, members, container)
            if file.tell() > LARGEST:
                raise OutputError(
                    "`%s` would be larger than 2 GiB" % output, hint="leave data files out with `--exclude`"
                )
            file.flush()
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        os.chmod(part, 0o755 & ~_umask())
        os.replace(part, output)
    except OSError as error:
        raise _unwritable(output, error) from error
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return size


def check_output(output: Path) -> None:
    """Raise OutputError if ``output`` cannot be a file: it is a directory, or there is no directory for it."""
    if output.is_dir():
        raise OutputError("`%s` is a directory" % output, hint="name the file to write: `-o %s/app.pyz`" % output)
    if output.exists() and not stat.S_ISREG(output.stat().st_mode):
        raise OutputError("`%s` is not a regular file" % output, hint="name a file to write with `-o`")
    if not output.parent.is_dir():
        raise OutputError("there is no directory `%s`" % output.parent, hint="create it, or name another with `-o`")
    if not os.access(output.parent, os.W_OK):
        raise OutputError("`%s` cannot be written to" % output.parent, hint="name another place with `-o`")


def _write_zip(file: BinaryIO, members: Mapping[str, bytes], container: Callable[[BinaryIO], object]) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(_member(name), data)
        with archive.open(_member("container"), "w", force_zip64=False) as last:
            container(last)


def _member(name: str) -> zipfile.ZipInfo:
    """Return the header of a stored member whose bytes depend on nothing but its name."""
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
