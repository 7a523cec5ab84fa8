"""How a package that is missing comes to where flows run, in words: it depends on which Python that is."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from importlib.machinery import PathFinder
from pathlib import Path

from flodesk.flow.requires import is_well_known, requirement

IN_WINDOW = "Install it with Install…, or with File → Environment…"
"""Said where that is at hand: both know which environment the flow runs in."""
_RUN_THERE = " Then run it by: flodesk run FILE"
_RECORD = "flodesk.json"
"""Lies in each environment that flodesk has made."""


def missing_hint(package: str, *, in_window: bool = False, or_beside: bool = True) -> str:
    """Say how something that is imported and not there comes there.

    Parameters
    ----------
    in_window : bool
        Whether this is said in the window that the flow is open in.
    or_beside : bool
        Whether it may be meant to be a module that lies beside the flow's file.
    """
    beside = f", or put {package}.py beside this file" if or_beside and not is_well_known(package) else ""
    if in_window:
        return f"{IN_WINDOW}{beside}"
    if command := in_terminal(package):
        return f"In a terminal: {command}{beside}"
    there = "" if _is_ours() else f".{_RUN_THERE}"
    return f"In the window: File → Environment… installs it for the flow's project{beside}{there}"


def in_terminal(package: str) -> str:
    """Return the command that installs what is imported by this name into the Python of this process.

    Empty where there is none that does: an installed program has no pip and stays as it is, a system's Python must not
    be changed, and an environment that the window has made keeps a list of what is in it.
    """
    wanted = requirement(package)
    wanted = f"'{wanted}'" if "[" in wanted else wanted
    if _is_ours() or not _may_change():
        return ""
    if PathFinder.find_spec("pip", [sysconfig.get_path("purelib")]) is not None:
        return f"pip install {wanted}"
    if sys.prefix != sys.base_prefix and shutil.which("uv"):
        return f"uv pip install --python {sys.executable} {wanted}"
    return ""


def _is_ours() -> bool:
    return (Path(sys.prefix) / _RECORD).is_file()


def _may_change() -> bool:
    managed = sys.prefix == sys.base_prefix and Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED").is_file()
    return not managed and os.access(sysconfig.get_path("purelib"), os.W_OK)


__all__ = ["IN_WINDOW", "in_terminal", "missing_hint"]
