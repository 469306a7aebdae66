"""A package with resources of every kind."""


def files_of_the_caller():
    """Ask for resources with the anchor left out (3.12)."""
    from importlib.resources import files

    return files()
