ALONE = __name__
