from . import part; PLUGIN = "pack"
