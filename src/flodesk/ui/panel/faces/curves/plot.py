"""A line plot: curves of pyqtgraph under a legend of ours, on axes that move seldom.

What it costs, and therefore how it is done: axes are dearer than curves (see `span`), pens wider than one pixel four
times as dear as thin ones (see `pieces`), antialiasing is for up to `SMOOTH` points.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QWidget

from flodesk.public import Indicator, Line, Trace
from flodesk.ui.panel.faces.curves.close_look import CloseLook, keyed
from flodesk.ui.panel.faces.curves.copying import Copying
from flodesk.ui.panel.faces.curves.curves import Curve, curves_of, nearest, renamed
from flodesk.ui.panel.faces.curves.fitted import FittedPlot
from flodesk.ui.panel.faces.curves.legend import Entry
from flodesk.ui.panel.faces.curves.pieces import curve_class
from flodesk.ui.panel.faces.curves.pointer import Pointer
from flodesk.ui.panel.faces.curves.span import Scroll, Span
from flodesk.ui.panel.faces.curves.zooming import Zooming, may_be_cut
from flodesk.ui.panel.faces.wheel import leave_wheel
from flodesk.ui.panel.figures import with_unit
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import Theme, theme

SMOOTH = 12_000
"""Points of all curves together up to which they are antialiased: 0.3 ms a thousand, drawn twice."""


class LinePlot(FittedPlot):
    """One or more curves over a common axis.

    The axes fit by themselves until a hand drags or zooms; a double click, or "Fit by itself", gives them back.
    """

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self._newest: Indicator | None = None
        self.pointer = Pointer(self, self._library, self)
        self.plot.viewport().installEventFilter(self)
        self.legend.pressed.connect(self._chip)
        self.coarse: tuple[Curve, ...] = ()
        """The curves as they came along with the value."""
        self._told: tuple[tuple[str, ...], str, Theme] | None = None
        """What the legend says, where it says nothing of the place under the mouse."""
        self._waits = False
        """Whether a value has come of which the part that is seen is on its way."""
        self.zoom = Zooming(self, self)
        self.copying = Copying(self, self)
        self.look = CloseLook(self, self._library, self.readout, self)
        self.runs.connect(self.look.carry)
        self.box.sigXRangeChanged.connect(self._moved)
        self.wear_theme()

    # -------------------------------------------------------------- values
    def show_value(self, value: Indicator) -> None:
        """Show curves."""
        self._newest = value
        line = self.line_of(value)
        if not self.shown:
            self.plot.show()
            self.update()
        self.shown += 1
        self.coarse = curves_of(renamed(line, self.reading.options.get("names", "")), self.reading.names)
        self._waits = bool(self.zoom.parts) and self.wants_closer()
        if not self._waits:
            self.curves = self.coarse
        self.set_labels(line)
        if not self._waits:
            self._show()
        self.zoom.follow()

    def _show(self) -> None:
        """Draw the curves, and say what there is to say of them."""
        if self._newest is None:
            return
        self.draw(self._newest)
        self.follow_data()
        self.tell()
        self.look.follow()

    # -------------------------------------------------------------- more of what is seen
    def wants_closer(self) -> bool:
        """Say whether more is to be seen, or told, than the points that came along show."""
        asked = self.asking is not None and self.asking.ready and bool(self.reading.variable)
        return asked and any(map(may_be_cut, self.coarse)) and self.zooms() and (not self.fits or self.look.sums)

    def zooms(self) -> bool:
        """Say whether the axis is that of the samples."""
        return True

    def drawn(self, trace: Trace) -> Trace:
        """Return a part of a curve as it lies on the axes."""
        return trace

    def show_closer(self) -> None:
        """Draw the parts that have come; where none has, what came along with the value."""
        self._waits = False
        self.curves = self.zoom.into(self.coarse)
        self._show()

    def _moved(self) -> None:
        self.zoom.follow()
        self.look.follow()

    def _taken(self, *_: object) -> None:
        """Note that a hand has moved the axes, and ask for what is to be seen now."""
        super()._taken()
        self.zoom.follow()

    def show_reading(self, reading: Reading) -> None:
        """Take over what the flow says, and show the newest value anew where the view wants other looks."""
        other = reading.options != self.reading.options
        super().show_reading(reading)
        if other and self._newest is not None:
            self.fits = True
            self._x, self._y = Scroll(), Span()
            self.show_value(self._newest)

    def line_of(self, value: Indicator) -> Line:
        """Return what axes, legend and cursor know of a value."""
        assert isinstance(value, Line)
        return value

    def draw(self, value: Indicator) -> None:
        """Bring the items of the plot up to the curves."""
        self._set_items()
        smooth = sum(len(curve.x) for curve in self.curves) <= SMOOTH
        for item, curve in zip(self._items, self.curves, strict=True):
            item.wide = smooth and curve.calm
            item.take(curve.x, curve.y, finite=curve.finite, smooth=smooth)
        self.plot.viewport().update()

    def _set_items(self) -> None:
        """Have one item a curve."""
        while len(self._items) > len(self.curves):
            self.box.removeItem(self._items.pop())
        while len(self._items) < len(self.curves):
            self._items.append(curve_class()(pen=self.pen(len(self._items))))
            self.box.addItem(self._items[-1], ignoreBounds=True)

    # -------------------------------------------------------------- mouse and gestures
    def tell(self) -> None:
        """Show the curves, and their values under the mouse, in the legend."""
        at = self.pointer.place()
        told = tuple(curve.name for curve in self.curves), self.chip_text(), theme()
        if at is None and told == self._told:
            return  # asked at each frame
        self._told = told if at is None else None
        entries = []
        for number, curve in enumerate(self.curves):
            value = nearest(curve, at) if at is not None else None
            text = "" if value is None else " ".join(with_unit(value, curve.unit or self._units[1])).strip()
            entries.append(Entry(curve.name, theme().traces[number % len(theme().traces)], text))
        place = "" if at is None else self.place_text(at)
        self.legend.show_entries(tuple(entries), place, told[1])
        self.lay_out_legend()

    def chip_text(self) -> str:
        """Return what stands on the chip of the legend."""
        return "Frozen" if self.frozen else "" if self.fits else "Fit by itself"

    def points(self) -> tuple[Curve, ...]:
        """Return the curves in the units that their axes say."""
        return self.curves

    def at_place(self, at: float) -> float:
        """Return a place of the horizontal axis as a number in its unit."""
        return at

    def place_text(self, at: float) -> str:
        """Write a place of the horizontal axis."""
        return " ".join(with_unit(self.at_place(at), self._units[0], 5)).strip()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel to the panel unless Ctrl is held, fit on a double click."""
        if event.type() == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                leave_wheel(self, event)
                return True
        elif event.type() == QEvent.Type.MouseButtonPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)  # keys are for the plot that was touched last
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.fit()
            return True
        return super().eventFilter(watched, event)

    def _chip(self) -> None:
        if self.frozen:
            self.freeze(False)
        else:
            self.fit()

    def show_frozen(self, on: bool) -> None:
        """Say it on the chip."""
        super().show_frozen(on)
        self.tell()

    # -------------------------------------------------------------- menu
    def actions_of_face(self) -> Iterator[QAction]:
        """Fit, copy."""
        fit = keyed(QAction("Fit axes by themselves", self, checkable=True, checked=self.fits), "A")
        fit.setEnabled(not self.fits)
        fit.triggered.connect(self.fit)
        yield fit
        yield from self.look.actions(self)
        seen = keyed(QAction("Copy what is seen as CSV", self), QKeySequence.StandardKey.Copy)
        whole = QAction("Copy as CSV", self)
        for action, part in ((seen, True), (whole, False)):
            action.setEnabled(bool(self.curves))
            action.triggered.connect(partial(self.copying.copy, part))
            yield action

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Look closely by keys."""
        if not self.shown or not self.look.press(event):
            super().keyPressEvent(event)

    def wear_theme(self) -> None:
        """Take the colours of the theme for all of it."""
        super().wear_theme()
        self.pointer.wear_theme()
        self.tell()
        self.look.wear_theme()
        self.look.follow()
