from . import slip

RESULT = __name__, __package__, slip.KIND
