"""How a function is wrapped: what it is asked about decides who answers.

What stands in its place is a method, bound to one of these: it becomes no
method of the classes that take it to themselves, as 3.9's and 3.10's pathlib do,
and is called faster than an object. ``__call__`` begins with the question that
answers nearly all calls, and spells out how they are passed on: each asterisk
would cost 0.1 microseconds. A path that begins elsewhere can lead into a bundle
too, relative or through a link: then the operating system says that something
on the way is no directory, and only then is it looked at more closely.
"""

import os
import sys
from _frozen_importlib import _gcd_import

from .. import mounts
from . import by_way_of
from .paths import Outside, astray, place, showing

_ABSENT = object()
_SEPARATOR = os.sep
_ENCODING = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()


def bound(call, module):
    """Return what is to be put in the place of ``call.original`` in ``module``."""
    function, original = type(call).__call__, call.original
    function = type(function)(function.__code__, function.__globals__, original.__name__, function.__defaults__)
    function.__doc__ = original.__doc__
    function.__module__ = call.module = module.__name__
    function.__qualname__ = original.__name__
    function.original = original
    return function.__get__(call)


class Wrapped:
    """Call ``original`` for a path outside the mounted bundles, and ``answer(mount, inside, path, ...)`` for one inside.

    ``answer`` is given by name, ``module.function`` of this package.
    """

    # The app file itself is a file to all functions but those that list: they fail on a file, so nothing is taken away.
    lists = False

    def __init__(self, original, answer, kind=None):
        self.original = original
        self._answer = answer
        self._kind = kind

    def __getattr__(self, name):
        if name != "answer":
            raise AttributeError(name)
        # nearly no start asks all that there is to ask
        self.answer = load(self._answer)
        return self.answer

    def __call__(self, path, argument=_ABSENT, *rest, **options):
        """Do what ``original`` does."""
        text = path if type(path) is str else _text(path)
        if not text.startswith(mounts.roots):
            try:
                if argument is _ABSENT:
                    return self.original(path, **options) if options else self.original(path)
                return self.original(path, argument, *rest, **options) if rest or options else self.original(path, argument)
            except NotADirectoryError:
                found = self.stray(path, options)
                if found is None:
                    raise
            return self.answered(found, _given(argument, rest), options)
        return self.ask(path, _given(argument, rest), options)

    def ask(self, path, args, options):
        """Answer for a path that begins as one of a bundle does."""
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
        # pickle takes a method for an attribute of what it is bound to
        return __import__, (self.module,)

    def __deepcopy__(self, known):
        return self


def _given(argument, rest):
    return rest if argument is _ABSENT else (argument, *rest)


def _text(path):
    """Return ``path`` as text, which is empty for a descriptor and for what is no path."""
    if type(path) is int:
        return ""
    try:
        path = os.fspath(path)
    except TypeError:
        return ""
    return path.decode(*_ENCODING) if type(path) is bytes else path


class Opening(Wrapped):
    """``open``: the argument is called ``file``."""

    def __call__(self, file, mode="r", *rest, **options):
        """Do what ``original`` does: what is wrong with the other arguments comes first."""
        text = file if type(file) is str else _text(file)
        if not text.startswith(mounts.roots):
            try:
                return self.original(file, mode, *rest, **options) if rest or options else self.original(file, mode)
            except NotADirectoryError:
                found = self.stray(file, options)
                if found is None:
                    raise
            return self.answered(found, (mode, *rest), options)
        try:
            self.find(file, place)
        except OSError as error:
            failure = error
        else:
            return self.ask(file, (mode, *rest), options)

        def opener(path, flags):
            raise failure

        return self.original(file, mode, *rest, **{**options, "opener": opener})


class Examining(Wrapped):
    """``os.stat`` and ``os.lstat``: a path in a bundle names the same file for good, and none is a link."""

    known = {}  #: the answers given, by path
    most = 4096

    def __call__(self, path, **options):
        """Do what ``original`` does."""
        text = path if type(path) is str else _text(path)
        if not text.startswith(mounts.roots) or text in mounts.by_root:
            try:
                return self.original(path, **options) if options else self.original(path)
            except NotADirectoryError:
                found = self.stray(path, options)
                if found is None:
                    raise
            return self.answered(found, (), options)
        return self.known.get(text) or self.ask(path, (), options)

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

    def __call__(self, path, mode, **options):
        """Do what ``original`` does."""
        outside = not (path if type(path) is str else _text(path)).startswith(mounts.roots)
        if outside and (self.original(path, mode, **options) if options else self.original(path, mode)):
            return True
        try:
            found = None if outside else self.find(path, place)
            if found is None:
                if not outside and self.original(path, mode, **options):
                    return True
                found = self.stray(path, options)
            return found is not None and self.answered(found, (mode,), options)
        except OSError:
            return False


class Listing(Wrapped):
    """``os.listdir`` and ``os.scandir``: of the current directory if no path is given."""

    lists = True

    def __call__(self, path=None):
        """Do what ``original`` does."""
        if path is None:
            return self.original()
        text = path if type(path) is str else _text(path)
        if not text.startswith(mounts.roots):
            try:
                return self.original(path)
            except NotADirectoryError:
                found = self.stray(path, {})
                if found is None:
                    raise
            return self.answered(found, (), {})
        found = self.ask(path, (), {})
        more = showing(text)
        return more.completed(found, path) if more is not None else found


class Late(Wrapped):
    """What is seldom asked about a bundle: how to find what a path leads to is loaded then (a class of ``seldom``, by its name)."""

    def find(self, path, where):
        """Become one of the kind."""
        self.__class__ = load("seldom." + self._kind)
        return self.find(path, where)


class Paired(Wrapped):
    """What takes two paths, as ``os.rename`` does: ``seldom`` looks at them."""

    def __call__(self, src, dst, *args, **options):
        """Do what ``original`` does."""
        if type(src) is type(dst) is str and not src.startswith(mounts.roots) and not dst.startswith(mounts.roots):
            try:
                if args or options:
                    return self.original(src, dst, *args, **options)
                return self.original(src, dst)
            except NotADirectoryError:  # one of them may lead into a bundle in another way
                pass
        self.__class__ = load("seldom." + self._kind)
        return self.both(src, dst, args, options)


class Resolving(Wrapped):
    """``os.path.realpath``."""

    def __call__(self, filename, **options):
        """Do what ``original`` does."""
        if type(filename) is str and not filename.startswith(mounts.roots) and not options:
            real = self.original(filename)
            if not real.startswith(mounts.roots):
                return by_way_of("libraries.shown", self.original, real) if real.startswith("/memfd:") else real
        return load("seldom.resolve")(self, filename, options)


class Starting(Wrapped):
    """``os.execv`` and its kin: the program may lie in a bundle, and so may the files that are named to it."""

    def __call__(self, path, argv, env=_ABSENT, **options):
        """Do what ``original`` does."""
        for word in argv if type(argv) is list or type(argv) is tuple else ():
            if type(word) is not str or _SEPARATOR in word and (word[0] != _SEPARATOR or word.startswith(mounts.roots)):
                break
        else:
            if type(path) is str and (path[:1] == _SEPARATOR or _SEPARATOR not in path) and not path.startswith(mounts.roots):
                if env is _ABSENT:
                    return self.original(path, argv)
                return self.original(path, argv, env, **options) if options else self.original(path, argv, env)
        return by_way_of("programs.start", self.original, path, argv, *_given(env, ()), **options)


def load(path):
    """Return what ``module.name`` of this package is."""
    module, _, name = path.partition(".")
    return getattr(_gcd_import(__package__ + "." + module), name)
