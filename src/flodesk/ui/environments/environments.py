"""The verbs about environments: what the commands, the dialog and the install buttons of a window do."""

from __future__ import annotations

import html
import os
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from flodesk.engine.environments.choices import is_settled, users_of
from flodesk.engine.environments.environment import (
    Environment,
    free_name,
    own,
    record_of,
)
from flodesk.engine.environments.interpreter import Looked, look_at
from flodesk.engine.environments.links import keep_links
from flodesk.engine.environments.locking import LOCK, lock, locked
from flodesk.engine.environments.making import create, remove, repair
from flodesk.engine.environments.planning import Changes, lacking, undo, unfit_python
from flodesk.engine.environments.project import beside
from flodesk.engine.environments.work import Work
from flodesk.engine.folders import FolderError
from flodesk.flow.document import Change, Document
from flodesk.ui.environments.chosen import Chosen
from flodesk.ui.environments.dialog import EnvironmentDialog
from flodesk.ui.environments.doing import Doing
from flodesk.ui.environments.install_into import InstallInto
from flodesk.ui.environments.new_name import NewName
from flodesk.ui.message_bar import MessageBar
from flodesk.ui.run import Run


class Environments(QObject):
    """Does them for the open flow's project.

    Signals
    -------
    said : a line for the log, and its level
    told : what came of something, and the role of its words
    installed : something was installed, or taken away
    """

    said = Signal(str, str)
    told = Signal(str, str)
    installed = Signal(str)

    def __init__(self, window: QWidget, document: Document, chosen: Chosen, run: Run, bar: MessageBar) -> None:
        super().__init__(window)
        self._window, self._document, self.chosen, self._run, self._bar = window, document, chosen, run, bar
        self.doing = Doing(self)
        self.doing.said.connect(self.said)
        self.dialog: EnvironmentDialog | None = None
        self.asking: InstallInto | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._look)
        document.listeners.append(self._follow)
        chosen.troubled.connect(self._troubled)
        chosen.unkept.connect(self._failed)
        if chosen.trouble:
            self._soon.start()

    # -------------------------------------------------------------- what is offered when a flow opens
    def _follow(self, change: Change) -> None:
        if change.kind == "open" and not change.again:
            self._soon.start()

    def _look(self) -> None:
        """Say what is wrong with the environment, or what is missing in it; one thing, in one line."""
        project, now = self.chosen.project, self.chosen.now
        if self.chosen.trouble:
            self._troubled(self.chosen.trouble)
            return
        if project is None:
            return
        if not now.python and not is_settled(project) and (python := beside(project)):
            words = (
                f"A virtual environment lies beside this flow ({Path(python).parents[1].name}). Flows could run in it."
            )
            actions = (("Use it", partial(self.use, python)), ("Do without", self._without))
            self._bar.show_message(words, "info", actions)
            return
        header = self._document.flow.header
        if why := unfit_python(now, header.requires_python):
            self._bar.show_message(f"{why} Choose another one for it.", "warning", (("Environment…", self.show),))
            return
        wanted = header.dependencies
        if any(entry.strip() != "flodesk" for entry in wanted):
            self.doing.look(partial(lacking, now, wanted), partial(self._lacks, wanted))

    def _lacks(self, asked: tuple[str, ...], missing: tuple[str, ...]) -> None:
        if not missing or asked != self._document.flow.header.dependencies or self._bar.text:
            return
        listed = ", ".join(missing)
        words = f"The header of this flow names what is not there: {listed}."
        do = partial(self.install, missing, "The header of this flow names them.")
        self._bar.show_message(words, "warning", (("Install…", do),))

    def _troubled(self, why: str) -> None:
        ours = self.chosen.wanted.ours
        actions = (("Repair", self.repair),) if ours else ()
        self._bar.show_message(
            f"{why} Flows run in flodesk's own environment for now.", "error", (*actions, ("Environment…", self.show))
        )

    def _without(self) -> None:
        self._bar.clear()
        self.chosen.choose(own())

    # -------------------------------------------------------------- verbs
    def show(self) -> None:
        """Open the dialog."""
        if self.dialog is None:
            self.dialog = EnvironmentDialog(self._window, self.chosen, self.doing, self)
        self.dialog.open_anew()

    def suggested(self) -> str:
        """Return a name for a new environment of the project."""
        project = self.chosen.project
        try:
            return free_name(project.name if project is not None else "flows")
        except FolderError:
            return "flows"

    def ask_name(self) -> None:
        """Ask what a new environment of the project is to be called, and make it."""
        name = NewName(self._front(), self.suggested())
        name.given.connect(self.create)
        name.finished.connect(self._return)
        name.open()

    def create(self, name: str) -> None:
        """Make an environment, and choose it for the project."""

        def made(environment: Environment) -> None:
            self.chosen.choose(environment)
            self._tell(f"The environment “{environment.name}” is made. What is installed goes into it from now on.")

        self.doing.do("Making the environment", partial(create, name), made, self._failed)

    def choose_interpreter(self) -> None:
        """Let an interpreter be chosen, and look whether flows can run in it."""
        title = "Choose a Python with flodesk in it"
        python, _ = QFileDialog.getOpenFileName(self._front(), title, str(self.chosen.project or Path.home()))
        self._return()
        if python:
            self.use(python)

    def use(self, python: str) -> None:
        """Run the flows of this project in an interpreter, if they can."""
        # not resolved: what lies in a virtual environment is a link to the Python that it was made of
        at = os.path.abspath(python)  # noqa: PTH100
        self.doing.do("Looking at the interpreter", lambda work: look_at(at), self._used, self._failed)

    def _used(self, looked: Looked) -> None:
        if not looked.trouble:
            self._bar.clear()
            self.chosen.choose(looked.environment)
            self._tell(f"The flows of this project run in {looked.environment.python} from now on.")
        elif looked.install:
            do = partial(self._install_there, looked)
            self._bar.show_message(f"{looked.trouble} Flows cannot run in it.", "warning", (("Install flodesk…", do),))
            self._tell(f"{looked.trouble} It can be installed there: see the message above the canvas.", "error")
        else:
            self._failed(looked.trouble)

    def _install_there(self, looked: Looked) -> None:
        self._bar.clear()
        self._ask(looked.environment, (looked.install,), looked.trouble, then=looked.environment.python)

    def install(self, wanted: tuple[str, ...], wanted_by: str) -> None:
        """Show what it means to install something for this project; nothing is done before a hand says so."""
        if self.chosen.trouble:
            self._troubled(self.chosen.trouble)
            return
        self._ask(self.chosen.now if self.chosen.now.python else self.suggested(), wanted, wanted_by)

    def _ask(self, into: Environment | str, wanted: tuple[str, ...], wanted_by: str, then: str = "") -> None:
        if self.doing.busy or (self.asking is not None and self.asking.isVisible()):
            self._failed("Something else is being done: wait for its end, or stop it.")
            return
        try:
            self.asking = asking = InstallInto(self._front(), self.doing, into, wanted, wanted_by, self.chosen.project)
        except FolderError as error:
            self._failed(str(error))
            return
        asking.installed.connect(partial(self._installed, then))
        asking.finished.connect(self._return)
        asking.open()

    def _installed(self, then: str, environment: Environment, changes: Changes) -> None:
        if then:
            self.use(then)
            return
        if self.chosen.wanted != environment:
            self.chosen.choose(environment)
        again: tuple[tuple[str, object], ...] = ()
        if self._run.active:
            again = (("Restart the engine", self._restart),)
        else:
            self._run.restart_engine()
        names = " and ".join(changes.wanted)
        self.installed.emit(names)
        words = f"{names} is installed in “{environment.name}”: {changes.words()}"
        back = (("Undo this installation", self.undo),) if record_of(environment.root).before else ()
        self._bar.show_message(words, "info", (*again, *back))  # type: ignore[arg-type]
        self._tell(words)

    def _restart(self) -> None:
        self._bar.clear()
        self._run.restart_engine()

    def undo(self) -> None:
        """Put back what was there before the last installation."""
        environment = self.chosen.wanted

        def back(changed: tuple[str, ...]) -> None:
            self.installed.emit("")
            if not self._run.active:
                self._run.restart_engine()
            self._bar.clear()
            self._tell(f"As it was before the installation: {', '.join(changed) or 'nothing had changed'}.")

        self.doing.do("Undoing the installation", partial(undo, environment), back, self._failed)

    def repair(self) -> None:
        """Make the environment again from its list, with the versions of the project's lock."""
        environment, project = self.chosen.wanted, self.chosen.project

        def again(work: Work) -> Environment:
            return repair(environment, work, locked(project))

        def made(_: Environment) -> None:
            self.chosen.apply()
            self._bar.clear()
            self.installed.emit("")
            self._tell(f"The environment “{environment.name}” is made again.")

        self._bar.dismiss()
        self.doing.do("Repairing the environment", again, made, self._failed)

    def choose_folder(self) -> None:
        """Let a folder of wheels be chosen, for the environment to install from."""
        folder = QFileDialog.getExistingDirectory(
            self._front(), "Choose a folder of wheels", str(self.chosen.project or Path.home())
        )
        self._return()
        if folder:
            self.take_from(folder)

    def take_from(self, *folders: str) -> None:
        """Install into the environment from these folders, too, from now on; without any from the index alone."""
        environment = self.chosen.now

        def kept(_: None) -> None:
            listed = " and ".join(str(Path(folder)) for folder in folders)
            self._tell(
                f"Wheels are taken from {listed}, too; without a network from nowhere else. Type what to install."
                if folders
                else "Packages are taken from the package index alone."
            )

        self.doing.do("Looking into the folder", lambda work: keep_links(environment, folders), kept, self._failed)

    def install_locked(self) -> None:
        """Show what it means to install what the lock of the project names."""
        self.install((), f"{LOCK} of this project names these versions.")

    def lock(self) -> None:
        """Write names and versions of all packages into a file beside the flow."""
        project, environment = self.chosen.project, self.chosen.now
        if project is None:
            return
        file = project / LOCK
        self.doing.do(
            "Writing the versions", lambda work: lock(environment, file),
            lambda _: self._tell(f"All versions stand in {file}."), self._failed,
        )  # fmt: skip

    def remove(self) -> None:
        """Take the environment away, if no other project runs in it."""
        environment, project = self.chosen.wanted, self.chosen.project
        others = users_of(environment, but=project)
        if others:
            self._failed(f"“{environment.name}” is also that of {', '.join(others)}: choose another one there first.")
            return
        if not self._may_remove(environment):
            return
        self.chosen.choose(own())  # before: nothing of it is in use then

        def gone(_: None) -> None:
            self.chosen.apply()
            self._tell(f"The environment “{environment.name}” is gone.")

        self.doing.do("Removing the environment", lambda work: remove(environment), gone, self._failed)

    def _may_remove(self, environment: Environment) -> bool:
        box = QMessageBox(self._front())
        box.setObjectName("remove_environment")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Remove")  # the box is narrow, and its text says what
        box.setText(f"<b>Remove the environment “{html.escape(environment.name)}”?</b>")
        box.setInformativeText(
            "What is installed in it goes with it, and this project runs in flodesk's own environment then. Lock "
            "writes down beside the flow what there was."
        )
        wanted = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        self._return()
        return clicked is wanted

    # -------------------------------------------------------------- where it is shown
    def _front(self) -> QWidget:
        """Return what a question stands above: window managers go back to it when that is answered."""
        return self.dialog if self.dialog is not None and self.dialog.isVisible() else self._window

    def _return(self) -> None:
        """Go on in the dialog, if it is open, and not in the code behind it."""
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.come_back()

    # -------------------------------------------------------------- what is told
    def _tell(self, words: str, role: str = "muted") -> None:
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.refresh()
            self.dialog.say(words, role)
        self.told.emit(words, role)
        self.said.emit(words, "error" if role == "error" else "info")

    def _failed(self, why: str) -> None:
        words = why or "It was stopped."
        self.told.emit(words, "error" if why else "muted")
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.refresh()
            self.dialog.say(words, "error" if why else "muted")
        else:
            self._bar.show_message(words, "error" if why else "info", (("Environment…", self.show),))

    def close(self) -> None:
        """End what is being done: the window goes."""
        self._soon.stop()
        for dialog in (self.asking, self.dialog):
            if dialog is not None:
                dialog.close()
        self.doing.close()


__all__ = ["Environments"]
