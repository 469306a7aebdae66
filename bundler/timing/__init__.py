"""Where the time of a start goes: an app file is run once, and what was noted is told as a table, as JSON or as a page.

``driver`` runs in the Python that the app file runs on and notes spans;
``measuring`` starts it and reads them; ``modules`` makes rows of them, one a
module; ``table`` and ``page`` show these.
"""
