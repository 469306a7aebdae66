"""Show an uncaught exception as an installed script would: without the launcher's frames.

The interpreter calls ``sys.excepthook`` once the last frame is left: then they
can all be taken away, before the hook that was there sees it.
"""

import sys

_RUNTIME = __package__.partition(".")[0] + "."


def show_when_left(error, traceback):
    """Have the interpreter show ``error`` so, when it comes to that."""
    if isinstance(error, Exception):
        from ..overlay.unserved import explain

        explain(error, traceback)
    hooks = [sys.excepthook] if hasattr(sys, "excepthook") else []
    display = sys.__excepthook__
    if sys.version_info < (3, 13):
        # that of 3.12 and before is written in C, and looks for source lines in files only. Imported now: what is
        # evaluated while the hook runs makes the interpreter forget that it was interrupted, and not die by the signal
        from traceback import print_exception as display

    def excepthook(*ignored):
        # `traceback` begins here: no frame of runpy's is in it
        del sys.excepthook
        for hook in hooks:
            sys.excepthook = hook
        _show(display, error.with_traceback(_without_own_frames(traceback)), *hooks)

    sys.excepthook = excepthook


_MISSING = object()


def _show(display, error, hook=_MISSING):
    """Do what the interpreter does with an uncaught exception: call ``hook``, tell if that is missing or fails.

    ``display`` is what the original hook is to be replaced by.
    """

    def tell_with(heading, error):
        if sys.stderr is not None:
            sys.stderr.write(heading)
            display(type(error), error, error.__traceback__)
            if hasattr(error, "bundler_advice"):  # before 3.11 an error has no notes
                sys.stderr.write(error.bundler_advice + "\n")

    if hook is _MISSING:
        tell_with("sys.excepthook is missing\n", error)
    elif hook is sys.__excepthook__:
        tell_with("", error)
    else:
        try:
            hook(type(error), error, error.__traceback__)
        except SystemExit:
            raise
        except BaseException as failure:
            tell_with("Error in sys.excepthook:\n", failure.with_traceback(_without_own_frames(failure.__traceback__)))
            tell_with("\nOriginal exception was:\n", error)


def _without_own_frames(traceback):
    """Return ``traceback`` without the runtime's frames, nor those of the import system that led to one."""
    kept = []
    while traceback is not None:
        frame = traceback.tb_frame
        # the loader's ``get_code`` stands in for the standard one
        standard = frame.f_code.co_filename.startswith("<frozen importlib.")
        if not standard and str(frame.f_globals.get("__name__")).startswith(_RUNTIME):
            while kept and kept[-1].tb_frame.f_code.co_filename.startswith("<frozen importlib."):
                kept.pop()
        else:
            kept.append(traceback)
        traceback = traceback.tb_next
    for ordinal, each in enumerate(kept):
        each.tb_next = kept[ordinal + 1] if ordinal + 1 < len(kept) else None
    return kept[0] if kept else None
