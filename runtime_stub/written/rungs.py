"""The rungs of the ladder that write: where a file of a bundle can be loaded from if not from memory.

A file without a name, in a directory that allows execution; else one in a
cache, which is verified; where there is no cache, in a private directory until
the process ends. `BUNDLER_STRICT` forbids them all.
"""

import os

from ..layout import ContainerError
from ..native.ladder import spelt
from ..variables import strict, tell
from . import places, unlinked

_FORBIDDEN = "`%s` cannot be loaded from memory (%s), and BUNDLER_STRICT forbids to write it to a file: start it without that%s"
_NOWHERE = (
    "`%s` can be loaded from nowhere (%s): "
    "let BUNDLER_CACHE name a directory of yours that can be written to, and that code can be run from"
)
_REFUSED = "the dynamic linker refuses it"
_BESIDE = "it is looked for by its place beside others"
_UNSTARTABLE = "no program can be started from there"

_caches = {}  # directory to Cache
_private = {}  # process to its private directory
_trees = {}  # what identifies a set of files to the Held entry, for good


def rungs(name, digest, pieces, reason):
    """Yield ``(path, close)``, as ``native.ladder.rungs`` does, for each rung that holds.

    ``reason`` is why memory would not do.
    """
    _check_permission(name, reason, ", or where it may call `memfd_create`" if hasattr(os, "memfd_create") else "")
    reasons = ["memory: " + reason]
    found = unlinked.place(pieces, reasons)
    if found is not None:
        directory, *answer = found
        tell("%s: loaded from a file without a name in %s, since not from memory: %s", name, directory, reason)
        yield answer
        reasons.append("%s: %s" % (directory, _REFUSED))
    file = (os.path.basename(name), digest or _digest(pieces()), True, pieces)
    for held in _held([file], reasons, keep=True):
        try:
            # what was verified, and not what may have the name by now
            path = spelt(held.descriptors[0])
        except OSError:
            path = os.path.join(held.directory, file[0])
        tell("%s: loaded from %s, since not from elsewhere: %s", name, held.directory, "; ".join(reasons))
        yield path, held.close
        reasons.append("%s: %s" % (held.directory, _REFUSED))
    raise ContainerError(_NOWHERE % (name, "; ".join(reasons)), name=name)


def tree(files, shared=False):
    """Return a directory that has ``files``: see ``native.ladder.tree``."""
    name = files[0][0]
    reason = _BESIDE if files[1:] else _UNSTARTABLE
    _check_permission(name, reason, "")
    files = [(path, digest or _digest(pieces()), executable, pieces) for path, digest, executable, pieces in files]
    key = os.getpid(), shared, *((path, digest) for path, digest, *_ in files)
    if key not in _trees:
        reasons = ["memory: " + reason]
        for held in _held(files, reasons, shared=shared):
            tell("%s: on disk, in %s, since not from elsewhere: %s (files: %d)", name, held.directory, "; ".join(reasons), len(files))
            os.set_inheritable(held.lock, True)  # this process may become a program that stands there
            _trees[key] = held
            break
        else:
            raise ContainerError(_NOWHERE % (name, "; ".join(reasons)), name=name)
    return _trees[key].directory


def _check_permission(name, reason, otherwise):
    if strict:
        raise ContainerError(_FORBIDDEN % (name, reason, otherwise), name=name)


def _held(files, reasons, **options):
    """Yield the entry with ``files`` in the user's cache, then in a private directory, as far as they can be had."""
    from .cache import Cache

    for where in (places.cache, _private_directory):
        directory = "a private directory"
        try:
            directory = where()
            if directory not in _caches:
                _caches[directory] = Cache(directory)
            held = _caches[directory].hold(files, **options)
        except OSError as error:
            reasons.append("%s: %s" % (error.filename or directory, error.strerror))
        else:
            yield held


def _private_directory():
    process = os.getpid()
    if process not in _private:
        from . import private

        _private[process] = os.path.join(private.make(), "native")
    return _private[process]


def _digest(pieces):
    from hashlib import sha256

    total = sha256()
    for piece in pieces:
        total.update(piece)
    return total.digest()
