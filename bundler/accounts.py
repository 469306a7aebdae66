"""The file's own account of what it holds: its targets, and their distributions with versions and hashes.

It is JSON, in a frame of the container (docs/FORMAT.md, section 8), so
whoever has the file can read it without running anything of it.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bundler import __version__, sizes
from bundler.errors import ProjectError
from bundler.prepare import Prepared
from bundler.stages import Distribution
from bundler.terminal import human
from runtime_stub.codec import decompress
from runtime_stub.container import read_footer
from runtime_stub.layout import ContainerError
from runtime_stub.source import LocalFile


def made(prepared: Sequence[Prepared], levels: Sequence[int]) -> bytes:
    """Return the account of a file with bytecode for the optimisation ``levels``."""
    known: dict[tuple[str, ...], int] = {}
    distributions: list[dict[str, Any]] = []
    of_targets = []
    for each in prepared:
        mine = []
        for distribution in each.gathered.distributions:
            told = _distribution(distribution, each)
            key = tuple(map(str, told.values()))
            if key not in known:
                known[key] = len(distributions)
                distributions.append(told)
            mine.append(known[key])
        of_targets.append(
            {
                "name": each.gathered.target.name,
                "demands": each.demands,
                "bytecode": list(levels) if each.interpreter else [],
                "sources": each.sources,
                "distributions": mine,
            }
        )
    account = {"bundler": __version__, "targets": of_targets, "distributions": distributions}
    return json.dumps(account, separators=(",", ":")).encode()


def _distribution(distribution: Distribution, prepared: Prepared) -> dict[str, Any]:
    contents = prepared.gathered.contents
    told: dict[str, Any] = {"name": distribution.name, "version": distribution.version}
    wheel = contents.get(distribution.metadata + "/WHEEL", b"").decode("utf-8", "replace").splitlines()
    told["tags"] = sorted(line.partition(":")[2].strip() for line in wheel if line.startswith("Tag:"))
    # RECORD has the digests of all other files, so this one stands for them
    record = contents.get(distribution.metadata + "/RECORD")
    told["record"] = None if record is None else "sha256=" + hashlib.sha256(record).hexdigest()
    return told


def read(path: Path) -> dict[str, Any]:
    """Return the account in the app file ``path``, with its ``identity``, ``entry`` and ``sizes``, and for each target its distributions themselves.

    Raises :class:`ProjectError` if it is no app file, is damaged, or has no account.
    """
    try:
        source = LocalFile(str(path))
        whole, (offset, length, crc), (tables, count, _), identity = read_footer(source.footer)
        manifest = source.read_at(offset, length)
        if zlib.crc32(manifest) != crc:
            raise ContainerError("its manifest is damaged")
        lines = dict(line.partition(" ")[::2] for line in reversed(manifest.decode("utf-8").splitlines()))
        if "account" not in lines:
            raise ProjectError("`%s` has no account of what it holds" % path, hint="build it again with this version")
        offset, stored, raw, crc, codec = map(int, lines["account"].split())
        data = source.read_at(offset, stored)
        if zlib.crc32(data) != crc:
            raise ContainerError("its account is damaged")
        account = json.loads(decompress(codec, data, raw))
        measured = sizes.measured(path, source, manifest.decode("utf-8"), whole, (tables, count))
    except OSError as error:
        raise ProjectError("`%s` cannot be read: %s" % (path, error.strerror)) from error
    except (ContainerError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise ProjectError("`%s` is no app file, or damaged" % path, hint="`bundler build` makes one") from error
    distributions = account.pop("distributions")
    for target in account["targets"]:
        target["distributions"] = [distributions[place] for place in target["distributions"]]
    return {"identity": identity.hex(), "entry": lines["entry"], "sizes": measured, **account}


def text(account: dict[str, Any]) -> str:
    """Return what :func:`read` returns as people read it: targets, and the distributions of each."""
    held = "%s: %s" % (human(sum(account["sizes"].values())), sizes.text(account["sizes"]))
    lines = ["entry: " + account["entry"], "identity: " + account["identity"], "size: " + held]
    holders: dict[str, list[str]] = {}
    for target in account["targets"]:
        has = "bytecode of level " + ", ".join(map(str, target["bytecode"])) if target["bytecode"] else "no bytecode"
        sources = "sources" if target["sources"] else "no sources"
        lines.append("target: %s (demands %s; %s, %s)" % (target["name"], target["demands"], has, sources))
        for each in target["distributions"]:
            line = "%s %s%s" % (each["name"], each["version"], " " + each["record"] if each["record"] else "")
            holders.setdefault(line, []).append(target["name"])
    for line, names in sorted(holders.items(), key=lambda item: item[0].lower()):
        lines.append(line if len(names) == len(account["targets"]) else "%s (%s)" % (line, ", ".join(names)))
    return "\n".join(lines)
