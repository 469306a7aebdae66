import os

PLUGIN = "first"
FILE = __file__
HERE = os.path.dirname(__file__)
