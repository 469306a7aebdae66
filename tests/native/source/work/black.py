"""Format code, with the compiled black and the compiled parser."""

import black
from blib2to3.pgen2 import tokenize


def main():
    print(black.format_str("x = {  'a':1 }\nmatch x:\n  case {}: pass\nasync def f( a,*,b ) : return (yield a)\n", mode=black.Mode()))
    print(black.COMPILED, tokenize.__file__.rpartition(".")[2])
    try:
        black.format_str("def f(:", mode=black.Mode())
    except black.InvalidInput as error:
        print(error)
