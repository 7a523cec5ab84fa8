"""Showing all of a flow: it goes on to fit whatever opens beside the canvas or over it, until a hand moves the view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QCursor, QGuiApplication

from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.soon import soon

_AIR = 8.0
"""Screen pixels between a message and the card that gave way to it."""
_ROOM = 32.0
"""What stays free around the flow when all of it is shown, in scene pixels."""


class Fitting(QObject):
    """Fits the flow into the view, and lets the cards give way to a message."""

    def __init__(self, viewer: Viewer, board: Board) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self._board = board
        self._fitted: tuple[float, QPointF] | None = None
        """Zoom and corner of the view since all of the flow was fitted into it."""
        self._moved_aside: tuple[QPointF, float] | None = None
        """Where the view is since it gave way, and by how much it did, in scene pixels."""
        self.more: Callable[[], QRectF] = QRectF
        """Gives what is to be seen besides the cards: ghosts of those that are gone."""
        viewer.viewport().installEventFilter(self)

    def fit(self) -> None:
        """Show the whole flow, no larger than 100 %; where there is none yet, the ground at 100 %."""
        area = self.more()
        for item in self._board.movable():
            area = area.united(item.box())
        if area.isNull():
            self._viewer.zoom_to(1.0)
            self._viewer.center_on(QPointF(0.0, 0.0))
        else:
            self._viewer.show_rect(area.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))
        self._fitted = self._view()

    @property
    def fitted(self) -> bool:
        """Whether the whole flow was fitted into the view, and nobody has moved that since."""
        return self._fitted is not None and self._fitted == self._view()

    def hold(self) -> None:
        """Keep zoom and place from now on, whatever size the canvas gets: the flow is being edited."""
        self._fitted = None

    def give_way(self, pixels: int) -> None:
        """Let no card be behind the upper `pixels` of the view, where a message lies; 0 when it has gone.

        Nothing moves under a mouse that points at the canvas. A view that is fitted is fitted again. Another moves only
        if a card is there, and back afterwards if no hand has moved it meanwhile.
        """
        viewer, fitted = self._viewer, self.fitted
        viewer.inset = pixels
        if self._pointed_at(pixels):
            self._moved_aside = None
            return
        if fitted:
            self._moved_aside = None
            self.fit()
            return
        corner = viewer.visible_rect().topLeft()
        if self._moved_aside is not None:
            place, step = self._moved_aside
            self._moved_aside = None
            if corner == place:
                corner = QPointF(corner.x(), corner.y() + step)
                viewer.move_to(corner)
        if not pixels or QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return  # under a hand that drags nothing moves
        zoom = viewer.zoom()
        behind = QRectF(corner.x(), corner.y(), viewer.width() / zoom, pixels / zoom)
        tops = [card.box().top() for card in self._board.cards.values() if card.box().intersects(behind)]
        if tops:
            step = behind.bottom() - max(min(tops), behind.top()) + _AIR / zoom
            viewer.move_to(QPointF(corner.x(), corner.y() - step))
            self._moved_aside = (viewer.visible_rect().topLeft(), step)

    def _pointed_at(self, pixels: int) -> bool:
        """Whether the mouse points at something of the canvas below a message of that height: it stays where it is."""
        view = self._viewer.viewport()
        return view.underMouse() and view.mapFromGlobal(QCursor.pos()).y() >= pixels

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the flow again if it was fitted, once the view has taken its new size."""
        if event.type() == QEvent.Type.Resize and self.fitted:
            soon(self, self._fit_again)
        return super().eventFilter(watched, event)

    def _fit_again(self) -> None:
        if self.fitted:
            self.fit()

    def _view(self) -> tuple[float, QPointF]:
        return self._viewer.zoom(), self._viewer.visible_rect().topLeft()
