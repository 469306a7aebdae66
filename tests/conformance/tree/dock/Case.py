UPPER = True
