"""The program that compiles: it runs in the target interpreter, of any version from 3.9 on.

Standard library only, and nothing of ``bundler``: the directory is started
as it is. ``bundler.compiler`` is the other end of its pipes.
"""
