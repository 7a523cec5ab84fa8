"""A small picture of a flow as it stands on the canvas. It needs no canvas, and is painted in any thread."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.ui.canvas.card import category, sizes
from flodesk.ui.canvas.placing import places
from flodesk.ui.theme import Theme

SIZE = (120, 76)
"""Width and height in pixels at 100 %."""
SCALE = 2
_MARGIN = 6.0
_LARGEST = 0.55
"""How large cards become at most, so that a flow of two nodes looks small."""
_LEAST_TEXT = 5.5


def small_picture(flow: Flow, catalog: Catalog, look: Theme, size: tuple[int, int] = SIZE) -> QImage:
    """Paint the flow's first function; `size` is in pixels at 100 %."""
    image = QImage(size[0] * SCALE, size[1] * SCALE, QImage.Format.Format_RGB32)
    image.fill(QColor(look.canvas))
    functions = [name for name in (*flow.mains, *flow.functions) if name in flow.functions]
    if functions:
        graph = picture(flow, catalog.with_flow(flow), functions[0])
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(SCALE, SCALE)
            _paint(painter, graph, _boxes(flow, graph), look, size)
    return image


def _boxes(flow: Flow, graph: Graph) -> dict[str, QRectF]:
    known = sizes(graph.nodes)
    given = {key: place for key, place in flow.header.canvas.get(graph.function, {}).items() if key in graph.nodes}
    placed = {**places(graph, known, given), **given}
    return {key: QRectF(*placed[key], *known[key]) for key in graph.nodes if key in placed}


def _paint(painter: QPainter, graph: Graph, boxes: dict[str, QRectF], look: Theme, size: tuple[int, int]) -> None:
    whole = QRectF()
    for box in boxes.values():
        whole = whole.united(box)
    if whole.isEmpty():
        return
    room = QRectF(0, 0, *size).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    scale = min(room.width() / whole.width(), room.height() / whole.height(), _LARGEST)
    painter.translate(room.center())
    painter.scale(scale, scale)
    painter.translate(-whole.center())
    for wire in graph.wires:
        source, target = wire.source[0], wire.target[0]
        if source in boxes and target in boxes:
            start, end = boxes[source], boxes[target]
            first, last = QPointF(start.right(), start.center().y()), QPointF(end.left(), end.center().y())
            reach = max(24.0, abs(last.x() - first.x()) / 2)
            path = QPainterPath(first)
            path.cubicTo(first + QPointF(reach, 0), last - QPointF(reach, 0), last)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(look.muted), max(1.6, 0.8 / scale)))
            painter.drawPath(path)
    for key, box in boxes.items():
        _paint_card(painter, box, graph, key, scale, look)


def _paint_card(painter: QPainter, box: QRectF, graph: Graph, key: str, scale: float, look: Theme) -> None:
    node = graph.nodes[key]
    painter.setPen(QPen(QColor(look.line_strong), max(1.0, 0.6 / scale)))
    painter.setBrush(QColor(look.raised))
    painter.drawRoundedRect(box, 8, 8)
    edge = QRectF(box.left(), box.top(), max(6.0, 2.0 / scale), box.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.category_color(category(node))))
    painter.drawRoundedRect(edge, 4, 4)
    font = QFont()
    font.setPixelSize(max(14, min(26, round(box.height() * 0.34))))
    if font.pixelSize() * scale < _LEAST_TEXT:
        return
    painter.setFont(font)
    painter.setPen(QColor(look.text))
    words = QRectF(box.left() + edge.width() + 6, box.top(), box.width() - edge.width() - 12, box.height())
    text = QFontMetricsF(font).elidedText(node.title, Qt.TextElideMode.ElideRight, words.width())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
