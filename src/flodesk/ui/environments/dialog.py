"""The dialog of a project's environment: which one it is, what is in it, and what can be done with it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
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
from flodesk.engine.folders import FolderError
from flodesk.ui.environments.chosen import Chosen
from flodesk.ui.environments.doing import Doing
from flodesk.ui.environments.pieces import button, progress, tell, words

_COLUMNS = ("Package", "Version", "Whose")


class Deeds(Protocol):
    """What the buttons do; see `Environments`."""

    def create(self, name: str) -> None: ...
    def suggested(self) -> str: ...
    def choose_interpreter(self) -> None: ...
    def install(self, wanted: tuple[str, ...], wanted_by: str) -> None: ...
    def undo(self) -> None: ...
    def repair(self) -> None: ...
    def lock(self) -> None: ...
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
        self.interpreter, self.room = words(), words()
        self.trouble = words("", "error")
        self.list = QTreeWidget()
        self.list.setHeaderLabels(_COLUMNS)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName("Packages")
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Install a package: its name, or name>=1.2")
        self.field.setAccessibleName("Package to install")
        self.field.returnPressed.connect(self._install)
        self.field.textChanged.connect(lambda: self._allow())
        self.bar = progress()
        self.news = words("", "muted")
        self._make_buttons()
        self._lay_out()
        doing.changed.connect(self._progress)
        chosen.changed.connect(self.refresh)
        self.refresh()

    def _make_buttons(self) -> None:
        deeds = self._deeds
        self.make = button("Create…", "Make an environment for this project, with nothing in it yet", self._create)
        self.interpreter_of = button(
            "Choose an interpreter…", "Take a Python that is there: flodesk has to be installed in it",
            deeds.choose_interpreter,
        )  # fmt: skip
        self.install = button("Install…", "Show what an installation adds and changes, and do it then", self._install)
        self.undo = button("Undo installation", "Put back what was there before the last installation", deeds.undo)
        self.repair = button("Repair", "Make the environment again, with the packages of its list", deeds.repair)
        self.lock = button("Lock", "Write the names and versions of all packages beside the flow", deeds.lock)
        self.remove = button("Remove", "Take this environment away with all that is in it", deeds.remove)
        self.stop = button("Stop", "End what is being done", self._doing.stop)
        self.close_button = button("Close", "Close this", self.close)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow("Environment", self.pick)
        form.addRow("Interpreter", self.interpreter)
        form.addRow("Size", self.room)
        rows = QGridLayout()
        rows.setSpacing(8)
        for number, one in enumerate((self.make, self.interpreter_of, self.undo, self.repair, self.lock, self.remove)):
            rows.addWidget(one, number // 3, number % 3)
        asked = QHBoxLayout()
        asked.setSpacing(8)
        asked.addWidget(self.field, 1)
        asked.addWidget(self.install)
        foot = QHBoxLayout()
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
        column.addLayout(foot)

    # -------------------------------------------------------------- what is shown
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
        self.interpreter.setText(f"{wanted.python or own().root} (Python {_version(wanted)})")
        self.room.setText("…" if wanted.ours else "not flodesk's to measure" if wanted.python else "as installed")
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
            self.room.setText(f"{size / 1e6:,.1f} MB, {len(yours)} packages of yours")

    def _allow(self) -> None:
        """Let those buttons be pressed that can do something."""
        busy, wanted = self._doing.busy, self._chosen.wanted
        project, ours = self._chosen.project is not None, wanted.ours
        there = bool(wanted.python) and not self._chosen.trouble
        able: dict[QWidget, bool] = {
            self.make: project, self.interpreter_of: project, self.pick: project,
            self.install: there and bool(self.field.text().strip()), self.field: there,
            self.undo: ours and there and bool(record_of(wanted.root).before), self.repair: ours, self.lock: there,
            self.remove: ours,
        }  # fmt: skip
        for one, may in able.items():
            one.setEnabled(may and not busy)
        self.stop.setVisible(busy)
        self.field.setToolTip("" if there else "Create an environment first: flodesk's own stays as it is")
        if not project and not busy:
            tell(self.news, "Save the flow first: an environment belongs to the folder of its file.")

    def say(self, text: str, role: str = "muted") -> None:
        """Show what came of something."""
        tell(self.news, text, role)

    def _progress(self) -> None:
        self.bar.setVisible(self._doing.busy)
        self._allow()
        if self._doing.busy:
            tell(self.news, self._doing.last or f"{self._doing.what} …")

    # -------------------------------------------------------------- what a hand does
    def _picked(self, index: int) -> None:
        picked = self.pick.itemData(index)
        if isinstance(picked, Environment):
            self._chosen.choose(picked)
        else:
            self._chosen.choose(named(picked) if picked else own())

    def _create(self) -> None:
        self._deeds.create(self._deeds.suggested())

    def _install(self) -> None:
        text = self.field.text().strip()
        if text and self.install.isEnabled():
            self._deeds.install(tuple(part.strip() for part in text.split(" ") if part.strip()), "")
            self.field.clear()


def _look(environment: Environment) -> tuple[dict[str, str], dict[str, str], int]:
    """Find out what is in it; in the thread."""
    if not environment.python:
        return {}, shared_of(environment), 0
    return packages_of(environment), shared_of(environment), size_of(environment)


def _version(environment: Environment) -> str:
    if environment.ours:
        return record_of(environment.root).python or "?"
    if environment.python:
        found = next((part for part in map(Path, environment.path) if part.parent.name.startswith("python3")), None)
        return found.parent.name.removeprefix("python") if found is not None else "?"
    return version()


__all__ = ["EnvironmentDialog"]
