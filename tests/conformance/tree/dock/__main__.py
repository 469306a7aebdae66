import sys

ARGUMENTS = sys.argv[1:]
NAMES = __name__, __package__, __spec__ and __spec__.name, __loader__ is not None
