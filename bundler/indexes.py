"""Let uv find packages where the user told pip to look.

uv reads neither ``pip.conf`` nor ``PIP_*`` variables. Somebody whose packages
come from a private index has usually told pip only, and expects that to hold
whichever of the two installs. What uv was told itself goes first.
"""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import platformdirs

_VARIABLES = {"index-url": "UV_INDEX_URL", "extra-index-url": "UV_EXTRA_INDEX_URL", "find-links": "UV_FIND_LINKS"}
_CONNECTION = {"cert": "SSL_CERT_FILE", "trusted-host": "UV_INSECURE_HOST", "proxy": "ALL_PROXY"}
_UV_OWN = (*_VARIABLES.values(), "UV_DEFAULT_INDEX", "UV_INDEX", "UV_CONFIG_FILE")


def for_uv(environment: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Return options and variables that tell uv about pip's indexes, and how to reach them; none if uv has its own.

    pip takes the best version of all indexes, so uv is asked to do so as well.
    """
    if (
        any(environment.get(name) for name in _UV_OWN)
        or (Path(platformdirs.user_config_dir("uv", appauthor=False)) / "uv.toml").is_file()
    ):
        return [], {}
    configured = pip_configuration(environment)
    options = []
    passed = {}
    for option, variable in _VARIABLES.items():
        places = configured.get(option, "").split()
        if option == "find-links":  # pip goes on without those that are missing, uv does not
            places = [place for place in places if "://" in place or Path(place).expanduser().exists()]
        if places:
            # pip separates with white space, uv's find-links with commas.
            passed[variable] = ("," if option == "find-links" else " ").join(places)
    if configured.get("no-index", "").lower() in ("1", "yes", "true", "on"):
        options.append("--no-index")  # has no variable
    if passed:
        passed["UV_INDEX_STRATEGY"] = environment.get("UV_INDEX_STRATEGY") or "unsafe-best-match"
    for option, variable in _CONNECTION.items():
        if configured.get(option, "").strip() and variable not in environment:
            passed[variable] = " ".join(configured[option].split())
    return options, passed


def pip_configuration(environment: Mapping[str, str]) -> dict[str, str]:
    """Return pip's options from its files and its variables, the later over the earlier.

    The order and the places are those of pip's "Configuration" page. A file
    that cannot be read is left to pip to complain about.
    """
    options: dict[str, str] = {}
    for path in _files(environment):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue
        for section in ("global", "install"):
            if parser.has_section(section):
                options.update(parser.items(section))
    for name, value in environment.items():
        if name.startswith("PIP_") and value:
            options[name[4:].lower().replace("_", "-")] = value
    return options


def _files(environment: Mapping[str, str]) -> list[Path]:
    named = environment.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return []
    file_name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    shared = platformdirs.site_config_dir("pip", appauthor=False, multipath=True).split(os.pathsep)
    places = [Path(place) / file_name for place in reversed(shared)]
    if sys.platform != "win32":
        places.append(Path("/etc") / file_name)
    home = Path.home()
    places += [home / ("pip" if sys.platform == "win32" else ".pip") / file_name]
    places += [
        Path(platformdirs.user_config_dir("pip", appauthor=False, roaming=True)) / file_name,
        Path(sys.prefix) / file_name,
    ]
    return places + ([Path(named)] if named else [])
