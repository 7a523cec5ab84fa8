"""The verbs of the File menu: new, open, save, recent files, and the question about unsaved changes."""

from __future__ import annotations

import html
import os
from collections.abc import Callable
from functools import partial
from itertools import chain, count
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from flodesk.flow.document import Document
from flodesk.flow.model import Flow
from flodesk.flow.script import LIMIT, ChangedOutsideError, ScriptError, from_bytes
from flodesk.ui.big_files import LARGE, BigFile, GivenUpError
from flodesk.ui.examples import LIVE, example, examples, gallery, is_copy, put_data_beside
from flodesk.ui.focus import focus_kept, take_typed
from flodesk.ui.save_dialog import ask_where
from flodesk.ui.settings import settings, text_list

UNTITLED = "Untitled"
_FILTER = "Flows (*.py);;All files (*)"
_RECENT = 10


class Files(QObject):
    """Opens and saves.

    Signals: `said` gives a message and its level, `opened` the path that was opened or None, `saved` where to.
    """

    said = Signal(str, str)
    mended = Signal(str)
    """How a message begins that is no longer true."""
    opened = Signal(object)
    saved = Signal(object)

    def __init__(self, window: QWidget, document: Document) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._unsaved = ""
        """How the message begins that the flow could not be saved."""
        self.example = ""
        """The name of the example that the open flow is a copy of, as long as that has no file of its own."""
        self.home: Callable[[], QWidget] = lambda: window
        """Gives the widget that gets the keyboard after a question, where nobody had it before."""

        self.elsewhere: Callable[[Path], bool] = lambda path: False
        """Whether another window has a file open: it was brought forward then."""
        self.open_beside: Callable[[Path], object] = self.open
        """Opens a file in a window of its own."""
        self.prepare: Callable[[Flow, Path], object] = lambda flow, folder: None
        """Finds out, beside the window, what is asked of a large flow when it is shown."""
        self.notice = ""
        """What is to be said of the file that is being opened."""
        self.show_difference: Callable[[], object] = lambda: None
        """Shows how the file on the disk differs from the flow."""
        self.may_stop: Callable[[], bool] = lambda: True
        self.left_running: Callable[[], bool] = lambda: False
        """Whether the run of the open flow is to go on without it."""
        """Whether what the run of the open flow does may end, which it does when another flow is opened."""
        self.unread: Callable[[], str] = lambda: ""
        """Says why text that was typed is not in the flow; empty if there is none."""
        self.before_writing: Callable[[], object] = lambda: None
        """Does what has to be done with a flow before it is written."""

    @property
    def name(self) -> str:
        """What the title bar calls the flow."""
        if self._document.path is not None:
            return self._document.path.name
        return example_title(self.example) if self.example else UNTITLED

    @property
    def unsaved(self) -> bool:
        """Whether anything would be lost if the window went: of the flow, or of text that is not in it yet."""
        return self._document.dirty or bool(self.unread())

    # -------------------------------------------------------------- verbs
    def new(self) -> bool:
        """Start an empty flow; False if the flow that is open shall stay."""
        if not self._may_open():
            return False
        self.example = ""
        self._document.new()
        self.opened.emit(None)
        return True

    def ask_open(self) -> None:
        """Let a file be chosen, and open it."""
        with focus_kept(self.home):
            path, _ = QFileDialog.getOpenFileName(self._window, "Open a flow", _folder(self._own), _FILTER)
        if path:
            self.open(path)

    def ask_open_beside(self) -> None:
        """Let a file be chosen, and open it in a window of its own."""
        with focus_kept(self.home):
            path, _ = QFileDialog.getOpenFileName(
                self._window, "Open a flow in a new window", _folder(self._own), _FILTER
            )
        if path:
            self.open_beside(Path(path))

    def open(self, path: str | Path, _checked: bool = False) -> bool:
        """Open a file; if it cannot be read the flow that is open stays, and the reason is said."""
        if self.elsewhere(Path(path)) or not self._may_open():
            return False
        if not self._read(Path(path).resolve()):
            return False
        if self._own is not None:
            self._remember(self._own)
        self.opened.emit(self._document.path)
        notice, self.notice = self.notice, ""
        if notice:
            self.said.emit(notice, "warning")
        return True

    def open_example(self, name: str = LIVE) -> bool:
        """Open a copy of an example, of the live one by default, that has no file yet."""
        if not self._may_open():
            return False
        try:
            path = example(name)
        except OSError as problem:
            self.said.emit(f"The example could not be opened: {reason(problem, Path(name))}", "error")
            return False
        if not self._read(path, name):
            return False
        self.opened.emit(None)
        return True

    def open_copy(self, held: bytes | Flow, origin: Path | None, begun: str = "") -> bool:
        """Open what a file held once as a flow without a file; False if the flow that is open shall stay.

        If `begun`, where it was begun, is a copy of an example, it is called as that.
        """
        if not self._may_open():
            return False
        before, self.example = self.example, Path(begun).stem if begun and is_copy(Path(begun)) else ""
        try:
            self._document.open_copy(held, origin)
        except ScriptError as problem:
            self.example = before
            name = origin.name if origin is not None else UNTITLED
            self.said.emit(f"That version of {name} could not be opened: {reason(problem, Path(name))}", "error")
            return False
        self.opened.emit(None)
        return True

    def read_again(self) -> bool:
        """Read the open flow's own file again; if that fails the flow stays as it is, and the reason is said."""
        path = self._document.path
        if path is None:
            return False
        edited = self._document.edited
        try:
            self._document.read_again()
        except (ScriptError, OSError, UnicodeError) as problem:
            why = reason(problem, path)
            stays = "The flow stays as it is here; Save asks before it overwrites the file."
            self.said.emit(f"{path.name} was changed outside and cannot be read: {why} {stays}", "warning")
            return False
        lost = " Your unsaved changes were given up; Undo brings them back." if edited else ""
        self.said.emit(f"{path.name} was changed outside and read again.{lost}", "info")
        return True

    def save(self) -> bool:
        """Write the flow to its file; ask for one if it has none."""
        return self.save_as() if self._own is None else self.write(self._own)

    def save_as(self) -> bool:
        """Ask for a file and write the flow to it."""
        own = self._own
        proposal = own or free_name(Path(_folder(own)) / f"{self._of_example or 'flow'}.py")
        with focus_kept(self.home):
            path = ask_where(self._window, "Save the flow", proposal, _FILTER, own)
        if path is None:
            return False
        if self.elsewhere(path):
            advice = "Save it under another name, or close that window first."
            self.said.emit(f"Nothing was saved: {path.name} is open in another window. {advice}", "warning")
            return False
        return self.write(path)

    @property
    def _own(self) -> Path | None:
        """The file of the open flow; None if it has none, or is flodesk's copy of an example."""
        path = self._document.path
        return None if path is None or is_copy(path) else path

    @property
    def _of_example(self) -> str:
        """The name of the example that is open as a copy, also one that was opened by its path."""
        path = self._document.path
        return path.stem if path is not None and is_copy(path) else self.example

    def _may_open(self) -> bool:
        return self.may_stop() and self.may_leave()

    def may_leave(self) -> bool:
        """Whether the open flow may be left: it is saved, or its user said so."""
        take_typed(self._window)
        if not self._may_lose_text():
            return False
        if not self._document.dirty:
            return True
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setObjectName("unsaved")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Unsaved changes")
        box.setText(f"<b>Save the changes of {self.name}?</b>")
        box.setInformativeText(self._if_not_saved())
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        with focus_kept(self.home):
            answer = box.exec()
        box.deleteLater()
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard

    def _if_not_saved(self) -> str:
        """Say what becomes of unsaved changes that are discarded; of a run that was left they are a part."""
        if not self.left_running():
            return "They are lost if you don't."
        if self._document.path is None:
            return (
                "The run goes on as it is, whatever you answer. If you discard them, the run alone has this flow: "
                "Attach in the Queues dock opens it again."
            )
        return (
            "The run goes on as it is, whatever you answer. If you discard them, the file stays as it was: opened "
            "again, it takes values over from the run, and offers to open what runs if more is different."
        )

    def _may_lose_text(self) -> bool:
        """Ask about text that was typed and cannot be read: it is in no flow, so nothing saves it."""
        why = self.unread()
        if not why:
            return True
        box = QMessageBox(self._window)
        box.setObjectName("unread_text")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Unfinished text")
        box.setText("<b>There is text that cannot be read yet.</b>")
        box.setInformativeText(f"{why} It is lost if you go on. The flow itself is as it was before.")
        lose = box.addButton("Go on without it", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        with focus_kept(self.home):
            box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        return clicked is lose

    def _may_overwrite(self, path: Path) -> bool:
        """Ask what shall become of a file that was changed outside; True if it shall be overwritten."""
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setObjectName("changed_outside")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Changed outside")
        box.setText(f"<b>{html.escape(path.name)} was changed outside.</b>")
        box.setInformativeText(
            "Overwrite replaces what is in the file now. Read again gives up your unsaved changes; Undo brings them "
            "back. "
            "To keep both, cancel and use Save as."
        )
        overwrite = box.addButton("Overwrite", QMessageBox.ButtonRole.DestructiveRole)
        again = box.addButton("Read again", QMessageBox.ButtonRole.ActionRole)
        look = box.addButton("Compare the texts", QMessageBox.ButtonRole.HelpRole)
        box.setDefaultButton(box.addButton(buttons.Cancel))
        with focus_kept(self.home):
            box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        if clicked is again:
            self.read_again()
        elif clicked is look:
            self.show_difference()
        return clicked is overwrite

    # -------------------------------------------------------------- recent files
    def recent(self) -> list[Path]:
        """Return the files opened or saved lately that still exist, the newest first."""
        return [path for text in text_list(settings().value("recent")) if (path := Path(text)).is_file()]

    def forget(self, path: Path) -> None:
        """Take a file out of the list of recent ones; the file itself stays."""
        settings().setValue("recent", [str(other) for other in self.recent() if other != path])

    def fill_recent(self, menu: QMenu) -> None:
        """Fill the menu of recent files."""
        menu.clear()
        for path in self.recent():
            action = menu.addAction(path.name)
            action.triggered.connect(partial(self.open, path))
            action.setToolTip(str(path))
        if menu.isEmpty():
            menu.addAction("No files yet").setEnabled(False)

    def fill_examples(self, menu: QMenu) -> None:
        """Fill the menu of examples."""
        menu.clear()
        for name, title in examples().items():
            action = menu.addAction(f"{title}\t{name}")  # the name stands where shortcuts do: the README speaks of it
            action.triggered.connect(partial(self._example_chosen, name))

    def _example_chosen(self, name: str, _checked: bool = False) -> None:
        self.open_example(name)

    def _remember(self, path: Path) -> None:
        kept = [str(path), *(str(p) for p in self.recent() if p != path)][:_RECENT]
        store = settings()
        store.setValue("recent", kept)
        store.setValue("folder", str(path.parent))

    # -------------------------------------------------------------- the disk
    def _read(self, path: Path, name: str = "") -> bool:
        """Open a file, or a copy of the example of that name."""
        before, self.example = self.example, name
        was_open = self._document.path is not None or bool(before) or self._document.dirty
        waits: BigFile | None = None
        try:
            if path.exists() and not (path.is_file() or path.is_dir()):
                raise OSError("it is no file but a pipe or a device.")  # reading it may wait without an end
            if path.is_file() and LARGE < (size := path.stat().st_size) <= LIMIT:
                waits = BigFile(self._window, path.name, size, lambda flow: self.prepare(flow, path.parent))
            self._document.open(path, bool(name), waits.read if waits is not None else from_bytes)
        except GivenUpError:
            self.example = before
            self.said.emit(f"{path.name} was not opened.", "info")
            return False
        except (ScriptError, OSError, UnicodeError) as problem:
            self.example = before
            stays = " The flow that was open stays." if was_open else ""
            self.said.emit(f"{path.name} could not be opened: {reason(problem, path)}{stays}", "error")
            return False
        finally:
            if waits is not None:
                waits.close()
        return True

    def write(self, path: Path, overwrite: bool = False) -> bool:
        """Write the flow to a file, which is its own from then on; False, and the reason is said, if it is not."""
        if is_copy(path):
            self._unsaved = f"{path.name} was not saved in {path.parent}:"
            why = "flodesk keeps its copies of the examples there."
            self.said.emit(f"{self._unsaved} {why} Save it elsewhere.", "error")
            return False
        self.before_writing()
        name = self._of_example
        try:
            self._document.save(path, overwrite)
        except ChangedOutsideError:
            return self._may_overwrite(path) and self.write(path, overwrite=True)
        except (OSError, ValueError) as problem:
            self._unsaved = f"{path.name} could not be saved:"
            self.said.emit(f"{self._unsaved} {reason(problem, path)} Nothing is lost; save it elsewhere.", "error")
            return False
        self.example = ""
        self._remember(path)
        if self._unsaved:
            self.mended.emit(self._unsaved)
            self._unsaved = ""
        self.saved.emit(path)
        if why := self.unread():
            self.said.emit(f"The flow was saved without the text that cannot be read yet. {why}", "warning")
        if name:
            self._take_data_along(name, path)
        return True

    def _take_data_along(self, name: str, path: Path) -> None:
        try:
            taken = put_data_beside(name, path)
        except OSError as problem:
            self.said.emit(f"The data of the example could not be put beside it: {reason(problem, path)}", "warning")
            return
        if taken:
            self.said.emit(f"{' and '.join(taken)}, which the flow reads, was put beside {path.name}.", "info")


def free_name(path: Path) -> Path:
    """Return the path, or the next one with a number that is no file yet: what is proposed loses nothing."""
    names = chain((path,), (path.with_stem(f"{path.stem}_{number}") for number in count(2)))
    return next(name for name in names if not os.path.lexists(name))


def example_title(name: str) -> str:
    """Return what the title bar calls a copy of an example."""
    return f"{next((one.title for one in gallery() if one.name == name), name)} (example)"


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


def _folder(own: Path | None) -> str:
    """Return where dialogs begin: beside the file of the open flow, or where the last one lay."""
    if own is not None:
        return str(own.parent)
    return str(settings().value("folder", str(Path.home())))
