"""Start it."""

from . import main

main()
