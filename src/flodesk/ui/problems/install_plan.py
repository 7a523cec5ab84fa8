"""What installing a package means here: which program does it, into which environment, and what its complaints mean."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

from flodesk.flow.requires import requirement


@dataclass(frozen=True, slots=True)
class InstallPlan:
    """What would be run.

    Attributes
    ----------
    package : str
        As it is imported.
    wanted : str
        As the installer knows it.
    program, arguments : str, tuple of str
        The command; empty where there is none.
    into : str
        The environment that is changed.
    """

    package: str
    wanted: str
    program: str
    arguments: tuple[str, ...]
    into: str

    @property
    def command(self) -> str:
        """The command as one would type it."""
        return shlex.join((self.program, *self.arguments)) if self.program else ""


def plan(package: str) -> InstallPlan:
    """Say how a package that is imported by a name would be installed; nothing is done."""
    wanted = requirement(package)
    # not asked of all finders: setuptools has one of its own for pip, which does more than look
    if PathFinder.find_spec("pip", _own_path()) is not None:
        # -P: a file pip.py in the working folder is not it
        return InstallPlan(package, wanted, sys.executable, ("-P", "-m", "pip", "install", wanted), sys.prefix)
    uv = shutil.which("uv", path=os.pathsep.join(entry for entry in os.get_exec_path() if Path(entry).is_absolute()))
    if uv is not None and Path(uv).is_absolute():  # on Windows the working folder is looked into, too
        arguments = ("pip", "install", "--python", sys.executable, wanted)
        return InstallPlan(package, wanted, uv, arguments, sys.prefix)
    return InstallPlan(package, wanted, "", (), sys.prefix)


def _own_path() -> list[str]:
    """Return where Python looks for packages, without the working folder, which may be one of downloads."""
    return [entry for entry in sys.path if Path(entry).is_absolute() and not _is_here(entry)]


def _is_here(folder: str) -> bool:
    try:
        return Path(folder).samefile(os.curdir)
    except OSError:
        return False


_MEANINGS = (
    (
        (
            "No matching distribution",
            "Could not find a version",
            "not found in the package registry",
            "No solution found",
        ),
        "No package named {wanted} was found. Look whether it goes by another name, or whether there is a network.",
    ),
    (
        ("Temporary failure in name resolution", "Failed to establish a new connection", "Network is unreachable"),
        "The package index cannot be reached: is there a network?",
    ),
    (
        ("externally-managed-environment", "externally managed"),
        "This Python belongs to the system, which does not let it be changed: use a virtual environment.",
    ),
    (("Permission denied", "Errno 13"), "The folder of this Python must not be written by you: {into}."),
    (("No space left", "Errno 28"), "The disk is full."),
    (("ResolutionImpossible", "conflict"), "{wanted} does not go together with what is installed."),
)


def meaning(output: str, plan: InstallPlan) -> str:
    """Say in words why an installer has failed, from what it has printed."""
    for signs, words in _MEANINGS:
        if any(sign in output for sign in signs):
            return words.format(wanted=plan.wanted, into=plan.into)
    lines = [line for line in output.splitlines() if line.strip()]
    told = [line for line in lines if line.lower().startswith("error")] or lines[-1:]
    return told[-1].strip() if told else "It ended without a word."
