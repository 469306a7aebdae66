"""Do at start what ``.pth`` and ``.start`` files of the bundle's distributions ask for, as ``site`` does for site-packages.

An app that has none does not load this.
"""

import os
import sys

from ..variables import tell


def run(mount, manifest_lines, behind):
    """Act on the lines that ``manifest_lines`` hold (docs/FORMAT.md, section 8).

    ``behind`` is how many entries at the end of ``sys.path`` are the
    environment's: what is added goes before them.
    """
    files = {}
    for number, *words in manifest_lines:
        name, _, text = " ".join(words).partition("\t")
        files.setdefault(name, []).append((int(number), text))
    starts = {name: files.pop(name) for name in list(files) if name.endswith(".start")}
    if sys.version_info < (3, 15):
        for name, lines in files.items():
            _lines(mount, name, lines, behind)
        return
    # PEP 829: first all paths, then the import lines of files that no `.start` file replaces, then entry points
    for lines in files.values():
        for number, text in lines:
            if not _is_import(text):
                _add(mount, text, behind)
    for name, lines in files.items():
        if name[: -len("pth")] + "start" not in starts:
            _imports(mount.root, mount.path_of(name), [text for number, text in lines if _is_import(text)])
    for name, lines in starts.items():
        for number, text in lines:
            if text:
                _call(text, mount.path_of(name))


def _is_import(text):
    return text.startswith(("import ", "import\t"))


def _add(mount, inside, behind):
    path = mount.path_of(inside)
    if path not in sys.path:
        tell("sys.path: %s added", path)
        sys.path.insert(len(sys.path) - behind, path)


def _lines(mount, name, lines, behind):
    # lines look for these variables in the frame that runs them: those of `site`
    sitedir, fullname = mount.root, mount.path_of(name)
    for n, line in lines:
        try:
            if _is_import(line):
                tell("%s: line %d is run", fullname, n)
                exec(line)
            else:
                _add(mount, line, behind)
        except Exception as error:
            _print("Error processing line %d of %s:\n" % (n, fullname), error)
            _print("\nRemainder of file ignored")
            break


def _imports(sitedir, fullname, lines):
    for line in lines:
        try:
            tell("%s: an import line is run", fullname)
            exec(line)
        except Exception as error:
            _print("Error in import line from %s: %s" % (fullname, line), error)


def _call(text, fullname):
    from pkgutil import resolve_name

    try:
        function = resolve_name(text, strict=True)
    except ValueError as error:
        return _print("Invalid entry point syntax in %s: %r" % (fullname, text), error)
    except Exception as error:
        return _print("Error resolving entry point %s from %s" % (text, fullname), error)
    try:
        tell("%s: %s is called", fullname, text)
        function()
    except Exception as error:
        _print("Error in entry point %s from %s" % (text, fullname), error)


def _print(message, error=None):
    print(message, file=sys.stderr)
    if error is not None:
        from traceback import format_exception

        # without the frame here
        for record in format_exception(type(error), error, error.__traceback__.tb_next):
            for line in record.splitlines():
                print("  " + line, file=sys.stderr)
