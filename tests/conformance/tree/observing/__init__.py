"""Observe what code can see of the import system that it came through.

Each module ``observing.<topic>`` has functions ``observe_<what>``. They run on
every Python from 3.9 on, from whatever place this tree is imported from, and
return plain data, or raise: then the error's type and text are the observation.
"""

import importlib
import json
import os
import re
import sys
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main():
    """Write the observations on the topic ``sys.argv[1]``, by name, to the file ``sys.argv[2]`` (JSON)."""
    topic, answers = sys.argv[1:3]
    module = importlib.import_module("observing." + topic)
    names = [name for name in vars(module) if name.startswith("observe_")]
    observed = {name[len("observe_") :]: observe(getattr(module, name)) for name in names}
    with open(answers, "w", encoding="utf-8") as file:
        json.dump(observed, file)


def observe(function):
    """Return what ``function`` returns, or its error, as plain data."""
    try:
        return plain(function())
    except BaseException as error:
        if os.environ.get("OBSERVING"):  # for whoever writes observations
            traceback.print_exc()
        return {"raised": type(error).__name__, "text": plain(str(error))}


def plain(value):
    """Return ``value`` as JSON has it; text without what varies from place to place: the root and addresses."""
    if isinstance(value, dict):
        return {plain(str(key)): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(plain, value), key=str)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = value if isinstance(value, str) else repr(value)
    return re.sub("0x[0-9a-fA-F]{6,}", "0x-", text.replace(ROOT, "<root>"))


def attempt(function, *arguments, **options):
    """Return what the call returns, or ``(type, text)`` of the error that it raises: for observations of several things."""
    try:
        return function(*arguments, **options)
    except Exception as error:
        return type(error).__name__, str(error)
