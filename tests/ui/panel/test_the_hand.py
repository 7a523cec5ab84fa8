"""What a hand turns goes to the run at once, and into the flow a moment later: nothing of it is lost in between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import Edit, RemoveNode, SetParameter
from flodesk.flow.model import Literal
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.card import Card

BODY = [
    "level = control.slider(20.0, minimum=0.0, maximum=100.0, step=1.0)",
    "other = control.slider(1.0, minimum=0.0, maximum=100.0, step=1.0)",
]


@pytest.fixture
def panel(open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]) -> ControlPanel:
    return open_panel(flow_text(BODY, ["level = [0, 0, 12, 2]", "other = [0, 2, 12, 2]"]))


class Heard:
    """What the engine is given, and what the flow says, as it comes."""

    def __init__(self, panel: ControlPanel) -> None:
        self.panel = panel
        self.given: list[str] = []
        self.edits: list[Edit | None] = []
        panel.hand.give = self._give
        panel.document.listeners.append(lambda change: self.edits.append(change.edit))

    def _give(self, edit: SetParameter) -> None:
        assert edit.value is not None
        self.given.append(edit.value.text)


def card(panel: ControlPanel, name: str = "level") -> Card:
    return panel.board.cards[f"flow.{name}"]


def turn(panel: ControlPanel, *values: float, name: str = "level") -> None:
    for value in values:
        card(panel, name).turned.emit(value)


def says(panel: ControlPanel, text: str) -> bool:
    return text in write(panel.document.flow)


def test_each_value_goes_to_the_run_and_the_flow_has_few_edits(panel: ControlPanel, qtbot: QtBot) -> None:
    heard = Heard(panel)
    track = card(panel).content.track  # type: ignore[union-attr]
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track.x_of(20)), round(track.middle)))
    for value in range(21, 61):
        qtbot.mouseMove(track, QPoint(round(track.x_of(value)), round(track.middle)))
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track.x_of(60)), round(track.middle)))
    assert len(heard.given) >= 30
    assert heard.given[-1] == "60.0"
    assert len(heard.edits) <= len(heard.given) // 2
    assert says(panel, "level = control.slider(60.0,")
    panel.document.undo()
    assert says(panel, "level = control.slider(20.0,")
    assert panel.document.steps == 0


def test_the_last_value_is_written_without_a_release(panel: ControlPanel, qtbot: QtBot) -> None:
    turn(panel, 30.0, 40.0, 50.0)
    assert says(panel, "slider(30.0,"), "the first at once"
    qtbot.waitUntil(lambda: says(panel, "slider(50.0,"))


@pytest.mark.parametrize("what", ["dirty", "save", "undo", "redo", "do", "release", "read_again"])
def test_who_asks_for_the_flow_gets_all_of_it(panel: ControlPanel, what: str, tmp_path: Path) -> None:
    document = panel.document
    turn(panel, 30.0)
    turn(panel, 40.0)
    turn(panel, 7.0, name="other")
    if what == "dirty":
        assert document.dirty
    elif what == "save":
        document.save()
        assert "slider(40.0," in (tmp_path / "flow.py").read_text()
        assert not document.dirty
    elif what == "undo":
        document.undo()
        assert says(panel, "other = control.slider(1.0,")
    elif what == "redo":
        document.redo()
    elif what == "do":
        document.do(SetParameter("flow", "level", "value", Literal("99.0"), 0))
        assert says(panel, "slider(99.0,")
        document.undo()
    elif what == "release":
        card(panel).released.emit()
    else:
        document.read_again()
        document.undo()
    assert says(panel, "level = control.slider(40.0,")
    assert what == "undo" or says(panel, "other = control.slider(7.0,")


def test_what_is_turned_after_an_undo_is_a_step_of_its_own(panel: ControlPanel) -> None:
    turn(panel, 30.0, 40.0)
    panel.document.undo()
    assert says(panel, "slider(20.0,")
    turn(panel, 50.0)
    card(panel).released.emit()
    panel.document.undo()
    assert says(panel, "slider(20.0,")
    assert panel.document.steps == 0


def test_a_value_for_a_node_that_has_gone_is_refused_with_a_sentence(panel: ControlPanel, qtbot: QtBot) -> None:
    turn(panel, 30.0)
    panel.document.do(RemoveNode("flow", "level"))
    with qtbot.waitSignal(panel.views.refused) as said:
        turn(panel, 40.0)
        panel.document.settle()
    assert "cannot be set" in said.args[0]
    assert "level" not in write(panel.document.flow).partition("def flow")[2]
