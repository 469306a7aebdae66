DOTTED = True
