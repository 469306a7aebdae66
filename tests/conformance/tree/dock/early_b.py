import dock.early_a

VALUE = dock.early_a.NAME
