"""A line plot: curves of pyqtgraph under a legend of ours, on axes that move seldom.

What it costs, and therefore how it is done: axes are dearer than curves (see `span`), pens wider than one pixel four
times as dear as thin ones (see `pieces`), antialiasing is for up to `SMOOTH` points.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QFont, QGuiApplication, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QMessageBox, QVBoxLayout, QWidget

from flodesk.public import Indicator, Line
from flodesk.ui.panel.curves import Curve, csv_text, curves_of, extremes, nearest
from flodesk.ui.panel.face import Face
from flodesk.ui.panel.figures import takes_large_prefix, takes_prefix, with_unit
from flodesk.ui.panel.legend import Entry, Legend
from flodesk.ui.panel.paint import color, nothing_yet, small
from flodesk.ui.panel.pieces import axis_class, curve_class
from flodesk.ui.panel.setting import Reading
from flodesk.ui.panel.span import Scroll, Span
from flodesk.ui.save_dialog import ask_where
from flodesk.ui.theme import theme

SMOOTH = 12_000
"""Points of all curves together up to which they are antialiased: 0.3 ms a thousand, drawn twice."""


class LinePlot(Face):
    """One or more curves over a common axis.

    The axes fit by themselves until a hand drags or zooms; a double click, or "Fit by itself", gives them back.
    """

    takes = Line

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        import pyqtgraph

        self._library: Any = pyqtgraph
        self.legend = Legend(self)
        self.plot: Any = pyqtgraph.GraphicsView(self)
        self.plot.setAccessibleName("Curves")
        self.plot.hide()
        self.box: Any = pyqtgraph.ViewBox(enableMenu=False)
        self.axes: dict[str, Any] = {name: axis_class()(name) for name in ("left", "bottom")}
        self._items: list[Any] = []
        self.curves: tuple[Curve, ...] = ()
        self._labels: tuple[str, ...] = ()
        self._units = ("", "")
        self._x, self._y = Scroll(), Span()
        self._held: Line | None = None
        self.frozen = False
        self.fits = True
        """Whether the axes follow the data."""
        self._prepare()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.legend)
        layout.addWidget(self.plot, 1)
        layout.addStretch(0)
        self.legend.pressed.connect(self._chip)
        self.wear_theme()

    def _prepare(self) -> None:
        """Put the axes round the box, and set up cursor and gestures.

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
        box.setDefaultPadding(0.0)
        box.disableAutoRange()
        for axis in self.axes.values():
            axis.linkToView(box)
            axis.setZValue(-1)  # the grid, which the axes draw, is behind the curves
            axis.setStyle(tickLength=0, autoReduceTextSpace=False, tickTextOffset=6, maxTickLevel=1)
        self._cursor = self._library.InfiniteLine(angle=90, movable=False)
        self._cursor.setVisible(False)
        box.addItem(self._cursor, ignoreBounds=True)
        plot.scene().sigMouseMoved.connect(self._hover)
        box.sigRangeChangedManually.connect(self._taken)
        plot.viewport().installEventFilter(self)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    # -------------------------------------------------------------- values
    def show_value(self, value: Indicator) -> None:
        """Show curves, or keep them for later while the plot is frozen."""
        assert isinstance(value, Line)
        if self.frozen:
            self._held = value
            return
        if not self.shown:
            self.plot.show()
            self.update()
        self.shown += 1
        self.curves = curves_of(value, self.reading.names)
        self._set_labels(value)
        self._set_items()
        smooth = sum(len(curve.x) for curve in self.curves) <= SMOOTH
        for item, curve in zip(self._items, self.curves, strict=True):
            item.wide = smooth and curve.calm
            connect = "all" if curve.finite else "finite"
            item.setData(curve.x, curve.y, connect=connect, antialias=smooth, skipFiniteCheck=curve.finite)
        self._follow()
        self._tell_legend()

    def _set_items(self) -> None:
        """Have one item a curve."""
        while len(self._items) > len(self.curves):
            self.box.removeItem(self._items.pop())
        while len(self._items) < len(self.curves):
            self._items.append(curve_class()(pen=self._pen(len(self._items))))
            self.box.addItem(self._items[-1], ignoreBounds=True)

    def _set_labels(self, line: Line) -> None:
        labels = (line.x_label, line.x_unit, line.y_label, line.y_unit)
        if labels != self._labels:
            self._labels = labels
            self._units = (line.x_unit, line.y_unit or next((curve.unit for curve in self.curves if curve.unit), ""))
            self._write_axes()

    def _write_axes(self) -> None:
        """Write what the axes are, with SI prefixes where the unit takes them."""
        for name, label, unit in (
            ("bottom", self._labels[0] if self._labels else "", self._units[0]),
            ("left", self._labels[2] if self._labels else "", self._units[1]),
        ):
            axis = self.axes[name]
            axis.enableAutoSIPrefix(takes_prefix(unit))
            axis.setLabel(
                label or None, units=unit or None,
                siPrefixEnableRanges=None if takes_large_prefix(unit) else ((0.0, 1.0),),
                **{"color": theme().muted, "font-size": "11px"},
            )  # fmt: skip
            axis.showLabel(bool(label or unit))

    def _follow(self) -> None:
        """Bring the ranges up to the data, if they have left it far enough."""
        if not self.fits or not self.curves:
            return
        (left, right), (low, high) = extremes(self.curves)
        across, up = self._x.follow(left, right), self._y.follow(low, high, time.monotonic())
        if across or up:
            self.box.setRange(
                xRange=(self._x.low, self._x.high) if across else None,
                yRange=(self._y.low, self._y.high) if up else None,
                padding=0, disableAutoRange=False,
            )  # fmt: skip

    # -------------------------------------------------------------- cursor and gestures
    def _hover(self, at: QPointF) -> None:
        inside = self.box.sceneBoundingRect().contains(at) and bool(self.curves)
        self._cursor.setVisible(inside)
        if inside:
            self._cursor.setPos(self.box.mapSceneToView(at).x())
        self._tell_legend()

    def _tell_legend(self) -> None:
        at = float(self._cursor.value()) if self._cursor.isVisible() else None
        entries = []
        for number, curve in enumerate(self.curves):
            value = nearest(curve, at) if at is not None else None
            text = "" if value is None else " ".join(with_unit(value, curve.unit or self._units[1])).strip()
            entries.append(Entry(curve.name, theme().traces[number % len(theme().traces)], text))
        place = "" if at is None else " ".join(with_unit(at, self._units[0], 5)).strip()
        chip = "Frozen" if self.frozen else "" if self.fits else "Fit by itself"
        self.legend.show_entries(tuple(entries), place, chip)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel to the panel unless Ctrl is held, end the cursor, fit on a double click."""
        if event.type() == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.ignore()
                return True
        elif event.type() == QEvent.Type.Leave:
            self._cursor.setVisible(False)
            self._tell_legend()
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.fit()
            return True
        return super().eventFilter(watched, event)

    def _taken(self, *_: object) -> None:
        """Note that a hand has moved the axes."""
        self.fits = False
        self._tell_legend()

    def _chip(self) -> None:
        if self.frozen:
            self.freeze(False)
        else:
            self.fit()

    def fit(self) -> None:
        """Let the axes follow the data again."""
        self.fits = True
        self._x, self._y = Scroll(), Span()
        self._follow()
        self._tell_legend()

    def freeze(self, on: bool) -> None:
        """Keep the picture as it is, or go on with the newest value."""
        self.frozen = on
        held, self._held = self._held, None
        if not on and held is not None:
            self.show_value(held)
        self._tell_legend()

    # -------------------------------------------------------------- menu
    def actions_of_face(self) -> Iterator[QAction]:
        """Freeze, fit, copy, export."""
        freeze = QAction("Freeze", self, checkable=True, checked=self.frozen)
        freeze.toggled.connect(self.freeze)
        yield freeze
        fit = QAction("Fit axes by themselves", self, checkable=True, checked=self.fits)
        fit.setEnabled(not self.fits)
        fit.triggered.connect(self.fit)
        yield fit
        copy = QAction("Copy as CSV", self, enabled=bool(self.curves))
        copy.triggered.connect(self.copy_csv)
        yield copy
        export = QAction("Save picture…", self)
        export.triggered.connect(self._ask_picture)
        yield export

    def copy_csv(self) -> None:
        """Put the points that are drawn onto the clipboard."""
        label = self._labels[0] if self._labels else ""
        QGuiApplication.clipboard().setText(csv_text(self.curves, label, self._units[0]))

    def _ask_picture(self) -> None:
        path = ask_where(self, "Save picture", f"{self.reading.title}.png", "Pictures (*.png)")
        if path is not None and not self.grab().save(str(path), "PNG"):
            text = f"The picture could not be written to {path}. Choose another folder, or see to its rights."
            QMessageBox.warning(self, "Save picture", text)

    # -------------------------------------------------------------- looks
    def paintEvent(self, event: QPaintEvent) -> None:
        """Say that there is no value yet, while there is none."""
        if not self.shown:
            nothing_yet(self)

    def _pen(self, number: int) -> Any:
        return self._library.mkPen(theme().traces[number % len(theme().traces)], width=1)

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
        self._cursor.setPen(self._library.mkPen(color(colors.muted), width=1, style=Qt.PenStyle.DashLine))
        for number, item in enumerate(self._items):
            item.setPen(self._pen(number))
        self._write_axes()
        # pyqtgraph lays out the axes in the next turn of the event loop only
        QTimer.singleShot(0, self, self.update)
        self._tell_legend()
