"""The commands of the Canvas menu: what the picture alone has, and where things stand in it."""

from __future__ import annotations

from flodesk.ui.commands.one import Command

_SEVERAL, _THREE = "canvases.current.aligning.possible", "canvases.current.aligning.distributable"


def _align(verb: str, title: str, key: str, tip: str, line_before: bool = False) -> Command:
    """Return the command that brings what is selected into line."""
    home = f"canvases.current.aligning.{verb}"
    return Command(f"arrange.{verb}", title, home, "Canvas", (key,), _SEVERAL, tip=tip, line_before=line_before)


def _distribute(verb: str, title: str, key: str, tip: str) -> Command:
    """Return the command that leaves the same room between what is selected."""
    return Command(f"arrange.{verb}", title, f"canvases.current.aligning.{verb}", "Canvas", (key,), _THREE, tip=tip)


ARRANGING: tuple[Command, ...] = (
    Command(
        "arrange.note",
        "Add a note",
        "canvases.current.pieces.add_note",
        "Canvas",
        ("Ctrl+Shift+N",),
        tip="Write on the canvas: headings, lists, code and links in Markdown",
    ),
    Command(
        "arrange.frame",
        "Draw a frame",
        "canvases.current.pieces.add_frame",
        "Canvas",
        ("Ctrl+J",),
        tip="Put a titled ground behind the selected cards, which takes them along when it is dragged",
    ),
    Command(
        "arrange.fields",
        "Edit the fields on the card",
        "canvases.current.fields.edit_selected",
        "Canvas",
        ("Ctrl+F2",),
        "canvases.current.fields.possible",
        tip="Change a value where it stands on the selected card; Tab goes on to the next",
    ),
    Command(
        "arrange.tidy",
        "Tidy",
        "editing.tidy",
        "Canvas",
        ("Ctrl+Shift+T",),
        tip="Lay the selected cards, or all, out anew, in columns as the values go; undo puts them back",
        line_before=True,
    ),
    Command(
        "arrange.point",
        "Add a point to the wire",
        "canvases.current.routing.add_point",
        "Canvas",
        ("Ctrl+Shift+J",),
        "canvases.current.routing.possible",
        tip="Let the selected wire go by a point that can be dragged",
        line_before=True,
    ),
    Command(
        "arrange.labels",
        "Show as labels",
        "canvases.current.routing.toggle_labels",
        "Canvas",
        ("Ctrl+L",),
        "canvases.current.routing.possible",
        checked="canvases.current.routing.labelled",
        tip="Draw the selected wires, or those that end at the selected card, as a label at each end",
    ),
    Command(
        "arrange.wire",
        "Wire by keys",
        "canvases.current.walk.begin",
        "Canvas",
        tip="Go to the ports of the selected card (W on the canvas); there arrows walk, and Enter wires",
        line_before=True,
    ),
    Command(
        "arrange.disconnect",
        "Disconnect",
        "canvases.current.routing.disconnect",
        "Canvas",
        ("Ctrl+Del",),
        "canvases.current.routing.disconnectable",
        tip="Take out the selected wires, or all wires of the selected cards",
    ),
    _align("left", "Align left edges", "Alt+Shift+Left", "Bring the left edges of what is selected into line", True),
    _align("centre", "Align centres", "Alt+Shift+C", "Bring the middles of what is selected above one another"),
    _align("right", "Align right edges", "Alt+Shift+Right", "Bring the right edges of what is selected into line"),
    _align("top", "Align upper edges", "Alt+Shift+Up", "Bring the upper edges of what is selected into line"),
    _align("middle", "Align middles", "Alt+Shift+M", "Bring the middles of what is selected beside one another"),
    _align("bottom", "Align lower edges", "Alt+Shift+Down", "Bring the lower edges of what is selected into line"),
    _distribute("across", "Distribute across", "Alt+Shift+X", "Leave the same room between them, from left to right"),
    _distribute("down", "Distribute down", "Alt+Shift+Y", "Leave the same room between them, from top to bottom"),
    Command(
        "arrange.guides",
        "Snap to other cards",
        "canvases.snaps.toggle_guides",
        "Canvas",
        checked="canvases.snaps.guides",
        tip="While a card is dragged, let its edges and wires come into line with those of others; Alt drags freely",
        line_before=True,
    ),
    Command(
        "arrange.grid",
        "Snap to the grid",
        "canvases.snaps.toggle_grid",
        "Canvas",
        checked="canvases.snaps.grid",
        tip="While a card is dragged, let its corner come to lie on the dots of the ground; Alt drags freely",
    ),
    Command(
        "arrange.order",
        "Order of the run",
        "ordering.toggle",
        "Canvas",
        ("Ctrl+Shift+O",),
        checked="ordering.shown",
        tip="Number the cards in the order in which they run, and show what may run at the same time or elsewhere",
        line_before=True,
    ),
)
"""In the order in which they stand in the menu."""
