"""The verbs of the File menu: new, open, save, recent files, and the question about unsaved changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from flodesk.flow.document import Document
from flodesk.flow.script import ScriptError
from flodesk.resource import resource
from flodesk.ui.settings import settings, text_list

EXAMPLE = "examples/noisy_sine.py"
EXAMPLE_NAME, UNTITLED = "Noisy sine (example)", "Untitled"
_FILTER = "Flows (*.py);;All files (*)"
_RECENT = 10


class Files(QObject):
    """Opens and saves.

    Signals: `said` gives a message and its level, `opened` the path that was opened or None, `saved` where to.
    """

    said = Signal(str, str)
    opened = Signal(object)
    saved = Signal(object)

    def __init__(self, window: QWidget, document: Document) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self.example = False
        """Whether the open flow is a copy of an example that has no file of its own yet."""

    @property
    def name(self) -> str:
        """What the title bar calls the flow."""
        if self._document.path is not None:
            return self._document.path.name
        return EXAMPLE_NAME if self.example else UNTITLED

    # -------------------------------------------------------------- verbs
    def new(self) -> bool:
        """Start an empty flow; False if the flow that is open shall stay."""
        if not self.may_leave():
            return False
        self.example = False
        self._document.new()
        self.opened.emit(None)
        return True

    def ask_open(self) -> None:
        """Let a file be chosen, and open it."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open a flow", self._folder(), _FILTER)
        if path:
            self.open(path)

    def open(self, path: str | Path, _checked: bool = False) -> bool:
        """Open a file; if it cannot be read the flow that is open stays, and the reason is said."""
        if not self.may_leave():
            return False
        before = self.example
        self.example = False
        if not self._read(Path(path).resolve()):
            self.example = before
            return False
        self._remember(Path(path).resolve())
        self.opened.emit(self._document.path)
        return True

    def open_example(self) -> bool:
        """Open a copy of the live example that has no file yet."""
        if not self.may_leave():
            return False
        before = self.example
        self.example = True
        if not self._read(resource(EXAMPLE)):
            self.example = before
            return False
        self._document.path = None
        self.opened.emit(None)
        return True

    def save(self) -> bool:
        """Write the flow to its file; ask for one if it has none."""
        return self.save_as() if self._document.path is None else self._write(self._document.path)

    def save_as(self) -> bool:
        """Ask for a file and write the flow to it."""
        proposal = self._document.path or Path(self._folder()) / ("noisy_sine.py" if self.example else "flow.py")
        path, _ = QFileDialog.getSaveFileName(self._window, "Save the flow", str(proposal), _FILTER)
        if not path:
            return False
        return self._write(Path(path) if Path(path).suffix else Path(path + ".py"))

    def may_leave(self) -> bool:
        """Whether the open flow may be left: it is saved, or its user said so."""
        if not self._document.dirty:
            return True
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setObjectName("unsaved")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("flodesk")
        box.setText(f"<b>Save the changes of {self.name}?</b>")
        box.setInformativeText("They are lost if you don't.")
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        box.deleteLater()
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard

    # -------------------------------------------------------------- recent files
    def recent(self) -> list[Path]:
        """Return the files opened or saved lately that still exist, the newest first."""
        return [path for text in text_list(settings().value("recent")) if (path := Path(text)).is_file()]

    def fill_recent(self, menu: QMenu) -> None:
        """Fill the menu of recent files."""
        menu.clear()
        for path in self.recent():
            action = menu.addAction(path.name)
            action.triggered.connect(partial(self.open, path))
            action.setToolTip(str(path))
        if menu.isEmpty():
            menu.addAction("No files yet").setEnabled(False)

    def _remember(self, path: Path) -> None:
        kept = [str(path), *(str(p) for p in self.recent() if p != path)][:_RECENT]
        store = settings()
        store.setValue("recent", kept)
        store.setValue("folder", str(path.parent))

    def _folder(self) -> str:
        if self._document.path is not None:
            return str(self._document.path.parent)
        return str(settings().value("folder", str(Path.home())))

    # -------------------------------------------------------------- the disk
    def _read(self, path: Path) -> bool:
        try:
            self._document.open(path)
        except (ScriptError, OSError, UnicodeError) as problem:
            self.said.emit(
                f"{path.name} could not be opened: {reason(problem, path)} The flow that was open stays.", "error"
            )
            return False
        return True

    def _write(self, path: Path) -> bool:
        try:
            self._document.save(path)
        except (OSError, ValueError) as problem:
            self.said.emit(
                f"{path.name} could not be saved: {reason(problem, path)} Nothing is lost; save it elsewhere.", "error"
            )
            return False
        self.example = False
        self._remember(path)
        self.saved.emit(path)
        return True


def reason(problem: Exception, path: Path) -> str:
    """Say in words why a file could not be read or written."""
    if isinstance(problem, ScriptError):
        return _sentence(str(problem))
    words: dict[type[Exception], Callable[[], str]] = {
        FileNotFoundError: lambda: f"there is no such file or folder ({path}).",
        IsADirectoryError: lambda: "it is a folder.",
        PermissionError: lambda: f"permission denied ({path}).",
        UnicodeDecodeError: lambda: "it is no text, or its encoding is not the one that it declares.",
    }
    found = words.get(type(problem))
    return found() if found else _sentence(getattr(problem, "strerror", None) or str(problem))


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else text + "."
