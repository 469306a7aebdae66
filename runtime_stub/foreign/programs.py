"""Other programs, and the files that are named to them, word by word."""

import errno
import os

from .. import mounts
from ..layout import DIGEST, NEEDS, TOGETHER, ContainerError
from ..process import children
from ..variables import tell
from .openable import inside, located, openable

_directories = {}  # full path of a program to the directory in which it stands beside what it looks for


def popen(
    original, self, args, bufsize=-1, executable=None, stdin=None, stdout=None, stderr=None,
    preexec_fn=None, close_fds=True, shell=False, cwd=None, env=None, *rest, **options
):  # fmt: skip
    """Start a program as ``subprocess.Popen`` does, one of the bundle, or with its files. Strings for a shell are left alone."""
    given = args
    alone = isinstance(args, (str, bytes, os.PathLike))
    words = [args] if alone else list(args)
    if shell or not words or children.leads(words[:1]):
        cwd = cwd and openable(cwd)
    else:
        program = executable or words[0]
        path, words, cwd, env = handed(program, words, cwd, env)
        # by its name alone it is searched for
        executable = executable and path if path is program else path
    original(
        self, words if words and not alone else args, bufsize, executable, stdin, stdout, stderr,
        preexec_fn, close_fds, shell, cwd, env, *rest, **options
    )  # fmt: skip
    self.args = given


def start(original, path, argv, *env, **options):
    """Call ``original``, which is ``os.execv`` or one of its kin, so that a program of the bundle runs, with its files."""
    argv = list(argv)
    if not isinstance(path, int) and not children.leads([path]) and (inside(path) or any(map(inside, argv))):
        path, argv, _, variables = handed(path, argv, None, *env)
        if original.__name__.startswith("exec"):
            _keep_open([path, *argv[1:]])
        if env:
            env = (variables,)
        elif variables is not None:
            original, env = os.execve, (variables,)
    return original(path, argv, *env, **options)


def handed(program, argv, directory=None, env=None):
    """Return the path of a program, its words, working directory and environment, with what others can open in place of paths of a bundle.

    A program of a bundle that looks for files by its own place gets one, on disk, and those with it; one that is none
    of a bundle's keeps its environment as it is. ``directory`` and ``env`` may be None for those of this process.
    Raises OSError if something would have to be written, and that may not or cannot be.
    """
    place = _beside_its_files(program)

    def found(path):
        where = place and located(path)
        if where:
            real = os.path.join(place[1], os.path.relpath(where, place[0]))
            if os.path.lexists(real):
                return os.fsencode(real) if isinstance(path, bytes) else real
        return openable(path)

    # it is called by the name that it was called by, which some go by
    words = [*(map(found, argv[:1]) if place else argv[:1]), *[_option(found(word), found) for word in argv[1:]]]
    if inside(program):
        environment = os.environ if env is None else env
        changed = {name: found(value) for name, value in environment.items() if isinstance(value, (str, bytes)) and inside(value)}
        if changed:
            env = {**environment, **changed}
    return found(program), words, directory and found(directory), env


def _option(word, found):
    """Return ``word`` with what ``found`` gives for the path of a bundle that ends it: ``-I/path``, ``--rules=/path``."""
    for root in mounts.roots:
        at = word.find(os.fsencode(root) if isinstance(word, bytes) else root) if isinstance(word, (str, bytes)) else 0
        if at > 0 and inside(word[at:]):
            return word[:at] + found(word[at:])
    return word


def _beside_its_files(program):
    """Return ``(root, directory)``, of its bundle and of real files, for a program that is to stand in one; None for another.

    That is one which looks for files by its own place, or all where nothing in memory can be started.
    """
    where = located(program)
    if where is None:
        return None
    mount, path = mounts.locate(where)
    entry, _ = mount.file(path)
    if not entry.flags & TOGETHER and (DIGEST not in entry.parts or _starts_from_memory(where)):
        return None
    if where not in _directories:
        from ..native.libraries import together

        others = mount.store.read(entry, NEEDS).decode("utf-8").split("\n")[:-1] if entry.flags & TOGETHER else []
        try:
            _directories[where] = together(mount, [path, *others])
        except ContainerError as error:
            raise OSError(errno.EROFS, str(error), where) from error
        tell("%s: stands in %s with the %d files that it may look for", where, _directories[where], len(others))
    return mount.root, _directories[where]


def _starts_from_memory(where):
    from ..resources.local import lasting_path
    from ..resources.path import BundlePath

    path = lasting_path(BundlePath(where))
    return path is not None and os.access(path, os.X_OK)


def _keep_open(words):
    """See that the files in memory among ``words`` stay open once this process has become another program."""
    for word in words:
        text = os.fsdecode(word)
        if text.startswith("/proc/%d/fd/" % os.getpid()):
            os.set_inheritable(int(os.path.basename(text)), True)
