def __getattr__(name):
    if name == "absent":
        raise AttributeError("no " + name)
    return "answer for " + name


def __dir__():
    return ["one", "two"]
