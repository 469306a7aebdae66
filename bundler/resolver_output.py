"""Say in one line why uv or pip failed.

Both write for people, at length and in forms that change between versions:
what is not recognised is shown as its last line that says anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from packaging.requirements import Requirement

from bundler.stages import Target

_FRAME = re.compile(r"^[\s×│╰├─▶>]+")
_LABEL = re.compile(r"^(error|cause|ERROR|Caused by):\s*", re.IGNORECASE)
_NOISE = re.compile(
    r"^(WARNING|warning|DEPRECATION|\[notice\]|\[end of output\]|note:|hint:|Using |Resolved |Looking in |Collecting |Downloading |Processing |ERROR: Ignored the following)"
)
_NETWORK = re.compile(
    r"dns error|name resolution|Name or service not known|getaddrinfo|NewConnectionError|Connection refused|Network is unreachable|Connection reset|timed out|tcp connect error",
    re.IGNORECASE,
)
_BUILD = re.compile(
    r"subprocess-exited-with-error|Failed to build|build backend|Failed building wheel|metadata-generation-failed"
)
_UNKNOWN = re.compile(
    r"\(from versions: none\)|not found in the (package registry|provided package locations)|no versions of|HTTP error 404"
)
_PYTHON = re.compile(
    r"Requires-Python|requires a different Python|Python version|does not satisfy Python|Python ?[<>=~!]|has no wheels with a matching|Python (ABI|implementation) tag"
)
_WHEELS = re.compile(r"no (?:usable|compatible|matching) wheel|Wheels are required|no wheels|from versions: none")


def explain(output: str, requirements: Sequence[str], target: Target) -> tuple[str, str | None]:
    """Return a message and a hint, from what a failed installer wrote."""
    subject = ", ".join(f"`{each}`" for each in requirements) or "the requirements"
    if not target.here:
        subject += f" for `{target.name}`"
    if _NETWORK.search(output):
        return (
            f"cannot install {subject}: the package index cannot be reached",
            "check the network, or the index that pip or uv is told to use",
        )
    if _BUILD.search(output):
        return (
            f"cannot install {subject}: {build_failure(output)}",
            "it has no wheel for this Python and its build failed: `-v` shows all of it",
        )
    crash = re.search(r"^Traceback \(most recent call last\):\n(?:[ \t].*\n|\n)*(\S.*)", output, re.MULTILINE)
    if crash:
        return (
            f"cannot install {subject}: the installer itself failed: {_clean(crash[1])}",
            f"install uv, or a pip that runs on Python {target.minor}",
        )
    reason = _reason(output)
    message = f"cannot install {subject}: {reason}"
    if not target.here and (_WHEELS.search(output) or _PYTHON.search(reason)):
        return message, "for another platform or Python wheels are taken and nothing is built: `--with` takes the path of a wheel, too"
    if _PYTHON.search(reason) or _ignored_for_python(output):
        return message, f"it is for another Python than {target.minor}: choose one with `-p`, or another version"
    if _UNKNOWN.search(output):
        return message, "check the spelling, and that the index it comes from is configured for pip or uv"
    return message, None


def warnings(output: str) -> list[str]:
    """Return the installer's warnings that a user can act on, each as one line."""
    found = []
    for line in output.splitlines():
        matched = re.match(
            r"\s*warning:\s*(.*(?:yanked|does not (?:provide the|have an) extra).*)", line, re.IGNORECASE
        )
        if matched and (text := matched[1].rstrip(".").strip()) not in found:
            found.append(text)
    return found


def _reason(output: str) -> str:
    """Join the lines that carry the error, without their frames and labels."""
    lines = [line for line in output.splitlines() if line.strip() and not _NOISE.match(line.strip())]
    start = next((at for at, line in enumerate(lines) if _LABEL.match(line) or "×" in line), None)
    if start is None:
        return _clean(lines[-1]) if lines else "the installer failed and did not say why"
    by_uv = not lines[start].startswith("ERROR")
    parts: list[str] = []
    for line in lines[start:]:
        text = _clean(line)
        if text.startswith("To fix this you could") or (parts and text.startswith("No matching distribution")):
            break
        if not text or text.startswith(("No solution found when resolving", "ResolutionImpossible")):
            continue
        # uv breaks its sentences into lines, pip writes a list.
        if parts and by_uv and not _LABEL.match(line.strip()):
            parts[-1] += re.sub("^ And because", ", and because", f" {text}")
        else:
            parts.append(text)
    text = "; ".join(parts).replace(":; ", ": ")
    text = re.sub(r"\(from versions: (?:[^),]+, )+((?:[^),]+, ){2}[^),]+)\)", r"(the last versions are \1)", text)
    return re.sub(r"\s+", " ", text).rstrip(" .;:") or "no versions fit together"


def _ignored_for_python(output: str) -> bool:
    """Tell whether pip left out, for their Requires-Python, versions that the requirement allows."""
    wanted = re.search(r"satisfies the requirement (.+?) \(from versions", output)
    ignored = re.search(r"Ignored the following versions that require a different python version: (.*)", output)
    if not wanted or not ignored:
        return False
    try:
        specifier = Requirement(wanted[1]).specifier
        return any(
            specifier.contains(version, prereleases=True)
            for version in re.findall(r"(\S+) Requires-Python", ignored[1])
        )
    except ValueError:
        return False


def build_failure(output: str) -> str:
    """Return the last line of a failed build that says something."""
    lines = output.splitlines()
    end = next((at for at, line in enumerate(lines) if "[end of output]" in line), None)
    if end is None:
        ends = [at for at, line in enumerate(lines) if re.match(r"\s*hint: ", line)]
        end = ends[0] if ends else len(lines)
    for line in reversed(lines[:end]):
        text = _clean(line)
        if text and not _NOISE.match(text) and not re.fullmatch(r"[\W\d_]*", text):
            return text
    return "its build failed"


def _clean(line: str) -> str:
    return _LABEL.sub("", _FRAME.sub("", line)).strip().rstrip(".")
