from . import absent
