"""What marks a difference follows its card, and tells Qt each time: else Qt keeps pointers to what has gone."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication

from flodesk.flow.diff import compare
from flodesk.flow.diff.overlay import overlay
from flodesk.flow.edit import Move, SetParameter
from flodesk.flow.graph import picture
from flodesk.flow.model import Literal
from flodesk.ui.canvas import reports
from flodesk.ui.canvas.difference_items import OldPlaceItem


def test_a_mark_changes_its_rectangle_only_when_it_says_so(hand: Any) -> None:
    canvas, document = hand.canvas, hand.canvas.document
    old = document.flow
    before = picture(old, canvas.catalog, "flow")
    document.do(SetParameter("flow", "signal", "frequency", Literal("7.0")))
    document.do(Move("flow", {"signal": (0.0, 300.0)}))
    found = compare(old, document.flow, canvas.catalog)
    places = old.header.canvas["flow"]
    canvas.differences.show(overlay(found, before, canvas.board.graph, places), before)
    mark = canvas.differences.marks["signal"]
    line = next(item for item in canvas.viewer.scene().items() if isinstance(item, OldPlaceItem))
    told, drawn = mark.boundingRect(), line.boundingRect()
    card = canvas.board.cards["signal"]
    reports.show_problem(card, "A sentence that is so long that the card has to grow by two lines to show all of it")
    card.setPos(50, 600)
    assert (mark.boundingRect(), line.boundingRect()) == (told, drawn)
    QApplication.processEvents()
    assert mark.boundingRect().height() > told.height()
    assert line.boundingRect().bottom() > drawn.bottom() + 200
