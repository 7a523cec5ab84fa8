"""The card beside the cursor: what the value of a port or a wire is, with its statistics and a small picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from flodesk.engine.insight import Insight, Statistics
from flodesk.engine.preview import Preview
from flodesk.ui.canvas.card_overview import paint_curve
from flodesk.ui.canvas.painting import port_shape, tint
from flodesk.ui.canvas.pointed import Pointed
from flodesk.ui.panel.figures import exponent_of, prefix, takes_large_prefix, takes_prefix, with_unit
from flodesk.ui.theme import current, theme
from flodesk.ui.theme.icons import wear

WIDTH = 280
GAP = 14
"""From what is pointed at to the card, in pixels: near enough for the cursor to get across."""
_HEAD_TAKEN = 24 + 14 + 28 + 3 * 6 + 4
"""Of its width: margins, the sign, the pin, and the space between, in pixels."""
_BIG = ("number", "integer", "truth", "text", "path", "none")
"""Types of which the value itself is the news."""


class HoverCard(QFrame):
    """Shows a `Pointed` and, once it is there, its `Insight`.

    `entered` and `left` tell of the cursor upon the card.
    """

    entered = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("hover_card")
        self.setAccessibleName("The value under the cursor")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.history: list[float] = []
        self.sign = Sign()
        self.title, self.type = QLabel(), _label("small")
        self.type.setWordWrap(False)
        self.title.setProperty("role", "heading")
        self.head = QHBoxLayout()
        self.head.setSpacing(6)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.pin = QToolButton()
        wear(self.pin, "probe", "muted")
        self.pin.setCheckable(True)
        self.pin.setAutoRaise(True)
        self.pin.setIconSize(QSize(16, 16))
        self.pin.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for part, stretch in ((self.sign, 0), (self.title, 1), (self.type, 0), (self.pin, 0)):
            self.head.addWidget(part, stretch)
        self.value = _label("title")
        self.kind, self.size_line, self.gaps = _label("small"), _label("small"), _label("small")
        self.spark = _Spark()
        self.numbers = Numbers()
        self.age, self.facts, self.trouble = _label("small"), _label("small"), _label("error")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        column.addLayout(self.head)
        above = (self.value, self.age, self.kind, self.spark, self.numbers)
        for widget in (*above, self.gaps, self.size_line, self.facts, self.trouble):
            column.addWidget(widget)
        current.changed.connect(self.update)
        self.hide()

    # -------------------------------------------------------------- what it shows
    def show_pointed(self, pointed: Pointed) -> None:
        """Show what is known at once; the value follows by `show_insight`."""
        self.history = []
        self.sign.show_type(pointed.type)
        self._head(pointed, f"{pointed.type} · {pointed.unit}" if pointed.unit else pointed.type)
        self._words(pointed)
        for widget in (self.kind, self.size_line, self.gaps):
            _set(widget, "")
        self.numbers.hide()
        self._preview(pointed.preview if pointed.value else None, pointed)
        self.refit()

    def _head(self, pointed: Pointed, kind: str) -> None:
        """Write the type, and of the title what there is room for."""
        self.type.setText(kind)
        taken = self.type.fontMetrics().horizontalAdvance(kind) + _HEAD_TAKEN
        text = self.title.fontMetrics().elidedText(pointed.title, Qt.TextElideMode.ElideRight, WIDTH - taken)
        self.title.setText(text)
        self.title.setToolTip(pointed.title)

    def show_pin(self, *, there: bool, probed: bool) -> None:
        """Show whether there is a value that can be probed, and whether it is."""
        self.pin.setVisible(there)
        self.pin.setChecked(probed)
        tip = "Probe this value no more (P)" if probed else "Probe: keep the last values, turn by turn (P)"
        self.pin.setToolTip(tip)
        self.pin.setAccessibleName(tip)

    def _words(self, pointed: Pointed) -> None:
        _set(self.facts, "\n".join(pointed.facts))
        _set(self.trouble, pointed.trouble)
        _set(self.age, pointed.age)

    def _preview(self, preview: Preview | None, pointed: Pointed) -> None:
        self.spark.show_values(preview.spark if preview else (), preview.type if preview else pointed.type)
        if preview is None:
            _set(self.value, "")
            _set(self.kind, "No value yet: it comes with a run" if pointed.value else "")
            return
        _set(self.value, preview.text if preview.type in _BIG else "")
        _set(self.kind, "" if preview.type in _BIG else preview.detail)

    def show_insight(self, seen: Insight, pointed: Pointed) -> None:
        """Show the value as it is now; a new one changes the card in its place."""
        self._words(pointed)
        if seen.error:
            return
        unit = seen.unit or pointed.unit
        single = seen.type in _BIG
        _set(self.value, value_text(seen, unit) if single else "")
        self.sign.show_type(seen.type)
        self._head(pointed, f"{seen.type} · {unit}" if unit else seen.type)
        _set(self.kind, seen.kind)
        self.numbers.show_statistics(seen.statistics, unit)
        _set(self.gaps, _gap_words(seen.statistics))
        many = not single or seen.type == "text"
        shape = f"shape {seen.shape}" if seen.shape[:1].isdigit() and seen.type != "text" else seen.shape
        parts = [
            seen.text if not single and seen.statistics is None else "",
            shape,
            bytes_text(seen.size) if many else "",
        ]
        _set(self.size_line, " · ".join(part for part in parts if part))
        number = _number(seen)
        if number is not None:
            self.history = [*self.history[-63:], number]
            self.spark.show_values(tuple(self.history) if len(self.history) > 2 else (), seen.type)
        else:
            self.spark.show_values(seen.spark, seen.type)
        self.refit()

    def refit(self) -> None:
        """Take the height that the lines need; at a place that was chosen the edge nearest to the cursor stays."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = max(self.heightForWidth(WIDTH), self.sizeHint().height())
        if height != self.height():
            bottom = self.geometry().bottom()
            above = self.property("above") is True
            self.resize(WIDTH, height)
            if above and self.isVisible():
                self.move(self.x(), bottom - height + 1)

    # -------------------------------------------------------------- where
    def place_beside(self, at: QPoint, keep_clear: QRect) -> None:
        """Stand beside a point of the parent, covering none of `keep_clear`."""
        parent = self.parentWidget()
        assert parent is not None
        room = parent.rect().adjusted(8, 8, -8, -8)
        self.refit()
        size = self.size()
        places = (
            QPoint(keep_clear.right() + GAP, at.y() - 20),
            QPoint(keep_clear.left() - GAP - size.width(), at.y() - 20),
            QPoint(at.x() - size.width() // 2, keep_clear.bottom() + GAP),
            QPoint(at.x() - size.width() // 2, keep_clear.top() - GAP - size.height()),
        )
        best = min((_moved_into(QRect(place, size), room) for place in places), key=lambda box: _cost(box, keep_clear))
        self.setProperty("above", best.bottom() < keep_clear.top())
        self.move(best.topLeft())

    # -------------------------------------------------------------- Qt
    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell that the cursor has come over."""
        super().enterEvent(event)
        self.entered.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that it has gone."""
        super().leaveEvent(event)
        self.left.emit()


def _cost(box: QRect, keep_clear: QRect) -> int:
    cover = box.intersected(keep_clear)
    return cover.width() * cover.height() if cover.isValid() else 0


def _moved_into(box: QRect, room: QRect) -> QRect:
    box.moveLeft(max(room.left(), min(box.left(), room.right() - box.width())))
    box.moveTop(max(room.top(), min(box.top(), room.bottom() - box.height())))
    return box


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _set(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
    label.setVisible(bool(text))


def _number(seen: Insight) -> float | None:
    """Return the value where it is one number."""
    if seen.type not in ("number", "integer"):
        return None
    try:
        number = float(seen.text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def value_text(seen: Insight, unit: str) -> str:
    """Write a single value with its unit."""
    number = _number(seen)
    if number is None:
        return seen.text
    if seen.type == "integer" and not unit:
        return seen.text.replace("-", "−")
    digits, with_prefix = with_unit(number, unit, 6)
    return f"{digits} {with_prefix}".strip()


def _gap_words(found: Statistics | None) -> str:
    if found is None:
        return ""
    parts = [f"{found.missing} NaN"] if found.missing else []
    parts += [f"{found.infinite} infinite"] if found.infinite else []
    parts += [f"from every {found.every}th of the numbers"] if found.every > 1 else []
    return " · ".join(parts)


def bytes_text(size: int) -> str:
    """Write a size in bytes."""
    if size < 0:
        return ""
    for limit, unit in ((1e3, "B"), (1e6, "kB"), (1e9, "MB")):
        if size < limit:
            return f"{size} B" if unit == "B" else f"{size / limit * 1e3:.3g} {unit}"
    return f"{size / 1e9:.3g} GB"


class Sign(QWidget):
    """The shape and colour of a port of a type."""

    def __init__(self) -> None:
        super().__init__()
        self._type = "any"
        self.setFixedSize(14, 14)

    def show_type(self, port_type: str) -> None:
        """Show the sign of a port type."""
        self._type = port_type
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(7, 7)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint(theme().type_color(self._type)))
            painter.drawPath(port_shape(self._type, 4.6))


class _Spark(QWidget):
    """A small curve on a sunken ground; hidden where there is nothing to draw."""

    def __init__(self) -> None:
        super().__init__()
        self._values = Preview("any", "")
        self.setFixedHeight(44)

    def show_values(self, values: tuple[float, ...], port_type: str) -> None:
        self._values = Preview(port_type, "", "", values)
        self.setVisible(len(values) > 1)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 24, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QPen(tint(look.line), 1))
            painter.setBrush(tint(look.sunken if look.dark else look.canvas))
            painter.drawRoundedRect(box, 5, 5)
            color = look.type_color(self._values.type)
            paint_curve(painter, box.adjusted(6, 6, -6, -6), self._values, color, 1.4)
            if not self._values.spark:
                painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))


class Numbers(QWidget):
    """Least, greatest, mean and deviation in four columns, in one unit that stands behind them."""

    _NAMES = ("min", "max", "mean", "std")

    def __init__(self) -> None:
        super().__init__()
        self.figures = {name: QLabel() for name in (*self._NAMES, "unit")}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for column, (name, figure) in enumerate(self.figures.items()):
            head = _label("small")
            head.setText(name if name in self._NAMES else "")
            figure.setProperty("role", "figure" if name in self._NAMES else "small")
            grid.addWidget(head, 0, column)
            grid.addWidget(figure, 1, column)
            grid.setColumnStretch(column, 1 if name in self._NAMES else 0)
        self.hide()

    def show_statistics(self, found: Statistics | None, unit: str) -> None:
        """Show them; None hides the columns."""
        self.setVisible(found is not None)
        if found is None:
            return
        numbers = (found.low, found.high, found.mean, found.deviation)
        texts, unit = in_one_unit(numbers, unit)
        for name, text in zip(self.figures, (*texts, unit), strict=True):
            self.figures[name].setText(text)


def in_one_unit(numbers: Sequence[float], unit: str, digits: int = 4) -> tuple[list[str], str]:
    """Return numbers as text in one unit, with the prefix that suits the greatest; what is not finite is a dash."""
    greatest = max((abs(n) for n in numbers if math.isfinite(n)), default=0.0)
    exponent = exponent_of(greatest) if takes_prefix(unit) else 0
    if not takes_large_prefix(unit):
        exponent = min(exponent, 0)
    scaled = [n / 10.0**exponent for n in numbers]
    return [with_unit(n, "", digits)[0] if math.isfinite(n) else "–" for n in scaled], prefix(exponent) + unit


__all__ = ["GAP", "WIDTH", "HoverCard", "Numbers", "Sign", "bytes_text", "in_one_unit", "value_text"]
