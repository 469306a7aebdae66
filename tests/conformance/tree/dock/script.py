import sys

GIVEN = globals().get("given", "nothing")
NAMES = __name__, __package__, __file__, __spec__ and __spec__.name, globals().get("__cached__"), type(__loader__).__name__ if __loader__ is None else "loader"
ARGV = sys.argv[0]
IN_MODULES = __name__ in sys.modules and vars(sys.modules[__name__]) is globals()
PATH = sys.path[0]
