import dock.early_b

NAME = 1
