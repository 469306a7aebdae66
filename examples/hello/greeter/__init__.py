"""Greet in the languages of ``greetings.json``, a data file that travels in the app file."""

import json
from importlib.resources import files
from random import Random

GREETINGS = json.loads(files(__name__).joinpath("greetings.json").read_text(encoding="utf-8"))


def greet(name):
    """Return a greeting for ``name``: for the same name always the same."""
    return "%s, %s!" % (Random(name).choice(GREETINGS), name)
