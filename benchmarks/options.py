"""The options that all benchmarks take, and the Pythons that they measure."""

from __future__ import annotations

import argparse

#: Rounds of a quick look: enough to see what fails.
QUICK = 3


def parser(documented: str | None, rounds: int, only: str = "jobs whose name contains this") -> argparse.ArgumentParser:
    """Return a parser of the common options: ``rounds``, ``only``, ``quick``, ``go_on`` and ``python``.

    ``documented`` is the script's docstring, ``rounds`` what it does unless
    told otherwise, ``only`` says what that option chooses by.
    """
    made = argparse.ArgumentParser(description=(documented or "").splitlines()[0])
    made.add_argument("--rounds", type=int, help="runs of each side (default: %d)" % rounds)
    made.add_argument("--quick", action="store_true", help="a look: %d runs of each, kept apart from the results" % QUICK)
    made.add_argument("--go-on", action="store_true", help="leave out what an earlier run has measured, at this commit and with these options")
    made.add_argument("--only", metavar="TEXT", default="", help="%s; nothing is recorded" % only)
    made.add_argument("python", nargs="*", help="default: python3.11 and python3.14, where found")
    made.set_defaults(usual=rounds)
    return made


def parse(made: argparse.ArgumentParser) -> argparse.Namespace:
    """Return the options given, with the rounds that they amount to."""
    options = made.parse_args()
    options.rounds = options.rounds or (QUICK if options.quick else options.usual)
    return options
