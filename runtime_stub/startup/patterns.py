"""Answer ``re`` from the table of compiled regular expressions that the file carries.

Compiling them is 8-35 % of what the imports of an application cost. ``re`` is
hooked behind its cache, whose bounds and order stay as they are. What the table
does not hold is compiled as ever.
"""

import _sre
import sys
from marshal import loads


def key():
    """Return what an interpreter must agree in to use the codes of a table, as one word (docs/FORMAT.md, section 8)."""
    return "%d.%d-%d-%d-%s" % (*sys.version_info[:2], _sre.MAGIC, _sre.CODESIZE, sys.byteorder)


def install(store):
    """Let ``re`` ask the table of ``store``, if there is one for exactly this interpreter."""
    mine = key()
    for name, *words in store.manifest["patterns"]:
        if name == mine:
            hook(*loads(store.content(words)))
            return


def hook(strings, byte_strings):
    """Replace the compiler's ``compile``: ``strings`` and ``byte_strings`` map pattern and flags to a record."""
    if sys.version_info >= (3, 11):
        from re import _compiler as compiler
        from re._parser import parse
    else:
        import sre_compile as compiler
        from sre_parse import parse
    original = compiler.compile
    generate = compiler._code
    build = _sre.compile
    tables = {str: strings, bytes: byte_strings}

    def compile(p, flags=0):
        if not isinstance(p, (str, bytes)) or not isinstance(flags, int) or flags & DEBUG:
            return original(p, flags)
        table = tables.get(type(p))  # subclasses have none
        record = table and table.get((p, int(flags)))
        if record:
            all_flags, codes, groups, groupindex, indexgroup = loads(record)
            return build(p, all_flags, memoryview(codes).cast("I").tolist(), groups, groupindex, indexgroup)
        # the original's own steps: calling it would add a frame, and its
        # warnings, which count frames, would name the wrong line
        parsed = parse(p, flags)
        codes = generate(parsed, flags)
        state = parsed.state
        indexgroup = [None] * state.groups
        for name, group in state.groupdict.items():
            indexgroup[group] = name
        return build(p, flags | state.flags, codes, state.groups - 1, state.groupdict, tuple(indexgroup))

    DEBUG = compiler.SRE_FLAG_DEBUG
    compile.__module__, compile.__qualname__ = original.__module__, original.__qualname__
    compiler.compile = compile
