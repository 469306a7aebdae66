# /// script
# requires-python = ">=3.9"
# dependencies = ["packaging>=24.0"]
# ///
"""Print version numbers, the newest first."""

import sys

from packaging.version import InvalidVersion, Version

try:
    for version in sorted(map(Version, sys.argv[1:]), reverse=True):
        print(version)
except InvalidVersion as error:
    sys.exit("newest: %s" % error)
