"""Pins: the version of a package and, where it came from no index, its address: ``1.0``, ``1.0 @ file:///lab/x.whl``.

An installer notes beside a package what address it was given (PEP 610). Without that address the name would be asked
of an index, where a stranger's package may go by it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from importlib.metadata import Distribution
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit
from urllib.request import url2pathname

from flodesk.engine.environments.environment import (
    Environment,
    InstallationError,
    distributions_in,
    packages_of,
    site_of,
)
from flodesk.engine.environments.passwords import hidden

_NOTE = "direct_url.json"
_AT = " @ "
_EDITABLE = "-e "
"""What an address begins with whose package is a link to it."""
_UNREADABLE = "?"
"""The address where one was noted that nobody can read."""


def pin(version: str, source: str = "") -> str:
    """Return the pin of a version that came from an address, or from an index."""
    return f"{version}{_AT}{source}" if source else version


def version_in(pinned: str) -> str:
    """Return the version of a pin."""
    return pinned.partition(_AT)[0]


def source_in(pinned: str) -> str:
    """Return the address of a pin; empty where it came from an index."""
    return pinned.partition(_AT)[2]


def apart(pins: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the versions of some pins, and the addresses of those that have one."""
    sources = {name: source_in(one) for name, one in pins.items()}
    return {name: version_in(one) for name, one in pins.items()}, {n: source for n, source in sources.items() if source}


def same(one: str, other: str) -> bool:
    """Say whether two pins are of one thing; a link to a folder is what the folder itself is."""
    return one.replace(_EDITABLE, "", 1) == other.replace(_EDITABLE, "", 1)


def asked_for(name: str, version: str, source: str = "") -> list[str]:
    """Return what an installer is told for it to install one package exactly."""
    if source.startswith(_EDITABLE):
        return source.split(" ", 1)
    return [f"{name}{_AT}{source}" if source else f"{name}=={version}"]


def row(name: str, pinned: str) -> str:
    """Return the line that holds an installer to a pin."""
    source = source_in(pinned).removeprefix(_EDITABLE)
    if source == _UNREADABLE:
        return f"# {name} {version_in(pinned)} came from an address that cannot be read any more"
    return f"{name}{_AT}{source}  # {version_in(pinned)}" if source else f"{name}=={pinned}"


# ------------------------------------------------------------------ what is installed
def pins_of(environment: Environment) -> dict[str, str]:
    """Return the pins of what is installed on top of flodesk's own; of an interpreter elsewhere of all that it has."""
    site = site_of(environment.root) if environment.ours else None
    lying = distributions_in([site] if site is not None else environment.path)
    return {name: pin(version, _source_of(lying[name])) for name, version in packages_of(environment).items()}


def _source_of(one: Distribution) -> str:
    noted = one.read_text(_NOTE)
    if noted is None:
        return ""
    try:
        return _address(json.loads(noted))
    except (ValueError, KeyError, TypeError, AttributeError):
        return _UNREADABLE


def _address(noted: dict[str, dict[str, str]]) -> str:
    parts = urlsplit(str(noted["url"]))
    fragment = [parts.fragment] if parts.fragment else []
    known = dict(parse_qsl(parts.fragment))
    if (digest := _digest(noted.get("archive_info", {}))) and "sha256" not in known:
        fragment.append(f"sha256={digest}")
    if (inner := noted.get("subdirectory")) and "subdirectory" not in known:
        fragment.append(f"subdirectory={inner}")
    # no secret is carried into a file of the project
    url = parts._replace(netloc=_without_password(parts), fragment="").geturl()
    if repository := noted.get("vcs_info"):
        url = f"{repository['vcs']}+{url}@{repository['commit_id']}"
    link = _EDITABLE if noted.get("dir_info", {}).get("editable") else ""
    return f"{link}{url}{'#' if fragment else ''}{'&'.join(fragment)}"


def _digest(archive: Mapping[str, object]) -> str:
    hashes = archive.get("hashes")
    if isinstance(hashes, dict) and "sha256" in hashes:
        return str(hashes["sha256"])
    kind, _, digest = str(archive.get("hash", "")).partition("=")
    return digest if kind == "sha256" else ""


def _without_password(parts: SplitResult) -> str:
    if parts.password is None or parts.password.startswith("${"):  # the name of a variable is no secret
        return parts.netloc
    return f"{parts.username}@{parts.netloc.rpartition('@')[2]}"


# ------------------------------------------------------------------ whether they can be had
def check(pins: Mapping[str, str], otherwise: str) -> None:
    """See that what some pins came from is still there, as far as that is known without a network.

    Parameters
    ----------
    otherwise : str
        What to do besides putting it back, as a sentence.

    Raises
    ------
    InstallationError
        A file or folder is gone, or the file is another one.
    """
    for name, pinned in pins.items():
        version, source = version_in(pinned), source_in(pinned).removeprefix(_EDITABLE)
        if source == _UNREADABLE:
            raise InstallationError(f"Where {name} {version} came from cannot be read any more. {otherwise}")
        parts = urlsplit(source)
        if parts.scheme != "file":
            continue
        file = path_of(source)
        if not file.exists():
            raise InstallationError(
                f"{name} {version} came from {file}, which is not there any more. Put it back. {otherwise}"
            )
        wanted = dict(parse_qsl(parts.fragment)).get("sha256", "")
        try:
            other = wanted and file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() != wanted
        except OSError as error:
            raise InstallationError(f"{file} cannot be read: {error.strerror or error}.") from error
        if other:
            raise InstallationError(
                f"{name} {version} came from {file}, which is another file now. Put that one back. {otherwise}"
            )


def path_of(address: str) -> Path:
    """Return the path of an address ``file://…``."""
    parts = urlsplit(address)
    host = f"//{parts.netloc}" if os.name == "nt" and parts.netloc not in ("", "localhost") else ""
    return Path(url2pathname(f"{host}{parts.path}"))


def place_of(source: str) -> str:
    """Say an address as a person would: a path where it is one, without a checksum, and without a password."""
    bare = source.removeprefix(_EDITABLE)
    return str(path_of(bare)) if urlsplit(bare).scheme == "file" else hidden(bare.partition("#")[0])


__all__ = [
    "apart", "asked_for", "check", "path_of", "pin", "pins_of", "place_of", "row", "same", "source_in", "version_in",
]  # fmt: skip
