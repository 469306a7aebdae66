from . import alone
