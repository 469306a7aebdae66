"""Load compiled extension modules, and the libraries that they need, from memory.

On Linux the bytes go into an anonymous file (``memfd_create``), which is
sealed and handed to the dynamic linker by its ``/proc`` path: nothing is
written anywhere. Where that is impossible, `ladder` has what comes next.
"""
