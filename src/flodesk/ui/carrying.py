"""A drag of Qt's that begins at a widget: what it carries, and the small picture beside the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QDrag, QFont, QFontMetrics, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from flodesk.ui.subject import Subject, packed
from flodesk.ui.theme import theme

_WIDEST = 180
"""Of a name on the picture, in pixels."""


class Carrying(QObject):
    """Lets something be dragged from a widget to the panel: a name, a heading.

    Parameters
    ----------
    subjects : callable
        Gives what the widget stands for, when the drag begins; nothing lets no drag begin.
    """

    def __init__(self, widget: QWidget, subjects: Callable[[], Sequence[Subject]]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._subjects = subjects
        self._pressed: QPoint | None = None
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin the drag once the hand has moved as far as a drag needs."""
        if not isinstance(event, QMouseEvent):
            return False
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            return True  # else the press goes to what is below, and no move comes here
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._pressed = None
        elif event.type() == QEvent.Type.MouseMove and self._pressed is not None:
            far = (event.position().toPoint() - self._pressed).manhattanLength()
            if event.buttons() & Qt.MouseButton.LeftButton and far >= QApplication.startDragDistance():
                self._pressed = None
                carry(self._widget, self._subjects())
            return True
        return False


def carry(widget: QWidget, subjects: Sequence[Subject]) -> None:
    """Drag something from a widget until the hand lets go."""
    if not subjects:
        return
    drag = QDrag(widget)
    drag.setMimeData(packed(subjects))
    first = subjects[0]
    name = f"{first.node}.{first.part}" if first.part else first.node
    drag.setPixmap(tag(name if len(subjects) == 1 else f"{len(subjects)} nodes", widget.devicePixelRatioF()))
    drag.setHotSpot(QPoint(-14, -10))
    drag.exec(Qt.DropAction.CopyAction)


def tag(name: str, ratio: float = 1.0) -> QPixmap:
    """Return the small, translucent picture of what is dragged; `ratio` is device pixels a pixel."""
    font = QFont()
    font.setPixelSize(12)
    font.setWeight(QFont.Weight.DemiBold)
    measure = QFontMetrics(font)
    name = measure.elidedText(name, Qt.TextElideMode.ElideMiddle, _WIDEST)
    width = measure.horizontalAdvance(name) + 22
    picture = QPixmap(round(width * ratio), round(26 * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.8)
        painter.setPen(QColor(theme().accent))
        painter.setBrush(QColor(theme().raised))
        painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, 25), 6, 6)
        painter.setFont(font)
        painter.setPen(QColor(theme().text))
        painter.drawText(QRectF(0, 0, width, 26), Qt.AlignmentFlag.AlignCenter, name)
    return picture
