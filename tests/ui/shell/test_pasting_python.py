"""Python from anywhere, pasted by the keyboard: nodes, wires, words."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import read, write
from flodesk.ui.window import Window

CTRL = Qt.KeyboardModifier.ControlModifier
SMALL = """\
import flodesk
from flodesk.nodes import maths, source


def flow():
    left = source.constant(2.0)
    total = maths.add(left, left)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def open_text(window: Window, tmp_path: Path, script: str = SMALL) -> None:
    path = tmp_path / "flow.py"
    path.write_text(script)
    assert window.files.open(path)
    window.canvases.current.viewer.setFocus()


def paste(qtbot: QtBot, window: Window, text: str) -> None:
    QApplication.clipboard().setText(text)
    qtbot.keyClick(window.canvases.current.viewer, Qt.Key.Key_V, CTRL)


def test_a_snippet_becomes_wired_cards_in_columns(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path)
    before = write(window.document.flow)
    paste(
        qtbot,
        window,
        "import math\n\ndef area(r: float) -> float:\n    return math.pi * r**2\n\nround_one = area(total)\n"
        "left = maths.add(round_one, left)\ntwo = maths.scale(round_one, 2.0)\n",
    )
    canvas = window.canvases.current
    assert set(canvas.selection()) == {"round_one", "left_2", "two"}
    cards = canvas.board.cards
    assert cards["round_one"].box().right() < cards["left_2"].box().left()
    assert not cards["left_2"].box().intersects(cards["two"].box())
    assert {w.source[0] for w in canvas.board.graph.wires if w.target[0] == "left_2"} == {"round_one", "left"}
    assert not window.checking.errors
    assert read(write(window.document.flow)) == window.document.flow
    window.commands.trigger("edit.undo")
    assert write(window.document.flow) == before


def test_what_is_no_python_is_refused_in_words(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path)
    paste(qtbot, window, "a = 1\nDear Sir or Madam\n")
    assert write(window.document.flow) == SMALL
    said = window.statusBar().currentMessage()
    assert "no Python" in said
    assert "line 2" in said


def test_many_functions_go_to_the_library(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path)
    paste(qtbot, window, "\n\n".join(f"def more_{n}(x: float) -> float:\n    return x + {n}\n" for n in range(8)))
    assert "8 functions" in window.statusBar().currentMessage()
    assert window.checking.offered.find("more_7") is not None
    assert len(window.canvases.current.board.cards) == 2
