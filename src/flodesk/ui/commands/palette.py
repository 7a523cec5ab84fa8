"""The command palette: every command by its name."""

from __future__ import annotations

from difflib import SequenceMatcher

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from flodesk.ui.commands.actions import Actions
from flodesk.ui.commands.gestures import GESTURES
from flodesk.ui.commands.keymap import keymap
from flodesk.ui.commands.one import Command
from flodesk.ui.commands.table import COMMANDS
from flodesk.ui.popup import SearchPopup
from flodesk.ui.theme import theme
from flodesk.ui.theme.icons import pixmap
from flodesk.ui.theme.style import tokens

_COMMAND = int(Qt.ItemDataRole.UserRole) + 1
_ON = int(Qt.ItemDataRole.UserRole) + 2
_KEYS = int(Qt.ItemDataRole.UserRole) + 3
_POSSIBLE = int(Qt.ItemDataRole.UserRole) + 4


class CommandRows(QStyledItemDelegate):
    """Paints a command: title, its menu, and its keys at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One line."""
        return QSize(200, 32)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        entry: Command = index.data(_COMMAND)
        possible = bool(index.data(_POSSIBLE))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens(theme())["selected" if chosen else "hover"]))
            painter.drawRoundedRect(box.adjusted(5, 1, -5, -1), 6, 6)
        line = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme().text if possible else theme().faint))
        painter.drawText(box.adjusted(14, 0, -120, 0), line | Qt.AlignmentFlag.AlignLeft, entry.title.rstrip("…"))
        if index.data(_ON):
            pixmap_box = QRectF(box.right() - 138, box.center().y() - 8, 16, 16)
            painter.drawPixmap(pixmap_box.toRect(), pixmap("ok", theme().accent, 16))
        painter.setPen(QColor(theme().muted if possible else theme().faint))
        painter.drawText(box.adjusted(0, 0, -14, 0), line | Qt.AlignmentFlag.AlignRight, index.data(_KEYS))
        painter.restore()


class Palette(SearchPopup):
    """Finds commands by title, tip and id, and does the one that is chosen; of a gesture it tells how it goes.

    `told` gives a sentence for the status bar.
    """

    told = Signal(str)

    def __init__(self, parent: QWidget, actions: Actions) -> None:
        self._rows = QStandardItemModel()
        super().__init__(parent, self._rows, CommandRows(), "Type a command")
        self._rows.setParent(self)
        self._actions = actions
        self.chosen.connect(self._do)

    def fill(self, text: str) -> str:
        """Show the commands that match, best first."""
        self._rows.clear()
        for entry in found(text):
            row = QStandardItem(entry.title)
            row.setData(entry, _COMMAND)
            is_on = bool(entry.checked) and self._actions.is_on(entry)
            row.setData(is_on, _ON)
            row.setData(", ".join(keymap.keys_of(entry)), _KEYS)
            tip = self._actions.tip(entry)
            row.setToolTip(f"{tip} (it is on)" if is_on else tip)
            possible = self._actions.possible(entry)
            row.setData(possible, _POSSIBLE)
            row.setEnabled(possible or bool(entry.why_not))  # that says why not when it is chosen
            self._rows.appendRow(row)
        for entry in gestures(text):
            row = QStandardItem(entry.title)
            row.setData(entry, _COMMAND)
            row.setData(entry.tip, _KEYS)
            row.setData(True, _POSSIBLE)
            row.setToolTip(f"{entry.title}: {entry.tip}")
            self._rows.appendRow(row)
        return f"No command matches “{text}”."

    def _do(self, index: QModelIndex) -> None:
        entry: Command = index.data(_COMMAND)
        if not entry.do:
            self.told.emit(f"{entry.title}: {entry.tip}")
        elif self._actions.possible(entry):
            self.close()
            self._actions.trigger(entry.id)
        elif entry.why_not:
            self.told.emit(f"{entry.title.rstrip('…')}: {self._actions.tip(entry)}")


def found(text: str) -> list[Command]:
    """Return the commands that match, best first; all of them for an empty text."""
    if not text:
        return list(COMMANDS)
    scored = [(_score(text.casefold(), entry), number, entry) for number, entry in enumerate(COMMANDS)]
    return [entry for score, _, entry in sorted(scored, key=lambda s: (-s[0], s[1])) if score > 0.6]


def gestures(text: str) -> list[Command]:
    """Return what is no command but a gesture or a key of the canvas, and matches; how it goes stands in its tip."""
    words = text.casefold().split()
    if not words:
        return []
    return [
        Command(f"gesture.{what}", what, "", tip=how)
        for group in ("On the canvas", "At a port or a wire", "With the mouse")
        for what, how in GESTURES[group]
        if all(any(part.startswith(word) for part in f"{what} {how}".casefold().split()) for word in words)
    ]


def _score(text: str, entry: Command) -> float:
    title = entry.title.casefold()
    if title.startswith(text):
        return 3.0
    words = f"{title} {entry.menu.casefold()} {entry.tip.casefold()}"
    if all(any(w.startswith(part) for w in words.split()) for part in text.split()):
        return 2.0
    if text in words:
        return 1.0
    return max(SequenceMatcher(None, text, word).ratio() for word in [title, *title.split()]) - 0.2
