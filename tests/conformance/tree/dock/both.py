WHICH = "module"
