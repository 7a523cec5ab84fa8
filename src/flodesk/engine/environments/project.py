"""The project that a flow belongs to: the unit that has an environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from flodesk.engine.environments.environment import python_of

MOST_UP = 12
"""So many folders above a flow are looked into."""


def project_of(path: Path | None) -> Path | None:
    """Return the folder of a flow's project: its own, or the nearest above it that has a ``pyproject.toml``."""
    if path is None:
        return None
    folder = path.parent
    home = Path.home()
    for up in (folder, *list(folder.parents)[:MOST_UP]):
        if up != folder and up in (home, Path(up.anchor)):
            break
        if (up / "pyproject.toml").is_file():
            return up
    return folder


def beside(project: Path) -> str:
    """Return the interpreter of the virtual environment that lies in a project, or an empty text.

    The one that runs flodesk itself, as in a checkout, is none to choose.
    """
    own = Path(sys.prefix).resolve()
    for name in (".venv", "venv"):
        python = python_of(project / name)
        if (
            (project / name).resolve() != own
            and (project / name / "pyvenv.cfg").is_file()
            and os.access(python, os.X_OK)
        ):
            return str(python)
    return ""


__all__ = ["beside", "project_of"]
