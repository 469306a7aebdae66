"""Run the command line: ``python -m bundler``."""

from bundler.cli import main

if __name__ == "__main__":
    main()
