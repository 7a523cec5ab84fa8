"""A recorder: its file, how much there is and comes, what is in the way; and the buttons that stop it and split it."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

from flodesk.flow.model import Symbol
from flodesk.public import Indicator, Recording
from flodesk.ui.browsing import browse
from flodesk.ui.flow_folder import ask_path, in_full
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.figures import with_unit
from flodesk.ui.panel.paint import color, small
from flodesk.ui.panel.setting import Reading, Setting
from flodesk.ui.theme import theme
from flodesk.ui.theme.icons import wear

_WORDS = {
    Recording.RECORDING: "Recording",
    Recording.PAUSED: "Stopped",
    Recording.PROBLEM: "Not recording",
    Recording.ENDED: "Ended",
}
_WHEN_RUN = "Records when the flow runs"
_LINE = 20
_BUTTON = 28
_TOOL = 26
_SHORTEST = 48
"""Room in pixels in which a folder is still written."""


class RecorderFace(Face):
    """What a recorder does. Where there is little room the state and its buttons come first."""

    narrowest = 120

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self._now: Recording | None = None
        self.switch = QPushButton(self)
        self.switch.clicked.connect(self._switch)
        self.split = QPushButton("New file", self)
        self.split.setToolTip("End this file, and begin another one with the next turn")
        self.split.pressed.connect(lambda: self._press(True))
        self.split.released.connect(lambda: self._press(False))
        self.choose = QPushButton("Choose a file…", self)
        self.choose.setToolTip("Say where it is recorded to")
        self.choose.clicked.connect(self._choose)
        self._why = ""
        self._cut_off = False
        """Whether the engine was ended by force, and no other run has begun."""
        self._told: Recording | None = None
        """What the recorder has told last."""
        self._left: Recording | None = None
        """The same of one that has gone so, until another has told something."""
        self.copy = self._tool("copy", "Copy the path of the file")
        self.copy.clicked.connect(self._copy)
        self.folder = self._tool("folder", "Open the folder of the file")
        self.folder.clicked.connect(self._open)
        for button in (self.switch, self.split, self.choose):
            button.setStyleSheet("padding: 3px 4px;")
        self._down = False
        self.show_reading(reading)

    def _tool(self, icon: str, tip: str) -> QToolButton:
        made = QToolButton(self)
        made.setAutoRaise(True)
        made.setToolTip(tip)
        made.setAccessibleName(tip)
        wear(made, icon, "muted")
        return made

    # -------------------------------------------------------------- what it shows
    def show_value(self, value: Indicator) -> None:
        """Show how it goes."""
        assert isinstance(value, Recording)
        self.shown += 1
        self._told = value
        if value.state != Recording.ENDED and (self._cut_off or value == self._left):
            value = _cut_off(value)  # said before the engine was ended: nothing goes on there
        else:
            self._left = None
        if value != self._now or self._why:
            self._why = ""
            self._now = value
            self._settle()

    def show_reading(self, reading: Reading) -> None:
        """Take what the flow says now of what a hand can set."""
        super().show_reading(reading)
        self._settle()

    def show_down(self, held: Container[str]) -> None:
        """Show that the run has not read yet that another file is wanted."""
        setting = self.reading.setting("new_file")
        if setting is not None:
            self._down = setting.node in held
            if self._down or not self.split.underMouse() or not QApplication.mouseButtons():
                self.split.setDown(self._down)

    def begin_run(self) -> None:
        """Take what comes from now on as it is."""
        self._left, self._cut_off = self._told if self._cut_off else None, False

    def end_run(self, why: str = "", forced: bool = False) -> None:
        """Show that nothing is recorded any more, also where the recorder could not say so itself."""
        self._cut_off = forced
        if self._now is None and why != self._why:
            self._why = why
            self._settle()
        if self._now is not None and self._now.state != Recording.ENDED:
            self._now = _cut_off(self._now) if forced else _ended(self._now)
            self._settle()

    @property
    def on(self) -> bool:
        """Whether it is to record, by the flow, or by what a wire gives."""
        setting = self.reading.setting("recording")
        if setting is None or setting.wired or isinstance(setting.value, Symbol):
            return self._now is None or self._now.state != Recording.PAUSED
        return bool(setting.value)

    @property
    def state(self) -> str:
        """What it does, in a word or two."""
        if self._now is None and (self.missing or self._why):
            return "No file chosen" if self.missing else "Failed"
        return _WORDS.get(self._now.state, self._now.state) if self._now is not None else "Not run yet"

    @property
    def _hint(self) -> str:
        """What the switch does; or, before anything runs, that there is nothing to stop."""
        if self._now is None:
            return _WHEN_RUN if self.on else "Record from the start of the run"
        return "Stop recording: the flow goes on" if self.on else "Go on in the same file"

    @property
    def missing(self) -> bool:
        """Whether the flow does not say where it is recorded to."""
        setting = self.reading.setting("path")
        if setting is None or setting.wired:
            return False
        return not (setting.value.text if isinstance(setting.value, Symbol) else setting.value)

    @property
    def figures(self) -> list[str]:
        """How much there is, and how much comes."""
        now = self._now
        if now is None:
            return []
        rates = [f"{_said(now.bytes_rate, 'B')}/s", f"{_count(now.turns_rate)} turns/s"]
        rates = rates if now.state == Recording.RECORDING else []
        return [_said(now.size, "B"), f"{now.turns:,} turns".replace(",", "\u202f"), *rates]

    @property
    def dropped(self) -> str:
        """What is missing, in words; empty if nothing is."""
        count = self._now.dropped if self._now is not None else 0
        return f"{count:,} {'turn' if count == 1 else 'turns'} dropped".replace(",", "\u202f") if count else ""

    @property
    def splits(self) -> str:
        """When the next file is begun by itself, and how many there are."""
        now = self._now
        if now is None:
            return ""
        whens = [_said(now.split_size, "B")] if now.split_size else []
        whens += [_span(now.split_time)] if now.split_time else []
        said = [f"New file after {' or '.join(whens)}"] if whens else []
        return " · ".join([*said, f"{now.files} files"] if now.files > 1 else said)

    def tip(self) -> str:
        """Return what the node says of itself, the whole path, and what is in the way."""
        now = self._now
        path = self.reading.setting("path")
        named = path.value if path is not None and not path.wired and isinstance(path.value, str) else ""
        told = (now.path, now.problem) if now is not None else (in_full(self, named), self._why)
        return "\n".join(filter(None, (super().tip(), *told)))

    def _settle(self) -> None:
        """Bring buttons and words up to date."""
        switch, split = self.reading.setting("recording"), self.reading.setting("new_file")
        on, now = self.on, self._now
        self.switch.setText("Stop" if on else "Record")
        self.switch.setToolTip(_why(switch) or self._hint)
        wear(self.switch, "stop" if on else "breakpoint", "text" if on else "error")
        self.switch.setEnabled(_settable(switch) and not self._why and not (now is None and on))
        self.choose.setVisible(self.missing)
        self.switch.setVisible(switch is not None and not self.missing)
        self.split.setVisible(split is not None and not self.missing)
        self.split.setEnabled(
            _settable(split) and now is not None and now.state in (Recording.RECORDING, Recording.PROBLEM) and on
        )
        for tool in (self.copy, self.folder):
            tool.setVisible(now is not None and bool(now.path))
        problem = now.problem if now is not None else self._why
        said = (self.state, Path(now.path).name if now else "", *self.figures, self.dropped, problem)
        self.setAccessibleName(f"{self.reading.title}: {', '.join(filter(None, said))}")
        self._lay_out()
        self.update()

    # -------------------------------------------------------------- what a hand does
    def _switch(self) -> None:
        setting = self.reading.setting("recording")
        if setting is not None:
            self.turned.emit(setting, not self.on)

    def _press(self, down: bool) -> None:
        setting = self.reading.setting("new_file")
        if setting is not None:
            self.pressed.emit(setting, down)
        if not down:
            self.split.setDown(self._down)

    def _choose(self) -> None:
        setting = self.reading.setting("path")
        if setting is None:
            return
        if path := ask_path(self, f"Record {self.reading.title} to", "", "save", setting.endings):
            self.turned.emit(setting, path)

    def _copy(self) -> None:
        if self._now is not None:
            QGuiApplication.clipboard().setText(self._now.path)

    def _open(self) -> None:
        if self._now is not None:
            browse(QUrl.fromLocalFile(str(Path(self._now.path).parent)))

    def actions_of_face(self) -> Iterator[QAction]:
        """Copy the path, open the folder."""
        for button, text in ((self.copy, "Copy path"), (self.folder, "Open folder")):
            action = QAction(text, self)
            action.setEnabled(not button.isHidden())
            action.triggered.connect(button.click)
            yield action

    # -------------------------------------------------------------- looks
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the buttons."""
        self._lay_out()

    def _lay_out(self) -> None:
        wide, high = self.width(), self.height()
        low = high < _LINE + _BUTTON
        buttons = [button for button in (self.choose, self.switch, self.split) if not button.isHidden()]
        room = wide if not low else int(0.6 * wide)
        left, top = (0, high - _BUTTON) if not low else (wide - room, max(0, (high - _BUTTON) // 2))
        each = min((room - 8 * (len(buttons) - 1)) // max(len(buttons), 1), 132)
        for button in buttons:
            button.setGeometry(left if not low else wide - each, top, each, min(_BUTTON, high))
            left += each + 8
            if low:
                break
        self.split.setGeometry(self.split.geometry() if not low else QRectF(wide, 0, 0, 0).toRect())
        shown = high >= 2 * _LINE + _BUTTON + 8 and self._now is not None and bool(self._now.path)
        for number, tool in enumerate((self.folder, self.copy)):
            tool.setVisible(shown)
            tool.setGeometry(wide - (number + 1) * _TOOL, _LINE + 1, _TOOL, _TOOL - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write what it does, from the most important line to the least as far as there is room."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colors, now = theme(), self._now
            low = self.height() < _LINE + _BUTTON
            wide = (
                float(self.width())
                if not low
                else max(float((self.choose if self.missing else self.switch).x() - 8), 0.0)
            )
            end = float(self.height()) if low else float(self.height() - _BUTTON - 4)
            self._paint_state(painter, QRectF(0, max(0.0, (end - _LINE) / 2) if low else 0.0, wide, _LINE))
            lines: list[tuple[str, str, Qt.TextElideMode]] = []
            right, middle = Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle
            if now is None and not low and self._why:
                lines = [(self._why, colors.error, right)]
            elif now is None and not low and self.on and not self.missing:
                lines = [(_WHEN_RUN, colors.muted, right)]
            if now is not None and not low:
                lines = [(Path(now.path).name, colors.text, middle)]
                urgent = " · ".join(filter(None, (self.dropped, now.problem.replace(now.path, Path(now.path).name))))
                if urgent:
                    lines.append((urgent, colors.error, right))
                lines.append((" · ".join(self.figures), colors.muted, right))
                if self.splits:
                    lines.append((self.splits, colors.muted, right))
            top = float(_LINE + 4)
            painter.setFont(small(self, 12))
            metrics = painter.fontMetrics()
            for number, (text, ink, elide) in enumerate(lines):
                spare = end + 2 - top - _LINE * (len(lines) - number - 1)
                if top + _LINE > end + 2:
                    break
                room = QRectF(0, top, wide - (2 * _TOOL + 4 if number == 0 and not self.copy.isHidden() else 0), _LINE)
                painter.setPen(color(ink))
                needed = metrics.boundingRect(room.toRect(), Qt.TextFlag.TextWordWrap, text).height()
                if ink == colors.error and needed > _LINE and spare >= 2 * metrics.lineSpacing():
                    room.setHeight(min(needed, spare // metrics.lineSpacing() * metrics.lineSpacing()))
                    painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, text)
                    top = room.bottom() + 3
                    continue
                shown = metrics.elidedText(text, elide, int(room.width()))
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
                if now is not None and number == 0:
                    room.setLeft(room.left() + metrics.horizontalAdvance(shown) + 8)
                    _paint_folder(painter, room, str(Path(now.path).parent))
                top += _LINE

    def _paint_state(self, painter: QPainter, room: QRectF) -> None:
        """Paint a dot, the state in a word, and how long it has recorded."""
        colors, now = theme(), self._now
        state = now.state if now is not None else ""
        ink = {Recording.RECORDING: colors.error, Recording.PROBLEM: colors.warning}.get(state, colors.muted)
        dot = QPointF(room.left() + 6, room.center().y())
        painter.setPen(QPen(color(ink), 1.5))
        painter.setBrush(color(ink) if state == Recording.RECORDING else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot, 4.5, 4.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(color(colors.warning if state == Recording.PROBLEM else colors.text if state else colors.faint))
        painter.setFont(small(self, 13, bold=True))
        told = room.adjusted(18, 0, 0, 0)
        metrics = painter.fontMetrics()
        word = metrics.elidedText(self.state, Qt.TextElideMode.ElideRight, int(told.width()))
        painter.drawText(told, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, word)
        clock = _clock(now.seconds) if now is not None else ""
        left = told.width() - metrics.horizontalAdvance(word) - 12
        painter.setFont(small(self, 12))
        painter.setPen(color(colors.muted))
        if painter.fontMetrics().horizontalAdvance(clock) <= left:
            painter.drawText(told, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, clock)


def _paint_folder(painter: QPainter, room: QRectF, folder: str) -> None:
    """Write where the file is, as far as there is room."""
    if room.width() >= _SHORTEST:
        shown = painter.fontMetrics().elidedText(f"in {folder}", Qt.TextElideMode.ElideMiddle, int(room.width()))
        painter.setPen(color(theme().muted))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def _ended(now: Recording) -> Recording:
    return replace(now, state=Recording.ENDED, turns_rate=0.0, bytes_rate=0.0)


def _cut_off(now: Recording) -> Recording:
    """Return how a recording ended that nobody has closed."""
    turns = f"{now.turns:,} {'turn' if now.turns == 1 else 'turns'}".replace(",", "\u202f")
    said = f"The recording ended with the engine, at about {turns}: the last ones may be missing"
    return replace(_ended(now), problem=f"{now.problem.rstrip('.')}. {said}" if now.problem else said)


def _settable(setting: Setting | None) -> bool:
    """Say whether a hand can set it: no wire does, and no name stands there."""
    return setting is not None and not setting.wired and not isinstance(setting.value, Symbol)


def _why(setting: Setting | None) -> str:
    """Say why a hand cannot set it; empty if it can."""
    if setting is None or _settable(setting):
        return ""
    return f"Set by a wire from “{setting.wired}”." if setting.wired else f"Set by {setting.value.text} in the script."


def _said(value: float, unit: str) -> str:
    return " ".join(with_unit(value if value >= 1000 else int(value), unit, 3))


def _count(value: float) -> str:
    if value >= 10_000:
        return "".join(with_unit(value, "", 3)) if value < 1e5 else f"{value / 1000:.0f}k"
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _clock(seconds: float) -> str:
    """Return a length of time as a clock shows it."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _span(seconds: float) -> str:
    """Return a length of time in words."""
    for size, unit in ((3600.0, "h"), (60.0, "min")):
        if seconds >= size and (seconds / size).is_integer():
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:g} s"
