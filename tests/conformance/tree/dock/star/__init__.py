__all__ = ["listed", "VALUE"]
VALUE = 3
HIDDEN = 4
