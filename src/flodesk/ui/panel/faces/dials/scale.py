"""What all faces of numbers on a scale have in common: the value with its zones, and a ground that is painted once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPaintEngine,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from flodesk.flow.finite import is_finite, make_range
from flodesk.indicators import Lamp, Number
from flodesk.indicators.scales import Scale
from flodesk.ui.panel.faces.dials.ruler import Ruler
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.faces.zones import zone_ink, zones_of
from flodesk.ui.panel.paint import color, small
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

_LINES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)
"""Devices that keep lines as lines: the ground is painted there, not its picture."""


class ScaleFace(Face):
    """Shows a number between two limits.

    A kind paints two things: its ground (track, ticks, labels, zones), which is kept as a picture until size, limits or
    theme change, and over it what moves with the value.
    """

    kind: ClassVar[type[Scale]] = Scale
    """What a plain number is shown as."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self._given: Any = None
        self.scale: Scale = self.kind()
        self._reached: Scale | None = None
        """The scale as far as it has followed the value."""
        self._ground: QPixmap | None = None
        self._painted: tuple[Any, ...] = ()
        self.setMinimumHeight(20)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_reading(reading)

    # -------------------------------------------------------------- the value
    def show_value(self, value: Any) -> None:
        """Show a number, with the limits that it brings or the view says."""
        self.shown += 1
        if value != self._given:
            self._given = value
            self._settle()

    def show_reading(self, reading: Reading) -> None:
        """Take what the view says of the looks."""
        if (reading.variable, reading.unit, reading.options) != self._followed:
            self._reached = None
        super().show_reading(reading)
        self._settle()

    def _settle(self) -> None:
        self.scale = dressed(self._given, self.kind, self.reading)
        if self.scale.follows:
            self.scale = self._reached = grown(self._reached, self.scale)
        title = getattr(self._given, "title", "") or self.reading.title
        self.setAccessibleName(f"{title}: {self.text}" if self.shown else f"{title}: no value yet")
        self.setAccessibleDescription(self.tip())
        self.update()

    @property
    def _followed(self) -> tuple[Any, ...]:
        return self.reading.variable, self.reading.unit, self.reading.options

    @property
    def ruler(self) -> Ruler:
        """The scale's numbers."""
        return Ruler(self.scale.minimum, self.scale.maximum, self.scale.unit)

    @property
    def figures(self) -> str:
        """The digits that are shown; a dash before the first value."""
        return self.ruler.figures(self.scale.value, self.scale.digits) if self.shown else "–"

    @property
    def symbol(self) -> str:
        """The unit behind the digits."""
        return self.ruler.symbol

    @property
    def text(self) -> str:
        """The value with its unit, and what warns."""
        words = f"{self.figures} {self.symbol}".strip()
        return f"{words}, {self.state}" if self.state else words

    @property
    def state(self) -> str:
        """What is to be said of the value in a word; empty if all is well."""
        if not self.shown:
            return ""
        if self.scale.zone is not None:
            return self.scale.zone.level.capitalize()
        value = self.scale.value
        beyond = "Above scale" if value > self.scale.maximum else "Below scale" if value < self.scale.minimum else ""
        return beyond if math.isfinite(value) else "No number" if math.isnan(value) else beyond

    @property
    def ink(self) -> str:
        """The colour of what moves with the value."""
        zone = self.scale.zone if self.shown else None
        return theme().accent if zone is None else zone_ink(zone)

    def tip(self) -> str:
        """Return range and zones, for the tooltip."""
        ruler = self.ruler
        ends = f"{ruler.label(ruler.minimum)} to {ruler.label(ruler.maximum)} {ruler.symbol}".rstrip()
        zones = [f"{zone.words} {self.scale.unit}".rstrip() for zone in self.scale.zones]
        follows = "The scale follows the value: Looks… gives it ends" if self.scale.follows else ""
        words = ". ".join(filter(None, (ends, follows, *zones)))
        return "\n".join(filter(None, (self.reading.help, f"{words}.", self._instead)))

    @property
    def _instead(self) -> str:
        """What is to be said where the limits that were asked for are none."""
        asked = [
            self.reading.options.get(name, getattr(self._given, name, getattr(self.scale, name)))
            if name not in self.scale.follows
            else getattr(self.scale, name)
            for name in ("minimum", "maximum")
        ]
        if asked == [self.scale.minimum, self.scale.maximum]:
            return ""
        return f"There is no scale from {asked[0]:g} to {asked[1]:g}: give a minimum below the maximum."

    # -------------------------------------------------------------- hands
    def actions_of_face(self) -> Iterator[QAction]:
        """Copy the value, and begin a scale anew that has grown with it."""
        if self.scale.follows and self._given is not None:
            fit = QAction("Fit scale to the value", self)
            fit.triggered.connect(self.fit)
            yield fit
        copy = QAction("Copy value", self)
        copy.triggered.connect(self.copy)
        yield copy

    def fit(self) -> None:
        """Let a scale that follows the value begin anew with the present one."""
        self._reached = None
        self._settle()

    def copy(self) -> None:
        """Put the value on the clipboard, with its unit."""
        QGuiApplication.clipboard().setText(f"{self.figures} {self.symbol}".strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy by Ctrl+C."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    # -------------------------------------------------------------- paint
    def sizeHint(self) -> QSize:
        """Room for a small scale."""
        return QSize(140, 120)

    def paint_ground(self, painter: QPainter) -> None:
        """Paint what does not move with the value."""
        raise NotImplementedError

    def paint_value(self, painter: QPainter) -> None:
        """Paint what does."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground from its picture, the value over it, and the focus."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if painter.paintEngine().type() in _LINES:
                painter.save()
                painter.setFont(self.font())
                self.paint_ground(painter)
                painter.restore()
            else:
                painter.drawPixmap(
                    0, 0, self._kept_ground(max(self.devicePixelRatioF(), painter.deviceTransform().m11()))
                )
            self.paint_value(painter)
            self.paint_focus(painter)

    def _kept_ground(self, ratio: float) -> QPixmap:
        still = replace(self.scale, value=0.0, title="")
        key = (self.width(), self.height(), ratio, theme().name, still, self.font().family())
        if self._ground is None or key != self._painted:
            ground = QPixmap(max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1))
            ground.setDevicePixelRatio(ratio)
            ground.fill(Qt.GlobalColor.transparent)
            with QPainter(ground) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setFont(self.font())
                self.paint_ground(painter)
            self._ground, self._painted = ground, key
        return self._ground

    # -------------------------------------------------------------- strokes that several kinds share
    def paint_figures(self, painter: QPainter, area: QRectF, pixels: int, align: Qt.AlignmentFlag) -> None:
        """Write the value with its unit into an area, smaller where it does not fit."""
        colors = theme()
        figures, unit = self.figures, self.symbol if self.shown else ""
        for size in range(max(pixels, 11), 9, -1):
            digits, after = small(self, size, bold=True), small(self, max(10, round(size * 0.62)))
            painter.setFont(after)
            beside = painter.fontMetrics().horizontalAdvance(f" {unit}") + 2.0 if unit else 0.0
            painter.setFont(digits)
            wide = painter.fontMetrics().horizontalAdvance(figures)
            if wide + beside <= area.width():
                break
        else:
            beside = beside if wide + beside <= area.width() else 0.0
        left = {
            Qt.AlignmentFlag.AlignLeft: area.left(),
            Qt.AlignmentFlag.AlignRight: area.right() - wide - beside,
        }.get(align, area.center().x() - (wide + beside) / 2)
        base = area.center().y() + painter.fontMetrics().capHeight() / 2
        painter.setPen(color(colors.text if self.shown else colors.faint))
        painter.drawText(round(left), round(base), figures)
        if beside:
            painter.setFont(after)
            painter.setPen(color(colors.muted))
            painter.drawText(
                round(left + wide + beside - painter.fontMetrics().horizontalAdvance(unit)), round(base), unit
            )

    def paint_state(self, painter: QPainter, area: QRectF, align: Qt.AlignmentFlag) -> None:
        """Write into an area what is to be said of the value, with a sign before it; a colour alone says too little."""
        if not self.state:
            return
        painter.setFont(small(self, 11, bold=True))
        painter.setPen(color(self.ink if self.scale.zone is not None else theme().muted))
        wide = painter.fontMetrics().horizontalAdvance
        texts = (f"▲ {self.state}", self.state, "▲") if self.scale.zone is not None else (self.state,)
        text = next((t for t in texts if wide(t) <= area.width()), "")
        painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter, text)


def tick_font(widget: QWidget) -> QFont:
    """Return the font of what is written at ticks."""
    return small(widget, 11)


def track_ink() -> QColor:
    """Return the colour of a scale where it is empty."""
    return color(theme().line_strong, 0.5)


def grown(before: Scale | None, now: Scale) -> Scale:
    """Return a scale that follows its value, no shorter than it was before."""
    if before is None or before.unit != now.unit:
        return now
    low = min(before.minimum, now.minimum) if "minimum" in now.follows else now.minimum
    high = max(before.maximum, now.maximum) if "maximum" in now.follows else now.maximum
    return replace(now, minimum=low, maximum=high)


def dressed(value: Any, kind: type[Scale], reading: Reading) -> Scale:
    """Return a value on a scale: with its own limits and zones if it has some, and those of the view before them."""
    if isinstance(value, Scale):
        scale = value
    elif isinstance(value, Number):
        ends = ("minimum", "maximum") if kind.free else ()
        scale = kind(value.title, float(value.value), value.unit, digits=value.digits, follows=ends)
    elif isinstance(value, Lamp):
        scale = kind(value.title, float(value.on), maximum=1.0)
    else:
        scale = kind(unit=reading.unit)
    options = reading.options
    said = {name: options[name] for name in ("minimum", "maximum", "unit") if name in options}
    if zones := zones_of(options):
        said["zones"] = zones
    scale = replace(scale, **said) if said else scale
    if scale.follows:
        limits = dict(zip(("minimum", "maximum"), Scale.limits_for(scale.value, scale.unit, scale.zones), strict=True))
        follows = tuple(end for end in scale.follows if end not in said)
        scale = replace(scale, follows=follows, **{end: limits[end] for end in follows})  # type: ignore[arg-type]
    if make_range(scale.minimum, scale.maximum):
        return scale
    above = scale.minimum + 1.0 if is_finite(scale.minimum) else math.nan
    if make_range(scale.minimum, above) and scale.maximum <= above:
        return replace(scale, maximum=above)
    return replace(scale, minimum=kind().minimum, maximum=kind().maximum)
