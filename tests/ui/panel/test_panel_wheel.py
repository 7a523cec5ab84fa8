"""The wheel over controls: it scrolls the panel and changes nothing, until a control has the keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel

CONTROLS = {
    "slider": "control.slider(50.0)",
    "range": "control.range((20.0, 80.0))",
    "knob": "control.knob(50.0)",
    "number": "control.number(5.0)",
    "choice": 'control.choice("b", entries=["a", "b", "c"])',
    "radio": f"control.radio('e5', entries={[f'e{n}' for n in range(40)]})",
    "table": "control.table()",
    "text": 'control.text("a")',
    "paragraph": f"control.paragraph({chr(10).join('abcdefghijkl')!r})",
    "path": 'control.path("a.csv")',
    "color": 'control.color("#ff0000")',
    "date_time": "control.date_time()",
    "date": "control.date()",
    "time": "control.time()",
}
Opened = Callable[..., ControlPanel]


def turn_wheel(panel: ControlPanel, at: QWidget, steps: int) -> None:
    """Turn the wheel over a widget as a hand does: from the innermost on outwards, until one takes it."""
    where = at.mapTo(panel, QPoint(min(at.width() // 4, 40), at.height() // 2))
    assert panel.rect().contains(where)
    QTest.wheelEvent(panel.windowHandle(), where, QPoint(0, 120 * steps))


@pytest.fixture
def panel(open_panel: Opened, flow_text: Callable[..., str]) -> ControlPanel:
    body = [f"{name} = {line}" for name, line in CONTROLS.items()]
    return open_panel(flow_text(body, [f"{name} = [0, {4 * n}, 6, 3]" for n, name in enumerate(CONTROLS)]))


def test_a_hand_that_scrolls_the_panel_over_controls_changes_none(panel: ControlPanel, qtbot: QtBot) -> None:
    said = write(panel.document.flow)
    scroll = panel.board.parent().parent()
    assert isinstance(scroll, QScrollArea)
    bar = scroll.verticalScrollBar()
    for name in CONTROLS:
        card = panel.board.cards[f"flow.{name}"]
        assert card.content is not None
        areas = [*card.content.findChildren(QScrollArea), *card.content.findChildren(QPlainTextEdit)]
        stood = [area.verticalScrollBar().value() for area in areas]
        scroll.ensureWidgetVisible(card)
        steps = -1 if bar.value() < bar.maximum() else 1
        before = bar.value()
        turn_wheel(panel, card.content, steps)
        qtbot.waitUntil(lambda before=before: bar.value() != before)
        assert [area.verticalScrollBar().value() for area in areas] == stood, f"{name} itself is not scrolled"
    panel.document.settle()
    assert write(panel.document.flow) == said


@pytest.mark.parametrize("name", ["radio", "paragraph"])
def test_what_scrolls_itself_does_so_with_the_keyboard(panel: ControlPanel, qtbot: QtBot, name: str) -> None:
    content = panel.board.cards[f"flow.{name}"].content
    assert content is not None
    area = next(iter([*content.findChildren(QScrollArea), *content.findChildren(QPlainTextEdit)]))
    scroll = panel.board.parent().parent()
    assert isinstance(scroll, QScrollArea)
    scroll.ensureWidgetVisible(panel.board.cards[f"flow.{name}"])
    area.verticalScrollBar().setValue(0)
    assert area.verticalScrollBar().maximum() > 0
    content.setFocus()
    qtbot.waitUntil(lambda: content.focusProxy().hasFocus())
    turn_wheel(panel, content, -1)
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0)
