"""The slider over the turns that are held: a press anywhere on it goes there, and a drag goes on from there."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget


class Scrubber(QSlider):
    """Goes to where it is pressed, as the sliders of the panel do: Qt's own goes a page step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle under the mouse; what follows is a drag of it."""
        place = event.position().toPoint()
        handle = self._area(QStyle.SubControl.SC_SliderHandle)
        if event.button() == Qt.MouseButton.LeftButton and not handle.contains(place):
            groove = self._area(QStyle.SubControl.SC_SliderGroove)
            along, room = place.x() - groove.x() - handle.width() // 2, groove.width() - handle.width()
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), along, max(room, 1)))
        super().mousePressEvent(event)

    def _area(self, part: QStyle.SubControl) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)


__all__ = ["Scrubber"]
