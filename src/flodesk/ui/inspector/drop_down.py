"""A drop-down of the inspector: it needs little room, and leaves the wheel to the page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox


class DropDown(QComboBox):
    """The same as Qt's otherwise; words that do not fit end in “…”."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(4)
        self.setMinimumWidth(60)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.installEventFilter(self)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Cut the words to the room that they have: Qt would cut a letter in two."""
        super().initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        cut = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, max(0, room - 2))
        option.currentText = cut

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the wheel for the page unless the box has the focus."""
        if event.type() == QEvent.Type.Wheel and not self.hasFocus():
            event.ignore()
            return True
        return False
