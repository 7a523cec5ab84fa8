"""What all plots have: axes round a box, a legend of ours above it, and the colours of the theme."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QFont, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QVBoxLayout, QWidget

from flodesk.public import Line
from flodesk.ui.panel.faces.curves.axes import axis_class
from flodesk.ui.panel.faces.curves.curves import Curve
from flodesk.ui.panel.faces.curves.legend import Legend
from flodesk.ui.panel.faces.curves.readout import Readout
from flodesk.ui.panel.faces.curves.surface import surface_class
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.figures import takes_large_prefix, takes_prefix
from flodesk.ui.panel.paint import color, nothing_yet, small
from flodesk.ui.panel.setting import Reading
from flodesk.ui.soon import soon
from flodesk.ui.theme import theme

READOUT = 0.4
"""Share of the height that lines below the plot take at most."""
LEGEND = 20
"""Pixels of the legend's line."""


class PlotFrame(Face):
    """An empty plot: what is drawn in it is a matter of those that come after it.

    Attributes
    ----------
    box, axes
        Of pyqtgraph.
    curves : tuple of Curve
        What axes, legend and cursor read.
    labels : tuple of str
        Label and unit of the horizontal axis, and of the vertical one; empty before the first value.
    """

    below = 8

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        import pyqtgraph

        self._library: Any = pyqtgraph
        self.legend = Legend(self)
        self.readout = Readout(self)
        self.plot: Any = surface_class()(self)
        self.plot.setAccessibleName("Curves")
        self.plot.hide()
        self.box: Any = pyqtgraph.ViewBox(enableMenu=False)
        self.axes: dict[str, Any] = {name: axis_class()(name) for name in ("left", "bottom")}
        self._items: list[Any] = []
        self.curves: tuple[Curve, ...] = ()
        self.labels: tuple[str, ...] = ()
        self._units = ("", "")
        self._prepare()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.readout)
        layout.addStretch(0)

    def _prepare(self) -> None:
        """Put the axes round the box, and put them into the plot.

        pyqtgraph's own PlotItem is left out: it makes a form of fifty widgets and seven menus for each plot.
        """
        plot, box = self.plot, self.box
        plot.setMinimumSize(0, 0)
        frame = self._library.GraphicsWidget()
        grid = QGraphicsGridLayout(frame)
        grid.setContentsMargins(0, 4, 6, 0)
        grid.setSpacing(0)
        grid.addItem(box, 0, 1)
        for name, row, column in (("left", 0, 0), ("bottom", 1, 1)):
            grid.addItem(self.axes[name], row, column)
        plot.setCentralItem(frame)
        plot.box, plot.axes = box, tuple(self.axes.values())
        box.setDefaultPadding(0.0)
        box.disableAutoRange()
        for axis in self.axes.values():
            axis.linkToView(box)
            axis.setZValue(-200)  # the grid, which the axes draw, is behind the curves: their box is at -100
            axis.setStyle(tickLength=0, autoReduceTextSpace=False, tickTextOffset=6, maxTickLevel=1)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_labels(self, line: Line) -> None:
        """Take over what the axes are."""
        labels = (line.x_label, line.x_unit, line.y_label, line.y_unit)
        if labels != self.labels:
            self.labels = labels
            self._units = (line.x_unit, line.y_unit or next((curve.unit for curve in self.curves if curve.unit), ""))
            self.write_axes()

    def units(self) -> tuple[str, str]:
        """Return the units of the horizontal and the vertical axis."""
        return self._units

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus where the keyboard brought it: who clicks sees where."""
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.plot.setStyleSheet(f"QGraphicsView {{ border: 1px solid {theme().accent}; }}")
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no longer."""
        self.plot.setStyleSheet("")
        super().focusOutEvent(event)

    def write_axes(self) -> None:
        """Write what the axes are, with SI prefixes where the unit takes them."""
        for name, label, unit in (
            ("bottom", self.labels[0] if self.labels else "", self._units[0]),
            ("left", self.labels[2] if self.labels else "", self._units[1]),
        ):
            axis = self.axes[name]
            axis.enableAutoSIPrefix(takes_prefix(unit))
            axis.setLabel(
                label or None, units=unit or None,
                siPrefixEnableRanges=None if takes_large_prefix(unit) else ((0.0, 1.0),),
                **{"color": theme().muted, "font-size": "11px"},
            )  # fmt: skip
            axis.showLabel(bool(label or unit))

    def lay_out_legend(self) -> None:
        """Keep a line free for the legend while it names curves; else it stands on the plot when there is a cursor."""
        lines = LEGEND if self.legend.named else 0
        layout = self.layout()
        if layout is not None and layout.contentsMargins().top() != lines:
            layout.setContentsMargins(0, lines, 0, 0)
        if self.legend.size() != QSize(self.width(), LEGEND):  # asked at each frame
            self.legend.setGeometry(0, 0, self.width(), LEGEND)
            self.legend.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the legend as wide as the plot."""
        super().resizeEvent(event)
        self.lay_out_legend()
        self.readout.limit(READOUT * self.height())

    # -------------------------------------------------------------- looks
    def paintEvent(self, event: QPaintEvent) -> None:
        """Say that there is no value yet, while there is none."""
        if not self.shown:
            nothing_yet(self)

    def pen(self, number: int) -> Any:
        """Return the pen of the curve with this number from 0."""
        return self._library.mkPen(theme().traces[number % len(theme().traces)], width=1)

    def dress_item(self, number: int, item: Any) -> None:
        """Give the item of a curve its colour."""
        item.setPen(self.pen(number))

    def wear_theme(self) -> None:
        """Take the colours of the theme for ground, axes, grid and curves."""
        colors = theme()
        self.plot.setBackground(color(colors.raised))
        font: QFont = small(self, 11)
        for axis in self.axes.values():
            axis.setPen(color(colors.line_strong))
            axis.setTextPen(color(colors.muted))
            axis.setTickFont(font)
            axis.setGrid(70 if colors.dark else 90)
        for number, item in enumerate(self._items):
            self.dress_item(number, item)
        self.write_axes()
        # pyqtgraph lays out the axes in the next turn of the event loop only
        soon(self, self.update)
