"""The painting of a card, near by with everything and from some way off with less; far away see `far_layer`."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from flodesk.engine.preview import Preview
from flodesk.flow.graph import Node, Port
from flodesk.ui.canvas.card import (
    CHIP,
    HEADER,
    SIGN,
    STRIP,
    Card,
    Live,
    Row,
    category,
    chip_box,
    has_value_text,
    spark_of,
    spark_port,
    unknown,
)
from flodesk.ui.canvas.card_overview import (
    paint_block,
    paint_curve,
    paint_name,
    paint_thumbnail,
    paint_value,
    paint_warning,
)
from flodesk.ui.canvas.card_state import has_badge, paint_badge, paint_chips, state_color
from flodesk.ui.canvas.painting import fonts, mixed, port_shape, tint
from flodesk.ui.theme import Theme, theme
from flodesk.ui.theme.clock import CLOCK, FADED, paint_clock
from flodesk.ui.theme.glyphs import paint_glyph

FAR, NAMES, MIDDLE = 0.25, 0.33, 0.6
"""Below these zooms a card is a block of colour, or a name, or shows its name and newest value alone, and large."""
RADIUS = 10.0
_LINE = 14.0
_SMALL_KINDS = frozenset({"switch", "merge", "feedback", "constant", "jump", "inputs", "return"})
_NONE = Qt.BrushStyle.NoBrush
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def ground_color(node: Node, look: Theme) -> str:
    """Return the colour that stands for the node: of its shelf; grey for the script's own constructions."""
    return look.muted if node.kind in _SMALL_KINDS else look.category_color(category(node))


def far_color(look: Theme, live: Live, selected: bool) -> str:
    """Return the colour of the frame that tells the state from far away; empty if there is none."""
    if selected:
        return look.accent
    if live.state in ("done", "cached", "queued") and not live.wrong:
        return look.warning if live.doubt else ""
    return state_color(look, live)


def paint_card(painter: QPainter, node: Node, card: Card, live: Live, selected: bool, detail: float) -> None:
    """Paint body, header, parameters, values and trouble; the ports come on top of it (`paint_ports`)."""
    look = theme()
    box = QRectF(0, 0, card.width, card.height)
    small = detail > MIDDLE
    if small:
        _shadow(painter, box, look)
    _body(painter, node, card, live, selected, box, look)
    if detail < NAMES:
        paint_block(painter, card, mixed(ground_color(node, look), look.raised, 0.17 if look.dark else 0.12))
        if has_badge(live) and (live.wrong or live.doubt or live.state in ("paused", "waiting")):
            painter.save()
            painter.translate(card.width - 20, 20)
            painter.scale(1.8, 1.8)
            paint_badge(painter, QPointF(0, 0), live, look)
            painter.restore()
        return
    _header(painter, node, card, live, look, small)
    if not small:
        paint_value(painter, node, card, live)
        return
    _chips(painter, card, look)
    _rows(painter, node, card, live, look)
    if card.strip is not None:
        _strip(painter, node, card, live, look)
    if card.code:
        _code(painter, card, look)
    if card.trouble:
        _trouble(painter, card, live, look)


def paint_lit_field(painter: QPainter, card: Card, name: str) -> None:
    """Frame the field that would take the wire on the hand."""
    look = theme()
    painter.setPen(QPen(tint(look.accent), 1.6))
    painter.setBrush(tint(look.accent, 0.16))
    for chip in card.chips:
        if chip.label == name:
            painter.drawRoundedRect(chip_box(card, chip), 4.5, 4.5)


def paint_ports(
    painter: QPainter, card: Card, wired: frozenset[tuple[str, str]], hovered: tuple[str, str] | None,
    faded: frozenset[tuple[str, str]],
) -> None:  # fmt: skip
    """Paint the ports; those in `wired`, `faded` and `hovered` are (``"in"`` or ``"out"``, name)."""
    look = theme()
    for side, rows, x in (("in", card.inputs, 0.0), ("out", card.outputs, card.width)):
        for row in rows:
            key = (side, row.port.name)
            color = look.error if row.port.problem else look.type_color(row.port.type)
            painter.translate(x, row.y)
            if key in faded:
                painter.setOpacity(0.22)
            if key == hovered:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(tint(color, 0.3))
                painter.drawEllipse(QPointF(0, 0), 10.5, 10.5)
            painter.setPen(QPen(tint(color), 1.8))
            painter.setBrush(tint(color) if key in wired else tint(look.raised))
            painter.drawPath(port_shape(row.port.type, 5.6 if key == hovered else 5.0))
            if key in faded:
                painter.setOpacity(1.0)
            painter.translate(-x, -row.y)


def _shadow(painter: QPainter, box: QRectF, look: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    strength = 0.30 if look.dark else 0.10
    for grow, share in ((5.0, 0.22), (3.0, 0.32), (1.2, 0.46)):
        painter.setBrush(tint("#000000", round(strength * share, 3)))
        painter.drawRoundedRect(box.adjusted(-grow * 0.4, 1, grow * 0.4, 1 + grow * 1.2), RADIUS + 1, RADIUS + 1)


def _body(painter: QPainter, node: Node, card: Card, live: Live, selected: bool, box: QRectF, look: Theme) -> None:
    state = state_color(look, live)
    if selected:
        painter.setPen(QPen(tint(look.accent, 0.28), 6))
        painter.setBrush(_NONE)
        painter.drawRoundedRect(box, RADIUS + 1, RADIUS + 1)
        pen = QPen(tint(look.accent), 1.8)
    elif live.wrong:
        pen = QPen(tint(look.error), 1.6)
    elif live.state == "running":
        pen = QPen(tint(state, 0.85), 1.4)
    elif live.doubtful:
        pen = QPen(tint(look.warning), 1.4)
    elif unknown(node):
        pen = QPen(tint(look.warning), 1.4, Qt.PenStyle.DashLine)
    elif node.kind in ("code", "feedback"):
        pen = QPen(tint(look.faint), 1.3, Qt.PenStyle.DashLine)
    else:
        pen = QPen(tint(look.line_strong), 1)
    painter.setPen(pen)
    painter.setBrush(tint(look.raised))
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    head = QPainterPath()
    head.setFillRule(Qt.FillRule.WindingFill)
    full = card.height <= HEADER + 3
    head.addRoundedRect(
        QRectF(1, 1, card.width - 2, HEADER - 1 if not full else card.height - 2), RADIUS - 1, RADIUS - 1
    )
    if not full:
        head.addRect(QRectF(1, HEADER - RADIUS, card.width - 2, RADIUS))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mixed(ground_color(node, look), look.raised, 0.17 if look.dark else 0.12))
    painter.drawPath(head)


def _header(painter: QPainter, node: Node, card: Card, live: Live, look: Theme, small: bool) -> None:
    kinds = fonts()
    square = QRectF(9, 8, 22, 22)
    if node.kind in _SMALL_KINDS:
        _kind_sign(painter, _sign(node), square, look)
    elif unknown(node):
        _letter(painter, "?", square, look.warning, look)
    else:
        paint_glyph(painter, square, category(node))
    end = card.width - (26 if has_badge(live) else 8)
    painter.setFont(kinds.title.font)
    painter.setPen(tint(look.text))
    width = end - 38
    if small:
        painter.drawText(QRectF(38, 4, width, 19), _LEFT, kinds.title.elided(card.title, width))
        left = width - paint_chips(painter, node, live, end, look)
        painter.setFont(kinds.kind.font)
        painter.setPen(tint(look.warning if unknown(node) else look.muted))
        painter.drawText(QRectF(38, 20.5, left, 15), _LEFT, kinds.kind.elided(card.subtitle, left))
    else:
        paint_name(painter, card, width)
    if live.state == "running" and live.progress is not None:
        line = QRectF(1, HEADER - 1.5, card.width - 2, 2.5)
        painter.fillRect(line, tint(look.running, 0.25))
        painter.fillRect(
            QRectF(line.left(), line.top(), line.width() * live.progress, line.height()), tint(look.running)
        )
    if has_badge(live):
        paint_badge(painter, QPointF(card.width - 17, 19), live, look)


def _letter(painter: QPainter, text: str, box: QRectF, color: str, look: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint(color, 0.2))
    painter.drawRoundedRect(box, 5.7, 5.7)
    painter.setFont(fonts().title.font)
    painter.setPen(tint(color))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _sign(node: Node) -> str:
    """Return which sign a construction of the script has: each jump its own."""
    return node.text.split()[0] if node.kind == "jump" else node.kind


def _kind_sign(painter: QPainter, kind: str, box: QRectF, look: Theme) -> None:
    """Draw the sign of a construction of the script: a fork, a join, a turning arrow, an equals sign."""
    color = look.muted
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint(color, 0.18))
    painter.drawRoundedRect(box, 5.7, 5.7)
    pen = QPen(tint(look.text), 1.7)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(_NONE)
    c = box.center()
    path = QPainterPath()
    if kind in ("switch", "merge"):
        way = 1 if kind == "switch" else -1
        for up in (-1, 1):
            path.moveTo(c + QPointF(-6 * way, 0))
            path.cubicTo(c, c + QPointF(0, 5 * up), c + QPointF(6 * way, 5 * up))
    elif kind == "feedback":
        path.arcMoveTo(QRectF(c.x() - 5.5, c.y() - 5.5, 11, 11), 60)
        path.arcTo(QRectF(c.x() - 5.5, c.y() - 5.5, 11, 11), 60, 290)
        tip = path.currentPosition()
        path.moveTo(tip + QPointF(-4, -1.4))
        path.lineTo(tip)
        path.lineTo(tip + QPointF(1.2, -4))
    elif kind in ("break", "continue"):
        _way_out(path, c, kind)
    elif kind in ("inputs", "return"):
        # an arrow away from the edge of the function, or to it
        edge = -6 if kind == "inputs" else 6
        path.moveTo(c + QPointF(edge, -5))
        path.lineTo(c + QPointF(edge, 5))
        start, tip = (c + QPointF(-3, 0), c + QPointF(6, 0)) if edge < 0 else (c + QPointF(-6, 0), c + QPointF(3, 0))
        path.moveTo(start)
        path.lineTo(tip)
        for up in (-3, 3):
            path.moveTo(tip + QPointF(-3, up))
            path.lineTo(tip)
    else:
        for bar in (-2.6, 2.6):
            path.moveTo(c + QPointF(-5, bar))
            path.lineTo(c + QPointF(5, bar))
    painter.drawPath(path)


def _way_out(path: QPainterPath, c: QPointF, kind: str) -> None:
    """Draw an arrow out of a half circle (the loop is left), or back to the start of it (its next turn)."""
    ring = QRectF(c.x() - 5.5, c.y() - 5.5, 11, 11)
    if kind == "break":
        path.arcMoveTo(ring, 70)
        path.arcTo(ring, 70, 220)
        tip = c + QPointF(6.5, 0)
        path.moveTo(c + QPointF(-1.5, 0))
        path.lineTo(tip)
        for up in (-3, 3):
            path.moveTo(tip + QPointF(-3, up))
            path.lineTo(tip)
        return
    tip = c + QPointF(-6, -3)
    path.moveTo(tip + QPointF(0, 0))
    path.lineTo(c + QPointF(2, -3))
    path.arcTo(QRectF(c.x() - 1.5, c.y() - 3, 7.5, 8), 90, -180)
    path.lineTo(c + QPointF(-3, 5))
    for up in (-3, 3):
        path.moveTo(tip + QPointF(3, up))
        path.lineTo(tip)


def _rows(painter: QPainter, node: Node, card: Card, live: Live, look: Theme) -> None:
    kinds = fonts()
    room = card.width - 26
    painter.setFont(kinds.label.font)
    taken = 0.0
    for row in card.inputs:
        taken = max(taken, kinds.label.width(row.label))
        painter.setPen(tint(look.error if row.port.problem else look.text if row.port.required else look.muted))
        text = kinds.label.elided(row.label, room)
        painter.drawText(QRectF(13, row.y - 10, room, 20), _LEFT, text)
        if row.port.problem:  # there is no such port: not by its colour alone
            painter.drawLine(QPointF(13, row.y + 1), QPointF(13 + kinds.label.width(text), row.y + 1))
    for row in card.outputs:
        _output(painter, row, card, live, room - taken - 8, look)


def _output(painter: QPainter, row: Row, card: Card, live: Live, room: float, look: Theme) -> None:
    kinds = fonts()
    preview: Preview | None = live.previews.get(row.port.name)
    label = kinds.label.elided(row.label, max(24.0, room))
    painter.setFont(kinds.label.font)
    painter.setPen(tint(look.error if row.port.problem else look.muted))
    right = card.width - 13
    painter.drawText(QRectF(13, row.y - 10, right - 13, 20), _RIGHT, label)
    if row.port.problem:
        painter.drawLine(QPointF(right - kinds.label.width(label), row.y + 1), QPointF(right, row.y + 1))
    if preview is not None and has_value_text(row.port):
        left_over = room - kinds.label.width(label) - 6
        edge = right - kinds.label.width(label) - 6
        earlier = row.port.name in live.earlier
        left_over -= 3 * CLOCK if earlier else 0
        taken = 0.0
        painter.setOpacity(FADED if earlier else 1.0)
        if preview.spark and left_over > 18:
            taken = min(left_over, 56)
            box = QRectF(edge - taken, row.y - 7, taken, 14)
            paint_curve(painter, box, preview, look.type_color(preview.type), 1.2)
        elif preview.thumb is not None and left_over > 18:
            taken = min(left_over, 26)
            paint_thumbnail(painter, QRectF(edge - taken, row.y - 8, taken, 16), preview.thumb)
        elif preview.text and left_over > 18:
            text = kinds.value.elided(preview.text, left_over)
            taken = kinds.value.width(text)
            painter.setFont(kinds.value.font)
            painter.setPen(tint(look.text))
            painter.drawText(QRectF(edge - left_over, row.y - 10, left_over, 20), _RIGHT, text)
        painter.setOpacity(1.0)
        if earlier and taken:
            paint_clock(painter, QPointF(edge - taken - 2 * CLOCK, row.y), look.muted)


def _chips(painter: QPainter, card: Card, look: Theme) -> None:
    kinds = fonts()
    for chip in card.chips:
        box = chip_box(card, chip)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(look.text, look.raised, 0.06))
        painter.drawRoundedRect(box, 4.5, 4.5)
        painter.setFont(kinds.label.font)
        painter.setPen(tint(look.muted))
        label = kinds.label.elided(chip.label, box.width() * 0.6)
        painter.drawText(box.adjusted(7, 0, 0, 0), _LEFT, label)
        if chip.pinned:
            painter.fillRect(QRectF(box.left() + 2.5, box.top() + 4, 2, box.height() - 8), tint(look.accent))
        painter.setFont(kinds.value.font)
        painter.setPen(tint(look.text if chip.given else look.muted))
        room = box.width() - kinds.label.width(label) - 22
        painter.drawText(box.adjusted(0, 0, -7, 0), _RIGHT, kinds.value.elided(chip.value, room))
    if card.more is not None:
        painter.setFont(kinds.kind.font)
        painter.setPen(tint(look.muted))
        painter.drawText(QRectF(16, card.more - 1, card.width, CHIP - 4), _LEFT, f"and {card.hidden} more")


def _strip(painter: QPainter, node: Node, card: Card, live: Live, look: Theme) -> None:
    assert card.strip is not None
    kinds = fonts()
    box = QRectF(9, card.strip, card.width - 18, STRIP)
    painter.setPen(QPen(tint(look.line), 1))
    painter.setBrush(tint(look.sunken if look.dark else look.canvas))
    painter.drawRoundedRect(box, 5, 5)
    preview = spark_of(live, node)
    port: Port | None = spark_port(node)
    if preview is None:
        painter.setPen(QPen(tint(look.line_strong), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(box.left() + 8, box.center().y()), QPointF(box.right() - 8, box.center().y()))
        return
    mark = live.earlier.get(port.name) if port is not None else None
    painter.setFont(kinds.kind.font)
    painter.setPen(tint(look.text if not preview.spark else look.muted))
    painter.setOpacity(1.0 if mark is None else FADED)
    if preview.thumb is not None:
        taken = paint_thumbnail(painter, box.adjusted(3, 3, -box.width() / 2, -3), preview.thumb, left=True)
        words = box.adjusted(taken + 10, 0, -6, 0)
        painter.drawText(words, _LEFT, kinds.kind.elided(preview.text.rpartition(" ")[0], words.width()))
    elif not preview.spark:
        painter.drawText(box.adjusted(8, 0, -8, 0), _LEFT, kinds.value.elided(preview.text, box.width() - 16))
    else:
        color = look.type_color(preview.type if port is None or port.type == "any" else port.type)
        paint_curve(painter, box.adjusted(6, 5.5, -6, -5.5), preview, color, 1.3)
    painter.setOpacity(1.0)
    if mark is not None:
        _earlier_chip(painter, mark.hint, box, look)


def _earlier_chip(painter: QPainter, hint: str, box: QRectF, look: Theme) -> None:
    """Write over the upper right corner of a sparkline that it is of before."""
    kinds = fonts()
    width = kinds.kind.width(hint) + 2 * CLOCK + 12
    chip = QRectF(box.right() - width - 2, box.top() + 2, width, 14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint(look.raised, 0.9))
    painter.drawRoundedRect(chip, 4, 4)
    paint_clock(painter, QPointF(chip.left() + CLOCK + 4, chip.center().y()), look.muted)
    painter.setFont(kinds.kind.font)
    painter.setPen(tint(look.muted))
    painter.drawText(chip.adjusted(2 * CLOCK + 8, 0, 0, 0), _LEFT, hint)


def _code(painter: QPainter, card: Card, look: Theme) -> None:
    kinds = fonts()
    box = QRectF(9, card.code_top, card.width - 18, _LINE * len(card.code) + 8)
    painter.setPen(QPen(tint(look.line), 1))
    painter.setBrush(tint(look.sunken if look.dark else look.canvas))
    painter.drawRoundedRect(box, 5, 5)
    painter.setFont(kinds.code.font)
    painter.setPen(tint(look.text))
    for number, line in enumerate(card.code):
        place = QRectF(box.left() + 7, box.top() + 4 + _LINE * number, box.width() - 14, _LINE)
        painter.drawText(place, _LEFT, kinds.code.elided(line, place.width()))


def _trouble(painter: QPainter, card: Card, live: Live, look: Theme) -> None:
    kinds = fonts()
    color, left = (look.warning, 13 + SIGN) if live.doubtful else (look.error, 13.0)
    box = QRectF(5, card.trouble_top - 1, card.width - 10, card.height - card.trouble_top - 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mixed(color, look.raised, 0.16))
    painter.drawRoundedRect(box, 6, 6)
    if live.doubtful:
        paint_warning(painter, QPointF(18, box.top() + 2 + _LINE / 2), 5.5, look)
    painter.setFont(kinds.kind.font)
    painter.setPen(tint(color) if look.dark else mixed(color, "#000000", 0.85))
    for number, line in enumerate(card.trouble):
        painter.drawText(QRectF(left, box.top() + 2 + _LINE * number, box.width() - left - 1, _LINE), _LEFT, line)
