"""A window with the source of a node: to be edited where it is the user's own, else to be read and copied."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QMessageBox, QPushButton, QVBoxLayout, QWidget

from flodesk.flow.sources import Source
from flodesk.ui.script.find_bar import FindBar
from flodesk.ui.source.editor import Ask, SourceEditor

_SIZE = 760, 620
_PUT = {"flow": ("Apply", "Write it into the flow (Ctrl+Enter)"), "beside": ("Save", "Write the file (Ctrl+S)")}


class SourceView(QDialog):
    """Shows a source. What its buttons ask for is done by others: `put` takes the text and returns why it cannot be.

    Attributes
    ----------
    base : str
        The text as it stands in the flow, or in the file.
    """

    outside_wanted = Signal()
    copy_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget, source: Source, title: str, ask: Ask) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{title}[*] — source")
        self.resize(*_SIZE)
        self.source, self.base = source, source.text
        self.unread: tuple[bytes, str] | None = None  # what was found outside and could not be read, and why: told once
        self.put: Callable[[str], str] = lambda text: ""
        self.editor = SourceEditor(ask)
        self.editor.setReadOnly(source.home == "package")
        self.find_bar = FindBar(self.editor)
        self.place = QLabel()
        self.place.setTextFormat(Qt.TextFormat.PlainText)
        self.place.setProperty("role", "muted")
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.error = QLabel()
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setProperty("role", "error")
        self.error.setWordWrap(True)
        self.buttons = QHBoxLayout()
        self.buttons.setContentsMargins(10, 4, 10, 10)
        self.outside = self._button("Open in my editor", "Open the file in the editor that is set (Shift+F12)")
        self.outside.setVisible(source.file is not None)
        self.outside.clicked.connect(self.outside_wanted)
        self.buttons.addStretch(1)
        self._own_buttons()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 0)
        head.addWidget(self.place, 1)
        column.addLayout(head)
        column.addWidget(self.find_bar)
        column.addWidget(self.editor, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 0, 12, 0)
        foot.addWidget(self.error, 1)
        column.addLayout(foot)
        column.addLayout(self.buttons)
        self.editor.setPlainText(source.text)
        self.editor.document().setModified(False)
        self.editor.find_wanted.connect(self.find_bar.open_for_word)
        self.editor.line_wanted.connect(self.find_bar.open_for_line)
        self.editor.find_next.connect(lambda forward: self.find_bar.go(forward=forward))
        self.editor.leave_wanted.connect(self.close)
        self.editor.save_wanted.connect(self.save)
        self.editor.checked.connect(self._checked)
        self.editor.textChanged.connect(self._typed)
        self.editor.show_line(source.line - 1)
        self._say_place()
        self._typed()

    def _own_buttons(self) -> None:
        if self.source.home == "package":
            self.copy = self._button("Copy into this flow", "Define it in the flow's own file, where it can be changed")
            self.copy.clicked.connect(self.copy_wanted)
        else:
            self.revert = self._button("Revert", "Go back to what stands there")
            self.revert.clicked.connect(lambda: self.show_text(self.base, again=True))
            self.apply = self._button(*_PUT[self.source.home])
            self.apply.clicked.connect(self.save)
        close = self._button("Close", "Close this window (Esc)")
        close.clicked.connect(self.close)

    def _button(self, title: str, tip: str) -> QPushButton:
        button = QPushButton(title)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        self.buttons.addWidget(button)
        return button

    def _say_place(self) -> None:
        source = self.source
        where = str(source.file) if source.file is not None else "This flow has no file yet"
        told = {
            "flow": f"{source.name or 'Code'} in the flow's own file" + (f" · {where}" if source.file else ""),
            "beside": where,
            "package": f"{where} · read only: it belongs to a package",
        }
        self.place.setText(told[source.home])

    # -------------------------------------------------------------- the text
    @property
    def changed(self) -> bool:
        """Whether the text is another than that in the flow, or in the file."""
        return self.editor.raw_text() != self.base

    def show_text(self, text: str, *, again: bool = False) -> None:
        """Show what stands there now; what was typed stays, unless `again`."""
        keep = self.changed and not again
        self.base = text
        if not keep and self.editor.raw_text() != text:
            line = self.editor.textCursor().blockNumber()
            self.editor.setPlainText(text)
            self.editor.show_line(line)
        self._typed()

    def save(self) -> bool:
        """Put the text where it belongs; returns whether nothing is left that was typed."""
        if self.editor.isReadOnly() or not self.changed:
            return not self.changed
        text = self.editor.raw_text()
        why = self.put(text)
        if not why:
            self.base = text
        self._typed()
        self.say(why)
        return not why

    def say(self, words: str, line: int = 0) -> None:
        """Say what is wrong with the text as it stands there, and mark the line (from 1); empty takes it away."""
        self.error.setText(words)
        self.error.setVisible(bool(words))
        if line or not words:
            self.editor.show_error(line, words)

    def _checked(self, said: str) -> None:
        self.error.setText(said)
        self.error.setVisible(bool(said))

    def _typed(self) -> None:
        changed = self.changed
        self.setWindowModified(changed)
        if self.source.home != "package":
            self.apply.setEnabled(changed)
            self.revert.setEnabled(changed)

    # -------------------------------------------------------------- the end
    def may_close(self) -> bool:
        """Ask what shall become of what was typed; False if the window shall stay."""
        if not self.changed:
            return True
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self)
        box.setObjectName("unsaved_source")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Unsaved source")
        box.setText(f"<b>Keep what was typed as the source of {self.source.name or 'this node'}?</b>")
        box.setInformativeText("It is lost if you don't.")
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        box.deleteLater()
        if answer == buttons.Discard:
            self.show_text(self.base, again=True)
        return answer == buttons.Discard or (answer == buttons.Save and self.save())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc, with the question that closing asks."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() == Qt.Key.Key_F12 and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.outside_wanted.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about what was typed."""
        if not self.may_close():
            event.ignore()
            return
        self.closed.emit()
        event.accept()


__all__ = ["SourceView"]
