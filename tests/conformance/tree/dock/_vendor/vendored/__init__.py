VENDORED = __file__
