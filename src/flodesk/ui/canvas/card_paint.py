"""The painting of a card, near by with everything and from some way off with less; far away see `far_layer`."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

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
    chip_box,
    has_value_text,
    spark_of,
    spark_port,
    unknown,
)
from flodesk.ui.canvas.card_ground import put_ground
from flodesk.ui.canvas.card_overview import (
    name_near_by,
    paint_block,
    paint_curve,
    paint_name,
    paint_thumbnail,
    paint_value,
    paint_warning,
)
from flodesk.ui.canvas.card_signs import put_sign
from flodesk.ui.canvas.card_state import has_badge, paint_chips, put_badge, put_place, state_color
from flodesk.ui.canvas.painting import fonts, mixed, pen, port_shape, tint
from flodesk.ui.canvas.stamps import Stamps
from flodesk.ui.theme import Theme, theme
from flodesk.ui.theme.clock import CLOCK, FADED, paint_clock

FAR, NAMES, MIDDLE = 0.25, 0.33, 0.6
"""Below these zooms a card is a block of colour, or a name, or shows its name and newest value alone, and large."""
_LINE = 14.0
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def far_color(look: Theme, live: Live, selected: bool) -> str:
    """Return the colour of the frame that tells the state from far away; empty if there is none."""
    if selected:
        return look.accent
    if live.state in ("done", "cached", "queued") and not live.wrong:
        return look.warning if live.doubt else ""
    return state_color(look, live)


def paint_card(stamps: Stamps, painter: QPainter, node: Node, card: Card, live: Live, selected: bool) -> None:
    """Paint body, header, parameters, values and trouble; the ports come on top of it (`put_ports`)."""
    look, detail = theme(), stamps.detail
    small, block = detail > MIDDLE, detail < NAMES
    stamps.press()
    put_ground(stamps, node, card, live, selected, small, block)
    if block:
        stamps.lift()
        paint_block(painter, card, detail)
        if has_badge(live) and (live.wrong or live.doubt or live.state in ("paused", "waiting")):
            stamps.press()
            put_badge(stamps, card.width - 20, 20, live, 1.8)
            stamps.lift()
        return
    put_sign(stamps, node)
    badge = has_badge(live)
    if badge:
        put_badge(stamps, card.width - 17, 19, live)
    end = card.width - (26 if badge else 8)
    if node.place and not small:
        end -= put_place(stamps, end, HEADER / 2)
    stamps.lift()
    _header(painter, node, card, live, look, detail, end)
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
    painter.setPen(pen(look.accent, 1.6))
    painter.setBrush(tint(look.accent, 0.16))
    for chip in card.chips:
        if chip.label == name:
            painter.drawRoundedRect(chip_box(card, chip), 4.5, 4.5)


def put_port(stamps: Stamps, x: float, y: float, port: Port, wired: bool, hovered: bool) -> None:
    """Put a port down, around a point of its card."""
    reach = 11.5 + (4 if port.each else 0) if hovered else 8.0 + (4 if port.each else 0)
    stamps.put(
        x, y, (-reach, -reach, reach, reach), _paint_port, port.type, bool(port.problem), wired, hovered, port.each
    )


def _paint_port(painter: QPainter, kind: str, wrong: bool, wired: bool, hovered: bool, each: bool = False) -> None:
    look = theme()
    color = look.error if wrong else look.type_color(kind)
    if hovered:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(color, 0.3))
        painter.drawEllipse(QPointF(0, 0), 10.5, 10.5)
    shape = port_shape(kind, 5.6 if hovered else 5.0)
    painter.setPen(pen(color, 1.8))
    painter.setBrush(tint(look.raised))
    for step in (2, 1) if each else ():  # several, one behind the other
        painter.drawPath(shape.translated(-2.5 * step, -2.5 * step))
    painter.setBrush(tint(color) if wired else tint(look.raised))
    painter.drawPath(shape)


def _header(
    painter: QPainter, node: Node, card: Card, live: Live, look: Theme, detail: float, end: float
) -> None:  # fmt: skip
    """Write name and type into the header, up to `end`."""
    kinds = fonts()
    painter.setPen(tint(look.text))
    width = end - 38
    if detail > MIDDLE:
        font, text = name_near_by(card.title, width, detail)
        painter.setFont(font)
        painter.drawText(QRectF(38, 4, width, 19), _LEFT, text)
        left = max(0.0, width - paint_chips(painter, node, live, end, look))
        painter.setFont(kinds.kind.font)
        painter.setPen(tint(look.warning if unknown(node) else look.muted))
        painter.drawText(QRectF(38, 20.5, left, 15), _LEFT, kinds.kind.elided(card.subtitle, left))
    else:
        paint_name(painter, card, width, detail)
    if live.state == "running" and live.progress is not None:
        line = QRectF(1, HEADER - 1.5, card.width - 2, 2.5)
        painter.fillRect(line, tint(look.running, 0.25))
        painter.fillRect(
            QRectF(line.left(), line.top(), line.width() * live.progress, line.height()), tint(look.running)
        )


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
    painter.setPen(pen(look.line, 1))
    painter.setBrush(tint(look.sunken if look.dark else look.canvas))
    painter.drawRoundedRect(box, 5, 5)
    preview = spark_of(live, node)
    port: Port | None = spark_port(node)
    if preview is None:
        painter.setPen(pen(look.line_strong, 1, 1.0, Qt.PenStyle.DotLine))
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
    painter.setPen(pen(look.line, 1))
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
