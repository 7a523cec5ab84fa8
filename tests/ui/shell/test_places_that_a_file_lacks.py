"""Cards of a file that knows no places stand still in the window: what comes beside them moves none of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from flodesk.flow.edit import Move
from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
from flodesk.nodes import maths


def flow():
    a = maths.add(1.0, 2.0)
    b = maths.scale(a)
    got = maths.scale(b)
"""


def places(window: Window) -> dict[str, tuple[float, float]]:
    return {key: (card.x(), card.y()) for key, card in window.canvases.current.board.cards.items()}


def opened(window: Window, path: Path, text: str) -> dict[str, tuple[float, float]]:
    path.write_text(text, encoding="utf-8")
    assert window.files.open(path)
    QApplication.processEvents()
    return places(window)


def test_a_card_that_is_added_moves_no_other(window: Window, tmp_path: Path) -> None:
    before = opened(window, tmp_path / "one.py", TEXT)
    added = window.canvases.current.add_node("= a * 4", QPointF(700, 600))
    assert {key: place for key, place in places(window).items() if key != added} == before
    assert "# got = [" in write(window.document.flow)
    window.document.undo()
    assert places(window) == before


def test_the_places_of_a_flow_are_not_those_of_the_one_that_was_open_before(window: Window, tmp_path: Path) -> None:
    alone = opened(window, tmp_path / "one.py", TEXT)
    window.document.do(Move("flow", {"got": (900.0, 700.0)}))
    window.document.undo()
    window.document.do(Move("flow", {"a": (300.0, 900.0)}))
    window.files.save()
    assert opened(window, tmp_path / "three.py", TEXT) == alone
