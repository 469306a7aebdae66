"""What is looked at before a function is answered that is seldom asked about a bundle: it resolves links, or makes or removes names."""

import errno
import os

from . import tree
from .paths import Outside, astray, place, settle, showing
from .wrapped import Late, Paired, Wrapped


def resolve(call, filename, options):
    """Return the real path, by ``call``: that of the app file, and below it there are no links."""
    strict = options.get("strict") is True
    try:
        found = call.find(filename, place) or call.find(filename, astray)
    except OSError:
        if strict:
            raise
        found = None
    if type(found) is not tuple:
        return call.original(found or filename, **options)
    mount, inside, path = found
    if showing(os.fsdecode(path)):
        return call.original(path)
    real = os.path.join(call.original(mount.root), inside.replace("/", os.sep))
    if strict:
        os.lstat(path)
    return os.fsencode(real) if isinstance(path, bytes) else real


class Altering(Late):
    """What changes a file."""

    def find(self, path, where):
        """Return what :meth:`Wrapped.find` does; a file that may be changed is on disk then."""
        if isinstance(path, (str, bytes, os.PathLike)):
            settle(os.fsdecode(path))
        return Wrapped.find(self, path, where)


class Changing(Late):
    """What makes or removes a name: what is looked up is the directory that it stands in.

    ``answer(mount, directory, path, name, ...)`` is told the two apart.
    """

    def find(self, path, where):
        """Return ``(mount, directory, path, name)``, or as :meth:`Wrapped.find`."""
        try:
            path = os.fspath(path)
        except TypeError:
            return None
        text = os.fsdecode(path)
        parent, name = os.path.split(text.rstrip("/"))
        if not name or "\0" in text or where is astray and not parent:
            return None
        settle(text)
        try:
            found = where(parent)
            if found and tree.entry_at(*found, path)[1] is not None:
                raise tree.refuse(errno.ENOTDIR, path)
        except Outside as outside:
            return os.path.join(outside.path, name)
        except OSError as error:
            error.filename = path
            raise
        if found is None or found[1] == "" and name == "..":
            return None
        return (*found, path, name)


class Naming(Paired):
    """``os.rename``, ``os.replace``: ``answer(source, target)`` is told what was found of each, or None."""

    source = find = Changing.find

    def both(self, src, dst, args, options):
        """Answer for paths one of which may be one of a bundle, or is no text."""
        try:
            if not (_is_path(src) and _is_path(dst)):
                return self.original(src, dst, *args, **options)
            found = self.source(src, place), self.find(dst, place)
            if found == (None, None):
                try:
                    return self.original(src, dst, *args, **options)
                except NotADirectoryError:
                    found = self.source(src, astray), self.find(dst, astray)
                    if found == (None, None):
                        raise
            if tuple not in map(type, found):
                return self.original(*(given if type(each) is not str else each for each, given in zip(found, (src, dst))), *args, **options)
            return self.answer(*(each if type(each) is tuple else None for each in found))
        except OSError as error:
            error.filename, error.filename2 = os.fspath(src), os.fspath(dst)
            raise


def _is_path(path):
    try:
        return b"\0" not in os.fsencode(path)
    except TypeError:
        return False


class Linking(Naming):
    """``os.link``: the first must be there."""

    def source(self, path, where):
        """Return what :meth:`Wrapped.find` does."""
        found = Altering.find(self, path, where)
        if type(found) is tuple:
            tree.entry_at(*found)
        return found


class Leading(Naming):
    """``os.symlink``: where the link leads to is text."""

    def source(self, path, where):
        """Return None."""
        return None
