"""The lock of a project: the versions that its flows run with, written beside them, installed as they stand there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from flodesk.engine.environments.environment import Environment, InstallationError, normal, shared_of
from flodesk.engine.environments.installers import without_a_wheel
from flodesk.engine.environments.links import check_links, there_and_gone
from flodesk.engine.environments.pins import apart, check, pin, pins_of, row, same, source_in, version_in
from flodesk.engine.environments.planning import Changes
from flodesk.engine.environments.wheels import is_wheel
from flodesk.engine.environments.work import Work

LOCK = "constraints.flodesk.txt"
"""The file in the folder of a project."""
_SHARED = "# What flodesk itself brings"
"""The line from which on packages stand that are flodesk's, and are not installed."""
_COMMENT = re.compile(r"(?:^|\s+)#\s*(.*)$")
"""As installers read it: a ``#`` within an address begins none."""


def lock(environment: Environment, file: Path) -> None:
    """Write names and pins of all that an environment has, to be given to an installer as constraints.

    Raises
    ------
    InstallationError
        It cannot be written.
    """
    shared = shared_of(environment)
    lines = [
        f"# What flows of the environment “{environment.name}” run with, written by flodesk: pip install -c FILE …"
    ]
    lines += [row(name, pinned) for name, pinned in pins_of(environment).items()]
    lines += [_SHARED, *(f"{name}=={version}" for name, version in shared.items())]
    new = file.with_name(f"{file.name}.new")
    try:
        new.write_text("\n".join(lines if shared else lines[:-1]) + "\n", "utf-8")
        new.replace(file)
    except OSError as error:
        raise InstallationError(f"{file} cannot be written: {error.strerror or error}.") from error


def locked(project: Path | None) -> dict[str, str]:
    """Return the pins that the lock of a project names, without those that flodesk brings; none without a lock.

    Raises
    ------
    InstallationError
        It cannot be read; the text says where, and what to do.
    """
    if project is None:
        return {}
    file = project / LOCK
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InstallationError(f"{file} cannot be read: {error}. Lock anew, or take it away.") from error
    found: dict[str, str] = {}
    for number, line in enumerate(text.partition(_SHARED)[0].splitlines(), 1):
        said = _COMMENT.sub("", line).strip()
        if not said:
            continue
        try:
            one = Requirement(said)
            pinned = _pin(one, line)
        except (InvalidRequirement, InvalidVersion, InvalidWheelFilename, ValueError) as error:
            raise InstallationError(
                f"Line {number} of {file} names no version: write NAME==VERSION, or NAME @ ADDRESS  # VERSION, or lock "
                "anew."
            ) from error
        if one.marker is None or one.marker.evaluate({"extra": ""}):
            found[normal(one.name)] = pinned
    return found


def _pin(one: Requirement, line: str) -> str:
    if one.url is not None:
        told = _COMMENT.search(line)
        if told is None and is_wheel(one.url):  # written by a hand
            return pin(str(parse_wheel_filename(unquote(urlsplit(one.url).path).rpartition("/")[2])[1]), one.url)
        return pin(str(Version(told[1] if told is not None else "")), one.url)
    (exact,) = one.specifier
    if exact.operator != "==" or "*" in exact.version:
        raise ValueError(exact.operator)
    return exact.version


def as_locked(environment: Environment, pins: Mapping[str, str], work: Work) -> Changes:
    """Return what brings an environment to locked pins; what it has besides stays.

    The installer is asked what of it has no wheel, and nothing is built for that.

    Raises
    ------
    InstallationError, StoppedError
        What a package is to come from is not there.
    """
    here, shared = pins_of(environment), shared_of(environment)
    lacking = {name: one for name, one in pins.items() if not _there(one, here.get(name), shared.get(name))}
    check(lacking, f"Or write in {LOCK} where it is now.")
    check_links(environment, lacking.values())
    versions, sources = apart(lacking)
    adds = {name: version for name, version in versions.items() if name not in here}
    changes = {name: (version_in(here[name]), version) for name, version in versions.items() if name in here}
    covers = {name: (shared[name], version) for name, version in adds.items() if name in shared}
    of_index = {name: version for name, version in versions.items() if name not in sources}
    unbuilt, is_alone = without_a_wheel(environment, of_index, work)
    built = tuple(name for name in versions if name in unbuilt or not is_wheel(sources.get(name, ".whl")))
    wanted = (f"what {LOCK} names",)
    links, gone = there_and_gone(environment)
    return Changes(wanted, adds, changes, covers, sources, built, links=links, gone=gone, is_alone=is_alone)


def _there(pinned: str, here: str | None, shared: str | None) -> bool:
    if here is None:
        return shared == version_in(pinned)
    # a lock that names no address does not say that it is to be an index in place of one
    return same(here, pinned) or (not source_in(pinned) and version_in(here) == pinned)


__all__ = ["LOCK", "as_locked", "lock", "locked"]
