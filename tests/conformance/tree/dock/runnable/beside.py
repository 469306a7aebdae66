BESIDE = __file__
