"""A module at the top, beside packages."""
