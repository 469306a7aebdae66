import sys

from greeter import greet

for name in sys.argv[1:] or ["world"]:
    print(greet(name))
