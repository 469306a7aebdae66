"""How a function is wrapped: what it is asked about decides who answers.

Objects and not functions: 3.9's and 3.10's pathlib keep these in a class body,
where a function would become a method. ``__call__`` begins with the question
that answers nearly all calls, spelt out: 0.3 microseconds. A path that begins
elsewhere can lead into a bundle too, relative or through a link: then the
operating system says that something on the way is no directory, and only then
is it looked at more closely.
"""

import os
from _frozen_importlib import _gcd_import

from .. import mounts
from .paths import Outside, astray, in_memory, place


class Wrapped:
    """Call ``original`` for a path outside the mounted bundles, and ``answer(mount, inside, path, ...)`` for one inside.

    ``answer`` is given by name, ``module.function`` of this package.
    """

    # The app file itself is a file to all functions but those that list: they fail on a file, so nothing is taken away.
    lists = False

    def __init__(self, original, answer):
        self.original = self.__wrapped__ = original
        self.__doc__ = original.__doc__
        self.__module__ = original.__module__
        self._answer = answer

    def __getattr__(self, name):
        if name != "answer":  # whatever else the original has
            return getattr(self.original, name)
        # nearly no start asks all that there is to ask
        self.answer = load(self._answer)
        return self.answer

    def __call__(self, path, *args, **options):
        """Do what ``original`` does."""
        if type(path) is str and not path.startswith(mounts.roots):
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
        except TypeError:
            return None
        text = os.fsdecode(path)
        if "\0" in text:  # no path to anyone
            return None
        try:
            found = where(text)
        except Outside as outside:
            return outside.path
        except OSError as error:
            error.filename = path
            raise
        # by way of what is in it the app file is a directory: the operating system does not get that far
        return (*found, path) if found and (found[1] or self.lists or ".." in text) else None

    def __repr__(self):
        return "<bundler overlay of %r>" % (self.original,)

    def __reduce__(self):
        return self.__name__


class Opening(Wrapped):
    """``open``: the argument is called ``file``."""

    def __call__(self, file, *args, **options):
        """Do what ``original`` does: what is wrong with the other arguments comes first."""
        if type(file) is str and not file.startswith(mounts.roots):
            try:
                return self.original(file, *args, **options)
            except NotADirectoryError:
                found = self.stray(file, options)
                if found is None:
                    raise
            return self.answered(found, args, options)
        try:
            self.find(file, place)
        except OSError as error:
            failure = error
        else:
            return self.ask(file, args, options)

        def opener(path, flags):
            raise failure

        return self.original(file, *args, **{**options, "opener": opener})


class Examining(Wrapped):
    """``os.stat`` and ``os.lstat``: a path in a bundle names the same file for good, and none is a link."""

    known = {}  #: the answers given, by path
    most = 4096

    def __call__(self, path, **options):
        """Do what ``original`` does."""
        if type(path) is str:
            if not path.startswith(mounts.roots) or path in mounts.roots:
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
        if type(path) is str and os.path.isabs(path) and found[0].disk is None:
            if len(self.known) >= self.most:
                self.known.clear()
            self.known[path] = status
        return status


class Asking(Wrapped):
    """``os.access``: it raises nothing."""

    def __call__(self, path, *args, **options):
        """Do what ``original`` does."""
        outside = type(path) is str and not path.startswith(mounts.roots)
        if outside and self.original(path, *args, **options):
            return True
        try:
            found = None if outside else self.find(path, place)
            if found is None:
                if not outside and self.original(path, *args, **options):
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
        if type(path) is str and not path.startswith(mounts.roots):
            try:
                return self.original(path)
            except NotADirectoryError:
                found = self.stray(path, {})
                if found is None:
                    raise
            return self.answered(found, (), {})
        found = self.ask(path, (), {})
        more = None if isinstance(path, int) else in_memory(path)
        if more is None:
            return found
        from .listed import completed

        return completed(found, path, *more)


class Late(Wrapped):
    """What is seldom called: it becomes one of its ``kind``, ``module.class`` of this package, when it is."""

    def __init__(self, original, answer, kind):
        Wrapped.__init__(self, original, answer)
        self._kind = kind

    def __call__(self, *args, **options):
        """Do what ``original`` does."""
        self.__class__ = load(self._kind)
        return self(*args, **options)


def load(path):
    """Return what ``module.name`` of this package is."""
    module, _, name = path.partition(".")
    return getattr(_gcd_import(__package__ + "." + module), name)
