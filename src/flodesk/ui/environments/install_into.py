"""The dialog before an installation into an environment: what it adds and changes; then it is done, or it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from flodesk.engine.environments.environment import Environment, named
from flodesk.engine.environments.links import keep_links
from flodesk.engine.environments.locking import LOCK, as_locked, locked
from flodesk.engine.environments.making import create, remove
from flodesk.engine.environments.passwords import hidden
from flodesk.engine.environments.planning import Changes, install, plan
from flodesk.engine.environments.wheels import NeedsBuildError
from flodesk.engine.environments.work import Work
from flodesk.ui.environments.doing import Doing
from flodesk.ui.environments.pieces import progress, tell, words
from flodesk.ui.theme.style import code_font

T = TypeVar("T")
_CAUTION = "Packages run code when they are installed: install those that you trust."
_BUILD = "Go on only if you trust it. Nothing of it was run yet."


class InstallInto(QDialog):
    """Asks the installer for its plan at once, and does it when a hand says so.

    A plan that cannot be made before something is built is made when a hand agrees to that.

    Parameters
    ----------
    environment : Environment or str
        Where to; or the name of one of ours that is made for this.
    wanted : tuple of str
        Requirements; none is what the lock of the project names.
    wanted_by : str
        Who wants them, in a sentence.
    project : Path, optional
        Whose lock says which versions are taken where that is possible.

    Signals
    -------
    installed : the environment, and what was changed in it
    """

    installed = Signal(object, object)

    def __init__(
        self,
        parent: QWidget,
        doing: Doing,
        environment: Environment | str,
        wanted: tuple[str, ...],
        wanted_by: str,
        project: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("install_into")
        self.setWindowTitle("Install packages")
        self.setMinimumWidth(520)
        self._doing, self._wanted, self._project = doing, wanted, project
        self._new = isinstance(environment, str)
        self._environment = named(environment) if isinstance(environment, str) else environment
        self._made = False
        """Whether the environment was made for this, and goes again if nothing is installed."""
        self._leaving = False
        self._built: tuple[str, ...] = ()
        """What a hand has let be built for the plan."""
        self._to_build: tuple[str, ...] = ()
        """What it is asked for."""
        self._folder = ""
        """A folder of wheels that a hand has chosen for the plan."""
        self.changes: Changes | None = None
        self.heading = words(f"Install {' and '.join(map(hidden, wanted)) or f'what {LOCK} names'}?", "title")
        into = f"Into the environment “{self._environment.name}”"
        self.where = words(
            f"{into}, which is made for this project: flodesk's own packages are shared, and stay as they are."
            if self._new
            else f"{into}. flodesk's own packages stay as they are."
            if self._environment.ours
            else f"Into {self._environment.root}."
        )
        self.list = QPlainTextEdit()
        self.list.setReadOnly(True)
        self.list.setFont(code_font())
        self.list.setAccessibleName("What is installed")
        self.list.setTabChangesFocus(True)
        self.list.setMinimumHeight(110)
        self.bar = progress()
        self.news = words("", "muted")
        buttons = QDialogButtonBox()
        self.cancel: QPushButton = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.install: QPushButton = buttons.addButton("Install", QDialogButtonBox.ButtonRole.AcceptRole)
        self.folder: QPushButton = buttons.addButton("From a folder…", QDialogButtonBox.ButtonRole.ActionRole)
        self.folder.setToolTip("Take wheels from a folder, too: all that there is without a network")
        self.folder.setAutoDefault(False)
        self.folder.clicked.connect(self._choose_folder)
        self.folder.hide()
        self.install.setDefault(True)
        self.install.setEnabled(False)
        self.install.clicked.connect(self._install)
        self.cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        asked = words(wanted_by)
        asked.setVisible(bool(wanted_by))
        for part in (self.heading, asked, self.where, self.list, self.bar, self.news, buttons):
            column.addWidget(part)
        doing.changed.connect(self._progress)
        self._plan()

    # -------------------------------------------------------------- the steps
    def _plan(self) -> None:
        new, environment, wanted, project = self._new, self._environment, self._wanted, self._project
        built, folder = self._built, self._folder

        def ask(work: Work) -> Changes | NeedsBuildError:
            held = locked(project)
            there = create(environment.name, work) if new and not environment.root.exists() else environment
            self._environment = there
            self._made = new
            if folder:
                keep_links(there, [folder])
            try:
                return plan(there, wanted, work, held, built) if wanted else as_locked(there, held, work)
            except NeedsBuildError as needs:
                return needs

        self._do("Looking what would be installed", ask, self._planned)

    def _planned(self, changes: Changes | NeedsBuildError) -> None:
        if isinstance(changes, NeedsBuildError):
            self._ask_to_build(changes)
            return
        self.changes = changes
        self.list.setPlainText("\n".join(changes.lines()) or "Nothing: all of it is there already.")
        lock = " and ".join(f"{name} {version}" for name, version in sorted(changes.departs.items()))
        departs = f"It departs from {LOCK}, which has {lock}: lock anew after it. " if lock else ""
        where = " and ".join(changes.links)
        if changes.links:
            where = f"From {where}{' alone: the package index cannot be reached' if changes.is_alone else ', too'}. "
        if changes.gone:
            where += f"Not looked into, for want of being there: {' and '.join(changes.gone)}. "
        tell(self.news, f"{changes.words()} {where}{departs}{_CAUTION}" if not changes.is_none else changes.words())
        self.install.setText("Use the environment" if changes.is_none and self._new else "Install")
        self.install.setEnabled(not changes.is_none or self._new)
        self.install.setFocus()

    def _ask_to_build(self, needs: NeedsBuildError) -> None:
        self._to_build = needs.names
        self.list.setPlainText("\n".join(f"? {hidden(name)}, only as source" for name in needs.names))
        tell(self.news, f"{needs} {_BUILD}")
        self.install.setText("Run the build" if len(needs.names) == 1 else "Run the builds")
        self.install.setEnabled(True)
        self.cancel.setFocus()  # whoever presses Enter unread has agreed to nothing

    def _choose_folder(self) -> None:
        start = str(self._project or Path.home())
        if folder := QFileDialog.getExistingDirectory(self, "Choose a folder of wheels", start):
            self._folder, self.changes = folder, None
            self._plan()

    def _install(self) -> None:
        changes = self.changes
        self._built, self._to_build = (*self._built, *self._to_build), ()
        if changes is None:
            self._plan()
            return
        environment = self._environment
        self._do("Installing", lambda work: install(environment, changes, work), lambda _: self._done(changes))

    def _done(self, changes: Changes) -> None:
        self._made = False
        self.installed.emit(named(self._environment.name) if self._environment.ours else self._environment, changes)
        self.accept()

    def _do(self, what: str, work: Callable[[Work], T], then: Callable[[T], object]) -> None:
        self.install.setEnabled(False)
        self.folder.hide()
        self.cancel.setText("Cancel")
        self._doing.do(what, work, then, self._failed)

    def _failed(self, why: str) -> None:
        self.bar.hide()
        if self._leaving:
            self.reject()
            return
        self.cancel.setText("Close")
        self.folder.setVisible(self._environment.ours and bool(self._wanted))
        self.install.setText("Try again")
        self.install.setEnabled(True)
        tell(self.news, why or "It was stopped.", "error" if why else "muted")

    def _progress(self) -> None:
        self.bar.setVisible(self._doing.busy)
        if self._doing.busy:
            tell(self.news, self._doing.step or f"{self._doing.what} …")

    # -------------------------------------------------------------- the end
    def reject(self) -> None:
        """Stop what is being done, or close."""
        if self._doing.busy:
            self._leaving = True
            self._doing.stop()
            return
        self._leave()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave no environment behind that nothing was put into."""
        self._doing.stop()
        self._leave()
        super().closeEvent(event)

    def _leave(self) -> None:
        if self._made:
            self._made, environment = False, self._environment
            self._doing.look(lambda: remove(environment), lambda _: None)


__all__ = ["InstallInto"]
