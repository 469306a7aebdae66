"""A module at the top."""


def first():
    return 1


def fail():
    raise ValueError("alone")


if __name__ == "__main__":
    print("run", __name__)
