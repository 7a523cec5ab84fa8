"""What operators set is kept beside the flow, never in its file; what others write into that comes in its time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.ui.operator import Operator
from flodesk.ui.panel.controls.slider import Slider
from flodesk.ui.panel.controls.switches import Switch
from flodesk.ui.panel.setting import Setting

Open = Callable[..., Operator]


def setting(operator: Operator, name: str) -> object:
    operator.station.document.settle()
    shown = operator.panel.board.cards[f"flow.{name}"].shown
    assert isinstance(shown, Setting)
    return shown.value


def drag(operator: Operator, share: float) -> None:
    """Drag the slider to a share of its way, as a hand does."""
    content = operator.panel.board.cards["flow.gain"].content
    assert isinstance(content, Slider)
    track = content.track
    start, end = QPoint(round(track.x_of(track.value)), 20), QPoint(round(track.width() * share), 20)
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(track, (start + end) / 2)
    QTest.mouseMove(track, end)
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=end)


def turn_off(operator: Operator) -> None:
    content = operator.panel.board.cards["flow.on"].content
    assert isinstance(content, Switch)
    QTest.mouseClick(content.toggle, Qt.MouseButton.LeftButton)


def choose(operator: Operator, title: str) -> None:
    operator.bar.menu.aboutToShow.emit()
    next(action for action in operator.bar.menu.actions() if action.text() == title).trigger()


def shut(operator: Operator) -> None:
    operator.leaving = True
    operator.close()


def test_values_are_there_again_at_the_next_start_and_not_in_the_file(
    qtbot: QtBot, open_app: Open, oven: Path, data_of_its_own: Path
) -> None:
    text = oven.read_text()
    first = open_app(oven)
    drag(first, 0.8)
    turn_off(first)
    gain = setting(first, "gain")
    assert isinstance(gain, float)
    assert 7.0 < gain < 9.0
    shut(first)
    assert oven.read_text() == text
    second = open_app(oven)
    assert (setting(second, "gain"), setting(second, "on")) == (gain, False)
    choose(second, "Set the controls back to the file")
    qtbot.waitUntil(lambda: (setting(second, "gain"), setting(second, "on")) == (2.0, True))
    shut(second)
    third = open_app(oven)
    assert (setting(third, "gain"), setting(third, "on")) == (2.0, True)
    kept = next((data_of_its_own / "app").glob("*.json"))
    assert json.loads(kept.read_text())["values"] == []


def test_who_edits_the_file_has_the_last_word_about_that_value_alone(open_app: Open, oven: Path) -> None:
    first = open_app(oven)
    drag(first, 0.8)
    turn_off(first)
    shut(first)
    oven.write_text(oven.read_text().replace("slider(2.0", "slider(3.0"))
    second = open_app(oven)
    assert (setting(second, "gain"), setting(second, "on")) == (3.0, False)


def test_a_flow_that_wants_it_begins_with_its_own_values(open_app: Open, oven: Path, data_of_its_own: Path) -> None:
    oven.write_text(oven.read_text().replace('# title = "Oven 3"\n', "# keep = false\n"))
    first = open_app(oven)
    drag(first, 0.8)
    shut(first)
    second = open_app(oven)
    assert setting(second, "gain") == 2.0
    assert not (data_of_its_own / "app").exists()


def test_what_cannot_be_kept_or_read_is_said_and_disturbs_nothing(
    qtbot: QtBot, open_app: Open, oven: Path, data_of_its_own: Path
) -> None:
    first = open_app(oven)
    turn_off(first)
    shut(first)
    kept = next((data_of_its_own / "app").glob("*.json"))
    kept.write_text('{"values": [{"functi')
    second = open_app(oven)
    assert setting(second, "on") is True
    assert "What was set here before cannot be read" in second.telling.notice.text
    second.telling.notice.clear()
    kept.unlink()
    kept.with_suffix(".new").mkdir()  # where nothing can be written
    turn_off(second)
    qtbot.waitUntil(lambda: "What is set here cannot be kept" in second.telling.notice.text)
    assert setting(second, "on") is False


def test_a_file_that_changes_is_read_again_with_what_is_set_once_no_run_is_on(
    qtbot: QtBot, open_app: Open, oven: Path
) -> None:
    operator = open_app(oven, Host)
    turn_off(operator)
    QTest.mouseClick(operator.bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: operator.run.phase == "running")
    run = operator.run.id
    oven.write_text(oven.read_text().replace('label="Gain"', 'label="Boost"').replace('"Oven 3"', '"Oven 4"'))
    qtbot.waitUntil(lambda: "The run goes on as it was" in operator.telling.notice.text)
    assert operator.bar.title.text() == "Oven 3"
    assert (operator.run.id, operator.run.phase) == (run, "running")
    QTest.mouseClick(operator.bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: operator.bar.title.text() == "Oven 4")
    qtbot.waitUntil(lambda: operator.panel.board.cards["flow.gain"].title == "Boost")
    assert setting(operator, "on") is False
    oven.write_text("def flow(:\n")
    qtbot.waitUntil(lambda: "cannot be read" in operator.telling.notice.text)
    assert operator.panel.isVisible()
    oven.unlink()
    qtbot.waitUntil(lambda: "was removed or renamed" in operator.telling.notice.text)


def test_a_file_that_is_read_again_brings_nothing_back_that_was_set_back(
    qtbot: QtBot, open_app: Open, oven: Path, data_of_its_own: Path
) -> None:
    first = open_app(oven)
    drag(first, 0.8)
    turn_off(first)
    shut(first)
    second = open_app(oven)
    assert setting(second, "on") is False
    choose(second, "Set the controls back to the file")
    oven.write_text(oven.read_text().replace('label="Gain"', 'label="Boost"'))
    second.opening.look()  # before the disk knows
    cards = second.panel.board.cards
    qtbot.waitUntil(lambda: {"flow.gain", "flow.on"} <= cards.keys() and cards["flow.gain"].title == "Boost")
    assert (setting(second, "gain"), setting(second, "on")) == (2.0, True)
    shut(second)
    kept = next((data_of_its_own / "app").glob("*.json"))
    assert json.loads(kept.read_text())["values"] == []


def test_a_value_that_is_turned_reaches_the_run(qtbot: QtBot, open_app: Open, oven: Path) -> None:
    operator = open_app(oven, Host)
    QTest.mouseClick(operator.bar.start, Qt.MouseButton.LeftButton)
    meter = operator.panel.board.cards["flow.meter"]
    qtbot.waitUntil(lambda: meter.seen is not None and meter.seen.value.value > 0)
    drag(operator, 0.0)
    assert setting(operator, "gain") == 0.0
    qtbot.waitUntil(lambda: meter.seen is not None and meter.seen.value.value == 0)
