"""Requirements as they are typed and as headers name them: taken apart, read, and held against what is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from flodesk.engine.environments.environment import InstallationError, normal
from flodesk.engine.environments.pins import row, version_in

ARCHIVES = (".whl", ".tar.gz", ".zip")
"""The ends of files that packages come in."""
_OPTIONS = ("--pre", "-U", "--upgrade")
_EDITABLE = re.compile(r"-e|--editable(=|$)")
_FILES = ("-r", "--req", "-c", "--con")
"""How options begin that name a file of requirements: installers take them cut short, too."""
_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|\S+")
"""A word of a line: what is quoted as a whole is one, for the spaces of a folder's name."""
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BETWEEN = re.compile(r"[\r\n]+|,(?!\s*[<>=!~])")
"""What ends a requirement anywhere: a line, and a comma that no other version follows."""


# ------------------------------------------------------------------ what was typed
def requirements_in(text: str, folder: Path | None = None) -> tuple[str, ...]:
    """Take apart what was typed in one line: ``numpy >= 2  drivers @ https://…`` are two.

    Commas, lines and spaces part them, where that does not cut one in two: ``lab @ file:///…``, ``numpy >= 2, <3``,
    ``tomli; python_version < "3.11"``. What is a file, or a folder, is given back with its whole path.

    Parameters
    ----------
    folder : Path, optional
        Where a path begins that is not whole; the home folder if there is none.
    """
    base = folder or Path.home()
    found: list[str] = []
    for part in _parts(text):
        words = [(one.start(), one.end()) for one in _WORD.finditer(part)]
        at = 0
        while at < len(words):
            ends = range(len(words), at, -1) if not part[words[at][0] :].startswith("-") else ()
            taken = next(
                ((end, one) for end in ends if (one := _one(part[words[at][0] : words[end - 1][1]], base))),
                (at + 1, part[slice(*words[at])]),
            )
            at = taken[0]
            found.append(taken[1])
    return tuple(found)


def _parts(text: str) -> list[str]:
    """Part it where nothing else can be meant: not within brackets and quotes."""
    hidden = re.sub(r"\[[^\]]*\]", lambda one: "x" * len(one[0]), text)
    hidden = _QUOTED.sub(lambda one: "x" * len(one[0]), hidden)
    found, begin = [], 0
    for cut in _BETWEEN.finditer(hidden):
        found.append(text[begin : cut.start()])
        begin = cut.end()
    return [part for part in (*found, text[begin:]) if part.strip()]


def _one(text: str, base: Path) -> str:
    """Return the one requirement that some words are; empty if they are none, or several."""
    bare = text[1:-1] if _QUOTED.fullmatch(text) else text
    if path := _path(bare, base):
        return path
    name, at, address = bare.partition(" @ ")
    if at and address.startswith("file:") and address.endswith(ARCHIVES):
        bare = f"{name} @ {address.strip().replace(' ', '%20')}"
    return bare if parsed(bare) is not None else ""


def _path(text: str, base: Path) -> str:
    if "://" in text or not (text.endswith(ARCHIVES) or re.match(r"[.~/\\]|[A-Za-z]:[\\/]", text)):
        return ""
    try:
        path = base / Path(text).expanduser()
        return str(path.absolute()) if path.exists() else ""
    except (OSError, ValueError, RuntimeError):
        return ""


# ------------------------------------------------------------------ what an installer is given
def check_options(wanted: Iterable[str]) -> None:
    """See that among some requirements are no options but those whose meaning is known here.

    Others may lead to what nobody is shown: a file of requirements, for one, may name sources, which are built.

    Raises
    ------
    InstallationError
        There is one.
    """
    for text in wanted:
        if text.startswith(_FILES):
            raise InstallationError(f"“{text}”: files of requirements are not read here. Type what stands in it.")
        if text.startswith("-") and text not in _OPTIONS and not _EDITABLE.match(text):
            raise InstallationError(f"“{text}” is no package, and of options only --pre and --editable are known here.")


def in_full(text: str) -> str:
    """Return a requirement as an installer is given it: the path of a wheel with the name that its file has.

    Raises
    ------
    InstallationError
        There is no such file.
    """
    if not text.endswith(ARCHIVES) or "://" in text or " @ " in text:
        return text
    path = Path(text).expanduser()
    if not path.is_file():
        raise InstallationError(f"There is no file {text}: give its whole path, or the name of a package.")
    address = path.absolute().as_uri()
    return f"{name} @ {address}" if text.endswith(".whl") and (name := told_by(address)[0]) else text


def told_by(address: str) -> tuple[str, str]:
    """Return the normal name and the version that the file of an address tells; empty texts if it tells none."""
    file = unquote(urlsplit(address).path).replace("\\", "/").rpartition("/")[2]
    try:
        if file.endswith(".whl"):
            name, version = parse_wheel_filename(file)[:2]
        else:
            name, version = parse_sdist_filename(file)
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
        return "", ""
    return normal(name), str(version)


def name_in(text: str) -> str:
    """Return the normal name of what a requirement is for; empty where nobody knows."""
    one = parsed(text) if not text.endswith(ARCHIVES) or " @ " in text else None
    return normal(one.name) if one is not None else told_by(text)[0]


def parsed(text: str) -> Requirement | None:
    """Read a requirement; None if it cannot be read."""
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def is_met(one: Requirement, has: Mapping[str, str]) -> bool:
    """Say whether versions of packages, by their normal names, do for a requirement."""
    if one.marker is not None and not one.marker.evaluate({"extra": ""}):
        return True
    version = has.get(normal(one.name))
    if version is None:
        return False
    try:
        return one.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return True


def rows_of(pins: Mapping[str, str], wanted: Iterable[str]) -> list[str]:
    """Return the lines that hold an installer to some pins.

    What is asked for may be there in a version that will not do, and what is asked for by an address is that file:
    those are not held.
    """
    asked: dict[str, list[Requirement | None]] = {}
    for text in wanted:
        asked.setdefault(name_in(text), []).append(parsed(text))
    return [
        row(name, pinned)
        for name, pinned in pins.items()
        if all(
            one is not None and not one.url and is_met(one, {name: version_in(pinned)}) for one in asked.get(name, ())
        )
    ]


# ------------------------------------------------------------------ flodesk itself
def without_flodesk(wanted: Iterable[str]) -> list[str]:
    """Take flodesk itself out, which is there, and put what its extras bring in its place."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [text.strip() for text in wanted]
    while waiting:
        text = waiting.pop(0)
        one = parsed(text)
        if one is None or normal(one.name) != "flodesk":
            found[text] = None
        elif text not in seen:
            seen.add(text)
            waiting += [req for extra in sorted(one.extras) for req in _of_extra(extra)]
    return list(found)


def _of_extra(extra: str) -> list[str]:
    try:
        said = requires("flodesk") or []
    except PackageNotFoundError:
        return []
    found = []
    for text in said:
        one = parsed(text)
        marker = one.marker if one is not None else None
        if one is not None and marker is not None and marker.evaluate({"extra": extra}) and not _always(marker):
            one.marker = None
            found.append(str(one))
    return found


def _always(marker: Marker) -> bool:
    """Say whether it holds without an extra."""
    return marker.evaluate({"extra": ""})


__all__ = [
    "ARCHIVES", "check_options", "in_full", "is_met", "name_in", "parsed", "requirements_in", "rows_of", "told_by",
    "without_flodesk",
]  # fmt: skip
