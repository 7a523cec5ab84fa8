"""Two texts side by side, with what differs: a dialog for a file that others have changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from flodesk.flow.text_diff import Row, changed_parts, lines_of, rows
from flodesk.ui.choice import Choice, ChoiceRow
from flodesk.ui.coloring import parts
from flodesk.ui.dock import small_button
from flodesk.ui.script.code_view import CodeView
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.style import mix

_SIGNS = 16
"""Width in pixels of the strip for + and −."""


class SideView(CodeView):
    """One of the two texts. Rows that it has no line for are blank, so that both sides go along with each other."""

    def __init__(self, lines: Sequence[str], rows: Sequence[Row], *, left: bool) -> None:
        super().__init__()
        self._rows, self._left = rows, left
        self._sign = "−" if left else "+"
        self._numbers = [row.left if left else row.right for row in rows]
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName("Here" if left else "On the disk")
        colors = _colors(lines)
        blank = [row.kind == "skipped" for row in rows]
        shown = ["" if n is None or b else lines[n] for n, b in zip(self._numbers, blank, strict=True)]
        self.coloring.given = [[] if n is None or b else colors[n] for n, b in zip(self._numbers, blank, strict=True)]
        self.setPlainText("\n".join(shown))

    def tint(self, inner: dict[int, tuple[tuple[int, int], ...]]) -> None:
        """Colour what differs; `inner` are the parts of rows that do."""
        look = theme()
        tone = look.error if self._left else look.ok
        weak, strong = (0.14, 0.34) if look.dark else (0.09, 0.24)
        own = "removed" if self._left else "added"
        grounds: dict[int, str] = {}
        for number, row in enumerate(self._rows):
            if row.kind in ("changed", own):
                grounds[number] = mix(look.sunken, tone, weak)
            elif row.kind != "same":
                grounds[number] = mix(look.sunken, look.line, 0.6)
        self.grounds = grounds
        color = mix(look.sunken, tone, strong)
        self.inner = {n: tuple((a, b, color) for a, b in found) for n, found in inner.items()}
        self.refresh()

    def before_number(self) -> int:
        """Room for the sign."""
        return _SIGNS

    def number(self, line: int) -> str:
        """Return the number that the line has in its own text."""
        found = self._numbers[line] if line < len(self._numbers) else None
        return "" if found is None or self._rows[line].kind == "skipped" else str(found + 1)

    def paint_gutter(self, painter: QPainter, line: int, box: QRectF) -> None:
        """Paint number and sign."""
        super().paint_gutter(painter, line, box)
        own = "removed" if self._left else "added"
        if line < len(self._rows) and self._rows[line].kind in ("changed", own):
            painter.setPen(QColor(theme().error if self._left else theme().ok))
            painter.drawText(QRectF(0, box.top(), _SIGNS, self.line_height()), Qt.AlignmentFlag.AlignCenter, self._sign)

    def paint_over(self, painter: QPainter) -> None:
        """Say how many lines are left out."""
        painter.setPen(QColor(theme().muted))
        for block, box in self.blocks_seen():
            row = self._rows[block.blockNumber()] if block.blockNumber() < len(self._rows) else None
            if row is not None and row.kind == "skipped":
                place = QRectF(12, box.top(), self.viewport().width() - 12, box.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, f"⋯  {row.count} lines that both have")


class TextDiff(QDialog):
    """Shows how `after` differs from `before`, and offers `choices`.

    Parameters
    ----------
    titles : (str, str)
        What the two texts are.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        titles: tuple[str, str],
        before: str,
        after: str,
        choices: Sequence[Choice] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setObjectName("text_diff")
        old, new = lines_of(before), lines_of(after)
        self.rows = rows(old, new)
        self._starts = _starts(self.rows)
        self._inner = _inner(self.rows, old, new)
        self.left = SideView(old, self.rows, left=True)
        self.right = SideView(new, self.rows, left=False)
        self._go_along()
        sides = QSplitter()
        for view, words in ((self.left, titles[0]), (self.right, titles[1])):
            sides.addWidget(_titled(view, words))
        sides.setChildrenCollapsible(False)
        self._where = QLabel(self._words())
        self._where.setProperty("role", "muted")
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 8, 8)
        top.addWidget(self._where)
        top.addStretch(1)
        top.addWidget(small_button("up", "Previous difference (Shift+F7)", lambda: self.go(forward=False)))
        top.addWidget(small_button("down", "Next difference (F7)", lambda: self.go(forward=True)))
        below = ChoiceRow(self, choices)
        below.setContentsMargins(12, 8, 12, 12)
        self.buttons = below.buttons
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(sides, 1)
        column.addLayout(below)
        room = parent.window().size()
        self.resize(room.boundedTo(QSize(1200, 760)) - QSize(40, 40))
        current.changed.connect(self._tint)
        self._tint()
        if self._starts:
            self._show(self._starts[0])
        self.right.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F7 and Shift+F7 go from difference to difference."""
        if event.key() == Qt.Key.Key_F7:
            self.go(forward=not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        else:
            super().keyPressEvent(event)

    def go(self, *, forward: bool) -> None:
        """Show the next difference, or the one before; after the last comes the first."""
        here = self.right.textCursor().blockNumber()
        if not self._starts:
            return
        beyond = [n for n in self._starts if n > here] if forward else [n for n in self._starts if n < here][::-1]
        self._show(beyond[0] if beyond else self._starts[0 if forward else -1])

    def _show(self, row: int) -> None:
        for view in (self.left, self.right):
            cursor = view.textCursor()
            cursor.setPosition(view.document().findBlockByNumber(row).position())
            view.setTextCursor(cursor)
        self.right.verticalScrollBar().setValue(max(0, row - 3))
        self._where.setText(self._words(self._starts.index(row) + 1))

    def _words(self, here: int = 0) -> str:
        count = len(self._starts)
        if not count:
            return "There is no difference."
        many = f"{count} difference{'' if count == 1 else 's'}"
        return f"{here} of {many}" if here and count > 1 else many

    def _go_along(self) -> None:
        for one, other in ((self.left, self.right), (self.right, self.left)):
            one.verticalScrollBar().valueChanged.connect(other.verticalScrollBar().setValue)
            one.horizontalScrollBar().valueChanged.connect(other.horizontalScrollBar().setValue)

    def _tint(self) -> None:
        self.left.tint({n: found[0] for n, found in self._inner.items()})
        self.right.tint({n: found[1] for n, found in self._inner.items()})


def _titled(view: SideView, words: str) -> QWidget:
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    heading = QLabel(words)
    heading.setProperty("role", "heading")
    heading.setContentsMargins(12, 6, 12, 6)
    column.addWidget(heading)
    column.addWidget(view, 1)
    return side


def _colors(lines: Sequence[str]) -> list[list[tuple[int, int, str]]]:
    """Return the coloured parts of each line of a whole text: rows that are left out may begin a long string."""
    found = []
    state = 0
    for line in lines:
        colored, state = parts(line, state)
        found.append(colored)
    return found


def _starts(rows: Sequence[Row]) -> list[int]:
    """Return the rows at which a difference begins."""
    plain = ("same", "skipped")
    return [n for n, row in enumerate(rows) if row.kind not in plain and (n == 0 or rows[n - 1].kind in plain)]


def _inner(
    rows: Sequence[Row], old: Sequence[str], new: Sequence[str]
) -> dict[int, tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]]:
    """Return which parts of the changed rows differ, on both sides."""
    found = {}
    for number, row in enumerate(rows):
        if row.kind == "changed" and row.left is not None and row.right is not None:
            left, right = changed_parts(old[row.left], new[row.right])
            found[number] = (tuple(left), tuple(right))
    return found
