"""Python from anywhere, pasted by the keyboard: nodes, wires, words."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QCursor
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
LIVE = """\
import flodesk
from flodesk.nodes import maths, timing


def flow():
    for tick in timing.every(0.05):
        total = maths.add(tick, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
LOOPED = """\
import math

def area(r):
    return math.pi * r ** 2

radius = 3
a = area(radius)
for k in range(3):
    print(k, a)
    if k > 1:
        big = k * a
    else:
        big = 0
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


def test_a_loop_that_ends_stands_where_the_mouse_points_before_the_loop_that_is_there(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    open_text(window, tmp_path, LIVE)
    canvas = window.canvases.current
    view = canvas.viewer.viewport()
    seen = canvas.viewer.visible_rect()
    mouse = view.rect().center() + QPoint(0, view.height() // 4)
    QCursor.setPos(view.mapToGlobal(mouse))
    paste(qtbot, window, LOOPED)
    assert window.document.flow.mains == ("flow",)
    new = [canvas.board.cards[key].box() for key in canvas.selection()]
    assert len(new) >= 6
    middle = QRectF(new[0])
    for box in new:
        middle = middle.united(box)
    assert middle.adjusted(-60, -60, 60, 60).contains(canvas.viewer.mapToScene(mouse)), "they come where the mouse is"
    assert not any(box.intersects(canvas.board.cards["tick"].box()) for box in new)
    text = write(window.document.flow)
    assert text.index("for k in range(3):") < text.index("for tick in")
    assert not window.checking.errors
    window.commands.trigger("edit.undo")
    assert write(window.document.flow) == LIVE
    assert canvas.viewer.visible_rect().size() == seen.size()


def test_a_loop_that_may_not_end_is_shown_in_the_flow_that_was_made_for_it(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    open_text(window, tmp_path, LIVE)
    paste(qtbot, window, "for now in timing.every(1.0):\n    twice = maths.scale(now, 2.0)\n")
    assert window.canvases.function == "flow_2"
    canvas = window.canvases.current
    assert set(canvas.selection()) == {"now", "twice"}
    said = window.statusBar().currentMessage()
    assert "2 nodes are in “flow_2”, a new flow that runs side by side with “flow”" in said
    qtbot.waitUntil(lambda: canvas.viewer.visible_rect().contains(canvas.board.cards["twice"].box()), timeout=20_000)
    window.commands.trigger("edit.undo")
    assert window.canvases.function == "flow"
