"""Do the work that the first argument names, and print what came of it."""

import sys
from importlib import import_module

if __name__ == "__main__":
    import_module("work." + sys.argv[1]).main()
