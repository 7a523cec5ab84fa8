"""The dialog of a project's environment: which one it is, what is in it, and what can be done with it."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QTextCursor
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from flodesk.engine.environments.environment import (
    Environment,
    named,
    names,
    own,
    packages_of,
    record_of,
    shared_of,
    size_of,
    version,
)
from flodesk.engine.environments.links import holds_packages, links_of
from flodesk.engine.environments.locking import LOCK
from flodesk.engine.environments.requirements import requirements_in
from flodesk.engine.folders import FolderError
from flodesk.ui.canvas.hover_card import bytes_text
from flodesk.ui.environments.chosen import Chosen, keeps_own
from flodesk.ui.environments.doing import Doing
from flodesk.ui.environments.pieces import button, progress, tell, words
from flodesk.ui.theme.style import code_font

_COLUMNS = ("Package", "Version", "Whose")
_LINES = 2
"""So many lines have room for what is told."""


class Deeds(Protocol):
    """What the buttons do; see `Environments`."""

    def ask_name(self) -> None: ...
    def choose_interpreter(self) -> None: ...
    def install(self, wanted: tuple[str, ...], wanted_by: str) -> None: ...
    def choose_folder(self) -> None: ...
    def take_from(self, *folders: str) -> None: ...
    def undo(self) -> None: ...
    def repair(self) -> None: ...
    def lock(self) -> None: ...
    def install_locked(self) -> None: ...
    def remove(self) -> None: ...


class EnvironmentDialog(QDialog):
    """Shows the environment that is chosen. A choice in it counts at once."""

    def __init__(self, parent: QWidget, chosen: Chosen, doing: Doing, deeds: Deeds) -> None:
        super().__init__(parent)
        self.setObjectName("environment")
        self.setWindowTitle("Environment")
        self.resize(620, 600)
        self._chosen, self._doing, self._deeds = chosen, doing, deeds
        self._shown: object = None
        self.heading = words("", "title")
        self.what = words(
            "The engine, its workers and what reads packages run in it. flodesk's own packages are shared with it and "
            "never changed.",
            "muted",
        )
        self.pick = QComboBox()
        self.pick.setAccessibleName("Environment")
        self.pick.activated.connect(self._picked)
        self.interpreter, self.room, self.links = words(), words(), words()
        self.trouble = words("", "trouble")
        self.list = QTreeWidget()
        self.list.setHeaderLabels(_COLUMNS)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName("Packages")
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Install a package: its name, name>=1.2, or the path of a wheel")
        self.field.setAcceptDrops(False)  # the dialog takes what is dropped
        self.setAcceptDrops(True)
        self.field.setAccessibleName("Package to install")
        self.field.returnPressed.connect(self._install)
        self.field.textChanged.connect(lambda: self._allow())
        self.bar = progress()
        self.news = words("", "muted")
        self.news.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setFont(code_font())
        self.details.setAccessibleName("What the installer has printed")
        self.details.setTabChangesFocus(True)
        self.details.setFixedHeight(96)
        self.details.hide()
        self._make_buttons()
        self._lay_out()
        doing.changed.connect(self._progress)
        chosen.changed.connect(self.refresh)
        self.refresh()

    def _make_buttons(self) -> None:
        deeds = self._deeds
        self.make = button("Create…", "Make an environment for this project, with nothing in it yet", deeds.ask_name)
        self.interpreter_of = button(
            "Choose an interpreter…", "Take a Python that is there: flodesk has to be installed in it",
            deeds.choose_interpreter,
        )  # fmt: skip
        self.install = button("Install…", "Show what an installation adds and changes, and do it then", self._install)
        self.from_folder = button(
            "From a folder…", "Take wheels from a folder, too: all that there is without a network", deeds.choose_folder
        )
        self.from_index = button("From the index alone", "Forget the folder of wheels", deeds.take_from)
        self.undo = button("Undo installation", "Put back what was there before the last installation", deeds.undo)
        self.repair = button("Repair", "Make the environment again, with the packages of its list", deeds.repair)
        self.lock = button("Lock", "Write the names and versions of all packages beside the flow", deeds.lock)
        self.as_locked = button(
            "Install as locked…", f"Show what brings it to the versions of {LOCK}, and do it then", deeds.install_locked
        )
        self.remove = button("Remove", "Take this environment away with all that is in it", deeds.remove)
        self.more = button("Details", "Show what the installer has printed, line by line", self._show_details)
        self.more.setCheckable(True)
        self.stop = button("Stop", "End what is being done", self._doing.stop)
        self.close_button = button("Close", "Close this", self.close)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow("Environment", self.pick)
        form.addRow("Interpreter", self.interpreter)
        form.addRow("Size", self.room)
        from_where = QHBoxLayout()
        from_where.setSpacing(8)
        from_where.addWidget(self.links, 1)
        from_where.addWidget(self.from_index)
        from_where.addWidget(self.from_folder)
        form.addRow("Wheels from", from_where)
        rows = QGridLayout()
        rows.setSpacing(8)
        parts = (self.make, self.interpreter_of, self.undo, self.repair, self.lock, self.as_locked, self.remove)
        for number, one in enumerate(parts):
            rows.addWidget(one, number // 4, number % 4)
        asked = QHBoxLayout()
        asked.setSpacing(8)
        asked.addWidget(self.field, 1)
        asked.addWidget(self.install)
        foot = QHBoxLayout()
        foot.addWidget(self.more)
        foot.addStretch(1)
        foot.addWidget(self.stop)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addWidget(self.heading)
        column.addWidget(self.what)
        column.addLayout(form)
        column.addWidget(self.trouble)
        column.addWidget(self.list, 1)
        column.addLayout(asked)
        column.addLayout(rows)
        column.addWidget(self.bar)
        column.addWidget(self.news)
        column.addWidget(self.details)
        column.addLayout(foot)

    def event(self, event: QEvent) -> bool:
        """Keep room for what is told, in the height of the font: nothing moves when it takes two lines."""
        if event.type() in (QEvent.Type.Polish, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.news.setMinimumHeight(_LINES * self.news.fontMetrics().lineSpacing() + 2)
        return super().event(event)

    # -------------------------------------------------------------- what is shown
    def open_anew(self) -> None:
        """Come to the front; of what was done before it was closed nothing is told any more."""
        if not self.isVisible() and not self._doing.busy:
            self.say("")
            self._doing.lines.clear()
            self._list_details()
        self.refresh()
        self.show()
        self.come_back()

    def come_back(self) -> None:
        """Take the keys: a question above it is answered, or something is done."""
        self.raise_()
        self.activateWindow()
        fields = (self.field, self.pick, self.list)
        next((one for one in fields if one.isEnabled()), self.close_button).setFocus()

    def refresh(self) -> None:
        """Show the environment that is chosen, as it is on the disk."""
        chosen, wanted = self._chosen, self._chosen.wanted
        project = chosen.project
        self.heading.setText(f"Packages for {project.name}" if project else "Packages for flows without a file")
        self.pick.clear()
        self.pick.addItem(own().name, "")
        try:
            for name in names():
                self.pick.addItem(name, name)
        except FolderError as error:
            tell(self.news, str(error), "error")
        if wanted.python and self.pick.findText(wanted.name) < 0:
            self.pick.addItem(wanted.name, wanted)
        self.pick.setCurrentIndex(max(0, self.pick.findText(wanted.name)))
        self.trouble.setText(f"{chosen.trouble} Flows run in flodesk's own for now." if chosen.trouble else "")
        self.trouble.setVisible(bool(chosen.trouble))
        self.interpreter.setText(f"{wanted.python or own().root} (Python {python_version(wanted)})")
        self.room.setText("…" if wanted.ours else "not flodesk's to measure" if wanted.python else "as installed")
        links = links_of(wanted)
        # the name alone: a whole path would make the dialog as wide as it is long
        self.links.setText(", ".join((*(Path(one).name or one for one in links), "the package index")))
        self.links.setToolTip("\n".join(links))
        self.from_index.setVisible(bool(links))
        self._shown = wanted
        self._allow()
        self._doing.look(partial(_look, wanted), partial(self._looked, wanted))

    def _looked(self, environment: Environment, found: tuple[dict[str, str], dict[str, str], int]) -> None:
        if self._shown is not environment:
            return
        yours, shared, size = found
        self.list.clear()
        whose = "yours" if environment.ours else "the interpreter's"
        rows = [*((n, v, whose) for n, v in yours.items()), *((n, v, "flodesk's") for n, v in shared.items())]
        self.list.addTopLevelItems([QTreeWidgetItem(list(row)) for row in rows])
        if environment.ours:
            packages = "package" if len(yours) == 1 else "packages"
            self.room.setText(f"{bytes_text(size)}, {len(yours)} {packages} of yours")

    def _allow(self) -> None:
        """Let those buttons be pressed that can do something."""
        busy, wanted = self._doing.busy, self._chosen.wanted
        project, ours = self._chosen.project is not None, wanted.ours
        there = bool(wanted.python) and not self._chosen.trouble
        able: dict[QWidget, bool] = {
            self.make: project, self.interpreter_of: project, self.pick: project,
            self.install: there and bool(self.field.text().strip()), self.field: there,
            self.undo: ours and there and bool(record_of(wanted.root).before), self.repair: ours, self.lock: there,
            self.as_locked: self._chosen.project is not None and (self._chosen.project / LOCK).is_file(),
            self.remove: ours, self.from_folder: ours and there, self.from_index: ours and there,
        }  # fmt: skip
        for one, may in able.items():
            one.setEnabled(may and not busy)
        self.stop.setVisible(busy)
        self.field.setToolTip("" if there else "Create an environment first")
        if not project and not busy:
            tell(self.news, "Save the flow first: an environment belongs to the folder of its file.")
        elif not wanted.python and not busy and not self.news.text():
            tell(self.news, _without_environment())

    def say(self, text: str, role: str = "muted") -> None:
        """Show what came of something, and go on in the field: what had the keys could not be used meanwhile."""
        tell(self.news, text, role)
        if self.isActiveWindow():
            self.come_back()

    def _progress(self) -> None:
        self.bar.setVisible(self._doing.busy)
        self._allow()
        if self._doing.busy:
            tell(self.news, self._doing.step or f"{self._doing.what} …")
        self._list_details()

    def _list_details(self) -> None:
        self.more.setEnabled(bool(self._doing.lines) or self.more.isChecked())
        if self.more.isChecked():
            self.details.setPlainText("\n".join(self._doing.lines))
            self.details.moveCursor(QTextCursor.MoveOperation.End)

    def _show_details(self) -> None:
        self.details.setVisible(self.more.isChecked())
        self._list_details()

    # -------------------------------------------------------------- what a hand does
    def _picked(self, index: int) -> None:
        picked = self.pick.itemData(index)
        if isinstance(picked, Environment):
            self._chosen.choose(picked)
        else:
            self._chosen.choose(named(picked) if picked else own())

    def _install(self) -> None:
        text = self.field.text().strip()
        if not text or not self.install.isEnabled():
            return
        asked = requirements_in(text, self._chosen.project)
        folders = [one for one in asked if Path(one).is_absolute() and holds_packages(Path(one))]
        self.field.clear()
        if folders:
            rest = [one for one in asked if one not in folders]
            self.field.setText(" ".join(f'"{one}"' if " " in one and Path(one).exists() else one for one in rest))
            self._deeds.take_from(*folders)
        else:
            self._deeds.install(asked, "")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let files and folders of this computer be dropped."""
        if self.field.isEnabled() and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped as if it were typed: a folder of wheels, or wheels."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        self.field.setText(" ".join(f'"{path}"' for path in paths))
        event.acceptProposedAction()
        self._install()


def _without_environment() -> str:
    """Say where packages go as long as the project has no environment."""
    if keeps_own():
        return "To install packages, create an environment: flodesk's own stays as it is."
    return (
        "To install packages for this project alone, create an environment. "
        f"Without one, Install… at a problem puts them beside flodesk: {sys.prefix}."
    )


def _look(environment: Environment) -> tuple[dict[str, str], dict[str, str], int]:
    """Find out what is in it; in the thread."""
    if not environment.python:
        return {}, shared_of(environment), 0
    return packages_of(environment), shared_of(environment), size_of(environment)


def python_version(environment: Environment) -> str:
    """Return the version of its Python, from what lies on the disk; ``?`` where that does not tell."""
    if environment.ours:
        return record_of(environment.root).python or "?"
    if environment.python:
        found = next((part for part in map(Path, environment.path) if part.parent.name.startswith("python3")), None)
        return found.parent.name.removeprefix("python") if found is not None else "?"
    return version()


__all__ = ["EnvironmentDialog", "python_version"]
