"""Looking closely at a plot: two cursors and what is between them, peaks, figures of what is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

from flodesk.ui.panel.faces.curves.copying import Copying
from flodesk.ui.panel.faces.curves.curves import Curve, nearest
from flodesk.ui.panel.faces.curves.measures import figures, peaks, within
from flodesk.ui.panel.faces.curves.readout import Readout, Told
from flodesk.ui.panel.faces.curves.zooming import Zooming
from flodesk.ui.panel.figures import counted, with_unit
from flodesk.ui.panel.paint import color, small
from flodesk.ui.theme import theme

CURVES = 4
"""Curves of which peaks and figures are told."""
STEP = 1 / 200
"""Share of what is seen by which a key moves a cursor; a tenth of it with Shift."""
_MOVES = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}


class Closely(Protocol):
    """What it looks at."""

    box: Any
    curves: tuple[Curve, ...]
    frozen: bool
    zoom: Zooming
    copying: Copying

    def at_place(self, at: float) -> float:
        """Return a place of the horizontal axis as a number in its unit."""

    def units(self) -> tuple[str, str]:
        """Return the units of the axes."""

    def freeze(self, on: bool) -> None:
        """Keep the picture as it is."""

    def fit(self) -> None:
        """Let the axes follow the data again."""


class CloseLook(QObject):
    """What of all this is switched on for one plot, and its items there.

    Attributes
    ----------
    cursors, marks, sums : bool
        Whether the cursors, the peaks, the figures are shown.
    """

    def __init__(self, plot: Closely, library: Any, readout: Readout, parent: QObject) -> None:
        super().__init__(parent)
        self._plot, self._library, self._readout = plot, library, readout
        self.cursors = self.marks = self.sums = False
        self.lines: list[Any] = []
        """The cursors A and B, once they were asked for."""
        self._active = 1
        self._carries = False
        """Whether the cursors move with the axis, and no hand moves them."""
        self._dots: Any = None
        self._texts: list[Any] = []

    # -------------------------------------------------------------- switches
    def show_cursors(self, on: bool) -> None:
        """Show two cursors, at a third and two thirds of what is seen, or none."""
        self.cursors = on
        left, right = self._plot.box.viewRange()[0]
        while on and len(self.lines) < 2:
            number = len(self.lines)
            line = self._library.InfiniteLine(
                angle=90, movable=True, label="AB"[number], labelOpts={"position": 0.94, "movable": False}
            )
            line.sigPositionChanged.connect(lambda *_, number=number: self._moved(number))
            self._plot.box.addItem(line, ignoreBounds=True)
            self.lines.append(line)
        for number, line in enumerate(self.lines):
            if on and not left < line.value() < right:
                line.setValue(left + (right - left) * (number + 1) / 3)
            line.setVisible(on)
        self.wear_theme()
        self.follow()

    def show_marks(self, on: bool) -> None:
        """Mark the highest peaks of what is seen, or none."""
        self.marks = on
        self.follow()

    def show_sums(self, on: bool) -> None:
        """Tell the figures of what is seen, or none."""
        self.sums = on
        self._plot.zoom.follow()
        self.follow()

    def carry(self, low: float, high: float) -> None:
        """Keep the cursors where they are on the screen when the axis is about to run to these ends.

        One that is not in the picture comes back into it. An axis that only gets wider or narrower does not run: there
        the cursors keep their places on the curves.
        """
        left, right = self._plot.box.viewRange()[0]
        if not self.cursors or (low - left) * (high - right) <= 0.0:
            return
        self._carries = True
        for number, line in enumerate(self.lines):
            share = (line.value() - left) / (right - left)
            line.setValue(low + (high - low) * (share if 0.0 <= share <= 1.0 else (number + 1) / 3))
        self._carries = False

    def _moved(self, number: int) -> None:
        if not self._carries:
            self._active = number
            self.follow()

    # -------------------------------------------------------------- what is said
    def follow(self) -> None:
        """Bring all that is said up to the curves and to what is seen of them."""
        if not (self.cursors or self.marks or self.sums) and not self._readout.lines and not self._texts:
            return
        said = self._between() if self.cursors else []
        left, right = self._plot.box.viewRange()[0]
        seen = [within(curve, left, right) for curve in self._plot.curves[:CURVES]]
        said += self._mark(seen if self.marks else [])
        said += self._sums(seen) if self.sums else []
        self._readout.tell(tuple(said))

    def _between(self) -> list[Told]:
        """Say where the cursors are, and how far apart, on the axis and on each curve."""
        across, up = self._plot.units()
        a, b = (float(line.value()) for line in self.lines)
        first, second = self._plot.at_place(a), self._plot.at_place(b)
        words = f"A {_text(first, across)}   B {_text(second, across)}   Δ {_text(second - first, across)}"
        if across == "s" and second != first:
            words += f"   1/Δ {_text(1.0 / abs(second - first), 'Hz')}"
        said = [Told(words)]
        for number, curve in enumerate(self._plot.curves[:CURVES]):
            low, high = nearest(curve, a), nearest(curve, b)
            unit = curve.unit or up
            told = [f"A {_text(low, unit)}"] if low is not None else []
            told += [f"B {_text(high, unit)}"] if high is not None else []
            told += [f"Δ {_text(high - low, unit)}"] if low is not None and high is not None else []
            if told:
                said.append(Told("   ".join(filter(None, (curve.name, *told))), _ink(number)))
        return said

    def _sums(self, seen: list[Curve]) -> list[Told]:
        said = []
        for number, curve in enumerate(seen):
            unit = curve.unit or self._plot.units()[1]
            found = self._plot.zoom.figures(number) or figures(curve)
            if found is None:
                continue
            about = "" if found.exact else "≈ "
            parts = (
                curve.name,
                f"mean {about}{_text(found.mean, unit)}",
                f"RMS {about}{_text(found.rms, unit)}",
                f"σ {about}{_text(found.deviation, unit)}",
                f"min {_text(found.low, unit)}",
                f"max {_text(found.high, unit)}",
                f"p-p {_text(found.high - found.low, unit)}",
                f"of {counted(found.count)} {'samples' if found.exact else 'points that are drawn'}",
            )
            said.append(Told("   ".join(filter(None, parts)), _ink(number)))
        return said

    def _mark(self, seen: list[Curve]) -> list[Told]:
        """Put a triangle and a number at each peak, and say where they are."""
        across, up = self._plot.units()
        said, found = [], []
        for number, curve in enumerate(seen):
            words = [curve.name] if curve.name else []
            for place, height in peaks(curve):
                found.append((place, height))
                at = _text(self._plot.at_place(place), across)
                words.append(f"{len(found)}: {at}, {_text(height, curve.unit or up)}")
            if len(words) > bool(curve.name):
                said.append(Told("   ".join(words), _ink(number)))
        if self._dots is None and found:
            self._dots = self._library.ScatterPlotItem(symbol="t", size=8, pen=None)
            self._plot.box.addItem(self._dots, ignoreBounds=True)
            self.wear_theme()
        if self._dots is not None:
            self._dots.setData([x for x, _ in found], [y for _, y in found])
        while len(self._texts) > len(found):
            self._plot.box.removeItem(self._texts.pop())
        while len(self._texts) < len(found):
            text = self._library.TextItem(str(len(self._texts) + 1), color(theme().text), anchor=(-0.4, 0.5))
            text.setFont(small(self._readout, 11))
            self._plot.box.addItem(text, ignoreBounds=True)
            self._texts.append(text)
        for text, (x, y) in zip(self._texts, found, strict=True):
            text.setPos(x, y)
        return said

    # -------------------------------------------------------------- hand
    def actions(self, parent: QObject) -> Iterator[QAction]:
        """Give the entries of the menu."""
        for title, key, on, switch in (
            ("Cursors", "C", self.cursors, self.show_cursors),
            ("Mark peaks", "P", self.marks, self.show_marks),
            ("Figures of what is seen", "S", self.sums, self.show_sums),
        ):
            action = keyed(QAction(title, parent, checkable=True, checked=on), key)
            action.toggled.connect(switch)
            yield action

    def press(self, event: QKeyEvent) -> bool:
        """Take a key that was pressed on the plot; return whether it means something here."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self._plot.copying.copy(seen=True)
            return True
        plain = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier == Qt.KeyboardModifier.NoModifier
        key = Qt.Key(event.key())
        if plain and self.cursors and key in _MOVES:
            left, right = self._plot.box.viewRange()[0]
            fine = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            line = self.lines[self._active]
            line.setValue(line.value() + _MOVES[key] * fine * STEP * (right - left))
            return True
        if event.modifiers() != Qt.KeyboardModifier.NoModifier:
            return False
        match key:
            case Qt.Key.Key_C:
                self.show_cursors(not self.cursors)
            case Qt.Key.Key_P:
                self.show_marks(not self.marks)
            case Qt.Key.Key_S:
                self.show_sums(not self.sums)
            case Qt.Key.Key_F:
                self._plot.freeze(not self._plot.frozen)
            case Qt.Key.Key_A:
                self._plot.fit()
            case Qt.Key.Key_X if self.cursors:
                self._active = 1 - self._active
                self.wear_theme()
            case Qt.Key.Key_Plus | Qt.Key.Key_Minus:
                self._zoom(0.8 if key == Qt.Key.Key_Plus else 1.25)
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                self._pan(_MOVES[key])
            case _:
                return False
        return True

    def _zoom(self, factor: float) -> None:
        box = self._plot.box
        box.scaleBy((factor, 1.0))
        box.sigRangeChangedManually.emit([True, False])

    def _pan(self, way: float) -> None:
        box = self._plot.box
        left, right = box.viewRange()[0]
        box.translateBy((way * 0.1 * (right - left), 0.0))
        box.sigRangeChangedManually.emit([True, False])

    def wear_theme(self) -> None:
        """Take the colours of the theme; the cursor that keys move is the full one."""
        for number, line in enumerate(self.lines):
            active = number == self._active
            line.setPen(self._library.mkPen(color(theme().accent, 1.0 if active else 0.6), width=1))
            line.setHoverPen(self._library.mkPen(color(theme().accent), width=2))
            line.label.setColor(color(theme().text))
        if self._dots is not None:
            self._dots.setBrush(self._library.mkBrush(color(theme().warning)))
        for text in self._texts:
            text.setColor(color(theme().text))


def keyed(action: QAction, key: str | QKeySequence.StandardKey) -> QAction:
    """Write a key behind an entry of a menu; the plot itself takes it when it is pressed."""
    action.setShortcut(QKeySequence(key))
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    return action


def _text(value: float, unit: str) -> str:
    return " ".join(with_unit(value, unit)).strip()


def _ink(number: int) -> str:
    return theme().traces[number % len(theme().traces)]
