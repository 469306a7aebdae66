"""Let children that are started as ``sys.executable`` find the bundle.

An installed application's ``subprocess.run([sys.executable, "-m", "module"])``
finds what it is installed with. Here the app file is put before the child's
arguments, and ``BUNDLER_INTERPRETER`` into the environment of that child alone,
which takes it out again: no other child inherits anything. Installed once a
module that starts such children is about to run.
"""

import os
import sys

from ..finder import mounts
from ..variables import tell

# Options of the interpreter that take the next argument (``python --help``).
_WITH_ARGUMENT = ("-W", "-X", "--check-hash-based-pycs")
_ENDING = ("-V", "-VV", "--version", "-h", "-?", "--help", "--help-env", "--help-xoptions", "--help-all")

_installed = False


def install(root):
    """Wrap the functions that start programs, once; ``root`` is the app file."""
    global _installed
    if _installed or not sys.executable:
        return
    _installed = True
    tell("children: a module that may start sys.executable is about to run")
    import subprocess

    _wrap_popen(subprocess.Popen, root)
    for name in ("posix_spawn", "posix_spawnp"):
        if hasattr(os, name):
            setattr(os, name, _spawn(getattr(os, name), root))
    execute = os.execve
    os.execve = lambda path, args, env: execute(path, *rewritten(root, path, args, env))
    os.execv = lambda path, args: execute(path, *rewritten(root, path, args, os.environ))
    try:
        import _posixsubprocess
    except ImportError:
        return
    _posixsubprocess.fork_exec = _fork_exec(_posixsubprocess.fork_exec, root)


def rewritten(root, program, args, env):
    """Return ``(args, env)`` for a child that runs ``program`` with ``args``: changed, if that is this interpreter.

    Arguments that run the app file itself, or only ask the interpreter about
    itself, stay as they are.
    """
    if os.fsdecode(program) != sys.executable:
        return args, env
    words = [os.fsdecode(word) for word in args]
    where = 1
    while where < len(words) and words[where].startswith("-") and words[where] != "-":
        word = words[where]
        if word in _ENDING:
            return args, env
        if not word.startswith("--") and _runs(word):
            break
        where += 2 if word in _WITH_ARGUMENT else 1
    if where < len(words) and os.path.abspath(words[where]) == root:
        return args, env
    env = dict(os.environ if env is None else env)
    bytes_wanted = any(isinstance(key, bytes) for key in env)
    env[b"BUNDLER_INTERPRETER" if bytes_wanted else "BUNDLER_INTERPRETER"] = b"1" if bytes_wanted else "1"
    return words[:where] + [root] + words[where:], env


def _runs(word):
    """Return whether a cluster of short options has ``-c`` or ``-m``, which end the interpreter's own."""
    for letter in word[1:]:
        if letter in "cm":
            return True
        if letter in "WX":
            return False
    return False


def _wrap_popen(popen, root):
    original = popen.__init__

    def __init__(
        self, args, bufsize=-1, executable=None, stdin=None, stdout=None, stderr=None,
        preexec_fn=None, close_fds=True, shell=False, cwd=None, env=None, *rest, **options
    ):  # fmt: skip
        given = args
        if not shell:
            words = [args] if isinstance(args, (str, bytes, os.PathLike)) else list(args)
            if words:
                changed, env = rewritten(root, executable or words[0], words, env)
                args = changed if changed is not words else args
        original(
            self, args, bufsize, executable, stdin, stdout, stderr, preexec_fn, close_fds, shell, cwd, env, *rest, **options
        )  # fmt: skip
        self.args = given

    __init__.__doc__ = original.__doc__
    popen.__init__ = __init__


def _spawn(original, root):
    def posix_spawn(path, argv, env, **options):
        return original(path, *rewritten(root, path, argv, env), **options)

    return posix_spawn


def _fork_exec(original, root):
    """Wrap what loky calls itself, for ``-m`` and a module of the bundle; multiprocessing, which uses ``-c``, finds its way."""

    def fork_exec(args, executables, close_fds, pass_fds, cwd, env, *rest):
        words = [os.fsdecode(word) for word in args]
        if words[1:2] == ["-m"] and len(words) > 2 and _carried(words[2]):
            pairs = None if env is None else dict(pair.split(b"=", 1) for pair in env if b"=" in pair)
            words, pairs = rewritten(root, words[0], words, pairs)
            args = [os.fsencode(word) for word in words]
            env = [os.fsencode(key) + b"=" + os.fsencode(value) for key, value in pairs.items()]
        return original(args, executables, close_fds, pass_fds, cwd, env, *rest)

    return fork_exec


def _carried(module):
    top = module.partition(".")[0]
    return any(mount.store.find(kind + top) is not None for mount in mounts() for kind in ("\0", "\1"))
