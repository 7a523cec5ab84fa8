"""What the indicators of the panel have in common, and how a plain value becomes something to look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from flodesk.public import Heat, Image, Indicator, Lamp, Line, Note, Number, Sheet, Trace, Waveform
from flodesk.ui.panel.asking import Asking
from flodesk.ui.panel.content import Content
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme


class Face(Content):
    """A widget that shows one kind of `Indicator`, always the newest one."""

    turned = Signal(object, object)
    """A hand has set a literal of the node: its `Setting`, and the value."""
    pressed = Signal(object, bool)
    """A hand has pressed, or let go, what sets a literal for one call: its `Setting`."""

    narrowest = 62
    said = Signal(str)
    """Something was done, or could not be; a sentence for the status bar."""
    freeze_wanted = Signal(bool)
    """The hand wants the view to stand still, or to go on."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reading = reading
        self.asking: Asking | None = None
        """Whom to ask for what did not come along with a value."""
        self.frozen = False
        """Whether it stands still while the run goes on."""
        self.shown = 0
        """How many values it has shown."""
        self._by_key = False

    def show_value(self, value: Any) -> None:
        """Show a value of a kind that its form takes."""
        raise NotImplementedError

    def freeze(self, on: bool) -> None:
        """Ask for the picture to be kept as it is, or for the newest value."""
        self.freeze_wanted.emit(on)

    def show_frozen(self, on: bool) -> None:
        """Say that it stands still, or goes on."""
        self.frozen = on

    def let_off(self) -> bool:
        """Take away by Esc what a hand has laid over the picture, or has begun; False if there is nothing."""
        return False

    def show_reading(self, reading: Reading) -> None:
        """Take what the flow, or the view, says now of the same value."""
        self.reading = reading

    def tip(self) -> str:
        """Return what the node says of itself."""
        return self.reading.help

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Note whether the keyboard brought the focus: who clicks sees where it is."""
        self._by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def paint_focus(self, painter: QPainter) -> None:
        """Show the focus where the keyboard brought it."""
        if self._by_key and self.hasFocus():
            painter.setPen(QPen(color(theme().accent, 0.6), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def actions_of_face(self) -> Iterator[QAction]:
        """Give the entries of the context menu that belong to this kind of indicator."""
        return iter(())


def as_indicator(value: Any, reading: Reading) -> Indicator:
    """Return a value as an indicator: itself if it is one, else what suits its type; at last its text."""
    if isinstance(value, Indicator):
        return value
    if isinstance(value, bool):
        return Lamp(on=value)
    if isinstance(value, int | float):
        return Number(value=value, unit=reading.unit)
    if isinstance(value, str):
        return Note(text=value)
    if isinstance(value, Trace):
        return Line(traces=(value,), y_unit=value.unit or reading.unit)
    if isinstance(value, Waveform):
        return Line(traces=_channels(value), x_label="Time", x_unit="s", y_unit=value.unit or reading.unit)
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        return Sheet(table=value)
    if _is_picture(value) and (reading.type == "image" or reading.form in ("image", "heat", "surface")):
        return Heat(values=value, unit=reading.unit) if reading.form in ("heat", "surface") else Image(values=value)
    if getattr(value, "ndim", None) == 1 and getattr(getattr(value, "dtype", None), "kind", "") in ("f", "i", "u"):
        return Line(traces=(Trace(range(len(value)), value),), y_unit=reading.unit)
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        return as_indicator(value.item(), reading)
    return Note(text="nothing" if value is None else str(getattr(value, "text", value)))


def _is_picture(value: Any) -> bool:
    shape: tuple[int, ...] = getattr(value, "shape", ())
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    return kind in ("b", "f", "i", "u") and (len(shape) == 2 or (len(shape) == 3 and shape[2] in (3, 4)))


def _channels(wave: Waveform) -> tuple[Trace, ...]:
    import numpy as np

    samples = np.atleast_2d(np.asarray(wave.y))
    x = wave.t0 + wave.dt * np.arange(samples.shape[1])
    return tuple(
        Trace(x, row, "" if len(samples) == 1 else f"channel {number}") for number, row in enumerate(samples, 1)
    )
