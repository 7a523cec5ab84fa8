"""Where a run runs: versions of Python, flodesk and the packages that the flow names, machine, user."""

from __future__ import annotations

import functools
import getpass
import platform
import re
import socket
import tomllib
from importlib import metadata
from typing import Any

from flodesk import __version__

USUAL = ("numpy", "scipy", "pandas")


def environment(text: str) -> dict[str, Any]:
    """Describe what a flow runs with."""
    versions = {name: _version(name) for name in dict.fromkeys([*USUAL, *named_packages(text)])}
    return {
        "python": platform.python_version(),
        "flodesk": __version__,
        "system": _system(),
        "packages": {name: version for name, version in versions.items() if version},
    }


def named_packages(text: str) -> list[str]:
    """Return the packages that the header of a flow asks for, without flodesk itself."""
    block = re.search(r"(?m)^# /// script$\n((?:^#(?: .*)?$\n)+?)^# ///$", text)
    if block is None:
        return []
    toml = "".join(line[2:] if line.startswith("# ") else line[1:] for line in block[1].splitlines(keepends=True))
    try:
        wanted = tomllib.loads(toml).get("dependencies", [])
    except tomllib.TOMLDecodeError:
        return []  # the checker says so
    names = (re.match(r"[A-Za-z0-9._-]+", str(one)) for one in wanted) if isinstance(wanted, list) else ()
    return [name[0] for name in names if name and name[0].lower() != "flodesk"]


@functools.cache
def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


@functools.cache
def _system() -> str:
    return f"{platform.system()} {platform.release()} {platform.machine()}".strip()


@functools.cache
def host() -> str:
    """Return the name of this machine."""
    return socket.gethostname()


@functools.cache
def user() -> str:
    """Return who runs it; empty where nobody is known (a container without a name for its number)."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
