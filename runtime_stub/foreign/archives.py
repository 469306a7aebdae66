"""The app file as ``zipfile`` shows it: with the bundle's files, as a zip of the same tree has them.

Code that finds itself below a file takes that for a zip and reads its files
from there. What the app file really holds is there too, where the bundle has no
file of that name.
"""

import io
import os
from zipfile import ZipInfo
from zlib import crc32

from .. import mounts
from ..overlay import tree
from ..overlay.paths import Outside, astray, place

_DATE = (1980, 1, 1, 0, 0, 0)


class Member(ZipInfo):
    """A file of the bundle."""

    __slots__ = ("_where",)

    def __init__(self, mount, path, entry, role):
        ZipInfo.__init__(self, path, _DATE)
        self._where = mount.root, path
        self.create_system = 3  # Unix: external_attr has its modes
        self.external_attr = tree.status_of(mount, path, entry, role).st_mode << 16
        self.file_size = self.compress_size = entry.parts[role][2]
        self.header_offset = 0

    def read(self):
        """Return the content."""
        root, path = self._where
        return tree.content(mounts.by_root[root], path, self.filename)

    def __getattr__(self, name):
        if name != "CRC":
            raise AttributeError(name)
        self.CRC = crc32(self.read())
        return self.CRC


def open_archive(original, self, file, mode="r", *args, **options):
    """Make the ``ZipFile`` for ``file``; with the files of the bundle if that is an app file, to be read."""
    original(self, file, mode, *args, **options)
    mount = _app_file(file) if mode == "r" and isinstance(file, (str, bytes, os.PathLike)) else None
    if mount is not None:
        for member in _members(mount, ""):
            self.NameToInfo[member.filename] = member
        self.filelist[:] = self.NameToInfo.values()


def open_member(original, self, name, mode="r", *args, **options):
    """Do what ``ZipFile.open`` does."""
    member = name if isinstance(name, ZipInfo) else self.NameToInfo.get(name)
    if mode != "r" or type(member) is not Member or self.fp is None:
        return original(self, name, mode, *args, **options)
    content = io.BytesIO(member.read())
    content.name, content.mode = member.filename, mode
    return content


def _app_file(path):
    """Return the mount whose app file ``path`` leads to, or None."""
    try:
        text = os.fsdecode(path)
        mount, inside = place(text) or astray(text) or (None, "")
    except (OSError, Outside):
        return None
    return None if inside else mount


def _members(mount, inside):
    for name, entry, role in tree.children(mount, inside, inside):
        path = inside + "/" + name if inside else name
        if role is None:
            yield from _members(mount, path)
        else:
            yield Member(mount, path, entry, role)
