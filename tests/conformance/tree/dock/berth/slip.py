from . import NAME
from .. import KIND
from ..alpha import value
