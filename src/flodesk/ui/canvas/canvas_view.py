"""The view of a canvas: what it shows and how near, and where things are; no word yet of a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint, QPointF, Signal
from PySide6.QtGui import QCursor, QPixmapCache
from PySide6.QtWidgets import QGraphicsItem, QVBoxLayout, QWidget

from flodesk.engine.client import NodeState, Sample
from flodesk.engine.preview import Preview
from flodesk.ui.canvas import tips
from flodesk.ui.canvas.activity import Activity
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.card_paint import FAR
from flodesk.ui.canvas.difference_layer import DifferenceLayer
from flodesk.ui.canvas.fitting import Fitting
from flodesk.ui.canvas.heat_paint import Legend
from flodesk.ui.canvas.hovering import Hovering
from flodesk.ui.canvas.minimap import MiniMap
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.order_badges import OrderBadges
from flodesk.ui.canvas.port_item import Side
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.canvas.wire_gesture import Requests
from flodesk.ui.theme import current

_CACHE_KB = 256 * 1024
"""Cards are kept as pixmaps; with Qt's 10 MB they are painted anew at each step of a pan (303 against 59 ms)."""


class CanvasView(QWidget):
    """A viewport with its board and map. `requests` is asked what finished gestures of wiring lead to.

    `zoom_changed` gives screen pixels a scene pixel.
    """

    zoom_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _CACHE_KB))
        self.viewer = Viewer(self, self._requests)
        self.board = Board(self.viewer.scene())
        self.activity = Activity(self.board)
        self.differences = DifferenceLayer(self.viewer.scene(), self.board)
        self.fitting = Fitting(self.viewer, self.board)
        self.fitting.more = self.differences.extent
        self.minimap = MiniMap(self.viewer, self.board.far.cards, self.board.pieces.values)
        self.legend = Legend(self.viewer)
        self.hovering = Hovering(self.viewer, self.board)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.viewer)
        self.setFocusProxy(self.viewer)
        self.order = OrderBadges(self.viewer.scene(), self.board)
        self.fixes_of: Callable[[str], list[str]] = lambda _: []
        """What can be done about the problems of a node, by its id, in words."""
        self.server_of: Callable[[str], str] = lambda _: ""
        """Which server a node goes to, by its id, in words."""
        self.viewer.tip = self._tip
        self.viewer.view_changed.connect(self._view_changed)
        current.changed.connect(self._repaint)

    def _tip(self, item: QGraphicsItem) -> str:
        text = tips.with_differences(tips.tip(item), self.differences.words(item))
        if not isinstance(item, NodeItem):
            return text
        for words in (self.server_of(item.node.id), self.order.words(item.node.id)):
            text = tips.with_line(text, words)
        return tips.with_fixes(text, self.fixes_of(item.node.id))

    def _requests(self) -> Requests:
        raise NotImplementedError

    # -------------------------------------------------------------- what a run and the checker say
    def show_states(self, states: Mapping[str, NodeState]) -> None:
        """Show the newest states by ``function.statement``."""
        self.board.show_states(states)

    def show_previews(self, previews: Mapping[str, Preview], samples: Mapping[str, Sample] | None = None) -> None:
        """Show the newest values by ``function.variable``."""
        self.board.show_previews(previews, samples)

    def look_back(self, run: str) -> None:
        """Mark the values that the newest run has not made."""
        self.board.look_back(run)

    def show_problems(self, errors: Mapping[str, str], warnings: Mapping[str, str] | None = None) -> None:
        """Show what is wrong or may be, by ``function.node``; the other cards have no problem."""
        self.board.show_problems(errors, warnings or {})
        self.minimap.refresh()

    def visible_ports(self) -> set[str]:
        """Return the values that are to be seen, as ``function.variable``; none where the zoom shows no values.

        Those of arms are among them wherever their cards are: nobody could fetch them later, when the view has moved.
        """
        if self.viewer.zoom() <= FAR:
            return set()
        view = self.viewer.visible_rect()
        near = self.board.far.cards.where(lambda blocks: blocks.bounds.intersects(view))
        return self.board.variables(card for card in near if card.box().intersects(view)) | self.board.graph.shared

    # -------------------------------------------------------------- how near
    def fit(self) -> None:
        """Show the whole flow, and go on to when the canvas gets another size, until a hand moves the view."""
        self.fitting.fit()

    def give_way(self, pixels: int) -> None:
        """Let no card be behind the upper `pixels` of the view, where a message lies; 0 when it has gone."""
        self.fitting.give_way(pixels)

    def zoom(self) -> float:
        """Return screen pixels a scene pixel."""
        return self.viewer.zoom()

    def zoom_to(self, zoom: float) -> None:
        """Set the zoom around the middle of the view; 1.0 is exactly 100 %."""
        self.viewer.zoom_to(zoom)

    def zoom_by(self, factor: float) -> None:
        """Change the zoom around the middle of the view."""
        self.viewer.scale(factor, factor)

    def zoom_in(self) -> None:
        """Show everything larger."""
        self.zoom_by(1.25)

    def zoom_out(self) -> None:
        """Show everything smaller."""
        self.zoom_by(0.8)

    def zoom_actual(self) -> None:
        """Show everything at 100 %."""
        self.zoom_to(1.0)

    # -------------------------------------------------------------- where things are
    def viewport(self) -> QWidget:
        """Return the widget that takes the mouse."""
        return self.viewer.viewport()

    def to_scene(self, place: QPoint) -> QPointF:
        """Return the place on the canvas of a point of the viewport."""
        return self.viewer.mapToScene(place)

    def scene_center(self) -> QPointF:
        """Return the place on the canvas in the middle of the view."""
        return self.viewer.visible_rect().center()

    def pointer(self) -> QPointF | None:
        """Return what place of the scene the mouse points at; None where it is not over the canvas."""
        view = self.viewport()
        place = view.mapFromGlobal(QCursor.pos())
        return self.to_scene(place) if view.rect().contains(place) else None

    def node_center(self, key: str) -> QPoint:
        """Return where a card's header is, in viewport coordinates: a press there takes the card."""
        card = self.board.cards[key]
        return self.viewer.mapFromScene(card.pos() + QPointF(card.card.width / 2, 15))

    def port_position(self, key: str, port: str, kind: Side) -> QPoint:
        """Return where a port is, in viewport coordinates; `kind` is ``"in"`` or ``"out"``."""
        return self.viewer.mapFromScene(self.board.cards[key].ports[(kind, port)].middle())

    def wire_position(self, source: tuple[str, str], target: tuple[str, str], share: float = 0.5) -> QPoint:
        """Return a point on a wire, `share` of its length from the source, in viewport coordinates."""
        return self.viewer.mapFromScene(self.board.wires[(source, target)].path().pointAtPercent(share))

    # -------------------------------------------------------------- inner
    def _view_changed(self) -> None:
        self.board.far.follow(self.viewer.zoom())
        self.zoom_changed.emit(self.viewer.zoom())

    def _repaint(self) -> None:
        """Paint everything anew: the theme has changed, and cards are kept as pixmaps."""
        for item in self.viewer.scene().items():
            item.update()
        self.board.far.touch_all()
        self.minimap.update()
        self.viewer.viewport().update()
