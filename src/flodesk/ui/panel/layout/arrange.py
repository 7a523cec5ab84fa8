"""Arranging the panel by hand: a sheet of glass over the cards that takes mouse and keys while the panel is edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QRect, QSizeF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from flodesk.flow.groups import Member, extent, grouped, whole
from flodesk.ui.panel.layout.arrange_keys import ARROWS, verb_of
from flodesk.ui.panel.layout.gesture import Drag, Moved
from flodesk.ui.panel.layout.grid import Cells, Metrics
from flodesk.ui.panel.layout.group_tabs import TabDrag
from flodesk.ui.panel.layout.guides import alike, guides, paint_guides
from flodesk.ui.panel.layout.outlines import paint_band, paint_columns, paint_frame, paint_outlines
from flodesk.ui.panel.layout.selection import Selection

_EDGE = 9
_CURSORS = {
    frozenset("l"): Qt.CursorShape.SizeHorCursor, frozenset("r"): Qt.CursorShape.SizeHorCursor,
    frozenset("t"): Qt.CursorShape.SizeVerCursor, frozenset("b"): Qt.CursorShape.SizeVerCursor,
    frozenset("lt"): Qt.CursorShape.SizeFDiagCursor, frozenset("rb"): Qt.CursorShape.SizeFDiagCursor,
    frozenset("rt"): Qt.CursorShape.SizeBDiagCursor, frozenset("lb"): Qt.CursorShape.SizeBDiagCursor,
    frozenset(): Qt.CursorShape.SizeAllCursor,
}  # fmt: skip
_NO_EDGE: frozenset[str] = frozenset()


class Arranged(Protocol):
    """What the glass lies over."""

    def places(self) -> dict[str, Cells]:
        """Return where each view is."""

    def seen(self) -> dict[str, Cells]:
        """Return where those are that lie on no hidden tab."""

    def members(self) -> dict[str, Member]:
        """Return of which group and tab each view is."""

    def metrics(self) -> Metrics:
        """Return how cells become pixels now."""

    def preview(self, places: Mapping[str, Cells], joined: Mapping[str, Member] = {}) -> None:
        """Show the cards there, without changing the flow."""

    def titles(self) -> dict[str, QRect]:
        """Return where the title of each group is, in pixels."""

    def shown_tabs(self) -> dict[str, str]:
        """Return the tab that is shown of each group that has some."""

    def press_title(self, group: str, at: QPoint) -> None:
        """Show the tab that is at a point of a group's title, if there is one."""

    def take_tab(self, group: str, at: QPoint) -> TabDrag | None:
        """Take hold of the tab that is at a point of a group's title, if there is one."""


class Glass(QWidget):
    """Catches what the hand does in edit mode. One drag is one `arranged`."""

    arranged = Signal(dict, dict)
    """New places of all views, and what those are of that come to another group, after a drag or a key."""
    tabs_ordered = Signal(str, tuple)
    """The tabs of a group were put into another order."""
    asked = Signal(str)
    """A key asks for a verb (`arrange_keys`)."""
    title_opened = Signal(str, QPoint)
    """A double click on the title of a group, or on a tab of it."""
    reselected = Signal()
    """Other views are selected than before."""
    menu_wanted = Signal(QPoint, QPoint)
    """A menu is wanted: at this point of the screen, and of the panel."""

    def __init__(self, board: QWidget, arranged: Arranged) -> None:
        super().__init__(board)
        self._board = arranged
        self.selection = Selection(self._reselected)
        self._drag: Drag | None = None
        self._moved: Moved | None = None
        self._tab: TabDrag | None = None
        self._steps = (0, 0)
        """The columns and rows that `_moved` is for: between two of them nothing has to be worked out."""
        self._band: QRect | None = None
        self._banded: tuple[str, ...] = ()
        """What was selected before the rubber band, and stays so."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.hide()

    # -------------------------------------------------------------- what is selected
    @property
    def selected(self) -> str:
        """The view that was selected last; empty if there is none."""
        return self.selection.main

    def select(self, *keys: str) -> None:
        """Select these views and no others."""
        self.selection.set([key for key in keys if key])

    def _reselected(self) -> None:
        self.update()
        self.reselected.emit()

    def keep(self) -> None:
        """Select no views that are gone, or lie on a hidden tab without all of their group."""
        seen, members = self._board.seen(), self._board.members()
        carried = whole(members, self.selection.keys)
        self.selection.set(
            [key for key in self.selection if key in seen or (key in members and members[key].group in carried)]
        )

    def select_all(self) -> None:
        """Select every view, those on hidden tabs too: they go along with their group."""
        self.selection.set(tuple(self._board.places()))

    # -------------------------------------------------------------- what is where
    def rectangle(self, cells: Cells) -> QRect:
        """Return where cells are, in pixels."""
        return QRect(*self._board.metrics().rectangle(cells))

    def _frame(self) -> Cells | None:
        """Return the frame round what is selected."""
        places = self._board.places()
        chosen = [key for key in self.selection if key in places]
        return extent(places, self._board.members(), chosen) if chosen else None

    def _hit(self, at: QPoint) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return the views that a press at a point takes, and by which edges; the frame of several wins."""
        frame = self._frame()
        if frame is not None and len(self.selection) > 1:
            edges = _edges(self.rectangle(frame).adjusted(-3, -3, 3, 3), at)
            if edges:
                return self.selection.keys, edges
        places = self._board.seen()
        for key in sorted(places, key=lambda key: key != self.selected):
            area = self.rectangle(places[key])
            if area.adjusted(-3, -3, 3, 3).contains(at):
                return (key,), _NO_EDGE if key in self.selection and len(self.selection) > 1 else _edges(area, at)
        return tuple(grouped(self._board.members()).get(self._group_at(at), ())), _NO_EDGE

    def _group_at(self, at: QPoint) -> str:
        return next((group for group, area in self._board.titles().items() if area.contains(at)), "")

    # -------------------------------------------------------------- mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select, and take hold of cards or their edges; on the empty ground begin a rubber band."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        keys, edges = self._hit(at)
        more = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        if not keys:
            self._banded = self.selection.keys if more else ()
            self.select(*self._banded)
            self._band = QRect(at, at)
            return
        if group := self._group_at(at):
            self._board.press_title(group, at)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.selection.toggle(keys)
        elif more or not all(key in self.selection for key in keys):
            self.selection.add(keys) if more else self.select(*keys)
        if not more:
            self._tab = self._board.take_tab(group, at) if group else None
        if not more and self._tab is None:
            self._drag = Drag(self.selection.keys, edges, at, self._board.places(), self._board.members())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what letting go here would do."""
        at = event.position().toPoint()
        if self._band is not None:
            self._band.setBottomRight(at)
            self.select(*self._banded, *self._in_band())
            self.update()
        elif self._tab is not None:
            self._tab.to(at)
        elif self._drag is not None:
            moved = self._move_to(self._drag, at)
            QToolTip.showText(event.globalPosition().toPoint() + QPoint(14, 18), self._told(self._drag, moved), self)
        else:
            keys, edges = self._hit(at)
            self.setCursor(_CURSORS.get(edges, Qt.CursorShape.SizeAllCursor) if keys else Qt.CursorShape.ArrowCursor)

    def _move_to(self, drag: Drag, at: QPoint) -> Moved:
        """Show what letting go at a point would do, and return it."""
        steps = drag.steps(self._board.metrics(), at)
        if self._moved is None or steps != self._steps:
            self._steps, self._moved = steps, drag.by(*steps, self._board.shown_tabs())
            self._board.preview(self._moved.places, self._moved.joined)
        return self._moved

    def _in_band(self) -> list[str]:
        """Return the views that the rubber band touches, and whole groups whose title it does."""
        assert self._band is not None
        band = self._band.normalized()
        found = [key for key, cells in self._board.seen().items() if band.intersects(self.rectangle(cells))]
        groups = [group for group, area in self._board.titles().items() if band.intersects(area)]
        return [*found, *(key for group in groups for key in grouped(self._board.members())[group])]

    def _told(self, drag: Drag, moved: Moved) -> str:
        """Say what letting go would do."""
        frame = moved.frame
        told = [f"{frame.width} × {frame.height} at column {frame.column + 1}, row {frame.row + 1}"]
        if drag.edges:
            told.append(alike(frame, self._others(drag)))
        for group in dict.fromkeys(member.group for member in moved.joined.values()):
            left = next(drag.members[key].group for key, member in moved.joined.items() if member.group == group)
            told.append(f"joins “{group}”" if group else f"leaves “{left}”")
        return "\n".join(filter(None, told))

    def _others(self, drag: Drag) -> list[tuple[str, Cells]]:
        """Return the views that are seen and not dragged, as they lie while it lasts."""
        seen = self._board.seen()
        return [(key.rpartition(".")[2], cells) for key, cells in seen.items() if key not in drag.keys]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: the places become an edit, if they are other ones."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._band is not None:
            self._band = None
            self.update()
        tab, self._tab = self._tab, None
        if tab is not None and tab.moved:
            self.tabs_ordered.emit(tab.group, tab.names)
        at = event.position().toPoint()
        if tab is not None and not tab.moved:
            self.select(*self._hit(at)[0])
        if self._drag is None:
            return
        drag, moved = self._drag, self._move_to(self._drag, at)
        self._drag = self._moved = None
        QToolTip.hideText()
        if moved.places != drag.before or moved.joined:
            self.arranged.emit(moved.places, moved.joined)
        elif at == drag.start and not drag.edges:
            self.select(*self._hit(at)[0])
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the title of a group, or the name of a tab."""
        at = event.position().toPoint()
        group = self._group_at(at)
        if group and event.button() == Qt.MouseButton.LeftButton:
            self._cancel()
            self.title_opened.emit(group, at)
        else:
            self.mousePressEvent(event)

    def _cancel(self) -> None:
        if self._drag is not None:
            self._board.preview(self._drag.before)
            QToolTip.hideText()
        if self._tab is not None:
            self._tab.back()
        self._tab = self._drag = self._moved = self._band = None
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of what was hit, or by a key of what is selected."""
        at = event.pos()
        frame = self._frame()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.rectangle(frame).center() if frame is not None else self.visibleRegion().boundingRect().center()
        else:
            keys, _ = self._hit(at)
            if not all(key in self.selection for key in keys) or not keys:
                self.select(*keys)
        self.menu_wanted.emit(self.mapToGlobal(at), at)

    # -------------------------------------------------------------- keys
    def event(self, event: QEvent) -> bool:
        """Take Tab for walking from view to view, and its own keys before a shortcut of the window does."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and verb_of(event):
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(Qt.Key(event.key()))
            if step and self._walk(step):
                return True
        return super().event(event)

    def _walk(self, step: int) -> bool:
        places = self._board.seen()
        order = sorted(places, key=lambda key: (places[key].row, places[key].column))
        at = order.index(self.selected) + step if self.selected in order else (0 if step > 0 else len(order) - 1)
        if not 0 <= at < len(order):
            return False
        self.select(order[at])
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the arrows, resize by them with Shift, let go by Escape; all else is asked for."""
        verb = verb_of(event)
        if verb == "leave":
            if self._tab is None and self._drag is None and self._band is None:
                if not self.selection:
                    super().keyPressEvent(event)  # nothing to let go of: whoever has the screen leaves that
                self.select()
            self._cancel()
        elif not verb or self._drag is not None or self._tab is not None:
            super().keyPressEvent(event)
        elif verb in ("move", "resize"):
            self._step(verb, *ARROWS[Qt.Key(event.key())])
        elif verb == "select_all":
            self.select_all()
        else:
            self.asked.emit(verb)

    def _step(self, verb: str, dx: int, dy: int) -> None:
        """Move what is selected by a cell, or its right or lower edge."""
        if self.selection:
            edges = frozenset("r" if dx else "b") if verb == "resize" else _NO_EDGE
            places, members = self._board.places(), self._board.members()
            moved = Drag(self.selection.keys, edges, QPoint(), places, members).by(dx, dy, {})
            if moved.places != places:
                self.arranged.emit(moved.places, {})

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End a drag that lost the window."""
        if event.reason() in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self._cancel()
        super().focusOutEvent(event)

    # -------------------------------------------------------------- looks
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the guides of a drag, an outline round each card, and handles on what is selected."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            metrics, seen = self._board.metrics(), self._board.seen()
            if self._drag is not None:
                paint_columns(painter, metrics, self.height())
            paint_outlines(painter, [(self.rectangle(cells), key in self.selection) for key, cells in seen.items()])
            frame = self._frame()
            if frame is not None:
                paint_frame(painter, self.rectangle(frame), several=len(self.selection) > 1)
            if self._drag is not None and self._moved is not None:
                edges = self._drag.edges or "ltrb"
                found = guides(self._moved.frame, [cells for _, cells in self._others(self._drag)], edges)
                paint_guides(painter, metrics, self._moved.frame, found, QSizeF(self.size()))
            if self._band is not None:
                paint_band(painter, self._band.normalized())


def _edges(area: QRect, at: QPoint) -> frozenset[str]:
    """Return the edges of a rectangle that a point is near; none if it is outside."""
    if not area.adjusted(-3, -3, 3, 3).contains(at):
        return _NO_EDGE
    across = {"l": at.x() - area.left(), "r": area.right() - at.x()}
    near = {**across, "t": at.y() - area.top(), "b": area.bottom() - at.y()}
    edges = frozenset(name for name, distance in near.items() if distance < _EDGE)
    return edges if len(edges) < 3 else _NO_EDGE
