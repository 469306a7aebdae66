"""Small pieces of real work, one for each application with compiled code: ``python -m work numpy``."""
