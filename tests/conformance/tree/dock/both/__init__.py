WHICH = "package"
