"""A view that shows the whole flow goes on to, whatever opens beside it, until a hand moves it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import SetParameter
from flodesk.flow.model import Literal
from flodesk.ui.window import LEAST, Window

TWO = """\
import flodesk
from flodesk.nodes import maths, show, source


def flow():
    a = source.constant(2.0)
    b = maths.add(a, 1.0)
    c = maths.add(b, 1.0)
    d = maths.add(c, 1.0)
    meter = show.number(d)


def other():
    a = source.sine(0)
    b = maths.add(a, 1.0)
    c = maths.add(a, 2.0)
    d = maths.add(a, 3.0)
    e = maths.add(b, c, d)
    chart = show.line(e)


if __name__ == "__main__":
    flodesk.main(flow, other)
"""


def opened(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    path.write_text(TWO)
    assert window.files.open(path)
    qtbot.wait(50)


def hidden(window: Window) -> list[str]:
    """Return the cards that are not to be seen whole: out of the view, behind a message, or behind the map."""
    canvas = window.canvases.current
    view = canvas.viewer
    bar = QRect(view.viewport().mapFromGlobal(window.bar.mapToGlobal(QPoint())), window.bar.size())
    over = [bar] if window.bar.isVisible() else []
    over += [canvas.minimap.geometry()] if canvas.minimap.isVisible() else []
    boxes = {key: view.mapFromScene(card.box()).boundingRect() for key, card in canvas.board.cards.items()}
    return [
        key
        for key, box in boxes.items()
        if not view.viewport().rect().contains(box) or any(box.intersects(other) for other in over)
    ]


@pytest.mark.parametrize("size", [(1300, 850), (900, 600)], ids=["large", "small"])
@pytest.mark.parametrize("tab", [0, 1])
def test_whatever_opens_a_fitted_flow_stays_in_view(
    qtbot: QtBot, window: Window, tmp_path: Path, size: tuple[int, int], tab: int
) -> None:
    window.resize(*size)
    opened(qtbot, window, tmp_path)
    window.canvases.tabs.setCurrentIndex(tab)
    qtbot.wait(50)
    for step in ("view.log", "message", "view.layout", "no message", "view.panel", "view.library", "view.log"):
        if step == "message":
            window.reports.message("Something went wrong with the flow. " * 3, "error")
        elif step == "no message":
            window.bar.clear()
        else:
            window.commands.trigger(step)
        qtbot.wait(60)
        qtbot.waitUntil(lambda: not hidden(window))  # docks, panel and view take their sizes one after the other


def test_a_changed_parameter_is_no_reason_to_leave_the_fitted_view(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    opened(qtbot, window, tmp_path)
    window.document.do(SetParameter("flow", "a", "value", Literal("3.0"), 0))
    window.commands.trigger("view.log")
    qtbot.wait(100)
    assert window.canvases.current.fitting.fitted
    assert hidden(window) == []


@pytest.mark.parametrize("how", ["wheel", "pan", "map"])
def test_a_hand_that_moves_the_view_is_left_alone(qtbot: QtBot, window: Window, tmp_path: Path, how: str) -> None:
    opened(qtbot, window, tmp_path)
    canvas = window.canvases.current
    assert canvas.fitting.fitted
    if how == "wheel":
        canvas.zoom_in()
    else:
        canvas.viewer.center_on(canvas.scene_center() + QPointF(40, 25))
    assert not canvas.fitting.fitted
    before, height = (canvas.zoom(), canvas.viewer.visible_rect().topLeft()), canvas.height()
    window.commands.trigger("view.log")
    qtbot.waitUntil(lambda: canvas.height() != height, timeout=60_000)
    qtbot.wait(50)
    assert (canvas.zoom(), canvas.viewer.visible_rect().topLeft()) == before
    window.commands.trigger("view.fit")
    assert canvas.fitting.fitted


def test_a_low_window_leaves_the_canvas_room(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    window.resize(900, 600)
    opened(qtbot, window, tmp_path)
    window.commands.trigger("view.log")
    qtbot.wait(100)
    assert (window.width(), window.height()) == (900, 600)
    assert window.canvases.current.height() >= 180
    assert window.docks.log.height() >= 90
    window.resize(*LEAST)
    qtbot.wait(100)
    assert (window.width(), window.height()) == LEAST
    assert window.canvases.current.height() >= 180
    assert window.statusBar().geometry().bottom() <= window.height()
    assert hidden(window) == []
