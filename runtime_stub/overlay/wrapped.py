"""How a function is wrapped: what it is asked about decides who answers.

Objects and not functions: 3.9's and 3.10's pathlib keep these in a class body,
where a function would become a method. ``__call__`` begins with the question
that answers nearly all calls, spelt out: 0.3 microseconds. A path that begins
elsewhere can lead into a bundle too, relative or through a link: then the
operating system says that something on the way is no directory, and only then
is it looked at more closely.
"""

import os

from .. import finder
from .paths import Outside, astray, place


class Wrapped:
    """Call ``original`` for a path outside the mounted bundles, and ``answer(mount, inside, path, ...)`` for one inside."""

    # The app file itself is a file to all functions but those that list: they fail on a file, so nothing is taken away.
    lists = False

    def __init__(self, original, answer):
        self.original = original
        self.answer = answer
        self.__name__ = original.__name__
        self.__qualname__ = original.__qualname__
        self.__module__ = original.__module__
        self.__doc__ = original.__doc__
        self.__wrapped__ = original

    def __call__(self, path, *args, **options):
        """Do what ``original`` does."""
        if type(path) is str and not path.startswith(finder.roots):
            try:
                return self.original(path, *args, **options)
            except NotADirectoryError:
                found = self.stray(path, options)
                if found is None:
                    raise
            return self.answered(found, args, options)
        return self.ask(path, args, options)

    def ask(self, path, args, options):
        """Answer for a path that may be one of a bundle, or is no text."""
        found = self.find(path, place)
        if found is None:
            try:
                return self.original(path, *args, **options)
            except NotADirectoryError:
                found = self.stray(path, options)
                if found is None:
                    raise
        return self.answered(found, args, options)

    def answered(self, found, args, options):
        """Return the answer for what :meth:`find` has found."""
        return self.original(found, *args, **options) if type(found) is str else self.answer(*found, *args, **options)

    def stray(self, path, options):
        """Find a path that does not begin where a bundle is."""
        return None if options.get("dir_fd") is not None else self.find(path, astray)

    def find(self, path, where):
        """Return ``(mount, inside, path)`` of a path in a bundle, a path to use instead, or None.

        bytes, PathLike and descriptors are welcome; ``where`` is :func:`place` or :func:`astray`.
        """
        if isinstance(path, int):
            return None
        try:
            path = os.fspath(path)
            found = where(os.fsdecode(path))
        except Outside as outside:
            return outside.path
        except (TypeError, FileNotFoundError):  # no path; no current directory
            return None
        return (*found, path) if found and (found[1] or self.lists) else None

    def __repr__(self):
        return "<bundler overlay of %r>" % (self.original,)

    def __reduce__(self):
        return self.__name__


class Opening(Wrapped):
    """``open``: the argument is called ``file``."""

    def __call__(self, file, *args, **options):
        """Do what ``original`` does."""
        return self.ask(file, args, options)


class Examining(Wrapped):
    """``os.stat`` and ``os.lstat``: a path in a bundle names the same file for good, and none is a link."""

    known = {}  #: the answers given, by path
    most = 4096

    def __call__(self, path, **options):
        """Do what ``original`` does."""
        if type(path) is str:
            if not path.startswith(finder.roots) or path in finder.roots:
                try:
                    return self.original(path, **options)
                except NotADirectoryError:
                    found = self.stray(path, options)
                    if found is None:
                        raise
                return self.answered(found, (), options)
            status = self.known.get(path)
            if status is not None:
                return status
        return self.ask(path, (), options)

    def answered(self, found, args, options):
        """Return the answer; the keywords are about links and directories' descriptors."""
        if type(found) is str:
            return self.original(found, **options)
        status = self.answer(*found)
        path = found[2]
        if type(path) is str and os.path.isabs(path):
            if len(self.known) >= self.most:
                self.known.clear()
            self.known[path] = status
        return status


class Asking(Wrapped):
    """``os.access``: it raises nothing."""

    def __call__(self, path, *args, **options):
        """Do what ``original`` does."""
        try:
            found = self.find(path, place)
            if found is None:
                if self.original(path, *args, **options):
                    return True
                found = self.stray(path, options)
            return found is not None and self.answered(found, args, options)
        except OSError:
            return False


class Listing(Wrapped):
    """``os.listdir`` and ``os.scandir``: of the current directory if no path is given."""

    lists = True

    def __call__(self, path=None):
        """Do what ``original`` does."""
        if path is None:
            return self.original()
        if type(path) is str and not path.startswith(finder.roots):
            try:
                return self.original(path)
            except NotADirectoryError:
                found = self.stray(path, {})
                if found is None:
                    raise
            return self.answered(found, (), {})
        return self.ask(path, (), {})


class Naming(Wrapped):
    """``os.rename``, ``os.replace``, ``os.link``, ``os.symlink``: ``answer(src, dst)`` is told what was found of each."""

    def __call__(self, src, dst, *args, **options):
        """Do what ``original`` does."""
        found = self.find(src, place), self.find(dst, place)
        if found == (None, None):
            try:
                return self.original(src, dst, *args, **options)
            except NotADirectoryError:
                found = self.find(src, astray), self.find(dst, astray)
                if found == (None, None):
                    raise
        if tuple not in map(type, found):
            return self.original(found[0] or src, found[1] or dst, *args, **options)
        return self.answer(*(each if type(each) is tuple else None for each in found))
