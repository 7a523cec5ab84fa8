from typing import Any

from NodeGraphQt.qgraphics.port import PortItem
from PySide6.QtWidgets import QGraphicsPathItem

class PipeItem(QGraphicsPathItem):
    _input_port: Any
    _output_port: Any
    _active: bool
    _highlight: bool
    def __init__(self, input_port: PortItem | None = ..., output_port: PortItem | None = ...) -> None: ...
    def set_connections(self, port1: PortItem, port2: PortItem) -> None: ...
    def delete(self) -> None: ...

class LivePipeItem(PipeItem): ...
