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

free = False  #: to be held back: the application was launched, and no import is under way
_thresholds = None
_frozen = 0  # so many objects are frozen already: on 3.12 some are from the beginning


def allow():
    """Hold back collection from the next import on, where this Python can."""
    global free, _frozen
    # PyPy has neither thresholds nor generations
    free = hasattr(gc, "freeze")
    if free:
        _frozen = gc.get_freeze_count()


def hold():
    """Hold it back until :func:`release`, unless the application has set it to never."""
    global free, _thresholds
    free = False
    _thresholds = gc.get_threshold()
    if _thresholds[0]:
        gc.set_threshold(_MANY, *_thresholds[1:])


def release():
    """Put back the threshold, unless somebody has set another."""
    global free, _frozen
    free = True
    if _thresholds[0] and gc.get_threshold() == (_MANY, *_thresholds[1:]):
        if gc.get_freeze_count() == _frozen:  # the application has frozen nothing that must stay so
            gc.freeze()
            gc.unfreeze()
            _frozen = 0
        gc.set_threshold(*_thresholds)
