"""What is written where memory will not do: for the dynamic linker, and for code that is to find real files."""
