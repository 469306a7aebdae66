"""Shapes and what is known of them."""
