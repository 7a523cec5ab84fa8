"""What an installation would change, asked of the installer before anything is done, and then done to the letter."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

from flodesk.engine.environments.environment import (
    Environment,
    InstallationError,
    installed,
    keep,
    normal,
    own,
    packages_of,
    record_of,
    shared_of,
)
from flodesk.engine.environments.stand_ins import stand_ins
from flodesk.engine.environments.work import Work, find_uv, has_pip

MOST_BEFORE = 20
"""So many installations can be undone, one after the other."""
_ADDED = re.compile(r"^ ?\+ (\S+?)==(\S+)(?: \(from (\S+)\))?\s*$", re.MULTILINE)
"""How uv tells what it would install."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What would be done.

    Attributes
    ----------
    wanted : tuple of str
        As it was asked for.
    adds : mapping of str to str
        Versions of packages that are not in the environment yet, by normal names.
    changes : mapping of str to (str, str)
        The version that a package of the environment has, and the one that it would get.
    covers : mapping of str to (str, str)
        Of what is added: the version that flodesk itself has, and goes on using in its window.
    sources : mapping of str to str
        Where a package comes from that comes from no index.
    """

    wanted: tuple[str, ...]
    adds: Mapping[str, str]
    changes: Mapping[str, tuple[str, str]]
    covers: Mapping[str, tuple[str, str]]
    sources: Mapping[str, str]

    @property
    def is_none(self) -> bool:
        """Whether all is there already."""
        return not self.adds and not self.changes

    @property
    def all(self) -> dict[str, str]:
        """The versions of all that would be installed."""
        return {**self.adds, **{name: new for name, (_, new) in self.changes.items()}}

    def words(self) -> str:
        """Say it in a line."""
        if self.is_none:
            return "All of it is there already."
        return f"Adds {len(self.adds)}, changes {len(self.changes)} of yours."

    def lines(self) -> list[str]:
        """Say it package by package."""
        rows = []
        for name, version in sorted(self.adds.items()):
            over = f", over flodesk's own {self.covers[name][0]}" if name in self.covers else ""
            rows.append(f"+ {name} {version}{over}")
        return [*rows, *(f"~ {name} {old} → {new}" for name, (old, new) in sorted(self.changes.items()))]


def plan(environment: Environment, wanted: Iterable[str], work: Work) -> Changes:
    """Ask the installer what it would do for some requirements; nothing is changed.

    Raises
    ------
    InstallationError, StoppedError
        It cannot be done; the message says why.
    """
    asked = tuple(wanted)
    reqs = _without_flodesk(asked)
    yours, shared = packages_of(environment), shared_of(environment)
    if not reqs:
        return Changes(asked, {}, {}, {}, {})
    if has_pip() or not find_uv():
        found, sources = _by_pip(environment, reqs, work)
    else:
        found, sources = _by_uv(environment, reqs, shared, work)
        # uv looks into the environment alone: what flodesk has in that very version is there already
        found = {name: version for name, version in found.items() if shared.get(name) != version}
        sources = {name: source for name, source in sources.items() if name in found}
    adds = {name: version for name, version in found.items() if name not in yours}
    changes = {name: (yours[name], version) for name, version in found.items() if name in yours}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    covers = {name: (shared[name], version) for name, version in adds.items() if name in shared}
    return Changes(asked, adds, changes, covers, sources)


def install(environment: Environment, changes: Changes, work: Work) -> None:
    """Do what was planned, and nothing else; what was there before is kept for `undo`.

    Raises
    ------
    InstallationError, StoppedError
        It was not done, or not all of it.
    """
    before = packages_of(environment)
    if environment.ours:
        _note(environment, (*record_of(environment.root).before, before)[-MOST_BEFORE:])
    install_exactly(environment, changes.all, work, changes.sources)
    if environment.ours:
        _note(environment, record_of(environment.root).before)


def can_undo(environment: Environment) -> bool:
    """Say whether there is an installation that can be undone."""
    before = record_of(environment.root).before if environment.ours else ()
    return bool(before)


def undo(environment: Environment, work: Work) -> tuple[str, ...]:
    """Put back what was installed before the last installation; returns what was changed, in words.

    Raises
    ------
    InstallationError, StoppedError
        It cannot be put back: nothing was taken away.
    """
    record = record_of(environment.root)
    if not environment.ours or not record.before:
        raise InstallationError("There is no installation to be undone.")
    *earlier, before = record.before
    now = packages_of(environment)
    gone = sorted(name for name in now if name not in before)
    back = {name: version for name, version in before.items() if now.get(name) != version}
    if back:  # first: where they cannot be had nothing is taken away
        install_exactly(environment, back, work)
    if gone:
        code, printed = work.run([*_uninstaller(environment), *gone])
        if code:
            raise InstallationError(meaning(printed, "", str(environment.root)))
    _note(environment, tuple(earlier))
    return (*(f"- {name} {now[name]}" for name in gone), *(f"~ {name} {version}" for name, version in back.items()))


def lock(environment: Environment, file: Path) -> None:
    """Write names and versions of all that an environment has, to be given to an installer as constraints.

    Raises
    ------
    InstallationError
        It cannot be written.
    """
    shared = shared_of(environment)
    lines = [
        f"# What flows of the environment “{environment.name}” run with, written by flodesk: pip install -c FILE …"
    ]
    lines += [f"{name}=={version}" for name, version in packages_of(environment).items()]
    lines += ["# What flodesk itself brings", *(f"{name}=={version}" for name, version in shared.items())]
    new = file.with_name(f"{file.name}.new")
    try:
        new.write_text("\n".join(lines if shared else lines[:-1]) + "\n", "utf-8")
        new.replace(file)
    except OSError as error:
        raise InstallationError(f"{file} cannot be written: {error.strerror or error}.") from error


def lacking(environment: Environment, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return those of some requirements that an environment does not meet, as they were given.

    One that cannot be read is none: the checker of flows, and the installer, have words for that.
    """
    has = installed(environment.path)
    missing = []
    for text in wanted:
        rest = [one for one in (_parsed(req) for req in _without_flodesk((text,))) if one is not None]
        if any(not _met(one, has) for one in rest):
            missing.append(text)
    return tuple(missing)


# ------------------------------------------------------------------ requirements
def _parsed(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def _met(one: Requirement, has: Mapping[str, str]) -> bool:
    if one.marker is not None and not one.marker.evaluate({"extra": ""}):
        return True
    version = has.get(normal(one.name))
    if version is None:
        return False
    try:
        return one.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return True


def _without_flodesk(wanted: Iterable[str]) -> list[str]:
    """Take flodesk itself out, which is there, and put what its extras bring in its place."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [text.strip() for text in wanted]
    while waiting:
        text = waiting.pop(0)
        one = _parsed(text)
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
        one = _parsed(text)
        marker = one.marker if one is not None else None
        if one is not None and marker is not None and marker.evaluate({"extra": extra}) and not _always(marker):
            one.marker = None
            found.append(str(one))
    return found


def _always(marker: Marker) -> bool:
    """Say whether it holds without an extra."""
    return marker.evaluate({"extra": ""})


# ------------------------------------------------------------------ the installers
def install_exactly(
    environment: Environment, versions: Mapping[str, str], work: Work, sources: Mapping[str, str] | None = None
) -> None:
    """Install these versions and nothing that they would want besides.

    Raises
    ------
    InstallationError, StoppedError
        It was not done.
    """
    if not versions:
        return
    exact = [
        f"{name} @ {sources[name]}" if sources and name in sources else f"{name}=={version}"
        for name, version in versions.items()
    ]
    code, printed = work.run([*_installer(environment), "--no-deps", *exact])
    if code:
        raise InstallationError(meaning(printed, " and ".join(versions), str(environment.root)))


def _installer(environment: Environment) -> list[str]:
    if has_pip() or not find_uv():
        # -P: a file pip.py in the working folder is not it
        return [environment.python, "-P", "-m", "pip", "install"]
    return [find_uv(), "pip", "install", "--python", environment.python]


def _uninstaller(environment: Environment) -> list[str]:
    if has_pip() or not find_uv():
        return [environment.python, "-P", "-m", "pip", "uninstall", "--yes"]
    return [find_uv(), "pip", "uninstall", "--python", environment.python]


def _by_pip(environment: Environment, wanted: list[str], work: Work) -> tuple[dict[str, str], dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        code, printed = work.run([*_installer(environment), "--dry-run", "--report", str(report), *wanted])
        if code:
            raise InstallationError(meaning(printed, " and ".join(wanted), str(environment.root)))
        try:
            said = json.loads(report.read_text("utf-8"))["install"]
            found = {normal(one["metadata"]["name"]): str(one["metadata"]["version"]) for one in said}
            direct = [one for one in said if one.get("is_direct")]
            sources = {normal(one["metadata"]["name"]): str(one["download_info"]["url"]) for one in direct}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InstallationError("pip did not say what it would install: a newer pip does.") from error
    return found, sources


def _by_uv(
    environment: Environment, wanted: list[str], shared: Mapping[str, str], work: Work
) -> tuple[dict[str, str], dict[str, str]]:
    """Ask uv, which sees nothing of what is shared: it is told of that, and asked for the same versions if possible."""
    asked = {normal(one.name) for one in map(_parsed, wanted) if one is not None}
    command = [*_installer(environment), "--dry-run"]
    with tempfile.TemporaryDirectory() as folder:
        same = Path(folder, "shared.txt")
        # what is asked for may be there in a version that will not do: that one is not held to it
        rows = [f"{name}=={version}" for name, version in shared.items() if name not in asked]
        rows += [f"{name}=={shared[name]}" for name in asked & shared.keys() if _does(wanted, name, shared[name])]
        same.write_text("\n".join(rows), "utf-8")
        command += stand_ins(Path(folder), shared, own().path)
        code, printed = work.run([*command, "--constraint", str(same), *wanted])
        if code and "No solution found" in printed:
            code, printed = work.run([*command, *wanted])
    if code:
        raise InstallationError(meaning(printed, " and ".join(wanted), str(environment.root)))
    rows_found = _ADDED.findall(printed)
    return (
        {normal(name): version for name, version, _ in rows_found},
        {normal(name): source for name, _, source in rows_found if source},
    )


def _does(wanted: Iterable[str], name: str, version: str) -> bool:
    return all(_met(one, {name: version}) for one in map(_parsed, wanted) if one and normal(one.name) == name)


def _note(environment: Environment, before: tuple[Mapping[str, str], ...]) -> None:
    """Keep what is installed now, and what was before."""
    try:
        record = replace(record_of(environment.root), packages=packages_of(environment), before=before)
        keep(environment.root, record)
    except OSError as error:
        raise InstallationError(f"{environment.root} cannot be written: {error.strerror or error}.") from error


_MEANINGS = (
    (
        (
            "Temporary failure in name resolution", "Failed to establish a new connection", "Network is unreachable",
            "dns error", "client error (Connect)", "Connection refused", "the network was disabled",
        ),
        "The package index cannot be reached: is there a network? Nothing was changed.",
    ),
    (
        (
            "No matching distribution", "Could not find a version", "not found in the package registry",
            "not found in the provided package locations", "there are no versions of", "no version of",
        ),
        "{wanted} was not found. Look whether it goes by another name or version, or whether there is a network.",
    ),
    (
        ("externally-managed-environment", "externally managed"),
        "This Python belongs to the system, which does not let it be changed: choose an environment of flodesk's.",
    ),
    (("Permission denied", "Errno 13"), "The folder of this Python must not be written by you: {into}."),
    (("No space left", "Errno 28"), "The disk is full."),
    (("ResolutionImpossible", "conflict", "No solution"), "{wanted} does not go together with what is installed."),
)  # fmt: skip


def meaning(output: str, wanted: str, into: str) -> str:
    """Say in words why an installer has failed, from what it has printed."""
    flat = " ".join(output.split())  # uv breaks its lines anywhere
    for signs, words in _MEANINGS:
        if any(sign in flat for sign in signs):
            return words.format(wanted=wanted or "A package", into=into)
    lines = [line for line in output.splitlines() if line.strip()]
    told = [line for line in lines if line.lower().startswith("error")] or lines[-1:]
    return told[-1].strip() if told else "It ended without a word."


__all__ = [
    "Changes", "can_undo", "install", "install_exactly", "lacking", "lock", "meaning", "plan", "undo",
]  # fmt: skip
