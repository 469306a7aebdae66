import sys
import types


class Computing(types.ModuleType):
    @property
    def computed(self):
        return self.__name__ + " computed"


sys.modules[__name__].__class__ = Computing
