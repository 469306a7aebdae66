"""Other programs, and the files that are named to them, word by word."""

import os

from ..process import children
from .openable import inside, openable


def popen(original, self, args, bufsize=-1, executable=None, *rest, **options):
    """Start a program as ``subprocess.Popen`` does, one of the bundle, or with its files. Strings for a shell are left alone."""
    given = args
    if not (options.get("shell") or len(rest) > 5 and rest[5]):
        args = openable(args) if isinstance(args, (str, bytes, os.PathLike)) else words(args)
    original(self, args, bufsize, executable and openable(executable), *rest, **options)
    self.args = given


def start(original, path, argv, *rest, **options):
    """Call ``original``, which is ``os.execv`` or one of its kin, so that a program of the bundle runs, with its files."""
    if not isinstance(path, int) and (inside(path) or any(map(inside, argv))):
        path, *argv = words([path, *argv], inherited=original.__name__.startswith("exec"))
    return original(path, argv, *rest, **options)


def words(given, inherited=False):
    """Return the words of a command, those openable that are paths of a bundle; the first is its program's path.

    ``inherited`` says that this process becomes the program: what it is to open must stay open.
    """
    given = list(given)
    if children.leads(given[:1]):
        return given  # the bundle is there for it too
    found = [openable(word) for word in given]
    if inherited:
        for word, path in zip(given, found):
            text = os.fsdecode(path)
            if path is not word and text.startswith("/proc/"):
                os.set_inheritable(int(os.path.basename(text)), True)
    return found
