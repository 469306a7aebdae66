"""How functions are wrapped that are seldom called: those that resolve links, make or remove names, or start programs."""

import errno
import os

from .. import mounts
from . import by_way_of, tree
from .paths import Outside, astray, place, settle
from .wrapped import Wrapped


class Resolving(Wrapped):
    """``os.path.realpath``: that of the app file, and below it there are no links."""

    def __call__(self, filename, **options):
        """Do what ``original`` does."""
        if type(filename) is str and not filename.startswith(mounts.roots) and not options:
            real = self.original(filename)
            if not real.startswith(mounts.roots):
                return real
        strict = options.get("strict") is True
        try:
            found = self.find(filename, place) or self.find(filename, astray)
        except OSError:
            if strict:
                raise
            found = None
        if type(found) is not tuple:
            return self.original(found or filename, **options)
        mount, inside, path = found
        if mount.disk is not None and mount.disk.covers(os.fsdecode(path)):
            return self.original(path)
        real = os.path.join(self.original(mount.root), inside.replace("/", os.sep))
        if strict:
            os.lstat(path)
        return os.fsencode(real) if isinstance(path, bytes) else real


class Altering(Wrapped):
    """What changes a file."""

    def find(self, path, where):
        """Return what :meth:`Wrapped.find` does; a file that may be changed is on disk then."""
        if isinstance(path, (str, bytes, os.PathLike)):
            settle(os.fsdecode(path))
        return Wrapped.find(self, path, where)


class Starting(Wrapped):
    """``os.execv`` and its kin: the program may lie in a bundle, and so may the files that are named to it."""

    def __call__(self, path, argv, *rest, **options):
        """Do what ``original`` does."""
        roots, separator = mounts.roots, os.sep
        for word in (path, *argv) if isinstance(argv, (list, tuple)) else ():
            if type(word) is not str or word.startswith(roots) or separator in word and not word.startswith(separator):
                break
        else:  # nearly all
            return self.original(path, argv, *rest, **options)
        return by_way_of("programs.start", self.original, path, argv, *rest, **options)


class Changing(Wrapped):
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


class Naming(Changing):
    """``os.rename``, ``os.replace``: ``answer(source, target)`` is told what was found of each, or None."""

    source = Changing.find

    def __call__(self, src, dst, *args, **options):
        """Do what ``original`` does."""
        roots = mounts.roots
        if type(src) is type(dst) is str and not (src.startswith(roots) or dst.startswith(roots)):
            try:
                return self.original(src, dst, *args, **options)
            except NotADirectoryError:  # one of them may lead into a bundle in another way
                pass
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
