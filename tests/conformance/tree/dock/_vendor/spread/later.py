LATER = __name__
