import sys


class Substitute:
    name = __name__

    def answer(self):
        return 42


sys.modules[__name__] = Substitute()
