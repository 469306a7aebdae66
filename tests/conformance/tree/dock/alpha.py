"""A plain module."""

import sys

RUNS = getattr(sys.modules.get(__name__), "RUNS", 0) + 1
SEEN = {
    name: globals().get(name, "absent") for name in ("__name__", "__package__", "__file__", "__cached__", "__path__", "__doc__")
}
INITIALISING = getattr(__spec__, "_initializing", "absent")


def value():
    return 1
