"""Probes by hand: set with P, the menu and the pin; moved through time together; compared, saved, recorded."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPlainTextEdit, QSpinBox
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.probes.card import ProbeCard
from flodesk.ui.probes.view import RoomDialog
from flodesk.ui.window import Window

TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# k = [0, 0]
# wave = [240, 0]
# size = [480, 0]
# ///
import flodesk
from flodesk.nodes import dsp, source


def upto(n):
    yield from range(1, n + 1)


def flow():
    for k in upto(30):
        wave = source.sine(k, frequency=5.0, samples=50, amplitude=2.0)
        size = dsp.rms(wave)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def window_of(open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot) -> Window:
    path = tmp_path / "probed.py"
    path.write_text(TEXT, encoding="utf-8")
    window = open_window()
    window.files.open(path)
    qtbot.waitUntil(lambda: "wave" in window.canvases.current.board.cards)
    QApplication.processEvents()
    return window


def play(window: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.run.finished, timeout=60_000):
        window.commands.trigger("run.start")


def press_p(window: Window, key: str) -> None:
    canvas = window.canvases.current
    canvas.viewer.setFocus()
    QTest.mouseClick(
        canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, canvas.node_center(key)
    )
    QTest.keyClick(canvas.viewer, Qt.Key.Key_P)
    QApplication.processEvents()


def card(window: Window, name: str) -> ProbeCard:
    return window.probing.view.cards[name]


def until_held(window: Window, qtbot: QtBot, name: str, count: int) -> None:
    desk = window.probing.desk
    qtbot.waitUntil(
        lambda: name in desk.held and desk.held[name].count == count and desk.held[name].kept is not None, timeout=60000
    )


def test_p_probes_what_is_selected_and_its_values_are_there_after_a_run(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    assert not window.probing.dock_open
    press_p(window, "wave")
    assert list(window.probing.desk.rooms) == ["flow.wave"]
    assert window.probing.dock_open
    assert window.canvases.current.board.cards["wave"].probed == {""}
    assert "Waits" in card(window, "flow.wave").where.text()
    play(window, qtbot)
    until_held(window, qtbot, "flow.wave", 30)
    assert card(window, "flow.wave").kind == "plot"
    assert "turn 30" in card(window, "flow.wave").where.text()
    press_p(window, "wave")
    assert not window.probing.desk.rooms
    assert not window.canvases.current.board.cards["wave"].probed


def test_the_slider_moves_all_probes_to_the_same_turn_and_live_comes_back(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    for key in ("k", "wave", "size"):
        press_p(window, key)
    play(window, qtbot)
    for name in ("flow.k", "flow.wave", "flow.size"):
        until_held(window, qtbot, name, 30)
    bar, desk = window.probing.view.bar, window.probing.desk
    assert (bar.slider.minimum(), bar.slider.maximum(), bar.slider.value()) == (1, 30, 30)
    bar.slider.setFocus()
    for _ in range(3):
        QTest.keyClick(bar.slider, Qt.Key.Key_Left)

    def turns() -> set[int]:
        return {
            held.kept.place.turn for held in desk.held.values() if held.kept is not None and held.kept.place is not None
        }

    qtbot.waitUntil(lambda: turns() == {27}, timeout=60000)
    assert desk.held["flow.k"].kept is not None
    assert desk.held["flow.k"].kept.value == 27
    assert "27" in card(window, "flow.k").value.text()
    line = card(window, "flow.k").face._moments[""]
    assert line.isVisible()
    assert line.value() == 27
    assert "turn 27 of 30" in bar.words.text()
    assert not bar.live.isChecked()
    qtbot.mouseClick(bar.live, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: turns() == {30}, timeout=60000)


def test_two_moments_stand_side_by_side_with_their_difference(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    press_p(window, "k")
    play(window, qtbot)
    until_held(window, qtbot, "flow.k", 30)
    bar = window.probing.view.bar
    for mark, turn in (("A", 5), ("B", 12)):
        bar.slider.setValue(turn)
        qtbot.mouseClick(bar.marks[mark], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda mark=mark: bar.marks[mark].isChecked(), timeout=60000)
    comparison = card(window, "flow.k").comparison
    qtbot.waitUntil(lambda: len(comparison.rows) == 3 and comparison.rows[2][3] != "–", timeout=60000)
    lines = card(window, "flow.k").face._moments
    assert {name: line.value() for name, line in lines.items() if line.isVisible()} == {"": 12, "A": 5, "B": 12}
    assert comparison.rows[1][1:3] == ("turn 5", "turn 12")
    assert [float(text) for text in comparison.rows[2][1:]] == [5.0, 12.0, 7.0]
    assert comparison.isVisible()
    qtbot.mouseClick(bar.clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not comparison.isVisible(), timeout=60000)
    assert [name for name, line in lines.items() if line.isVisible()] == [""]


def test_curves_of_two_moments_lie_over_one_another_in_the_plot(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    press_p(window, "wave")
    play(window, qtbot)
    until_held(window, qtbot, "flow.wave", 30)
    bar, probe = window.probing.view.bar, card(window, "flow.wave")
    for mark, turn in (("A", 5), ("B", 12)):
        bar.slider.setValue(turn)
        qtbot.mouseClick(bar.marks[mark], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda mark=mark: bar.marks[mark].isChecked(), timeout=60000)
    qtbot.mouseClick(bar.live, Qt.MouseButton.LeftButton)

    def names() -> list[str]:
        assert isinstance(probe.face.shown, LinePlot)
        return [entry.name for entry in probe.face.shown.legend.entries]

    wanted = ["shown", "A · turn 5", "B · turn 12"]
    qtbot.waitUntil(lambda: names() == wanted, timeout=60000)
    qtbot.mouseClick(bar.clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(names()) < 2, timeout=60000)


def test_the_menu_of_a_wire_and_the_pin_of_the_card_set_probes_too(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    canvas = window.canvases.current
    entries = canvas.probes.entries([next(w for w in canvas.board.wires.values() if w.source.node.id == "wave")])
    assert entries[0] is not None
    assert entries[0][:2] == ("Probe", "P")
    entries[0][2]()
    assert list(window.probing.desk.rooms) == ["flow.wave"]
    qtbot.wait(150)  # the dock has come, and the flow was fitted into the room that is left

    def at_port() -> bool:
        at = canvas.port_position("size", "", "out")
        QTest.mouseMove(canvas.viewport(), at + QPoint(1, 0))
        QTest.mouseMove(canvas.viewport(), at)
        with suppress(qtbot.TimeoutError):  # on a loaded machine it may have been fitted later
            qtbot.waitUntil(canvas.hovering.card.isVisible, timeout=2000)
        return canvas.hovering.card.isVisible()

    qtbot.waitUntil(at_port, timeout=60000)
    qtbot.mouseClick(canvas.hovering.card.pin, Qt.MouseButton.LeftButton)
    assert list(window.probing.desk.rooms) == ["flow.wave", "flow.size"]
    assert canvas.hovering.card.pin.isChecked()
    canvas.hovering.leave()


def test_views_are_chosen_by_hand_and_all_of_a_value_is_shown(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    press_p(window, "wave")
    play(window, qtbot)
    until_held(window, qtbot, "flow.wave", 30)
    probe = card(window, "flow.wave")
    probe.menu.aboutToShow.emit()
    actions = {action.text(): action for action in probe.menu.actions()}
    assert {"Plot", "Table", "Text"} <= actions.keys()
    actions["Table"].trigger()
    assert probe.kind == "table"
    actions["All of this value…"].trigger()
    qtbot.waitUntil(lambda: any(child.objectName() == "value" for child in window.children()), timeout=60000)
    dialog = next(child for child in window.children() if child.objectName() == "value")
    assert isinstance(dialog, QDialog)
    assert "time (s)" in dialog.findChild(QPlainTextEdit).toPlainText()
    dialog.close()


def test_what_is_held_is_saved_as_a_table(window_of: Window, qtbot: QtBot, tmp_path: Path) -> None:
    window = window_of
    press_p(window, "k")
    play(window, qtbot)
    until_held(window, qtbot, "flow.k", 30)
    path = tmp_path / "k.csv"
    said: list[str] = []
    window.probing.said.connect(lambda text, level: said.append(f"{level}: {text}"))
    window.probing.view.ask_file("flow.k")
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.close()
    window.probing.desk.save("flow.k", str(path))
    qtbot.waitUntil(lambda: bool(said), timeout=60000)
    assert said[0].startswith("info: 30 values")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["value"]) for row in rows] == list(range(1, 31))
    window.probing.desk.save("flow.k", str(tmp_path / "no" / "such.csv"))
    qtbot.waitUntil(lambda: len(said) > 1, timeout=60000)
    assert said[1].startswith("error")


def test_keeping_as_a_recorder_is_one_step_that_undo_takes_back(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    before = write(window.document.flow)
    press_p(window, "size")
    window.probing.view.recorder_wanted.emit("flow.size")
    text = write(window.document.flow)
    assert "record.Csv('size.csv')" in text or 'record.Csv("size.csv")' in text
    assert "(size)" in text
    window.commands.trigger("edit.undo")
    assert write(window.document.flow) == before


def test_a_probe_follows_its_node_through_a_rename_and_another_flow_has_none(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    press_p(window, "wave")
    assert window.canvases.current.changes.rename("wave", "ripple") == ""
    assert list(window.probing.desk.rooms) == ["flow.ripple"]
    assert "flow.ripple" in window.probing.view.cards
    window.commands.trigger("edit.undo")
    assert list(window.probing.desk.rooms) == ["flow.wave"]
    window.document.new()
    assert not window.probing.desk.rooms


def test_how_much_is_kept_is_set_by_hand(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    press_p(window, "k")
    window.probing.view.ask_room("")
    dialog = window.findChild(RoomDialog)
    assert dialog is not None
    dialog.findChild(QSpinBox).setValue(5)
    dialog.accept()
    assert window.probing.desk.rooms["flow.k"].values == 5
    play(window, qtbot)
    qtbot.waitUntil(lambda: "5 of 30 held" in card(window, "flow.k").where.text(), timeout=60000)


def test_a_hidden_dock_asks_nothing(window_of: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = window_of
    press_p(window, "k")
    window.probing.toggle_dock()
    qtbot.waitUntil(lambda: not window.probing.desk._asking, timeout=60000)
    asked: list[object] = []
    monkeypatch.setattr(window.probing.desk, "refresh", lambda: asked.append(1))
    play(window, qtbot)
    qtbot.wait(200)
    assert not asked


def test_the_command_says_what_to_select(window_of: Window) -> None:
    window = window_of
    said: list[str] = []
    window.probing.refused.connect(said.append)
    window.canvases.current.picking.clear_selection()
    window.commands.trigger("run.probe")
    assert "Select a wire or a node" in said[0]
