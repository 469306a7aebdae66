"""Metadata of distributions: ``importlib.metadata``."""

from importlib import metadata


def observe_version():
    return metadata.version("shapes")
