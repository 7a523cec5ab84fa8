"""``print`` and its like: ordinary cards, found by quick add."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.canvas.card import category, unknown
from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import maths


def flow():
    a = maths.add(1.0, 2.0)
    b = dict(x=a)
    print(b)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_print_is_an_ordinary_card_and_quick_add_finds_it(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    file = tmp_path / "flow.py"
    file.write_text(TEXT)
    assert window.files.open(file)
    canvas = window.canvases.current
    for key, title in (("b", "Dict"), ("call_1", "Print")):
        card = canvas.board.cards[key]
        assert not unknown(card.node)
        assert category(card.node) == "code"
        assert card.card.subtitle == title
    canvas.select(["call_1"])
    window.inspector.settle()
    assert window.inspector.sheet is not None
    assert {"sep", "end"} <= set(window.inspector.sheet.rows)
    canvas.select(["a"])
    canvas.viewer.setFocus()
    QTest.keyClick(canvas.viewer, Qt.Key.Key_Tab)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QuickAdd)
    QTest.keyClicks(popup.field, "print")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert "    print_1 = print(a)\n" in write(window.document.flow)
    assert window.checking.now() is not None
    assert window.checking.errors == ()
