"""Which environment the open flow runs in: chosen for its project, kept beside the settings, applied when it opens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from flodesk.engine.environments.environment import Environment, named, own, trouble
from flodesk.engine.environments.interpreter import Looked, look_at
from flodesk.engine.environments.project import project_of
from flodesk.engine.folders import FolderError
from flodesk.flow.document import Change, Document
from flodesk.ui.settings import settings
from flodesk.ui.side_thread import SideThread

_GROUP = "environments"
"""The keys of the settings, one for each project."""


class Chosen(QObject):
    """Holds the choice for the open flow's project.

    Parameters
    ----------
    move : callable
        Lets all that runs users' code do so in an environment.

    Attributes
    ----------
    wanted : Environment
        The one that was chosen, whether or not it can be used.
    now : Environment
        The one that flows run in.
    trouble : str
        Why that is not the one that was chosen; empty if it is.

    Signals
    -------
    changed : another environment is chosen, or another project is open
    troubled : the one that was chosen cannot be used, and why
    """

    changed = Signal()
    troubled = Signal(str)

    def __init__(self, document: Document, move: Callable[[Environment], object]) -> None:
        super().__init__()
        self._document = document
        self._move = move
        self._thread = SideThread(self, low=True)
        self.wanted = self.now = own()
        self.trouble = ""
        self._known: tuple[Path | None, Path | None] = (None, None)
        """The flow's file, and its project: looked for once."""

    @property
    def project(self) -> Path | None:
        """The folder of the project; None as long as the flow has no file."""
        path = self._document.path
        if self._known[0] != path:
            self._known = (path, project_of(path))
        return self._known[1]

    def follow(self, change: Change) -> None:
        """Take notice of a file that was opened, or saved elsewhere."""
        if change.kind in ("open", "save"):
            before = self._known[1]
            if self.project != before or (change.kind == "open" and not change.again):
                self.apply()

    def choose(self, environment: Environment) -> None:
        """Run the flows of this project in an environment from now on."""
        if self.project is not None:
            _keep(self.project, environment)
        self.wanted = environment
        self.apply(environment)

    def apply(self, wanted: Environment | None = None) -> None:
        """Go to the environment of the project, or the one that is given, as it is now on the disk."""
        self.wanted = wanted or kept(self.project)
        why = trouble(self.wanted)
        self._go(own() if why else self.wanted, why)
        if not why and self.wanted.python and not self.wanted.ours:
            self._thread.do(partial(look_at, self.wanted.python), self._looked)

    def close(self) -> None:
        """Ask nothing more."""
        self._thread.drop()
        self._thread.close()

    def _looked(self, looked: Looked) -> None:
        """Take what an interpreter from elsewhere has said of itself."""
        if looked.environment.python != self.wanted.python:
            return
        if looked.trouble:
            self._go(own(), looked.trouble)
        elif looked.environment.path != self.now.path:
            self.wanted = looked.environment
            self._go(self.wanted, "")

    def _go(self, environment: Environment, why: str) -> None:
        self.now, self.trouble = environment, why
        self._move(environment)
        self.changed.emit()
        if why:
            self.troubled.emit(why)


# ------------------------------------------------------------------ what is kept
def kept(project: Path | None) -> Environment:
    """Return what was chosen for a project; flodesk's own where nothing was, or it cannot be read."""
    if project is None:
        return own()
    try:
        said = json.loads(str(settings().value(f"{_GROUP}/{_key(project)}", "")))
        if said.get("own"):
            return own()
        if said.get("name"):
            return named(str(said["name"]))
        return Environment(Path(said["root"]), str(said["python"]), path=tuple(str(one) for one in said["path"]))
    except (ValueError, KeyError, TypeError, AttributeError, FolderError):
        return own()


def is_settled(project: Path) -> bool:
    """Say whether something was chosen for a project, be it flodesk's own."""
    return settings().contains(f"{_GROUP}/{_key(project)}")


def users_of(environment: Environment) -> list[str]:
    """Return the folders of the projects that have chosen an environment of ours."""
    found = []
    group = settings()
    group.beginGroup(_GROUP)
    for key in group.childKeys():
        try:
            said = json.loads(str(group.value(key, "")))
            if said.get("name") == environment.root.name:
                found.append(str(said["folder"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    group.endGroup()
    return found


def _keep(project: Path, environment: Environment) -> None:
    said: dict[str, object] = {"folder": str(project)}
    if not environment.python:
        said["own"] = True  # kept, too: nothing is offered any more
    elif environment.ours:
        said["name"] = environment.root.name
    else:
        said |= {"python": environment.python, "root": str(environment.root), "path": list(environment.path)}
    settings().setValue(f"{_GROUP}/{_key(project)}", json.dumps(said))


def _key(project: Path) -> str:
    """Return what stands for a folder in a key of the settings, which may have no slash."""
    return hashlib.sha256(str(project).encode()).hexdigest()[:16]


__all__ = ["Chosen", "is_settled", "kept", "users_of"]
