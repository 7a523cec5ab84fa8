"""A state timeline: a lane for each thing, in which each state is a block with its word."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from flodesk.indicators.telling import Lane, Timeline
from flodesk.public import Indicator
from flodesk.ui.panel.faces.dials.ruler import Ruler
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.figures import with_unit
from flodesk.ui.panel.paint import color, elided, nothing_yet, small
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

_LINE = 16
_LEAST = 12.0
_GAP = 4.0
_GOOD = frozenset({"on", "ok", "ready", "done", "pass", "passed", "true", "open"})
_CALM = frozenset({"off", "idle", "none", "false", "stopped", "closed", "-", ""})
_WARNS = frozenset({"warning", "warn", "busy", "waiting"})
_ALARMS = frozenset({"alarm", "error", "fault", "fail", "failed", "trip", "tripped"})


@dataclass(frozen=True, slots=True)
class Block:
    """A state on the screen: from `start` to `stop`, in s before now (0 is now)."""

    area: QRectF
    lane: str
    word: str
    start: float
    stop: float


class TimelineFace(Face):
    """The states of the last seconds, now at the right; the mouse on a block tells how long it lasted."""

    below = 6

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self.line: Timeline | None = None
        self.blocks: list[Block] = []
        self._inks: dict[str, str] = {}
        self._mouse: QPointF | None = None
        self.setMouseTracking(True)
        self.setMinimumHeight(20)

    def show_value(self, value: Indicator) -> None:
        """Show the states up to now."""
        assert isinstance(value, Timeline)
        self.shown += 1
        self.line = value.still()
        self.setAccessibleName(f"{value.title or self.reading.title}: {self.line.summary()}")
        self.update()

    def ink(self, word: str) -> str:
        """Return the colour of a state: by what it says, else the next one of the curves' colours."""
        colors, low = theme(), word.casefold()
        for words, name in ((_GOOD, "ok"), (_CALM, "line_strong"), (_WARNS, "warning"), (_ALARMS, "error")):
            if low in words:
                return str(getattr(colors, name))
        place = self._inks.setdefault(word, str(len(self._inks)))
        return colors.traces[int(place) % len(colors.traces)]

    @property
    def told(self) -> str:
        """What is written about the block under the mouse."""
        block = next((b for b in self.blocks if self._mouse is not None and b.area.contains(self._mouse)), None)
        if block is None:
            return ""
        lasted = " ".join(filter(None, with_unit(block.stop - block.start, "s", 3)))
        since = " ".join(filter(None, with_unit(-block.start, "s", 3)))
        name = f"{block.lane}: " if block.lane else ""
        return f"{name}{block.word}, {since} ago" + (f", for {lasted}" if block.stop < 0 else ", until now")

    # -------------------------------------------------------------- hands
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read off a block."""
        self._mouse = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Read off nothing any more."""
        self._mouse = None
        self.update()

    # -------------------------------------------------------------- paint
    def sizeHint(self) -> QSize:
        """Room for a few lanes."""
        return QSize(300, 80)

    def _area(self, line: Timeline) -> QRectF:
        metrics = QFontMetricsF(small(self, 12))
        wide = max((metrics.horizontalAdvance(lane.name) for lane in line.lanes), default=0.0)
        wide = min(wide + 10, self.width() * 0.3) if wide else 0.0
        foot = _LINE + 2 if self.height() >= 50 else 0
        return QRectF(wide, 0, max(self.width() - wide, 1.0), max(self.height() - foot, 1.0))

    def _blocks_of(self, lane: Lane, line: Timeline, area: QRectF) -> list[Block]:
        """Return the blocks of a lane, from the left; those of less than a pixel are left out but for the last."""
        if lane.starts is None or not len(lane.starts):
            return []
        starts = [float(when) - line.now for when in lane.starts]
        made = []
        for number, start in enumerate(starts):
            stop = starts[number + 1] if number + 1 < len(starts) else 0.0
            left = area.right() + max(start, -line.span) / line.span * area.width()
            right = area.right() + max(stop, -line.span) / line.span * area.width()
            if right - left < 0.5 and number + 1 < len(starts):
                continue
            box = QRectF(left, area.top(), max(right - left, 1.0), area.height())
            made.append(Block(box, lane.name, lane.words[int(lane.codes[number])], start, stop))
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint lanes and time axis."""
        line = self.line
        if line is None:
            nothing_yet(self)
            return
        with QPainter(self) as painter:
            area = self._area(line)
            count = max(len(line.lanes), 1)
            high = min(max((area.height() - _GAP * (count - 1)) / count, _LEAST), 36.0)
            self.blocks = []
            for number, lane in enumerate(line.lanes):
                room = QRectF(area.left(), number * (high + _GAP), area.width(), high)
                painter.fillRect(room, color(theme().sunken))
                if lane.name:
                    painter.setFont(small(self, 12))
                    painter.setPen(color(theme().text))
                    box = QRectF(0, room.top(), area.left() - 8, high)
                    elided(painter, box, lane.name, Qt.AlignmentFlag.AlignLeft)
                for block in self._blocks_of(lane, line, room):
                    self.blocks.append(block)
                    self._paint_block(painter, block)
            if self.height() >= 50:
                self._paint_foot(painter, area, line, min(count * (high + _GAP), area.height()))

    def _paint_block(self, painter: QPainter, block: Block) -> None:
        ink = color(self.ink(block.word))
        painter.fillRect(block.area, ink)
        painter.setPen(QPen(color(theme().raised), 1))
        painter.drawLine(block.area.topLeft(), block.area.bottomLeft())
        painter.setFont(small(self, 11, bold=True))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(block.word)
        if wide + 10 <= block.area.width():
            painter.setPen(_readable(ink))
            painter.drawText(
                block.area.adjusted(6, 0, -4, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, block.word
            )

    def _paint_foot(self, painter: QPainter, area: QRectF, line: Timeline, top: float) -> None:
        painter.setFont(small(self, 11))
        painter.setPen(color(theme().muted))
        foot = QRectF(0, min(top, self.height() - _LINE), self.width(), _LINE)
        if self.told:
            elided(painter, foot, self.told, Qt.AlignmentFlag.AlignLeft)
            return
        scale = Ruler(-line.span, 0.0, "s")
        metrics = QFontMetricsF(painter.font())
        for tick in scale.ticks(max(2, int(area.width() / 90))):
            text = f"{scale.label(tick)} {scale.symbol}" if tick else "now"
            wide = metrics.horizontalAdvance(text)
            place = area.right() + tick / line.span * area.width()
            left = min(max(place - wide / 2, area.left()), area.right() - wide)
            painter.drawText(QPointF(left, foot.top() + 12), text)


def _readable(ground: QColor) -> QColor:
    """Return black or white, whichever is read better on a ground."""
    light = 0.2126 * ground.redF() ** 2.2 + 0.7152 * ground.greenF() ** 2.2 + 0.0722 * ground.blueF() ** 2.2
    return color("#000000") if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else color("#ffffff")
