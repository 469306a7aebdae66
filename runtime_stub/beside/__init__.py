"""Directories of the operating system's in which files of a bundle show, too."""
