"""The environment of the open flow's project: what it is, how it is, and the way to all that can be done with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from flodesk.engine.environments.environment import Environment, own, packages_of, shared_of
from flodesk.ui.environments.dialog import python_version
from flodesk.ui.environments.environments import Environments
from flodesk.ui.environments.pieces import progress, tell, words
from flodesk.ui.preferences.pieces import button, form, heading, row
from flodesk.ui.side_thread import SideThread


class ProjectEnvironment(QWidget):
    """Shows it, and does with it what its dialog does, which it opens."""

    def __init__(self, side: SideThread, environments: Environments) -> None:
        super().__init__()
        self._side, self._environments = side, environments
        self.project = words("", "muted")
        self.name, self.interpreter, self.version, self.packages = words(), words(), words(), words()
        self.health = words()
        self.bar = progress()
        self.news = words("", "muted")
        self.make = button("Create…", "Make an environment for this project", environments.ask_name)
        self.repair = button("Repair", "Make the environment again, with the packages of its list", environments.repair)
        self.lock = button("Lock", "Write the names and versions of all packages beside the flow", environments.lock)
        self.open = button("Packages…", "Show all packages; install, undo, choose another interpreter", self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(heading("Environment of the open flow"))
        column.addWidget(self.project)
        column.addLayout(
            form(
                ("Environment", self.name),
                ("Interpreter", self.interpreter),
                ("Python", self.version),
                ("Packages", self.packages),
                ("Health", self.health),
            )
        )
        column.addLayout(row(self.open, self.make, self.repair, self.lock))
        column.addWidget(self.bar)
        column.addWidget(self.news)
        environments.told.connect(self._say)
        environments.chosen.changed.connect(self.refresh)
        environments.doing.changed.connect(self._progress)
        self.refresh()
        self.bar.setVisible(environments.doing.busy)

    def refresh(self) -> None:
        """Show it as it is."""
        chosen, doing = self._environments.chosen, self._environments.doing
        wanted, project = chosen.wanted, chosen.project
        self.project.setText(
            f"Flows in {project} run in it. flodesk's own packages are shared with it and never changed."
            if project is not None
            else "Save the flow first: an environment belongs to the folder of its file."
        )
        self.name.setText(wanted.name)
        self.interpreter.setText(wanted.python or str(own().root))
        self.version.setText(python_version(wanted))
        if doing.busy:
            tell(self.health, f"{doing.what} …")
        else:
            tell(self.health, chosen.trouble or "Works", "trouble" if chosen.trouble else "")
        for one, may in (
            (self.make, project is not None),
            (self.repair, wanted.ours),
            (self.lock, bool(wanted.python) and not chosen.trouble),
        ):
            one.setEnabled(may and not doing.busy)
        if not doing.busy and self.isVisible():  # others wait for that thread, too
            self._side.do(partial(_count, wanted), self.packages.setText)

    def _progress(self) -> None:
        doing = self._environments.doing
        self.bar.setVisible(doing.busy)
        tell(self.news, doing.step)
        self.refresh()

    def _say(self, text: str, role: str) -> None:
        tell(self.news, text, role)

    def showEvent(self, event: QShowEvent) -> None:
        """Count what is there, which takes a moment, once somebody looks."""
        super().showEvent(event)
        self.refresh()

    def _open(self) -> None:
        self.window().close()
        self._environments.show()


def _count(environment: Environment) -> str:
    """Count what is in it; in the thread."""
    shared = f"{len(shared_of(environment))} of flodesk's own"
    if not environment.python:
        return shared
    yours = len(packages_of(environment))
    return f"{yours} of yours, {shared}" if environment.ours else f"{yours} of the interpreter's"


__all__ = ["ProjectEnvironment"]
