"""Make a project from the template that lies next to this code."""

import os
import sys

from cookiecutter.main import cookiecutter

TEMPLATE = os.path.join(os.path.dirname(__file__), "template")


def main():
    """Make the project that the first argument names."""
    print(cookiecutter(TEMPLATE, no_input=True, extra_context={"name": sys.argv[1]}, accept_hooks="--hooks" in sys.argv))
