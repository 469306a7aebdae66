from . import more; PLUGIN = "packed"
