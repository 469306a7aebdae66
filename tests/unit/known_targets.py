"""The interpreters that tests of the build side compile for."""

from interpreters import interpreters

from bundler.interpreter import describe

TARGETS = [describe(executable) for executable in interpreters().values()]
