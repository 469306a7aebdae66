"""Show with their source lines the exceptions that C code prints: it looks for these in files only.

Below 3.13 those of threads, below 3.15 those that nobody can be told of. The
text is that of C; where it cannot be made, as late in a shutdown, C makes it.
"""

import sys
from traceback import StackSummary, extract_tb, print_exception

from .. import mounts


def show_of_thread(args):
    """Do what ``threading.excepthook`` does."""
    if args.exc_type is SystemExit:
        return
    stderr = sys.stderr
    if stderr is None:
        stderr = getattr(args.thread, "_stderr", None)
        if stderr is None:
            return
    from _thread import get_ident

    name = get_ident() if args.thread is None else args.thread.name
    print("Exception in thread %s:" % name, file=stderr, flush=True)
    print_exception(args.exc_type, args.exc_value, args.exc_traceback, file=stderr)
    stderr.flush()


def show_unraisable(args):
    """Do what ``sys.unraisablehook`` does. What no module of a bundle has to do with is left to C."""
    traceback = args.exc_traceback
    while traceback is not None and not traceback.tb_frame.f_code.co_filename.startswith(mounts.roots):
        traceback = traceback.tb_next
    if traceback is None or sys.stderr is None:
        sys.__unraisablehook__(args)
        return
    sys.stderr.write(_text(args))
    sys.stderr.flush()


def _text(args):
    """Return what C prints. The exceptions before this one are no part of it."""
    message = args.err_msg or "Exception ignored in"
    text = ""
    if args.object is not None:
        try:
            text = "%s: %r\n" % (message, args.object)
        except Exception:
            text = message + ": <object repr() failed>\n"
    elif args.err_msg:
        text = message + ":\n"
    frames = extract_tb(args.exc_traceback)
    if sys.version_info >= (3, 13):  # that of C marks no columns
        frames = StackSummary.from_list([(each.filename, each.lineno, each.name, each.line) for each in frames])
    text += "Traceback (most recent call last):\n" + "".join(frames.format())
    kind, module = args.exc_type.__qualname__, args.exc_type.__module__
    if module not in ("builtins", "__main__"):
        kind = (module + "." if isinstance(module, str) else "<unknown>") + kind
    if args.exc_value is not None:
        try:
            kind += ": %s" % (args.exc_value,)
        except Exception:
            kind += ": <exception str() failed>"
    return text + kind + "\n"
