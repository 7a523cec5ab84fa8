"""The plain wheel over what zooms with Ctrl: it scrolls the panel, and where that cannot a hint says how to zoom."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.public import Heat, Line, Surface, Trace
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.faces.wheel import WORDS, WheelHint

Opened = Callable[..., ControlPanel]
SQUARE = np.arange(16.0).reshape(4, 4)
SHOWN = {
    "line": Line(traces=(Trace(np.arange(5.0), np.arange(5.0)),)),
    "heat": Heat(values=SQUARE),
    "surface": Surface(values=SQUARE),
}


def turned(panel: ControlPanel, steps: int, *keys: Qt.KeyboardModifier) -> WheelHint | None:
    """Turn the wheel over the view as a hand does; return the hint if one is seen."""
    face = panel.board.cards["flow.a"].content
    assert face is not None
    held = Qt.KeyboardModifier.ControlModifier if keys else Qt.KeyboardModifier.NoModifier
    at = face.mapTo(panel, face.rect().center())
    QTest.wheelEvent(panel.windowHandle(), at, QPoint(0, 120 * steps), QPoint(), held)
    hint = face.findChild(WheelHint)
    return hint if hint is not None and hint.isVisible() else None


@pytest.fixture
def panel(open_panel: Opened, flow_text: Callable[..., str], request: pytest.FixtureRequest) -> ControlPanel:
    made: ControlPanel = open_panel(
        flow_text(["a = source.sine()", "b = control.slider(1.0)"], ["a = [0, 0, 8, 6]", "b = [0, 40, 4, 1]"])
    )
    made.board.cards["flow.a"].show_sample(Sample(1, SHOWN[request.param]))
    return made


@pytest.mark.parametrize("panel", SHOWN, indirect=True)
def test_the_first_turn_that_moves_nothing_says_how_to_zoom(panel: ControlPanel, qtbot: QtBot) -> None:
    scroll = panel.board.parent().parent()
    assert isinstance(scroll, QScrollArea)
    bar = scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert turned(panel, 1, Qt.KeyboardModifier.ControlModifier) is None
    hint = turned(panel, 1)
    assert hint is not None, "the panel is at its upper end"
    assert hint.accessibleName() == WORDS == "Ctrl + wheel zooms"
    assert hint.parentWidget().rect().contains(hint.geometry())
    hint.hide()
    assert turned(panel, 1) is None, "once is enough"


@pytest.mark.parametrize("panel", ["line"], indirect=True)
def test_a_wheel_that_scrolls_the_panel_says_nothing(panel: ControlPanel, qtbot: QtBot) -> None:
    scroll = panel.board.parent().parent()
    assert isinstance(scroll, QScrollArea)
    bar = scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert turned(panel, -1) is None
    qtbot.waitUntil(lambda: bar.value() > 0)
