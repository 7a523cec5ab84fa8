from PySide6.QtWidgets import QGraphicsItem

class AbstractNodeItem(QGraphicsItem):
    def __init__(self, name: str = ..., parent: QGraphicsItem | None = ...) -> None: ...
    id: str
    selected: bool
    xy_pos: list[float]
