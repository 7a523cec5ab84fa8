"""What an empty panel, or an empty page of it, says to do."""

from __future__ import annotations

from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.pages import Pages
from flodesk.ui.panel.views import Views


def say_hint(board: Board, views: Views, pages: Pages) -> None:
    """Say what to do where there are no cards; say nothing where there are."""
    if board.cards:
        board.say("", "")
        return
    if views.locked:
        where = "Open the flow in flodesk and put controls and plots on its panel."
        board.say("Nothing is shown here yet", where)
        return
    offered = sum(len(nodes) for nodes in views.available().values())
    what = "one control or indicator" if offered == 1 else f"{offered} controls and indicators"
    if len(pages.names) > 1:
        there = f"The flow has {what} that no page shows: press" if offered else "For another view press"
        move = "Right-click a view on another page and choose “Move to page” to bring it here."
        board.say("This page is empty", f"{there} “Add view”. {move}")
    elif offered:
        board.say(
            "The panel is empty",
            f"The flow has {what}. Press “Add view” to show {'it' if offered == 1 else 'them'} here.",
        )
    else:
        board.say(
            "The panel is empty",
            "Drop a port or a field of a node here, or a control or an indicator of the library; or press “Add view”.",
        )
