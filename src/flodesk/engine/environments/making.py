"""Environments are made, made again from their list, and taken away."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

from flodesk.engine.environments.environment import (
    Environment,
    InstallationError,
    Record,
    base_sites,
    keep,
    named,
    packages_of,
    record_of,
    site_of,
    version,
)
from flodesk.engine.environments.planning import install_exactly, meaning
from flodesk.engine.environments.work import Work, find_uv

_LINK = "_flodesk_base.pth"
"""What leads from an environment to flodesk's own packages, where flodesk itself runs in a virtual environment."""


def create(name: str, work: Work) -> Environment:
    """Make an environment of the Python that runs flodesk: flodesk and its packages are shared, the rest is its own.

    Raises
    ------
    InstallationError, FolderError, StoppedError
        It cannot be made. Nothing is left of it.
    """
    root = named(name).root
    if root.exists():
        raise InstallationError(f"There is an environment “{name}” already: choose another name.")
    try:
        _make(root, work)
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    return named(name)


def _make(root: Path, work: Work) -> None:
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
        keep(root, Record(version(), sys.prefix))
    except OSError as error:
        raise InstallationError(f"{root} cannot be written: {error.strerror or error}.") from error


def _sees_system() -> bool:
    try:
        said = Path(sys.prefix, "pyvenv.cfg").read_text("utf-8")
    except (OSError, ValueError):
        return False
    return "include-system-site-packages = true" in said.lower()


def repair(environment: Environment, work: Work) -> Environment:
    """Make an environment of ours again, and install in it what its list says; the old one is kept until that is done.

    Raises
    ------
    InstallationError, FolderError, StoppedError
        It cannot be made; it is as it was.
    """
    root, record = environment.root, record_of(environment.root)
    wanted = packages_of(environment) or dict(record.packages)
    old = root.with_name(f"{root.name}.old")
    try:
        shutil.rmtree(old, ignore_errors=True)
        if root.exists():
            root.rename(old)
    except OSError as error:
        raise InstallationError(f"{root} cannot be replaced: {error.strerror or error}.") from error
    try:
        _make(root, work)
        made = named(root.name)
        if wanted:
            install_exactly(made, wanted, work)
        keep(root, replace(record_of(root), packages=packages_of(made), before=record.before))
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        if old.exists():
            old.rename(root)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return made


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
        if environment.root.exists():
            shutil.rmtree(environment.root)
    except OSError as error:
        raise InstallationError(f"{environment.root} cannot be taken away: {error.strerror or error}.") from error


__all__ = ["create", "remove", "repair"]
