"""Metadata of distributions: ``importlib.metadata``."""

import email.message
import json
import os
import sys
import warnings
from importlib import import_module, invalidate_caches, metadata
from pathlib import Path

from observing import ROOT, attempt

ELSEWHERE = os.path.join(ROOT, "elsewhere")
EGG = os.path.join(ROOT, "Fancy.egg")
NAMES = [
    "shapes", "Odd-Name.Thing", "old-style", "sourced", "flat", "bare", "unnamed", "beyond", "Fancy", "absent",
]  # fmt: skip
SPELLINGS = [
    "shapes", "Shapes", "SHAPES", "odd-name.thing", "odd_name_thing", "Odd_Name.Thing", "ODD--NAME..THING", "odd.name.thing",
    "oddname.thing", "old-style", "old_style", "Old.Style", "flat", "FLAT", "flat-0.3", "shapes-1.2", "shapes-1.2.dist-info",
    "shapes.dist-info", "shap", "shapess", " shapes", "../shapes",
]  # fmt: skip
FILES = ["METADATA", "PKG-INFO", "RECORD", "WHEEL", "entry_points.txt", "top_level.txt", "requires.txt", "SOURCES.txt", "licenses/LICENSE",
         "licenses", "absent", "absent/absent", "METADATA/absent", "", ".", "..", "../oddity.py", "LICENSE", "metadata"]  # fmt: skip

warnings.simplefilter("ignore")


class Added:
    """Path entries, added at the end or in front."""

    def __init__(self, *entries, front=False):
        self._entries, self._front = list(entries), front

    def __enter__(self):
        self._before = sys.path[:]
        sys.path[:] = self._entries + self._before if self._front else self._before + self._entries
        invalidate_caches()

    def __exit__(self, *error):
        sys.path[:] = self._before
        invalidate_caches()


def _of_each(function):
    """Return an observation of each distribution by name."""

    def observe():
        with Added(ELSEWHERE, EGG):
            return {name: attempt(lambda: function(metadata.distribution(name))) for name in NAMES}

    return observe


def _entries(found):
    groups = found if type(found) is dict else {each.group: None for each in found}
    every = [each for group in groups for each in (found[group] if type(found) is dict else _selected(found, group))]
    return sorted(map(_entry, set(every)), key=str)


def _selected(found, group):
    return found.select(group=group) if hasattr(found, "select") else [each for each in found if each.group == group]


def _entry(each):
    known = [getattr(each, name, None) for name in ("module", "attr", "extras")]
    distribution = getattr(each, "dist", None)
    return [each.name, each.value, each.group, str(known), getattr(distribution, "version", None), attempt(lambda: repr(each.load()))]


def _file(path):
    size = attempt(lambda: len(path.locate().read_bytes()))
    return [
        str(path), str(path.hash), path.size, size, isinstance(path.locate(), Path), str(path.locate()), path.dist.version, path.name, path.suffix,
        attempt(lambda: len(path.read_text())) if path.suffix == ".py" else None, attempt(lambda: len(path.read_binary())),
        os.path.basename(os.fspath(path.locate())), path.locate().exists(), type(path).__name__,
    ]  # fmt: skip


def _files(distribution):
    return None if distribution.files is None else sorted(map(_file, distribution.files), key=str)


def _mapping(message):
    assert isinstance(message, email.message.Message)
    return sorted(set(message.keys())), sorted(message.items()), message.get_payload()


observe_name = _of_each(lambda found: getattr(found, "name", None))
observe_version = _of_each(lambda found: found.version)
observe_metadata = _of_each(lambda found: _mapping(found.metadata))
observe_json = _of_each(lambda found: json.dumps(found.metadata.json, sort_keys=True))
observe_absent_key = _of_each(lambda found: found.metadata["Absent"])
observe_requires = _of_each(lambda found: found.requires)
observe_files = _of_each(_files)
observe_order_of_files = _of_each(lambda found: found.files and [str(each) for each in found.files][:3])
observe_entry_points_of_each = _of_each(lambda found: _entries(found.entry_points))
observe_kind_of_entry_points = _of_each(lambda found: type(found.entry_points).__name__)
observe_origin = _of_each(lambda found: found.origin)
observe_normalized_name = _of_each(lambda found: found._normalized_name)
observe_kind = _of_each(lambda found: [type(found).__mro__, isinstance(found, metadata.Distribution)])
observe_private_path = _of_each(lambda found: [str(found._path), found._path.name, found._path.is_dir(), str(found._path.parent), isinstance(found._path, Path)])
observe_names_in_the_private_path = _of_each(lambda found: sorted(each.name for each in found._path.iterdir()))
observe_texts = _of_each(lambda found: {name: attempt(found.read_text, name) for name in FILES})
observe_located_files = _of_each(
    lambda found: [
        [str(found.locate_file(name)), found.locate_file(name).exists(), found.locate_file(name).is_dir()]
        for name in ("shapes/circle.py", "beyond.py", "absent", "", ".", "../x", "/usr", "shapes/data")
    ]
)
observe_located_content = _of_each(lambda found: found.locate_file("beyond.py").read_text())


def observe_spellings():
    return {name: [attempt(metadata.version, name), attempt(lambda: len(metadata.files(name)))] for name in SPELLINGS}


def observe_absent_distribution():
    def known(error):
        return [type(error).__mro__, str(error), error.args, error.name]

    try:
        metadata.distribution("absent")
    except metadata.PackageNotFoundError as error:
        return known(error)


def observe_distributions():
    return sorted([found.metadata["Name"] or "none", str(found._path)] for found in metadata.distributions())


def observe_distributions_by_name():
    with Added(ELSEWHERE):
        return {name: [str(found._path) for found in metadata.distributions(name=name)] for name in SPELLINGS}


def observe_distributions_of_paths():
    def of(*paths):
        return sorted(str(found._path) for found in metadata.distributions(path=list(paths)))

    return {
        "root": of(ROOT), "elsewhere": of(ELSEWHERE), "egg": of(EGG), "none": of(), "both": of(ELSEWHERE, ROOT), "twice": of(ROOT, ROOT),
        "absent": of(os.path.join(ROOT, "absent")), "a file": of(os.path.join(ROOT, "oddity.py")), "slash": len(of(ROOT + "/")),
        "package": of(os.path.join(ROOT, "shapes")), "metadata": of(os.path.join(ROOT, "shapes-1.2.dist-info")),
        "up and down": len(of(os.path.join(ROOT, "shapes", ".."))), "other": of("/usr/absent"),
    }  # fmt: skip


def observe_relative_path_entry():
    before = os.getcwd()
    os.chdir(os.path.dirname(ROOT))
    try:
        entry = os.path.join(os.path.basename(ROOT), "elsewhere")
        return [str(found._path).replace(os.path.basename(ROOT), "<name>") for found in metadata.distributions(path=[entry], name="beyond")]
    finally:
        os.chdir(before)


def observe_paths_that_are_no_text():
    return [
        attempt(lambda: sorted(str(found._path) for found in metadata.distributions(path=[Path(ELSEWHERE)]))),
        attempt(lambda: sorted(str(found._path) for found in metadata.distributions(path=[ELSEWHERE.encode()]))),
        attempt(lambda: list(metadata.distributions(path=[None]))),
    ]


def observe_order_of_path_entries():
    orders = []
    for front in (False, True):
        with Added(ELSEWHERE, front=front):
            orders.append([found.version for found in metadata.distributions(name="shapes")])
            orders.append(metadata.version("shapes"))
            found = metadata.entry_points()
            named = found.get("shapes.plugins", ()) if type(found) is dict else found.select(group="shapes.plugins", name="round")
            orders.append(sorted(each.value for each in named if each.name == "round"))
    return orders


def observe_finders():
    finder, context = metadata.MetadataPathFinder, metadata.DistributionFinder.Context
    found = {
        "name": finder.find_distributions(context(name="shapes")),
        "path": finder.find_distributions(context(path=[ELSEWHERE])),
        "name and path": finder.find_distributions(context(name="beyond", path=[ELSEWHERE])),
        "instance": finder().find_distributions(context(name="bare")),
        "discover": metadata.Distribution.discover(name="flat"),
    }
    return {what: sorted(str(each._path) for each in distributions) for what, distributions in found.items()}


def observe_context_used_again():
    context = metadata.DistributionFinder.Context(path=[ELSEWHERE, ROOT], name="shapes")
    return [[found.version for found in metadata.Distribution.discover(context=context)] for _ in range(2)] + [context.path, context.name]


def observe_finders_on_the_meta_path():
    context = metadata.DistributionFinder.Context(name="shapes")
    found = [finder.find_distributions(context) for finder in sys.meta_path if hasattr(finder, "find_distributions")]
    return [str(each._path) for distributions in found for each in distributions]


def observe_distribution_at_a_path():
    found = metadata.Distribution.at(os.path.join(ROOT, "shapes-1.2.dist-info"))
    return [found.version, str(found._path), metadata.PathDistribution(Path(ROOT, "bare-1.0.dist-info")).version]


def observe_entry_points():
    with Added(ELSEWHERE, EGG):
        return _entries(metadata.entry_points())


def observe_selected_entry_points():
    return [
        sorted((_entry(each) for each in metadata.entry_points(**options)), key=str)
        for options in ({"group": "shapes.plugins"}, {"name": "circle"}, {"group": "shapes.plugins", "name": "odd"}, {"group": "absent"})
    ]


def observe_names_and_groups_of_entry_points():
    found = metadata.entry_points()
    return [sorted(found.groups), sorted(found.names), len(found), attempt(lambda: found["far"].value)]


def observe_plugins_that_load():
    found = metadata.entry_points()
    plugins = found["shapes.plugins"] if type(found) is dict else found.select(group="shapes.plugins")
    return {each.name: attempt(lambda: repr(each.load())) for each in plugins}


def observe_packages_of_distributions():
    with Added(ELSEWHERE):
        return {name: sorted(map(str, found)) for name, found in metadata.packages_distributions().items()}


def observe_functions():
    return [
        attempt(lambda: _mapping(metadata.metadata("shapes"))), attempt(metadata.requires, "old-style"),
        attempt(lambda: len(metadata.files("shapes"))), attempt(metadata.files, "bare"),
    ]  # fmt: skip


def observe_what_stands_beside_the_code():
    # how code finds its own distribution
    import shapes

    with Added(ELSEWHERE):
        beyond = import_module("beyond")
        owners = [
            found.metadata["Name"]
            for found in metadata.distributions()
            for file in found.files or ()
            if os.fspath(file.locate()) in (shapes.__file__, beyond.__file__)
        ]
    return sorted(owners)


def observe_names_listed_twice():
    listed = [str(found._path) for found in metadata.distributions()]
    return len(listed) == len(set(listed))


def observe_new_path_entry_of_the_environment():
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        found = os.path.join(directory, "shapes-0.5.dist-info")
        os.mkdir(found)
        with open(os.path.join(found, "METADATA"), "w") as file:
            file.write("Metadata-Version: 2.1\nName: shapes\nVersion: 0.5\n")
        versions = []
        for front in (False, True):
            with Added(directory, front=front):
                versions.append([[each.version for each in metadata.distributions(name="shapes")], metadata.version("shapes")])
        return versions
