"""Introspection: ``inspect``, ``linecache``, tracebacks, tools that read sources."""

import inspect


def observe_source_of_a_function():
    from shapes.circle import area

    return inspect.getsource(area)
