"""Where the key of one command is pressed anew: what it is now, whom it would be taken from, and the way back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QKeySequenceEdit, QLabel, QPushButton, QVBoxLayout

from flodesk.ui.commands.keymap import keymap, refusal
from flodesk.ui.commands.one import Command

_NATIVE, _PORTABLE = QKeySequence.SequenceFormat.NativeText, QKeySequence.SequenceFormat.PortableText


class Recorder(QFrame):
    """Records a key for a command. `done` tells that the keyboard may go back to the list."""

    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._command: Command | None = None
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setAccessibleName("Press the new key")
        self.field.setToolTip("Press the key that the command is to have; Esc leaves it")
        self.set = self._button("Set", "Let the command have this key, and no other", self._set)
        self.none = self._button("No key", "Let the command have no key", self._take_away)
        self.reset = self._button("Reset", "Give the command its own keys back", self._reset)
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        for button in (self.set, self.none, self.reset):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addLayout(row)
        column.addWidget(self.words)
        self.field.keySequenceChanged.connect(lambda _: self._look())
        self.field.installEventFilter(self)
        for child in self.field.children():
            child.installEventFilter(self)
        keymap.changed.connect(self._look)
        self.show_command(None)

    def _button(self, title: str, tip: str, do: object) -> QPushButton:
        button = QPushButton(title)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(do)
        return button

    # -------------------------------------------------------------- verbs
    def show_command(self, entry: Command | None) -> None:
        """Show whose key can be changed; None for a gesture, whose key stays."""
        self._command = entry
        self.title.setText(entry.title.rstrip("…") if entry is not None else "Choose a command to give it another key")
        self.setEnabled(entry is not None)
        self.field.clear()
        self._look()

    def begin(self) -> None:
        """Wait for a key."""
        self.field.clear()
        self.field.setFocus()

    def pressed(self) -> str:
        """Return the key that was pressed, as it is stored."""
        return self.field.keySequence().toString(_PORTABLE)

    # -------------------------------------------------------------- inside
    def _look(self) -> None:
        entry, key = self._command, self.pressed()
        problem = refusal(key) if key else ""
        self.set.setEnabled(entry is not None and bool(key) and not problem)
        self.none.setEnabled(entry is not None and bool(keymap.keys_of(entry)))
        self.reset.setEnabled(entry is not None and keymap.is_changed(entry))
        owner = keymap.owner_of(key) if key and not problem else None
        if problem:
            words = problem
        elif owner is not None and entry is not None and owner.id == entry.id:
            words = "That is its key already."
        elif owner is not None:
            shown = self.field.keySequence().toString(_NATIVE)
            words = f"{shown} is the key of “{owner.title.rstrip('…')}”: Set takes it from there."
        else:
            words = "Press the new key in the field." if entry is not None and not key else ""
        self.words.setText(words)
        self.words.setProperty("role", "error" if problem or (owner is not None and owner is not entry) else "muted")
        self.words.style().polish(self.words)

    def _set(self) -> None:
        if self._command is not None and self.set.isEnabled():
            keymap.put(self._command.id, (self.pressed(),))
            self.show_command(self._command)
            self.done.emit()

    def _take_away(self) -> None:
        if self._command is not None:
            keymap.put(self._command.id, ())
            self.show_command(self._command)

    def _reset(self) -> None:
        if self._command is not None:
            keymap.reset(self._command.id)
            self.show_command(self._command)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Esc leave the field, and Enter set the key that stands in it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not event.modifiers():
            if event.key() == Qt.Key.Key_Escape:
                self.field.clear()
                self.done.emit()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.pressed():
                self._set()
                return True
        return False
