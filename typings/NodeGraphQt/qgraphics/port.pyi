from typing import Any

from PySide6.QtWidgets import QGraphicsItem

class PortItem(QGraphicsItem):
    def __init__(self, parent: QGraphicsItem | None = ...) -> None: ...
    name: str
    port_type: str
    hovered: bool
    @property
    def connected_pipes(self) -> list[Any]: ...
    @property
    def node(self) -> Any: ...
