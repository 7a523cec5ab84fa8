"""A card of the panel: a title, and below or beside it the control or the indicator of one view."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from flodesk.engine.client import Sample
from flodesk.flow.model import View
from flodesk.public import Indicator, Note
from flodesk.ui.earlier import Mark
from flodesk.ui.panel.control import Control
from flodesk.ui.panel.face import Face, as_indicator
from flodesk.ui.panel.paint import card, color, elided, small
from flodesk.ui.panel.plot import LinePlot
from flodesk.ui.panel.setting import Gone, Reading, Setting, Shown
from flodesk.ui.panel.sheet import SheetFace
from flodesk.ui.panel.slider import Slider
from flodesk.ui.panel.small_faces import LampFace, NumberFace, TextFace, WaitingFace
from flodesk.ui.panel.switches import Button, Choice, NumberControl, Switch, TextField
from flodesk.ui.panel.veil import Veil, paint_hint
from flodesk.ui.theme import theme

log = logging.getLogger(__name__)

CONTROLS: dict[str, type[Control]] = {
    "slider": Slider, "number": NumberControl, "switch": Switch, "button": Button, "choice": Choice, "text": TextField,
}  # fmt: skip
FACES: tuple[type[Face], ...] = (LinePlot, NumberFace, LampFace, SheetFace, TextFace)
_LIKELY: dict[str, type[Face]] = {
    "line": LinePlot, "xy": LinePlot, "number": NumberFace, "lamp": LampFace, "table": SheetFace, "text": TextFace,
}  # fmt: skip
"""The face to prepare for a node type of that name; the first value decides."""

COMPACT = 60
"""Height in pixels under which title and content stand side by side."""
_PAD = 12


def face_for(value: Indicator) -> type[Face]:
    """Return the class that shows an indicator; the text's for one that no class knows."""
    return next((face for face in FACES if isinstance(value, face.takes)), TextFace)


class Card(QWidget):
    """Shows one view. What it shows may change under it: `show_shown` keeps the content wherever it still fits."""

    turned = Signal(object)
    released = Signal()
    pulsed = Signal(bool)
    removal_wanted = Signal()
    node_wanted = Signal()
    """The hand asks to see the node on the canvas."""

    def __init__(self, function: str, view: View, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.function = function
        self.view = view
        self.shown: Shown = Gone("")
        self.content: QWidget | None = None
        self.seen: Sample | None = None
        """The newest sample that was shown."""
        self._title = ""
        self._mark: Mark | None = None
        self._veil = Veil(self)
        self.show_shown(view, shown)

    # -------------------------------------------------------------- what it shows
    def show_shown(self, view: View, shown: Shown) -> None:
        """Show what the flow says now."""
        before, self.shown, self.view = self.shown, shown, view
        match shown:
            case Setting():
                self._show_setting(shown)
            case Reading():
                same = isinstance(before, Reading) and (before.variable, before.likely) == (
                    shown.variable,
                    shown.likely,
                )
                if same and isinstance(self.content, Face):
                    self.content.reading = shown
                else:
                    self.seen, self._mark = None, None
                    self._put(_LIKELY.get(shown.likely, WaitingFace)(shown, self))
            case Gone():
                self._put(_Farewell(shown.message, self))
        self._title = shown.title if not isinstance(shown, Reading) or self.seen is None else self._title or shown.title
        self._tell()
        self._lay_out()
        self.update()

    def show_mark(self, mark: Mark | None) -> None:
        """Show that the value is not of the newest run; None: it is."""
        if mark != self._mark:
            self._mark = mark
            self._tell()
            self.update()

    @property
    def mark(self) -> Mark | None:
        """What is said of a value that the newest run has not made."""
        return self._mark if self.seen is not None else None

    def _tell(self) -> None:
        """Say in the tooltip what there is to say, and draw the veil over a value of before."""
        words = self.mark.words if self.mark is not None else ""
        if isinstance(self.shown, Setting):
            wired = f"Set by a wire from “{self.shown.wired}”." if self.shown.wired else self.shown.help
            words = "\n".join(filter(None, (wired, words)))
        self.setToolTip(words)
        self._veil.setVisible(self.mark is not None)

    def _show_setting(self, setting: Setting) -> None:
        wanted = CONTROLS[setting.widget]
        if type(self.content) is wanted and isinstance(self.content, Control):
            self.content.show_setting(setting)
        else:
            control = wanted(setting, self)
            control.turned.connect(self.turned)
            control.released.connect(self.released)
            control.pulsed.connect(self.pulsed)
            self._put(control)

    def _put(self, content: QWidget) -> None:
        """Put another content in place of the present one."""
        old, self.content = self.content, content
        if old is not None:
            old.hide()
            old.deleteLater()
        if isinstance(content, _Farewell):
            content.button.clicked.connect(self.removal_wanted)
        content.show()
        self._veil.raise_()

    @property
    def variable(self) -> str:
        """``function.variable`` of the value that it wants; empty if none."""
        match self.shown:
            case Reading():
                return self.shown.variable
            case Setting():
                return self.shown.variable if self.shown.wired else ""
            case Gone():
                return ""

    def show_sample(self, sample: Sample) -> bool:
        """Show a sample unless it is the one that is shown; return whether it was."""
        if self.seen is not None and sample.sequence == self.seen.sequence and sample.value is self.seen.value:
            return False
        self.seen = sample
        if isinstance(self.content, Control):
            self.content.show_value(sample.value)
        elif isinstance(self.shown, Reading):
            self._show_indicator(as_indicator(sample.value, self.shown), self.shown)
        return True

    def show_failure(self, error: Exception) -> None:
        """Say instead of the value why it cannot be shown. The next value is tried again."""
        log.error("The view “%s” cannot show its value.", self.view.id, exc_info=error)
        face = TextFace(self.shown if isinstance(self.shown, Reading) else Reading(self.variable, self._title), self)
        face.show_value(Note(text=f"This value cannot be shown: {error}"))
        self._put(face)
        self._lay_out()

    def _show_indicator(self, value: Indicator, reading: Reading) -> None:
        wanted = face_for(value)
        if type(self.content) is not wanted:
            self._put(wanted(reading, self))
            self._lay_out()
        title = value.title or reading.title
        if title != self._title:
            self._title = title
            self.update()
        assert isinstance(self.content, Face)
        self.content.show_value(value)

    # -------------------------------------------------------------- looks
    @property
    def compact(self) -> bool:
        """Whether title and content stand side by side."""
        return self.height() < COMPACT

    @property
    def title(self) -> str:
        """What is written on the card."""
        return self._title

    def _title_font_metrics(self) -> QFontMetrics:
        return QFontMetrics(small(self, 12, bold=True))

    def _title_area(self) -> QRect:
        if not self.compact:
            return QRect(_PAD, 8, self.width() - 2 * _PAD, 18)
        wide = self._title_font_metrics().horizontalAdvance(self._title) + 4
        needed = self.content.narrowest if isinstance(self.content, Control | Face) else 0
        return QRect(_PAD, 0, max(min(wide, self.width() - _PAD - needed - 20), 0), self.height())

    def _lay_out(self) -> None:
        if self.content is None:
            return
        if isinstance(self.content, Button | _Farewell):
            edge = 5 if self.compact else _PAD
            self.content.setGeometry(self.rect().adjusted(edge, edge, -edge, -edge))
        elif self.compact:
            left = self._title_area().right() + 12
            self.content.setGeometry(left, 4, max(self.width() - left - 8, 0), self.height() - 8)
        else:
            top = 30
            bottom = 8 if isinstance(self.content, LinePlot) else 10
            self.content.setGeometry(_PAD, top, self.width() - 2 * _PAD, self.height() - top - bottom)
        self._veil.setGeometry(self.content.geometry())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the content."""
        self._lay_out()

    def wear_theme(self) -> None:
        """Take the colours of the theme in force."""
        if isinstance(self.content, Face):
            self.content.wear_theme()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, the title, and where the value comes from if a wire sets it."""
        colors = theme()
        painter = QPainter(self)
        card(painter, QRectF(self.rect()), border=colors.warning if isinstance(self.shown, Gone) else "")
        if not isinstance(self.content, Button | _Farewell):
            area = QRectF(self._title_area())
            if self.mark is not None:
                wide = self._title_font_metrics().horizontalAdvance(self._title)
                hint = paint_hint(painter, self, area, self.mark.hint, title=wide, bare=self.compact)
                area.setRight(area.right() - hint)
            painter.setFont(small(self, 12, bold=True))
            painter.setPen(color(colors.text))
            wired = self.shown.wired if isinstance(self.shown, Setting) and not self.compact else ""
            if wired:
                at = min(self._title_font_metrics().horizontalAdvance(self._title) + 10, int(area.width()))
                elided(painter, area.adjusted(0, 0, at - area.width(), 0), self._title, Qt.AlignmentFlag.AlignLeft)
                painter.setFont(small(self, 11))
                painter.setPen(color(colors.muted))
                elided(painter, area.adjusted(at, 0, 0, 0), f"from {wired}", Qt.AlignmentFlag.AlignLeft)
            else:
                elided(painter, area, self._title, Qt.AlignmentFlag.AlignLeft)
        painter.end()

    # -------------------------------------------------------------- menu
    def menu(self) -> QMenu:
        """Return the context menu: what the indicator offers, then what every card does."""
        menu = QMenu(self)
        if isinstance(self.content, Face):
            for action in self.content.actions_of_face():
                menu.addAction(action)
            if menu.actions():
                menu.addSeparator()
        if not isinstance(self.shown, Gone):
            menu.addAction("Show node on the canvas", self.node_wanted.emit)
        menu.addAction("Remove from panel", self.removal_wanted.emit)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


class _Farewell(QWidget):
    """Says that what the view showed is gone, and offers to take the view away."""

    def __init__(self, message: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.message = message
        self.button = QPushButton("Remove", self)
        self.button.setToolTip("Take this view off the panel")
        self.setToolTip(message)
        self.setAccessibleName(message)

    def resizeEvent(self, event: Any) -> None:
        """Place the button: below the message, or beside it where the card is low."""
        wide = min(self.button.sizeHint().width(), self.width())
        if self.height() < COMPACT:
            self.button.setGeometry(self.width() - wide, (self.height() - 28) // 2, wide, 28)
        else:
            self.button.setGeometry((self.width() - wide) // 2, self.height() // 2 + 12, wide, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the message."""
        painter = QPainter(self)
        painter.setPen(color(theme().muted))
        if self.height() < COMPACT:
            area = QRectF(6, 0, self.button.x() - 12, self.height())
            elided(painter, area, self.message, Qt.AlignmentFlag.AlignLeft)
        else:
            area = QRectF(0, 0, self.width(), self.height() / 2 + 6)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
            painter.drawText(area, flags, self.message)
        painter.end()
