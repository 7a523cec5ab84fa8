"""Radio buttons: one of a few values, all of which are seen."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QScrollArea, QWidget

from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.controls.wheel import leave_wheel
from flodesk.ui.panel.setting import Setting
from flodesk.ui.panel.touch import reach

_LINE = 26
"""Pixels that an entry takes from top to bottom."""


class Radio(Control):
    """One of several values; the entries stand below each other, or side by side in a low card."""

    narrowest = 120

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self._ground = QWidget()
        self._grid = QGridLayout(self._ground)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._area = QScrollArea(self)
        self._area.setWidget(self._ground)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.viewport().setAutoFillBackground(False)
        self._ground.setAutoFillBackground(False)
        leave_wheel(self._area, self)
        self.row.addWidget(self._area)
        self.group = QButtonGroup(self)
        self.group.idClicked.connect(self._choose)
        self._values: list[Any] = []
        self.show_setting(setting)

    @property
    def buttons(self) -> list[QRadioButton]:
        """The entries, in order."""
        return [button for button in self.group.buttons() if isinstance(button, QRadioButton)]

    def show_setting(self, setting: Setting) -> None:
        """Show another state; a value that is none of the entries is shown too, and marked."""
        super().show_setting(setting)
        values = list(setting.choices)
        if setting.value not in values:
            values.append(setting.value)
        offered = setting.choices
        texts = [_word(v) + ("" if v in offered or not offered else "  (not offered)") for v in values]
        if [button.text() for button in self.buttons] != texts:
            self._make(texts)
        self._values = values
        chosen = self.group.button(values.index(setting.value))
        chosen.setChecked(True)
        for button in self.buttons:
            button.setEnabled(not setting.wired)
            button.setAccessibleName(f"{setting.title}: {button.text()}")
        self.setFocusProxy(chosen)

    def _make(self, texts: list[str]) -> None:
        for button in self.buttons:
            self.group.removeButton(button)
            button.hide()
            button.deleteLater()
        for number, text in enumerate(texts):
            self.group.addButton(QRadioButton(text, self._ground), number)
        self._lay_out()

    def _lay_out(self) -> None:
        """Use so many columns that all entries are seen, as far as that can be."""
        buttons = self.buttons
        rows = max(self.height() // reach(self, _LINE), 1)
        columns = max(-(-len(buttons) // rows), 1)
        most = max(self.width() // 64, 1)
        columns = min(columns, most, max(len(buttons), 1))
        while self._grid.count():
            self._grid.takeAt(0)
        for number, button in enumerate(buttons):
            self._grid.addWidget(button, number // columns, number % columns)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the entries out anew."""
        super().resizeEvent(event)
        self._lay_out()

    def _choose(self, number: int) -> None:
        self.turn(self._values[number])
        self.let_go()


def _word(value: Any) -> str:
    return "None" if value is None else str(getattr(value, "text", value))
