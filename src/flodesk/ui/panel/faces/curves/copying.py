"""Curves as text on the clipboard: all samples, also those that are not drawn, or those that are seen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtGui import QGuiApplication

from flodesk.engine.recalling import Zoomed
from flodesk.ui.panel.asking import Asking
from flodesk.ui.panel.faces.curves.curves import Curve, csv_text
from flodesk.ui.panel.faces.curves.measures import within
from flodesk.ui.panel.faces.curves.zooming import CUT, FAR, may_be_cut
from flodesk.ui.panel.figures import counted
from flodesk.ui.panel.setting import Reading
from flodesk.ui.side_thread import SideThread

MOST_COPIED = 200_000
"""Samples that go onto the clipboard at most: more belong into a file."""


class Copied(Protocol):
    """A plot of which samples can be copied.

    Attributes
    ----------
    coarse : tuple of Curve
        The curves as they came along with the value.
    """

    box: Any
    asking: Asking | None
    reading: Reading
    coarse: tuple[Curve, ...]
    labels: tuple[str, ...]

    @property
    def said(self) -> SignalInstance:
        """Something was done, or could not be; a sentence for the status bar."""

    def points(self) -> tuple[Curve, ...]:
        """Return the curves in the units that their axes say."""

    def at_place(self, at: float) -> float:
        """Return a place of the horizontal axis as a number in its unit."""

    def units(self) -> tuple[str, str]:
        """Return the units of the axes."""


class Copying(QObject):
    """Copies the curves of one plot."""

    def __init__(self, plot: Copied, parent: QObject) -> None:
        super().__init__(parent)
        self._plot = plot
        self._side: SideThread | None = None
        """Writes long texts."""

    def copy(self, seen: bool = False) -> None:
        """Put all samples onto the clipboard, or those that are seen; the engine has those that are not drawn."""
        plot = self._plot
        left, right = plot.box.viewRange()[0]
        ends = (plot.at_place(left), plot.at_place(right)) if seen else (-FAR, FAR)
        asking = plot.asking
        if asking is not None and asking.ready and plot.reading.variable and any(map(may_be_cut, plot.coarse)):
            asking.zoom(plot.reading.variable, *ends, partial(self._take, ends), whole=True)
        else:
            self._put(plot.points(), ends)

    def _take(self, ends: tuple[float, float], found: Zoomed) -> None:
        """Copy what the engine gave; where it has it no more, what is drawn."""
        points = self._plot.points()
        if found.error:
            self._put(points, ends)
            self._plot.said.emit(f"Only the points that are drawn were copied: {found.error}.")
            return
        traces = (part.trace for part in found.parts)
        made = (replace(curve, x=trace.x, y=trace.y) for curve, trace in zip(points, traces, strict=False))
        self._put(tuple(made), ends)

    def _put(self, curves: tuple[Curve, ...], ends: tuple[float, float]) -> None:
        """Write what lies between two places, long texts beside the window, and put it onto the clipboard."""
        curves = tuple(within(curve, *ends) for curve in curves)
        count = sum(len(curve.x) for curve in curves)
        said = self._plot.said
        if count > MOST_COPIED:
            said.emit(f"{counted(count)} samples are too many for the clipboard: use “Save all data…”.")
            return
        label, unit = self._plot.labels[0] if self._plot.labels else "", self._plot.units()[0]

        def copied(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            said.emit(f"{counted(count)} sample{'' if count == 1 else 's'} on the clipboard as CSV.")

        if count <= CUT:
            copied(csv_text(curves, label, unit))
            return
        if self._side is None:
            self._side = SideThread(self)
        self._side.do(lambda: csv_text(curves, label, unit), copied)


__all__ = ["MOST_COPIED", "Copying"]
