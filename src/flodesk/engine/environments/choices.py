"""Which environment the flows of a project run in: chosen in the window, heeded by the command line, too.

It is kept for this machine and user in the data folder, ``environments.json``, and not in the project: an environment
is where its interpreter is.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from flodesk.engine.environments import CHOSEN
from flodesk.engine.environments.environment import Environment, named, names, own, trouble
from flodesk.engine.environments.interpreter import look_at
from flodesk.engine.environments.project import project_of
from flodesk.engine.folders import FolderError, data_folder

OWN = "own"
"""The name of the environment that flodesk itself runs in."""


class UnusableError(Exception):
    """The environment that is wanted cannot be used; the message says which, and why."""


def chosen_for(project: Path | None) -> Environment:
    """Return what was chosen for a project; flodesk's own where nothing was, or it cannot be read."""
    said = _all().get(_key(project)) if project is not None else None
    try:
        if said is None or said.get("own"):
            return own()
        if said.get("name"):
            return named(str(said["name"]))
        return Environment(Path(said["root"]), str(said["python"]), path=tuple(str(one) for one in said["path"]))
    except (KeyError, TypeError, AttributeError, FolderError):
        return own()


def is_settled(project: Path) -> bool:
    """Say whether something was chosen for a project, be it flodesk's own."""
    return _key(project) in _all()


def users_of(environment: Environment, but: Path | None = None) -> list[str]:
    """Return the folders of the projects, but for one, that have chosen an environment of ours."""
    users = {
        folder for folder, said in _all().items() if isinstance(said, dict) and said.get("name") == environment.name
    }
    return sorted(users - ({_key(but)} if but is not None else set()))


def choose_for(project: Path, environment: Environment) -> None:
    """Keep that the flows of a project run in an environment from now on.

    Raises
    ------
    FolderError, OSError
        It cannot be written.
    """
    if not environment.python:
        said: dict[str, Any] = {"own": True}  # kept, too: nothing is offered any more
    elif environment.ours:
        said = {"name": environment.root.name}
    else:
        said = {"python": environment.python, "root": str(environment.root), "path": list(environment.path)}
    file = data_folder() / CHOSEN
    whole = file.with_name(f".{CHOSEN}.{os.getpid()}")
    try:
        whole.write_text(json.dumps({**_all(), _key(project): said}, indent=1), encoding="utf-8")
        whole.replace(file)
    finally:
        whole.unlink(missing_ok=True)


def of_flow(file: Path) -> str:
    """Return the interpreter that was chosen for the project of a flow; empty is the one that runs this.

    Raises
    ------
    UnusableError
        It is gone or broken.
    """
    return _usable(chosen_for(project_of(Path.cwd() / file)))


def of_name(name: str) -> str:
    """Return the interpreter of an environment of ours, or at a path; empty is the one that runs this, ``own``.

    Raises
    ------
    UnusableError
        There is none of that name, or it is broken.
    """
    if name == OWN:
        return ""
    try:
        known = names()
        if name in known:
            return _usable(named(name))
    except FolderError as error:
        raise UnusableError(str(error)) from error
    if os.sep in name or Path(name).exists():
        looked = look_at(str(Path.cwd() / name))
        if looked.trouble:
            raise UnusableError(looked.trouble)
        return _usable(looked.environment)
    raise UnusableError(f"There is no environment “{name}”, but: {', '.join((*known, OWN))}.")


def _usable(environment: Environment) -> str:
    if environment.root == Path(sys.prefix):
        return ""  # it is called in it
    if why := trouble(environment):
        raise UnusableError(why)
    return environment.python


def _key(project: Path) -> str:
    return os.path.realpath(project)  # by whatever way one has come to the folder


def _all() -> dict[str, Any]:
    try:
        said = json.loads((data_folder() / CHOSEN).read_text(encoding="utf-8"))
    except (FolderError, OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


__all__ = ["UnusableError", "choose_for", "chosen_for", "is_settled", "of_flow", "of_name", "users_of"]
