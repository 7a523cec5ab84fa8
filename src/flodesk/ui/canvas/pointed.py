"""What the cursor points at, a port or a wire: the value that is there, and what is known of it without a run."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QGraphicsItem

from flodesk.engine.preview import Preview
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.card import title_of
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.canvas.tips import breakpoint_words
from flodesk.ui.canvas.wire_item import WireItem


@dataclass(frozen=True, slots=True)
class Pointed:
    """A port or a wire, in words.

    Attributes
    ----------
    value : str
        The value that is there, as ``function.variable``; empty where there is none to look at.
    title : str
        The port's name; of a wire both ends.
    type, unit : str
        As declared.
    facts : tuple of str
        What else there is to say: help, where the value comes from.
    trouble : str
        What is wrong, or holds a run here.
    preview : Preview or None
        What the canvas knows of the value already.
    age : str
        That the newest run has not made that value; empty if it has.
    """

    value: str
    title: str
    type: str
    unit: str = ""
    facts: tuple[str, ...] = ()
    trouble: str = ""
    preview: Preview | None = None
    age: str = ""


def pointed_at(item: QGraphicsItem, board: Board) -> Pointed | None:
    """Return what a port or a wire shows; None for anything else."""
    if isinstance(item, PortItem):
        return _output(item, board) if item.is_output else _input(item, board)
    return _wire(item, board) if isinstance(item, WireItem) else None


def _value_of(port: PortItem, board: Board) -> str:
    return board.graph.value(port.node.node.id, port.port)


def _preview(port: PortItem) -> Preview | None:
    found: Preview | None = port.node.told.previews.get(port.port.name)
    return found


def _age(port: PortItem) -> str:
    live = port.node.told
    mark = live.earlier.get(port.port.name) if port.port.name in live.previews else None
    return str(mark.words) if mark is not None else ""


def _output(item: PortItem, board: Board) -> Pointed:
    port, node = item.port, item.node.node
    title = port.label or port.name or title_of(node)
    facts = [port.help]
    if port.variable and port.variable != title:
        facts.append(f"In the script: {port.variable}")
    found = tuple(fact for fact in facts if fact)
    return Pointed(_value_of(item, board), title, port.type, port.unit, found, port.problem, _preview(item), _age(item))


def _input(item: PortItem, board: Board) -> Pointed:
    port, node = item.port, item.node.node
    wires = [wire for wire in item.connected_pipes if isinstance(wire, WireItem)]
    title = f"{title_of(node)} · {port.label or port.name}"
    facts = [port.help]
    if not wires:
        field = next((f for f in node.fields if f.name == port.name and f.text), None)
        set_to = f"Set to {field.text}" if field is not None else "Nothing is wired to it"
        facts.append(f"{set_to}; it is required" if port.required and field is None else set_to)
        lost = next((one for one in board.graph.lost if one.target == item.end), None)
        trouble = lost.problem if lost is not None else port.problem
        return Pointed("", title, port.type, port.unit, tuple(f for f in facts if f), trouble)
    source = wires[0].source
    more = f" and {len(wires) - 1} more" if len(wires) > 1 else ""
    facts.append(f"From {title_of(source.node.node)}{more}")
    unit = source.port.unit or port.unit
    found, trouble = tuple(fact for fact in facts if fact), wires[0].wire.problem
    return Pointed(_value_of(source, board), title, port.type, unit, found, trouble, _preview(source), _age(source))


def _wire(item: WireItem, board: Board) -> Pointed:
    source, target, wire = item.source, item.target, item.wire
    name = source.port.variable or title_of(source.node.node)
    end = target.port.label or target.port.name
    title = f"{name} → {title_of(target.node.node)}" + (f" · {end}" if end else "")
    facts = ("Feedback: what the next turn of the loop gets",) if wire.feedback else ()
    trouble = wire.problem or breakpoint_words(item.breakpoint)
    return Pointed(
        _value_of(source, board), title, wire.type, source.port.unit, facts, trouble, _preview(source), _age(source)
    )


__all__ = ["Pointed", "pointed_at"]
