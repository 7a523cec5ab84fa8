from NodeGraphQt.qgraphics.port import PortItem
from PySide6.QtWidgets import QGraphicsPathItem

class PipeItem(QGraphicsPathItem):
    def __init__(self, input_port: PortItem | None = ..., output_port: PortItem | None = ...) -> None: ...
    input_port: PortItem | None
    output_port: PortItem | None

class LivePipeItem(PipeItem): ...
