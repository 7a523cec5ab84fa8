"""A probe that is to be kept: a recorder of the library, wired to the port."""

from __future__ import annotations

from flodesk.flow.edit import Edit, Many, SetParameter
from flodesk.flow.graph import Port, picture
from flodesk.flow.model import Literal
from flodesk.flow.wiring import Refused, add_node
from flodesk.ui.canvas import FlowCanvas

RECORDER = "flodesk.nodes.record.Csv"
_TAKES = ("number", "integer", "truth", "text", "signal", "any")
_TOO_MUCH = (
    "The recorder of the library takes numbers, truths, texts and signals. "
    "“Save the values…” writes what the probe holds."
)


def recorder_for(canvas: FlowCanvas, node: str, port: Port, seen: str = "") -> str:
    """Add a recorder for a port, in one step for undo; return its id.

    Parameters
    ----------
    seen : str
        The type of the value that was there, for a port that is declared with any.

    Raises
    ------
    Refused
        It cannot be recorded, or the node cannot be added.
    """
    if (seen or port.type) not in _TAKES:
        raise Refused(_TOO_MUCH)
    flow, function = canvas.document.flow, canvas.function
    card = canvas.board.cards[node]
    wanted = card.box().topRight()
    wanted.setX(wanted.x() + 60)
    place = canvas.adding.free_place(RECORDER, wanted)
    edit, added = add_node(flow, canvas.catalog, function, RECORDER, (place.x(), place.y()), (node, port.name))
    after, _ = edit.apply(flow)
    fields = picture(after, canvas.catalog, function).nodes[added].fields
    path = next(field for field in fields if field.name == "path")
    name = port.variable.replace(".", "_")
    edits: tuple[Edit, ...] = (edit, SetParameter(function, path.statement, "path", Literal(repr(f"{name}.csv")), 0))
    canvas.document.do(Many(edits, f"Record {port.variable}"))
    return added


__all__ = ["RECORDER", "recorder_for"]
