"""A row of the list of problems, and how it is painted: the message, below it what to do and where, or a fix."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QApplication, QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from flodesk.flow.fixes import FixKind
from flodesk.flow.problem import Problem
from flodesk.ui.theme import theme
from flodesk.ui.theme.icons import icon

ROLE = Qt.ItemDataRole.UserRole
_EDGE, _SIGN, _GAP = 8, 16, 8
_INDENT = _EDGE + _SIGN + _GAP
_ABOVE = 5
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_SIGNS: dict[FixKind, str] = {
    "write": "pencil", "ask": "pencil", "rename": "pencil", "connect": "wire", "convert": "wire",
    "disconnect": "cut_wire", "move": "up", "remove": "trash", "import": "open", "install": "install",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """What a row stands for: a problem, or with a `number` one of its fixes."""

    problem: Problem
    number: int = -1
    kind: FixKind = "write"
    title: str = ""
    said: str = ""
    """What is wrong, in the words of the cards."""
    place: str = ""
    """The node, in these words."""

    @property
    def is_fix(self) -> bool:
        """Whether it is a fix."""
        return self.number >= 0

    @property
    def words(self) -> str:
        """The first line: what is wrong, or what will be done."""
        return self.title if self.is_fix else self.said or self.problem.message

    @property
    def more(self) -> str:
        """What stands below: what to do about it, and where it is."""
        if self.is_fix:
            return ""
        problem = self.problem
        where = " · ".join(
            part
            for part in (self.place or problem.node.lstrip("."), f"line {problem.line}" if problem.line else "")
            if part
        )
        return "   ".join(part for part in (problem.hint, where) if part)


class RowPainter(QStyledItemDelegate):
    """Paints the rows of a list of problems."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the room that the words of a row take in the width that there is."""
        row: Row = index.data(ROLE)
        width = self._view.viewport().width()
        return QSize(width, sum(part.height() for part in self._parts(row, width)) + 2 * (2 if row.is_fix else _ABOVE))

    def _parts(self, row: Row, width: int) -> list[QRect]:
        room = QRect(0, 0, max(width - _INDENT - _EDGE - (_SIGN + _GAP if row.is_fix else 0), 40), 10_000)
        first = QFontMetrics(self._view.font()).boundingRect(room, _WRAP, row.words)
        first.setHeight(max(first.height(), _SIGN + 2))
        if not row.more:
            return [first]
        return [first, QFontMetrics(_small(self._view.font())).boundingRect(room, _WRAP, row.more)]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint ground, sign and words."""
        row: Row = index.data(ROLE)
        drawn = QStyleOptionViewItem(option)
        self.initStyleOption(drawn, index)
        drawn.text, drawn.icon = "", QIcon()
        style = self._view.style() or QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, drawn, painter, self._view)
        look, box = theme(), option.rect
        left, top = box.left() + _EDGE, box.top() + (2 if row.is_fix else _ABOVE)
        name, role = (_SIGNS[row.kind], "accent") if row.is_fix else (row.problem.severity, row.problem.severity)
        if row.is_fix:
            left += _SIGN + _GAP
        icon(name, role).paint(painter, QRect(QPoint(left, top + 1), QSize(_SIGN, _SIGN)))
        left += _SIGN + _GAP
        parts = self._parts(row, box.width())
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        font = QFont(self._view.font())
        font.setUnderline(row.is_fix and hovered)
        painter.save()
        painter.setFont(font)
        lit = hovered or bool(
            option.state & QStyle.StateFlag.State_Selected
        )  # there the accent has too little contrast
        painter.setPen(QColor(look.accent if row.is_fix and not lit else look.text))
        painter.drawText(QRect(left, top, parts[0].width() + 8, parts[0].height()), _WRAP, row.words)
        if len(parts) > 1:
            painter.setFont(_small(self._view.font()))
            painter.setPen(QColor(look.muted))
            lower = QRect(left, top + parts[0].height(), parts[1].width() + 8, parts[1].height())
            painter.drawText(lower, _WRAP, row.more)
        painter.restore()


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(12)
    return small
