"""The command line of the interpreter: what is its own, and where the program begins (``python --help``)."""

import os
import sys

#: Words that make it tell about itself and exit, and letters that do.
_TELLING = ("--version", "--help", "--help-env", "--help-xoptions", "--help-all")
_TELLING_LETTERS = "Vh?"
#: Those that end its own options and are followed by a program, and those that take the next word unless theirs follows.
_PROGRAM_LETTERS = "cm"
_ARGUMENT_LETTERS = "WX"
_ARGUMENT_WORDS = ("--check-hash-based-pycs",)


def split(words):
    """Return the command line ``words`` as ``(options, program)``, the interpreter itself being the first of ``options``.

    A cluster such as ``-uBc`` is taken apart. Returns None if the interpreter
    would only tell about itself.
    """
    where = 1
    while where < len(words):
        word = words[where]
        if word == "--":
            return words[: where + 1], words[where + 1 :]
        if word == "-" or not word.startswith("-"):
            break
        if word in _TELLING:
            return None
        if word in _ARGUMENT_WORDS:
            where += 1
        elif not word.startswith("--"):
            for position, letter in enumerate(word[1:], 1):
                if letter in _TELLING_LETTERS:
                    return None
                if letter in _PROGRAM_LETTERS:
                    before = [word[:position]] if position > 1 else []
                    return words[:where] + before, ["-" + word[position:], *words[where + 1 :]]
                if letter in _ARGUMENT_LETTERS:
                    where += position + 1 == len(word)
                    break
        where += 1
    return words[:where], words[where:]


def led_into(root, program, args, env, directory=None):
    """Return ``(args, env)`` of a child that runs ``program``, changed so that it finds the bundle ``root``.

    As they are, the same objects, if that is another program than this
    interpreter, if the interpreter would only tell about itself, or if the
    app file itself is to run. ``env`` may be None for that of this process;
    ``directory`` is where the child starts, None for here.
    """
    if not args or not isinstance(program, (str, bytes, os.PathLike)) or os.fsdecode(program) != sys.executable:
        return args, env
    parts = split([os.fsdecode(word) for word in args])
    if parts is None:
        return args, env
    options, rest = parts
    if rest and _same(os.path.join(os.fsdecode(directory or ""), rest[0]), root):
        return args, env
    env = dict(os.environ if env is None else env)
    if any(isinstance(key, bytes) for key in env):
        env[b"BUNDLER_INTERPRETER"] = b"1"
    else:
        env["BUNDLER_INTERPRETER"] = "1"
    return [*options, root, *rest], env


def _same(path, root):
    return os.path.abspath(path) == root or os.path.realpath(path) == os.path.realpath(root)
