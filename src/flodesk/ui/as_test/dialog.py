"""The dialog in which a run becomes a test: where, what is compared, what is left out and why; then the second run."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from flodesk.engine.expected.files import beside
from flodesk.engine.expected.saving import Given, Saved, same_file, save_test, taken_by_other
from flodesk.engine.expected.trial import Giving
from flodesk.flow.model import Flow
from flodesk.ui.save_dialog import may_replace
from flodesk.ui.side_thread import SideThread

FOLDER = "tests"
"""Where tests stand, beside the flow; what pytest and ``flodesk test`` look into by themselves."""
_ROWS = 300
"""Of a flow with more left out, so many are listed: that takes less than a frame."""
_SECOND = "Save runs the flow a second time, to see what comes out differently. What it writes, it writes again."


class AsTestDialog(QDialog):
    """Asks where. `over` gives a `Saved`.

    Parameters
    ----------
    path : Path
        The flow.
    unsaved : bool
        Whether its file does not have yet what has run.
    python : str
        The interpreter that it has run in; empty is this one.
    """

    over = Signal(object)

    def __init__(self, parent: QWidget, path: Path, *, unsaved: bool, python: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("as_test")
        self.setWindowTitle("Save run as test")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._path, self._unsaved, self._python = path, unsaved, python
        self._flow: Flow | None = None
        self._given: Given | None = None
        self._giving: Giving | None = None
        self._side = SideThread(self)
        self.name = QLineEdit(path.stem)
        self.name.setAccessibleName("Name")
        folder = path.parent if path.parent.name == FOLDER else path.parent / FOLDER
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName("Folder")
        self.choose = QPushButton("Choose…")
        self.choose.setAutoDefault(False)
        self.what = _words("Looking at what the run has given …", "")
        self.left_out = QTreeWidget()
        self.left_out.setHeaderLabels(["Left out", "Why"])
        self.left_out.setRootIsDecorated(False)
        self.left_out.setUniformRowHeights(True)
        self.left_out.setAccessibleName("What is left out")
        self.left_out.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.left_out.header().setResizeContentsPrecision(0)  # those in sight: each row that is asked takes its time
        self.left_out.hide()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.news = _words(_SECOND)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Save | buttons.Cancel)
        self.save: QPushButton = self.buttons.button(buttons.Save)
        self.save.setEnabled(False)
        self._lay_out()
        self.choose.clicked.connect(self._choose)
        self.name.textChanged.connect(self._typed)
        self.folder.textChanged.connect(self._typed)
        self.buttons.accepted.connect(self._begin)
        self.buttons.rejected.connect(self.reject)
        self.name.selectAll()

    def _lay_out(self) -> None:
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(self.folder, 1)
        place.addWidget(self.choose)
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow("Name", self.name)
        form.addRow("Folder", place)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addWidget(
            _words(
                "What this run has given is expected of the flow from now on: flodesk test, and pytest, run a copy of "
                "it and name the first node that differs."
            )
        )
        column.addLayout(form)
        column.addWidget(self.what)
        column.addWidget(self.left_out, 1)
        for part in (self.bar, self.news, self.buttons):
            column.addWidget(part)
        self.setMinimumWidth(560)

    # -------------------------------------------------------------- what there is
    def show_given(self, flow: Flow, given: Given) -> None:
        """Show what of a run is compared and what is left out; from now on it can be saved."""
        self._flow, self._given = flow, given
        many, out = len(given.nodes), len(given.left_out)
        compared = "1 value is compared" if many == 1 else f"{many:,} values are compared"
        if not many:
            compared = "No value is the same in each run: the test sees only whether the flow runs"
        self.what.setText(f"{compared}, {out:,} left out:" if out else f"{compared}.")
        listed = [[name, f"{why[0].upper()}{why[1:]}"] for name, why in islice(given.left_out.items(), _ROWS)]
        if out > _ROWS:
            listed.append([f"and {out - _ROWS:,} more", "They stand in the file"])
        self.left_out.addTopLevelItems([QTreeWidgetItem(row) for row in listed])
        self.left_out.setVisible(bool(out))
        self.bar.hide()
        self._typed()
        self.adjustSize()

    def refuse(self, words: str) -> None:
        """Say why there is nothing to be saved."""
        self.bar.hide()
        self.what.hide()
        self._say(words, "error")

    @property
    def target(self) -> Path:
        """The copy of the flow that is to be the test."""
        name = self.name.text().strip().removesuffix(".py")
        folder = os.path.expanduser(self.folder.text().strip())  # noqa: PTH111 - that of a Path raises for ~nobody
        return self._path.parent / folder / f"{name}.py"

    def _typed(self) -> None:
        wrong = self._wrong()
        self.save.setEnabled(self._given is not None and not wrong)
        if wrong:
            self._say(wrong, "error")
        elif beside(self.target).exists():
            self._say(f"There is a test of this name, and you are asked before it is replaced. {_SECOND}")
        else:
            self._say(_SECOND)

    def _wrong(self) -> str:
        name = self.name.text().strip().removesuffix(".py")
        if not name or not self.folder.text().strip():
            return "A test needs a name and a folder."
        if name != Path(name).name or name.startswith("."):
            return "A name has no slash, and does not begin with a point. The folder stands below."
        if why := _unusable(beside(self.target)):
            return f"This name or folder cannot be used: {why}. Choose another one."
        if taken_by_other(self.target, self._path):
            return f"There is a file {self.target.name} that is no test: choose another name or folder."
        if self._unsaved and same_file(self.target, self._path):
            return "This is the flow itself, and it has unsaved changes: save it first, or choose another folder."
        return ""

    def _choose(self) -> None:
        folder = self.target.parent
        begin = next((part for part in (folder, *folder.parents) if not _unusable(part) and part.is_dir()), folder)
        if chosen := QFileDialog.getExistingDirectory(self, "Folder of the test", str(begin)):
            self.folder.setText(chosen)

    def _say(self, words: str, role: str = "muted") -> None:
        self.news.setProperty("role", role)
        self.news.style().polish(self.news)
        self.news.setText(words)

    # -------------------------------------------------------------- the second run
    def _begin(self) -> None:
        target, flow, given = self.target, self._flow, self._given
        if flow is None or given is None or self._giving is not None or self._wrong():
            return
        if beside(target).exists() and not may_replace(self, beside(target)):
            return
        self._let_type(False)
        self._say("Running it a second time, to see what comes out differently …")
        giving, source, python = Giving(), self._path, self._python
        self._giving = giving
        self._side.do(lambda: save_test(flow, given, source, target, giving, python), self._saved, self._not_saved)

    def _let_type(self, on: bool) -> None:
        for part in (self.name, self.folder, self.choose, self.save):
            part.setEnabled(on)
        self.bar.setVisible(not on)

    def _saved(self, saved: Saved) -> None:
        self._giving = None
        if saved.given_up:
            super().reject()
        else:
            self.over.emit(saved)
            self.accept()

    def _not_saved(self, error: Exception) -> None:
        given_up, self._giving = self._giving is not None and self._giving.up, None
        if given_up:
            super().reject()
            return
        self._let_type(True)
        why = getattr(error, "strerror", "") or str(error)
        self._say(f"The test cannot be saved in {self.target.parent}: {why}. Choose another folder.", "error")

    def reject(self) -> None:
        """Close; a second run is ended first, and the files are as they were."""
        if self._giving is None:
            super().reject()
            return
        self._say("Ending the second run; the files will be as they were …")
        self._giving.give_up()

    def close_down(self) -> None:
        """End a second run and wait for it: the window goes."""
        if self._giving is not None:
            self._giving.give_up()
        self._side.close()


def _unusable(file: Path) -> str:
    """Say why the system takes no such name (too long, a folder that may not be read); empty if it does."""
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, ValueError) as error:
        return str(getattr(error, "strerror", "") or error)
    return ""


def _words(text: str, role: str = "muted") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


__all__ = ["AsTestDialog"]
