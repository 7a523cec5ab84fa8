from PySide6.QtCore import QObject
from PySide6.QtWidgets import QGraphicsScene

class NodeScene(QGraphicsScene):
    def __init__(self, parent: QObject | None = ...) -> None: ...
