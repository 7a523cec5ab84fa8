"""Environments are made, made again from their list, and taken away."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from flodesk.engine.environments.environment import (
    OLD,
    RECORD,
    Environment,
    InstallationError,
    Record,
    base_sites,
    cut_off,
    keep,
    named,
    old_of,
    record_of,
    site_of,
    version,
)
from flodesk.engine.environments.installers import install_exactly
from flodesk.engine.environments.links import check_links
from flodesk.engine.environments.marks import is_marked, marking
from flodesk.engine.environments.meanings import meaning
from flodesk.engine.environments.pins import apart, check, pins_of, source_in
from flodesk.engine.environments.work import Work, find_uv

_LINK = "_flodesk_base.pth"
"""What leads from an environment to flodesk's own packages, where flodesk itself runs in a virtual environment."""


def create(name: str, work: Work) -> Environment:
    """Make an environment of the Python that runs flodesk: flodesk and its packages are shared, the rest is its own.

    Raises
    ------
    InstallationError, FolderError, StoppedError
        It cannot be made. Nothing is left of it; what is left where the process is killed, the next one replaces.
    """
    root = named(name).root
    if root.name.lower().endswith(OLD):
        raise InstallationError(f"A name that ends in {OLD} is that of an environment in repair: choose another name.")
    if cut_off(root):
        raise InstallationError(f"A repair of an environment “{name}” was cut off: repair it, or choose another name.")
    left = is_marked(root)
    try:
        with marking(root) as alone:
            _see_that_it_is_free(root, left=left, alone=alone)
            try:
                _make(root, work, Record(whole=True))
            except BaseException:
                shutil.rmtree(root, ignore_errors=True)
                raise
    except OSError as error:
        raise InstallationError(f"{root.parent} cannot be written: {error.strerror or error}.") from error
    return named(name)


def _see_that_it_is_free(root: Path, *, left: bool, alone: bool) -> None:
    """Take away what was left of an environment whose making was killed; refuse where there is anything else."""
    if not alone:
        raise InstallationError(f"The environment “{root.name}” is being made just now: choose another name.")
    if (root / RECORD).is_file():
        raise InstallationError(f"There is an environment “{root.name}” already: choose another name.")
    if root.exists() and not left:
        raise InstallationError(f"{root} is there, and is no environment: take it away, or choose another name.")
    if root.exists():
        shutil.rmtree(root)


def _make(root: Path, work: Work, record: Record) -> None:
    sites = base_sites()
    # one that is made of a virtual environment sees what that sees, and not what the Python below it has
    shared = [] if sites and not _sees_system() else ["--system-site-packages"]
    if uv := find_uv():
        command = [uv, "venv", "--no-config", "--no-project", *shared, "--python", sys.executable, str(root)]
    else:
        command = [sys.executable, "-P", "-m", "venv", "--without-pip", *shared, str(root)]
    code, printed = work.run(command)
    folder = site_of(root)
    if code or folder is None or not folder.is_dir():
        raise InstallationError(f"The environment could not be made: {meaning(printed, '', str(root))}")
    try:
        if sites:
            lines = [f"import site; site.addsitedir({entry!r})\n" for entry in sites]
            (folder / _LINK).write_text("".join(lines), "utf-8")
        keep(root, replace(record, python=version(), base=sys.prefix))
    except OSError as error:
        raise InstallationError(f"{root} cannot be written: {error.strerror or error}.") from error


def _sees_system() -> bool:
    try:
        said = Path(sys.prefix, "pyvenv.cfg").read_text("utf-8")
    except (OSError, ValueError):
        return False
    return "include-system-site-packages = true" in said.lower()


def repair(environment: Environment, work: Work, held: Mapping[str, str] | None = None) -> Environment:
    """Make an environment of ours again, and install in it what its list says; the old one is kept until that is done.

    What came from an address is had from that address, never asked of an index.

    Parameters
    ----------
    held : mapping of str to str, optional
        Pins that the project is locked to: they are installed in place of those of the list, as wheels, and nothing
        besides. Not those with an address, nor in place of one: where a package comes from, and what is built, is
        changed by a hand alone, that has seen it.

    Raises
    ------
    InstallationError, FolderError, StoppedError
        It cannot be made; it is as it was.
    """
    root = environment.root
    old = old_of(root)
    try:
        if cut_off(root):  # a repair before: the old one is whole, and what it made is not
            shutil.rmtree(root, ignore_errors=True)
            old.rename(root)
        record = record_of(root)
        has = pins_of(environment) or record.packages
        wanted = _held_to(has, held or {})
        check(wanted, "Or create another environment, and install into it what you need.")
        check_links(environment, wanted.values())
        shutil.rmtree(old, ignore_errors=True)
        if root.exists():
            root.rename(old)
    except OSError as error:
        raise InstallationError(f"{root} cannot be replaced: {error.strerror or error}.") from error
    try:
        _make(root, work, replace(record, packages={}, whole=False))
        made = named(root.name)
        versions, sources = apart(wanted)
        # what it has had may be built again; another version was shown to nobody
        other = [name for name, one in wanted.items() if one != has[name]]
        install_exactly(made, versions, work, sources, wheels=other)
        keep(root, replace(record_of(root), packages=pins_of(made), whole=True))
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        if old.exists():
            old.rename(root)
        raise
    (old / RECORD).unlink(missing_ok=True)  # first: what is left of it, should it not go whole, is not put back
    shutil.rmtree(old, ignore_errors=True)
    return made


def _held_to(has: Mapping[str, str], held: Mapping[str, str]) -> dict[str, str]:
    of_index = {name: one for name, one in held.items() if not source_in(one)}
    return {name: pinned if source_in(pinned) else of_index.get(name, pinned) for name, pinned in has.items()}


def remove(environment: Environment) -> None:
    """Take an environment of ours away, with all that is in it.

    Raises
    ------
    InstallationError
        It is not ours, or cannot be taken away.
    """
    if not environment.ours:
        raise InstallationError(f"{environment.python} is not flodesk's to take away.")
    try:
        for folder in (old_of(environment.root), environment.root):  # a repair that was cut off leaves both
            if folder.exists():
                shutil.rmtree(folder)
    except OSError as error:
        raise InstallationError(f"{environment.root} cannot be taken away: {error.strerror or error}.") from error


__all__ = ["create", "remove", "repair"]
