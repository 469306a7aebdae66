"""The main module of a package."""

import sys


def main():
    print("studied", __name__, sys.argv[1:])
    if "fail" in sys.argv:
        raise ValueError("main")


if __name__ == "__main__":
    main()
