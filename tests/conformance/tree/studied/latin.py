# -*- coding: latin-1 -*-
"""Größe."""


def größe():
    return "größe"


def fail():
    raise ValueError("größe")
