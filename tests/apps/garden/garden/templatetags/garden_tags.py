"""Filters of the templates."""

from django import template

register = template.Library()


@register.filter
def metres(centimetres):
    """Return a height for people."""
    return "%.1f m" % (centimetres / 100)
