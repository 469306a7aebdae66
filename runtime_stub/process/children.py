"""Let children that are started as ``sys.executable`` find the bundle.

An installed application's ``subprocess.run([sys.executable, "-m", "module"])``
finds what it is installed with. Here the app file is put before the child's
program, and ``BUNDLER_INTERPRETER`` into the environment of that child alone,
which takes it out again: no other child inherits anything. Strings for a shell
are left alone. Installed once a module that starts such children is about to run.
"""

import os
import sys

from ..variables import tell
from .arguments import led_into

_installed = False


def install(root):
    """Wrap the functions that start programs, once; ``root`` is the app file.

    ``os.execl``, ``os.execvp``, ``os.spawnv`` and their kin call those of ``os`` that are wrapped here, and so does
    ``asyncio`` what is wrapped of ``subprocess``.
    """
    global _installed
    if _installed or not sys.executable:
        return
    _installed = True
    tell("children: a module that may start sys.executable is about to run")
    import subprocess
    from functools import wraps

    _wrap_popen(subprocess.Popen, wraps, root)
    _wrap_execute(wraps, root)
    for name in ("posix_spawn", "posix_spawnp"):
        if hasattr(os, name):
            _wrap_spawn(name, wraps, root)
    try:
        import _posixsubprocess
    except ImportError:  # Windows
        return
    _wrap_fork(_posixsubprocess, wraps, root)


def leads(command):
    """Return whether a child with the words ``command`` is led into the bundle."""
    return _installed and command and isinstance(command[0], (str, bytes, os.PathLike)) and os.fsdecode(command[0]) == sys.executable


def _wrap_popen(popen, wraps, root):
    original = popen.__init__

    @wraps(original)
    def __init__(
        self, args, bufsize=-1, executable=None, stdin=None, stdout=None, stderr=None,
        preexec_fn=None, close_fds=True, shell=False, cwd=None, env=None, *rest, **options
    ):  # fmt: skip
        given = args
        # a string is a program on POSIX and a whole command line on Windows
        alone = isinstance(args, (str, bytes, os.PathLike))
        if not shell and not (alone and os.name == "nt"):
            args = [args] if alone else list(args)
            if args:
                args, env = led_into(root, executable or args[0], args, env, cwd)
        original(
            self, args, bufsize, executable, stdin, stdout, stderr, preexec_fn, close_fds, shell, cwd, env, *rest, **options
        )  # fmt: skip
        self.args = given

    popen.__init__ = __init__


def _wrap_execute(wraps, root):
    original, with_environment = os.execv, os.execve

    @wraps(original)
    def execv(path, argv, /):
        changed, env = led_into(root, path, argv, None)
        return original(path, argv) if changed is argv else with_environment(path, changed, env)

    @wraps(with_environment)
    def execve(path, argv, env):
        return with_environment(path, *led_into(root, path, argv, env))

    os.execv, os.execve = execv, execve
    if with_environment in os.supports_fd:
        os.supports_fd.add(execve)


def _wrap_spawn(name, wraps, root):
    original = getattr(os, name)

    @wraps(original)
    def spawn(path, argv, env, /, **options):
        return original(path, *led_into(root, path, argv, env), **options)

    setattr(os, name, spawn)


def _wrap_fork(module, wraps, root):
    """Wrap what loky calls itself. What subprocess has led into the bundle stays as it is.

    So do children of multiprocessing: they find their way by the main module.
    """
    original = module.fork_exec

    @wraps(original)
    def fork_exec(args, executables, close_fds, pass_fds, cwd, env, *rest):
        words = [os.fsdecode(word) for word in args]
        if not any(word.startswith("from multiprocessing.") for word in words):
            pairs = os.environb if env is None else dict(pair.split(b"=", 1) for pair in env)
            changed, pairs = led_into(root, executables[0], words, pairs, cwd)
            if changed is not words:
                args, env = [os.fsencode(word) for word in changed], [key + b"=" + value for key, value in pairs.items()]
        return original(args, executables, close_fds, pass_fds, cwd, env, *rest)

    module.fork_exec = fork_exec
