"""A card keeps its name while it is off, and when it is on again; what is said goes by those names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from flodesk.flow.catalog import Catalog
from flodesk.flow.diff import diff
from flodesk.flow.script import read

TEXT = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# a = [0, 0]
# call_1 = [300, 0]
# call_2 = [300, 150]
# code_1 = [300, 300]
# code_2 = [300, 450]
# ///
from flodesk.nodes import control


def flow():
    a = control.slider(2.0)
    print(a)
    print(a, sep=", ")
    high = a > 1
    print("twice", a * 2)
"""


def titles(hand: Any) -> dict[str, str]:
    return {name: card.card.title for name, card in hand.canvas.board.cards.items()}


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("# code_2 =", "# named =").replace(
    "# [tool.flodesk.canvas.flow]", '# [tool.flodesk.ids]\n# flow = ["call_2", "call_1", "code_1", "named"]\n#\n'
    "# [tool.flodesk.canvas.flow]"
)])  # fmt: skip
def test_names_stay_off_and_on(open_canvas: Callable[..., Any], text: str) -> None:
    hand = open_canvas(text)
    before = titles(hand)
    hand.canvas.select(["a"])
    hand.canvas.switching.toggle_off()
    QApplication.processEvents()
    assert "    ...  # off too: print(a)\n" in hand.text
    off = titles(hand)
    assert off["high"] == before["code_1"]
    assert sorted(off.values()) == sorted(before.values())
    assert "code_1" not in hand.said[-1]
    assert "call_1" in off
    places = dict(hand.canvas.document.flow.header.canvas["flow"])
    assert places["call_1"] == read(text).header.canvas["flow"]["call_1"]
    assert read(hand.text) == hand.canvas.document.flow, "a reader gives it the same names"
    hand.check()
    hand.canvas.switching.toggle_off()
    QApplication.processEvents()
    assert titles(hand) == before
    assert read(hand.text) == read(text)
    hand.check()


def test_comparing_knows_the_lines_that_are_off(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(TEXT)
    hand.canvas.select(["a"])
    hand.canvas.switching.toggle_off()
    found = diff(read(TEXT), hand.canvas.document.flow, Catalog.builtin())
    assert {d.kind for d in found} <= {"type", "place", "code"}
