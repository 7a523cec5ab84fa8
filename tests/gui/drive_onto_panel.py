"""Draws the wire of a port out of the canvas onto the panel, with a real mouse, and prints what it saw as JSON.

Run by test_main_job.py as a process of its own; the hand is that of the main job.
"""

from __future__ import annotations

from drive_main_job import FLOW, Hand, xdo
from drive_main_job import drive as driven
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget


def work(hand: Hand) -> None:
    """Drop a value on the panel, take the form that is offered first, and save."""
    hand.until(lambda: hand.window.isVisible(), "the window is there")
    xdo("search", "--sync", "--onlyvisible", "--name", "flodesk", "windowfocus")
    hand.until(lambda: "flow.loud_factor" in hand.window.panel.board.cards, "the flow is open")

    def free_spot() -> tuple[QWidget, QPoint]:
        board = hand.window.panel.board
        seen = board.visibleRegion().boundingRect()
        card = board.cards["flow.loud_factor"].geometry()
        return board, QPoint(card.right() + 60, seen.center().y())

    start = hand.place(lambda: (hand.canvas().viewport(), hand.canvas().port_position("wave", "", "out")))
    hand.drag(start, hand.place(free_spot))
    menu = hand.until(lambda: hand.window.panel.dropping.menu, "the forms are offered")
    hand.until(menu.isVisible, "their menu is open")
    hand.seen["offered"] = hand.eye.ask(lambda: menu.actions()[0].text())
    hand.key("Return")
    hand.until(lambda: "wave" in hand.window.document.flow.header.panel["flow"], "the view is there")
    hand.picture_of_screen("3-dropped")
    hand.key("ctrl+s")
    hand.until(lambda: not hand.window.document.dirty, "it is saved")


if __name__ == "__main__":
    driven(work, str(FLOW))
