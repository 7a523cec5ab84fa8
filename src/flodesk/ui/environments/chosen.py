"""Which environment the open flow runs in: chosen for its project, applied when it opens."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from flodesk.engine.environments.choices import choose_for, chosen_for
from flodesk.engine.environments.environment import Environment, own, trouble
from flodesk.engine.environments.interpreter import Looked, look_at
from flodesk.engine.environments.project import project_of
from flodesk.engine.folders import FolderError
from flodesk.flow.document import Change, Document
from flodesk.ui.side_thread import SideThread


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
    unkept : what was chosen cannot be kept, and why
    """

    changed = Signal()
    troubled = Signal(str)
    unkept = Signal(str)

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
        self.wanted = environment
        self.apply(environment)
        try:
            if self.project is not None:
                choose_for(self.project, environment)
        except (FolderError, OSError) as error:
            self.unkept.emit(f"The choice holds until this window is closed: it cannot be kept. {error}")

    def apply(self, wanted: Environment | None = None) -> None:
        """Go to the environment of the project, or the one that is given, as it is now on the disk."""
        self.wanted = wanted or chosen_for(self.project)
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


def keeps_own() -> bool:
    """Say whether flodesk's own packages must stay as they are: in an installed program, or in a system's Python."""
    return sys.prefix == sys.base_prefix or not os.access(sys.prefix, os.W_OK)


__all__ = ["Chosen", "keeps_own"]
