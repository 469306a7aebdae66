FAR = __name__
