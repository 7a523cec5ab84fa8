"""Folders that packages are installed from beside the package index, or in its place: a lab without network."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from flodesk.engine.environments.environment import Environment, InstallationError, keep, record_of
from flodesk.engine.environments.pins import source_in
from flodesk.engine.environments.requirements import ARCHIVES

_SOURCE = ("pyproject.toml", "setup.py")
"""What makes a folder one package, and no folder of packages."""


def links_of(environment: Environment) -> tuple[str, ...]:
    """Return the folders that an environment takes packages from."""
    return record_of(environment.root).links if environment.ours else ()


def there_and_gone(environment: Environment) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return those of the folders that are there, and those that are not: a stick is pulled out."""
    links = links_of(environment)
    return tuple(one for one in links if Path(one).is_dir()), tuple(one for one in links if not Path(one).is_dir())


def keep_links(environment: Environment, folders: Iterable[str | Path]) -> None:
    """Let an environment of ours take packages from these folders from now on; from none is from the index alone.

    Raises
    ------
    InstallationError
        There are none in one of them, it is none of ours, or it cannot be written.
    """
    links = tuple(dict.fromkeys(str(Path(folder).expanduser().absolute()) for folder in folders))
    if not environment.ours:
        raise InstallationError("An interpreter from elsewhere keeps no folder: start flodesk with UV_FIND_LINKS set.")
    if empty := [one for one in links if not holds_packages(Path(one))]:
        raise InstallationError(f"There is no wheel in {empty[0]}: take the folder that the .whl files lie in.")
    try:
        keep(environment.root, replace(record_of(environment.root), links=links))
    except OSError as error:
        raise InstallationError(f"{environment.root} cannot be written: {error.strerror or error}.") from error


def holds_packages(folder: Path) -> bool:
    """Say whether wheels or source archives lie in a folder, which is not itself the source of one."""
    try:
        with os.scandir(folder) as entries:
            return not any((folder / name).exists() for name in _SOURCE) and any(
                entry.name.endswith(ARCHIVES) for entry in entries
            )
    except OSError:
        return False


def check_links(environment: Environment, pins: Iterable[str]) -> None:
    """See that the folders are there before something is installed that nobody is shown: an index is not to stand in.

    Parameters
    ----------
    pins : iterable of str
        What is to be installed; what has an address of its own is not looked for in these folders.

    Raises
    ------
    InstallationError
        One of them is not there.
    """
    gone = there_and_gone(environment)[1]
    if gone and not all(map(source_in, pins)):
        raise InstallationError(
            f"{gone[0]} is not there, and some of the packages may have come from it: plug it in, or choose “From the "
            "index alone”. Nothing was changed."
        )


def options(environment: Environment, by_uv: bool) -> list[str]:
    """Return the options by which an installer takes from these folders."""
    # of uv an option takes the place of the variable
    others = [one for one in os.environ.get("UV_FIND_LINKS", "").split(",") if one.strip()] if by_uv else []
    # a stick that is pulled out is no reason to install nothing
    return [f"--find-links={entry}" for entry in (*there_and_gone(environment)[0], *others)]


__all__ = ["check_links", "holds_packages", "keep_links", "links_of", "options", "there_and_gone"]
