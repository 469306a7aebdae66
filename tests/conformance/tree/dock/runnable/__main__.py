import sys

import beside

NAMES = __name__, __package__, __file__, __spec__ and __spec__.name
BESIDE = beside.BESIDE
PATH = sys.path[0]
