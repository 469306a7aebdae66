"""A module beside resources."""
