"""What an installation would change, asked of the installer before anything is done, and then done to the letter."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from platform import python_version
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from flodesk.engine.environments.environment import (
    Environment,
    InstallationError,
    cut_off,
    installed,
    keep,
    normal,
    own,
    packages_of,
    record_of,
    shared_of,
    site_of,
    trouble,
)
from flodesk.engine.environments.installers import by_uv, install_exactly, installer, refused, uninstaller
from flodesk.engine.environments.links import check_links, there_and_gone
from flodesk.engine.environments.meanings import is_unreached, meaning
from flodesk.engine.environments.passwords import put_back
from flodesk.engine.environments.pins import apart, check, pins_of, place_of, source_in, version_in
from flodesk.engine.environments.requirements import (
    check_options,
    in_full,
    is_met,
    parsed,
    rows_of,
    told_by,
    without_flodesk,
)
from flodesk.engine.environments.stand_ins import stand_ins
from flodesk.engine.environments.wheels import (
    NeedsBuildError,
    is_wheel,
    options,
    sources_in,
)
from flodesk.engine.environments.work import Work

MOST_BEFORE = 20
"""So many installations can be undone, one after the other."""
_ADDED = re.compile(r"^ ?\+ (\S+?)(?:==(\S+)(?: \(from (\S+)\))?| @ (\S+))\s*$", re.MULTILINE)
"""How uv tells what it would install: of what comes from an address it may not tell the version."""


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
    built : tuple of str
        Of what is installed: what has no wheel, and is built.
    departs : mapping of str to str
        Of what is installed: the version that the project is locked to, where it gets another one.
    links : tuple of str
        Folders of packages that were looked into, besides the package index.
    gone : tuple of str
        Folders of packages that are to be looked into, and are not there.
    is_alone : bool
        Whether nothing but these folders was looked into, for the index could not be reached.
    """

    wanted: tuple[str, ...]
    adds: Mapping[str, str]
    changes: Mapping[str, tuple[str, str]]
    covers: Mapping[str, tuple[str, str]]
    sources: Mapping[str, str]
    built: tuple[str, ...] = ()
    departs: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    is_alone: bool = False

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
            rows.append(f"+ {name} {version}{over}{self._how(name)}")
        changed = sorted(self.changes.items())
        return [*rows, *(f"~ {name} {old} → {new}{self._how(name)}" for name, (old, new) in changed)]

    def _how(self, name: str) -> str:
        version, source = self.all[name], self.sources.get(name, "")
        place = f", from {place_of(source)}" if source and not version.startswith("from ") else ""
        return f"{place}{', built from its source' if name in self.built else ''}"


def plan(
    environment: Environment,
    wanted: Iterable[str],
    work: Work,
    held: Mapping[str, str] | None = None,
    built: Iterable[str] = (),
) -> Changes:
    """Ask the installer what it would do for some requirements; nothing is changed, and nothing of theirs is run.

    That holds of uv. pip is asked with wheels only, too, but builds what a wheel names as source by its address.

    Parameters
    ----------
    held : mapping of str to str, optional
        Pins that the project is locked to: they are kept to where that is possible.
    built : iterable of str, optional
        What may be built for it, as `NeedsBuildError` has named it: of these the builds are run.

    Raises
    ------
    NeedsBuildError
        Something has no wheel, and is none of ``built``.
    InstallationError, StoppedError
        It cannot be done; the message says why.
    """
    asked, may, held = tuple(wanted), tuple(dict.fromkeys(built)), held or {}
    reqs = [in_full(text) for text in without_flodesk(asked)]
    check_options(reqs)
    _ask_for(sources_in(reqs), may)
    yours, shared = packages_of(environment), shared_of(environment)
    if not reqs:
        return Changes(asked, {}, {}, {}, {})
    is_alone = False
    if not by_uv():
        found, sources = _by_pip(environment, reqs, work, _without_builds(held), may)
    else:
        found, sources, is_alone = _by_uv(environment, reqs, shared, work, _without_builds(held), may)
        # uv looks into the environment alone: what flodesk has in that very version is there already
        found = {name: version for name, version in found.items() if name in sources or shared.get(name) != version}
    typed = [one.url if (one := parsed(text)) is not None and one.url else text for text in reqs if "://" in text]
    sources = {name: put_back(source, typed) for name, source in sources.items()}
    _keep_to_addresses(found, sources, held, reqs)
    adds = {name: version for name, version in found.items() if name not in yours}
    changes = {name: (yours[name], version) for name, version in found.items() if name in yours}
    # a file may be made anew and keep its version
    changes = {name: pair for name, pair in changes.items() if name in sources or pair[0] != pair[1]}
    covers = {name: (shared[name], version) for name, version in adds.items() if name in shared}
    from_source = tuple(n for n in (*adds, *changes) if n in may or not is_wheel(sources.get(n, ".whl")))
    new = {**adds, **{name: pair[1] for name, pair in changes.items()}}
    locked = {name: version_in(one) for name, one in held.items()}
    departs = {name: version for name, version in locked.items() if new.get(name, version) != version}
    links, gone = there_and_gone(environment)
    return Changes(asked, adds, changes, covers, sources, from_source, departs, links, gone, is_alone)


def _ask_for(unbuilt: Iterable[str], may: tuple[str, ...]) -> None:
    """Raise `NeedsBuildError` if some of it may not be built yet."""
    if wanting := [name for name in unbuilt if name not in may]:
        raise NeedsBuildError(wanting)


def _without_builds(held: Mapping[str, str]) -> dict[str, str]:
    """Take out what pip would build, whatever it was told: a lock may come from anybody."""
    return {name: one for name, one in held.items() if is_wheel(source_in(one) or ".whl")}


def _keep_to_addresses(
    found: Iterable[str], sources: Mapping[str, str], held: Mapping[str, str], reqs: list[str]
) -> None:
    """See that nothing comes from an index that the lock has from an address, unless that is asked for."""
    for name in found:
        source = source_in(held.get(name, ""))
        if source and name not in sources and rows_of({name: held[name]}, reqs):
            raise InstallationError(
                f"{name} is needed, and the lock of this project has it from {place_of(source)}, where it could not be "
                "taken from now: choose “Install as locked…” first, or name the version that you want."
            )


def install(environment: Environment, changes: Changes, work: Work) -> None:
    """Do what was planned, and nothing else; what was there before is kept for `undo`.

    Raises
    ------
    InstallationError, StoppedError
        It was not done, or not all of it.
    """
    if environment.ours and cut_off(environment.root):
        raise InstallationError(trouble(environment))
    before, earlier = pins_of(environment), record_of(environment.root).before
    undone = (*earlier, before)[-MOST_BEFORE:]
    if environment.ours:
        _note(environment, undone)  # first: what is cut off half done can be undone, too
    wheels = [name for name in changes.all if name not in changes.built]
    try:
        install_exactly(environment, changes.all, work, changes.sources, changes.is_alone, wheels)
    finally:
        if environment.ours:
            _note(environment, undone if pins_of(environment) != before else earlier)


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
    now = pins_of(environment)
    gone = sorted(name for name in now if name not in before)
    back = {name: pinned for name, pinned in before.items() if now.get(name) != pinned}
    if back:  # first: where they cannot be had nothing is taken away
        check(back, "Nothing was changed.")
        check_links(environment, back.values())
        versions, sources = apart(back)
        install_exactly(environment, versions, work, sources)
    if gone:
        code, printed = work.run([*uninstaller(environment), *gone])
        if code:
            raise InstallationError(meaning(printed, "", str(environment.root)))
    _note(environment, tuple(earlier))
    return (
        *(f"- {name} {version_in(now[name])}" for name in gone),
        *(f"~ {name} {version_in(pinned)}" for name, pinned in back.items()),
    )


def lacking(environment: Environment, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return those of some requirements that an environment does not meet, as they were given.

    One that cannot be read is none: the checker of flows, and the installer, have words for that.
    """
    has = installed(environment.path)
    missing = []
    for text in wanted:
        rest = [one for one in (parsed(req) for req in without_flodesk((text,))) if one is not None]
        if any(not is_met(one, has) for one in rest):
            missing.append(text)
    return tuple(missing)


def unfit_python(environment: Environment, wanted: str) -> str:
    """Say that an environment's Python is none that ``requires-python`` allows; empty where it is, or nobody knows.

    Of an interpreter from elsewhere only ``3.12`` is known without starting it: it is taken for one of that line.
    """
    if environment.python and not environment.ours:
        site = site_of(environment.root)  # …/lib/python3.12/site-packages
        has = site.parent.name.removeprefix("python") if site is not None else ""
        if not has[:1].isdigit():
            return ""
        possible = [f"{has}.0", f"{has}.999"]
    else:
        has = python_version()
        possible = [has]
    try:
        allowed = SpecifierSet(wanted)
    except InvalidSpecifier:
        return ""  # whoever reads the header has words for that
    if any(allowed.contains(one, prereleases=True) for one in possible):
        return ""
    return f"The header of this flow wants Python {wanted}, and it runs in Python {has}."


# ------------------------------------------------------------------ the installers
def _by_pip(
    environment: Environment, wanted: list[str], work: Work, held: Mapping[str, str], may: tuple[str, ...]
) -> tuple[dict[str, str], dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        report, kept = Path(folder, "report.json"), Path(folder, "held.txt")
        command = [*installer(environment), "--dry-run", "--report", str(report), *options(may)]
        kept.write_text("\n".join(rows_of(held, wanted)), "utf-8")
        code, printed = work.run([*command, *(["--constraint", str(kept)] if held else []), *wanted])
        if code and held:
            code, printed = work.run([*command, *wanted])
        if code:
            _ask_for(refused(environment, printed, work), may)
            raise InstallationError(_why(environment, printed, wanted))
        try:
            said = json.loads(report.read_text("utf-8"))["install"]
            found = {normal(one["metadata"]["name"]): str(one["metadata"]["version"]) for one in said}
            direct = [one for one in said if one.get("is_direct")]
            sources = {normal(one["metadata"]["name"]): _address(one["download_info"]) for one in direct}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InstallationError("pip did not say what it would install: a newer pip does.") from error
    return found, sources


def _address(told: Mapping[str, Any]) -> str:
    """Return where pip has found something, so that it finds the same again."""
    vcs = told.get("vcs_info")
    return f"{vcs['vcs']}+{told['url']}@{vcs['commit_id']}" if vcs else str(told["url"])


def _by_uv(
    environment: Environment,
    wanted: list[str],
    shared: Mapping[str, str],
    work: Work,
    held: Mapping[str, str],
    may: tuple[str, ...],
) -> tuple[dict[str, str], dict[str, str], bool]:
    """Ask uv, which sees nothing of what is shared: it is told of that, and asked for the same versions if possible.

    Where the index cannot be reached, the folders that the environment takes from are asked alone: the third answer.
    """
    command = [*installer(environment), "--dry-run", *options(may)]
    tries = [{**shared, **held}, shared, {}] if held else [shared, {}]
    with tempfile.TemporaryDirectory() as folder:
        same = Path(folder, "same.txt")
        command += stand_ins(Path(folder), shared, own().path)
        for way in [[], ["--no-index"]] if there_and_gone(environment)[0] else [[]]:
            for versions in tries:
                same.write_text("\n".join(rows_of(versions, wanted)), "utf-8")
                code, printed = work.run([*command, *way, "--constraint", str(same), *wanted])
                if not code or not ("No solution found" in printed or "there is no version of" in printed):
                    break
            if not code or not is_unreached(printed):
                break
    if code:
        _ask_for(refused(environment, printed, work), may)
        raise InstallationError(_why(environment, printed, wanted))
    rows_found = _ADDED.findall(printed)
    return (
        {normal(name): version or told_by(address)[1] or f"from {address}" for name, version, _, address in rows_found},
        {normal(name): source or address for name, _, source, address in rows_found if source or address},
        bool(way),
    )


def _why(environment: Environment, printed: str, wanted: list[str]) -> str:
    why = meaning(printed, " and ".join(wanted), str(environment.root))
    gone = " and ".join(there_and_gone(environment)[1])
    return f"{why} Not looked into, for want of being there: {gone}." if gone else why


def _note(environment: Environment, before: tuple[Mapping[str, str], ...]) -> None:
    """Keep what is installed now, and what was before."""
    try:
        record = replace(record_of(environment.root), packages=pins_of(environment), before=before)
        keep(environment.root, record)
    except OSError as error:
        raise InstallationError(f"{environment.root} cannot be written: {error.strerror or error}.") from error


__all__ = [
    "Changes", "can_undo", "install", "lacking", "plan", "undo", "unfit_python",
]  # fmt: skip
