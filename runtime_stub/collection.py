"""Hold back the collection of garbage while modules are imported: hardly any of what they make is garbage.

Walking it again and again is 7-17 % of the time that imports take. Held back is
what the outermost import of the application does, by a threshold that an import
rarely reaches; not by a switch, so that one which the application sets meanwhile
stays, and not for ever, since some programs do all of their work in an import.
Afterwards everything goes to the oldest generation at once: simply putting the
threshold back would have the next allocation walk all of it.
"""

import gc

# containers that may be allocated until there is a collection after all: in 25 MB, or so
_MANY = 250000

class Ordinary:
    """A context in which nothing is other than ever."""

    def __enter__(self):
        pass

    def __exit__(self, *error):
        pass


class Held:
    """A context in which collection is held back, until the outermost is left, and unless the application has set it to never."""

    def __init__(self):
        self._depth = 0
        # so many objects are frozen already: on 3.12 some are from the beginning
        self._frozen = gc.get_freeze_count()

    def __enter__(self):
        if not self._depth:
            self._thresholds = gc.get_threshold()
            if self._thresholds[0]:
                gc.set_threshold(_MANY, *self._thresholds[1:])
        self._depth += 1

    def __exit__(self, *error):
        self._depth -= 1
        # unless somebody has set another
        if not self._depth and self._thresholds[0] and gc.get_threshold() == (_MANY, *self._thresholds[1:]):
            if gc.get_freeze_count() == self._frozen:  # the application has frozen nothing that must stay so
                gc.freeze()
                gc.unfreeze()
                self._frozen = 0
            gc.set_threshold(*self._thresholds)


held = Ordinary()  #: for the import of a module of a bundle


def allow():
    """Hold back collection from the next import on, where this Python can."""
    global held
    # PyPy has neither thresholds nor generations
    if hasattr(gc, "freeze"):
        held = Held()
