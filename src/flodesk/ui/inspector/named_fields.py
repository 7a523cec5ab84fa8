"""Fields with their names: beside them where a page has the room, above them in a narrow dock."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

_NAME, _GAP, _BUTTON = 92, 6, 20
ROOMY = 2 * 12 + _NAME + _GAP + 60 + 2 * (_GAP + _BUTTON)
"""Width of a page, in pixels, from which names stand beside fields: margins, name, field and its two buttons."""
_WIDEST = 16_777_215
"""Qt's own word for a width without limit."""


@dataclass(frozen=True, slots=True)
class _Line:
    name: QLabel | None
    field: QWidget
    buttons: tuple[QWidget, ...]
    wide: bool


class NamedFields(QGridLayout):
    """A grid of lines, each a name, a field and up to two buttons; without a name, room for words about the field.

    Where it is folded the name and the buttons stand above the field, which has all of the width. It is told so from
    above, by the width that the dock gives the inspector: a layout that decided by its own would be asked again by
    what it decides.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setColumnStretch(1, 1)
        self.setHorizontalSpacing(_GAP)
        self._lines: list[_Line] = []
        self._between = 0
        self.folded = False

    def add_line(self, name: QLabel | None, field: QWidget, *buttons: QWidget, wide: bool = False) -> None:
        """Add a line at the end; the name of a `wide` field stands above it always."""
        line = _Line(name, field, buttons, wide)
        self._lines.append(line)
        self._put(len(self._lines) - 1, line)

    def fold(self, folded: bool) -> None:
        """Put the names above the fields, or beside them."""
        if folded == self.folded:
            return
        self.folded = folded
        for line in self._lines:
            for part in (line.name, line.field, *line.buttons):
                if part is not None:
                    self.removeWidget(part)
        for number, line in enumerate(self._lines):
            self._put(number, line)
        if folded:
            self._between = self.verticalSpacing()
        self.setHorizontalSpacing(2 if folded else _GAP)
        self.setVerticalSpacing(1 if folded else self._between)

    def _put(self, number: int, line: _Line) -> None:
        above, row = self.folded or line.wide, 2 * number
        if line.name is not None:
            # the longest word of a name would make the page wider than the dock
            line.name.setMinimumWidth(1 if self.folded else _NAME)
            line.name.setMaximumWidth(_WIDEST if self.folded else _NAME)
            line.name.setContentsMargins(0, 4 if self.folded and number else 0, 0, 0)
            self.addWidget(line.name, row, 0, 1, 2 if above else 1)
        for place, button in enumerate(line.buttons, 4 - len(line.buttons)):
            self.addWidget(button, row, place)
        if above:
            self.addWidget(line.field, row + 1, 0, 1, 4)
        elif line.name is None:
            self.addWidget(line.field, row, 1, 1, 3)
        else:
            self.addWidget(line.field, row, 1, 1, 3 - len(line.buttons))


__all__ = ["ROOMY", "NamedFields"]
