from typing import Any

from NodeGraphQt.qgraphics.node_abstract import AbstractNodeItem
from NodeGraphQt.qgraphics.pipe import LivePipeItem, PipeItem
from PySide6.QtCore import QPoint, QPointF, QRectF, Signal
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsSceneMouseEvent,
    QGraphicsTextItem,
    QGraphicsView,
    QWidget,
)

class NodeViewer(QGraphicsView):
    moved_nodes: Signal
    connection_sliced: Signal
    ALT_state: bool
    CTRL_state: bool
    SHIFT_state: bool
    LMB_state: bool
    MMB_state: bool
    RMB_state: bool
    _scene_range: QRectF
    _last_size: Any
    _previous_pos: QPoint
    _node_positions: dict[AbstractNodeItem, list[float]]
    _rubber_band: Any
    _cursor_text: QGraphicsTextItem
    _LIVE_PIPE: LivePipeItem
    _SLICER_PIPE: QGraphicsItem
    _search_widget: QWidget

    def __init__(self, parent: QWidget | None = ..., undo_stack: None = ...) -> None: ...
    def _set_viewer_pan(self, pos_x: float, pos_y: float) -> None: ...
    def _set_viewer_zoom(self, value: float, sensitivity: float | None = ..., pos: QPoint | None = ...) -> None: ...
    def _update_scene(self) -> None: ...
    def reset_zoom(self, cent: QPointF | None = ...) -> None: ...
    def zoom_to_nodes(self, nodes: list[Any]) -> None: ...
    def _items_near(
        self, pos: QPointF, item_type: type[QGraphicsItem] | None = ..., width: float = ..., height: float = ...
    ) -> list[Any]: ...
    def sceneMousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None: ...
    def sceneMouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None: ...
    def sceneMouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None: ...
    def selected_nodes(self) -> list[AbstractNodeItem]: ...
    def selected_pipes(self) -> list[PipeItem]: ...
    def all_nodes(self) -> list[AbstractNodeItem]: ...
