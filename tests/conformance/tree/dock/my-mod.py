HYPHEN = __name__
