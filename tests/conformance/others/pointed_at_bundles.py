"""Run tests of the standard library with bundles in the place of what they make or have: zip files, and directories on a path.

``pointed_at_bundles.py MODULE...``, as ``-m recorded_outcomes MODULE...``. ``$BUILDER`` is a Python that has bundler,
whose sources are in ``$SOURCES``; ``$BUNDLES`` a directory for bundles, which are kept by content: the tests make the
same few over and over. Without ``$BUNDLES`` the tests stay as they are.
"""

import contextlib
import functools
import hashlib
import importlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import types
import zipfile

import recorded_outcomes

_numbers = itertools.count()


def make_bundle(tree, output):
    """Write a bundle of what is in the directory ``tree``, started by its ``__main__.py`` if it has one."""
    digest = hashlib.sha256(sys.version.encode())
    for directory, names, files in os.walk(tree):
        names.sort()
        for name in sorted(files):
            path = os.path.join(directory, name)
            with open(path, "rb") as file:
                digest.update(repr((os.path.relpath(path, tree), file.read())).encode())
        if not files and not names:
            digest.update(repr(os.path.relpath(directory, tree)).encode())
    kept = os.path.join(os.environ["BUNDLES"], digest.hexdigest())
    if not os.path.exists(kept):
        started = os.path.exists(os.path.join(tree, "__main__.py"))
        what = [os.fspath(tree)] if started else ["--library", "--site-packages", os.fspath(tree)]
        command = [os.environ["BUILDER"], "-m", "bundler", "build", *what, "--python", sys.executable, "-q", "-o", kept]
        built = subprocess.run(command, check=False, cwd=os.environ["SOURCES"], env={"PATH": os.defpath}, stderr=subprocess.PIPE)
        if built.returncode:
            raise OSError(built.stderr.decode())
    if os.path.exists(output):
        os.unlink(output)  # what is mounted stays as it is
    shutil.copyfile(kept, output)


def new_path(name):
    """Return a path in a directory that nobody else has."""
    return os.path.join(tempfile.mkdtemp(dir=os.environ["BUNDLES"]), name)


class Archive:
    """What ``zipfile.ZipFile(path, "w")`` is to these tests; on closing it writes a bundle, and mounts it if it is ``entered``."""

    entered = False

    def __init__(self, path):
        self._path = os.path.abspath(path)
        self._tree = tempfile.mkdtemp()
        self._names = []

    def writestr(self, name, data):
        name = getattr(name, "filename", name)
        self._names.append(name)
        path = os.path.join(self._tree, name)
        os.makedirs(path if name.endswith("/") else os.path.dirname(path), exist_ok=True)
        if not name.endswith("/"):
            with open(path, "wb") as file:
                file.write(data.encode() if isinstance(data, str) else data)

    def mkdir(self, name):
        self.writestr(name, None)

    def write(self, path, name=None):
        with open(path, "rb") as file:
            self.writestr(name or path, file.read())

    def namelist(self):
        return list(self._names)

    def close(self):
        make_bundle(self._tree, self._path)
        shutil.rmtree(self._tree)
        if self.entered:
            enter(self._path)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


def open_archive(path, mode="r", *arguments, **options):
    """Do what ``zipfile.ZipFile`` does, save that what is written becomes a bundle."""
    return Archive(path) if mode == "w" else zipfile.ZipFile(path, mode, *arguments, **options)


#: in place of the module ``zipfile``
archives = types.ModuleType("zipfile")
archives.__dict__.update(vars(zipfile), ZipFile=open_archive)


def bundle_of(path):
    """Return the path of a bundle of the same name, made of a directory or a zip file, and mounted.

    Of one that nothing was imported from yet less is seen: the names and entry points of its distributions, its modules.
    """
    output = new_path(os.path.basename(path))
    if os.path.isdir(path):
        make_bundle(path, output)
    else:
        with tempfile.TemporaryDirectory() as tree:
            zipfile.ZipFile(path).extractall(tree)
            make_bundle(tree, output)
    enter(output)
    return output


def from_bundle(package):
    """Return the same package, imported from a bundle under its last name."""
    tree = tempfile.mkdtemp()
    name = package.__name__.rpartition(".")[2]
    for path in package.__path__:
        shutil.copytree(path, os.path.join(tree, name), ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    sys.path.append(bundle_of(tree))
    return importlib.import_module(name)


def point_zipimport(module):
    module.ZipFile = open_archive
    # a bundle is built from sources, and has its own way to keep bytecode
    module.pyc_ext, module.test_pyc = ".py", module.test_src.encode()
    base = module.ImportHooksBaseTestCase
    original = base.setUp

    def setUp(self):
        # they all use one path; what a process has imported from must stay what it is
        module.TEMP_ZIP = os.path.abspath("junk%d.zip" % next(_numbers))
        if hasattr(self, "makeZip"):
            self.makeZip.__func__.__defaults__ = (module.TEMP_ZIP,)
        original(self)

    base.setUp = setUp
    for case in vars(module).values():
        # 65,537 modules, to see whether the archive's limit of 65,535 members is overcome
        for test in ("testZip64", "testZip64CruftAndComment"):
            if hasattr(case, test):
                setattr(case, test, module.unittest.skip("takes minutes")(getattr(case, test)))


def point_pkgutil(module):
    module.zipfile = archives


def point_runpy(module):
    make = module.make_zip_script

    def make_zip_script(*arguments):
        original, zipfile.ZipFile = zipfile.ZipFile, open_archive
        try:
            return make(*arguments)
        finally:
            zipfile.ZipFile = original

    module.make_zip_script = make_zip_script


def point_resources(module):
    package = module.__name__.rpartition(".")[0]
    if hasattr(module, "zipfile"):
        module.zipfile = archives
    bundled = point_data(package)
    for name in bundled:
        if hasattr(module, name):
            setattr(module, name, bundled[name])


@functools.lru_cache(None)
def point_data(package):
    """Put bundles in the place of the tests' own zip files; return their packages from bundles, by name."""
    bundled = {}
    Archive.entered = True
    with contextlib.suppress(ImportError):
        importlib.import_module(package + ".zip").zipfile = archives
    for name in ("zipdata01", "zipdata02"):
        with contextlib.suppress(ImportError):
            data = importlib.import_module(package + "." + name)
            zipped = os.path.join(os.path.dirname(data.__file__), "ziptestdata.zip")
            if os.path.exists(zipped):
                data.__file__ = os.path.join(os.path.dirname(bundle_of(zipped)), "__init__.py")
    for name in ("data01", "data02", "data03", "namespacedata01"):
        with contextlib.suppress(ImportError):
            bundled[name] = from_bundle(importlib.import_module(package + "." + name))
    util = importlib.import_module(package + ".util")
    if hasattr(util, "DiskSetup"):

        def tree_on_path(self, spec):
            tree = tempfile.mkdtemp()
            util._path.build(spec, util.pathlib.Path(tree))
            self.fixtures.enter_context(util.import_helper.DirsOnSysPath(bundle_of(tree)))

        util.DiskSetup.tree_on_path = tree_on_path
    return bundled


def point_metadata(module):
    package = module.__name__.rpartition(".")[0]
    fixtures = importlib.import_module(package + ".fixtures")
    point_fixtures(fixtures)
    if hasattr(module, "build_files"):
        module.build_files = fixtures.build_files
    zipped = getattr(module, "TestZip", None)
    if zipped is not None:
        original = zipped._fixture_on_path

        def _fixture_on_path(self, filename):
            original(self, filename)
            sys.path[0] = bundle_of(sys.path[0])

        zipped._fixture_on_path = _fixture_on_path


@functools.lru_cache(None)
def point_fixtures(fixtures):
    """Make a bundle of the directory that tests put on ``sys.path``, once there are files in it, and whenever there are more."""
    on_path = {}
    build_files = fixtures.build_files

    @contextlib.contextmanager
    def add_sys_path(directory):
        directory = str(directory)
        sys.path.insert(0, directory)
        on_path[directory] = directory
        refresh(directory)
        try:
            yield
        finally:
            sys.path.remove(on_path.pop(directory))

    def refresh(directory):
        if any(names for _, _, names in os.walk(directory)):
            place = sys.path.index(on_path[directory])
            sys.path[place] = on_path[directory] = bundle_of(directory)

    def build(files, prefix=fixtures.pathlib.Path()):
        build_files(files, prefix)
        for directory in list(on_path):
            if os.path.commonpath([directory, prefix]) == directory:
                refresh(directory)

    fixtures.OnSysPath.add_sys_path = staticmethod(add_sys_path)
    fixtures.build_files = build


def point_namespaces(module):
    base = module.NamespacePackageTest
    root = tempfile.mkdtemp(dir=os.environ["BUNDLES"])
    for name in os.listdir(base.root):
        path = os.path.join(base.root, name)
        if name.endswith(".zip") or os.path.isdir(path):
            shutil.copyfile(bundle_of(path), os.path.join(root, name))
        else:
            shutil.copyfile(path, os.path.join(root, name))
    for case in vars(module).values():
        if isinstance(case, type) and issubclass(case, base) and "root" in vars(case):
            case.root = os.path.join(root, os.path.relpath(case.root, base.root)) if case is not base else case.root
    base.root = root


def point_finder(module):
    import pkgutil

    hooks, finders = list(sys.path_hooks), list(sys.meta_path)

    def get_finder(self, root):
        # what the tests have taken away
        sys.path_hooks[:], kept = hooks, sys.path_hooks[:]
        sys.meta_path[:], others = finders, sys.meta_path[:]
        try:
            return pkgutil.get_importer(bundle_of(root or "."))
        finally:
            sys.path_hooks[:], sys.meta_path[:] = kept, others

    run_test = module.FinderTests.run_test
    module.FinderTests.get_finder = get_finder
    # without bytecode next to the sources, or in their place
    module.FinderTests.run_test = lambda self, test, create=None, **bytecode: run_test(self, test, create)


POINTING = {
    "test_zipimport": point_zipimport,
    "test_pkgutil": point_pkgutil,
    "test_runpy": point_runpy,
    "test_namespace_pkgs": point_namespaces,
    "test_finder": point_finder,
    "test_metadata_api": point_metadata,
    "test_api": point_metadata,
    "test_main": point_metadata,
    "test_zip": point_metadata,
}


def enter(bundle):
    """Mount ``bundle``, as the first import from it would."""
    import runpy

    with contextlib.suppress(SystemExit):  # which says that a library has no entry point
        runpy.run_path(bundle, run_name="entered")
    sys.path_importer_cache.pop(bundle, None)


def main():
    """Point the modules that are named at bundles, and run them."""
    from test import support

    support.use_resources = []  # no files of gigabytes
    if "BUNDLES" in os.environ:
        # tests put `sys.modules` and `sys.path_hooks` back as they were: the runtime must have been there
        with tempfile.TemporaryDirectory() as tree:
            with open(os.path.join(tree, "entered_first.py"), "w"):
                pass
            bundle_of(tree)
        for name in sys.argv[1:]:
            POINTING.get(name.rpartition(".")[2], point_resources)(importlib.import_module(name))
    recorded_outcomes.main()


if __name__ == "__main__":
    main()
