"""The open flow compared with its file, with git and with another: marks, the bar, the list, and edits meanwhile."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import Move, RemoveNode, Rename, SetParameter
from flodesk.flow.model import Literal
from flodesk.ui.window import Window

FLOW = """\
# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk.canvas.flow]
# signal = [0, 0]
# louder = [300, 0]
# size = [600, 0]
# chart = [600, 240]
# ///
import flodesk
from flodesk.nodes import dsp, maths, show, source


def flow():
    signal = source.sine(0, frequency=5.0)
    louder = maths.scale(signal, factor=2.0)
    size = dsp.rms(louder)
    chart = show.line(louder)


def second():
    other = source.sine(0, frequency=7.0)
    shown = show.line(other)


if __name__ == "__main__":
    flodesk.main(flow, second)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flow.py"
    path.write_text(FLOW, encoding="utf-8")
    return path


@pytest.fixture
def opened(window: Window, file: Path, qtbot: QtBot) -> Window:
    window.files.open(file)
    qtbot.wait(20)
    return window


def git(folder: Path, *arguments: str) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = clean | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", *who, *arguments], cwd=folder, env=environment, capture_output=True, check=True, timeout=30)


def louder(window: Window, factor: str = "3.0") -> None:
    window.document.do(SetParameter("flow", "louder", "factor", Literal(factor)))


def text(window: Window) -> str:
    return window.comparing.bar.words.toolTip()


def marks(window: Window) -> dict[str, str]:
    return {name: item.mark.sign for name, item in window.canvases.current.differences.marks.items()}


def compared(qtbot: QtBot, window: Window, words: str) -> None:
    qtbot.waitUntil(lambda: text(window).endswith(words), timeout=60000)


def test_edits_show_at_once_and_go_when_they_are_undone_or_saved(opened: Window, qtbot: QtBot) -> None:
    opened.commands.trigger("view.compare_saved")
    assert opened.comparing.bar.isVisible()
    compared(qtbot, opened, "Compared with the saved flow.py: no differences")
    louder(opened)
    compared(qtbot, opened, ": 1 changed")
    assert marks(opened) == {"louder": "~"}
    assert opened.canvases.current.differences.marks["louder"].mark.tags == ("factor 2.0 → 3.0",)
    opened.document.undo()
    compared(qtbot, opened, "no differences")
    assert not marks(opened)
    louder(opened, "4.0")
    compared(qtbot, opened, ": 1 changed")
    assert opened.files.save()
    compared(qtbot, opened, "no differences")
    opened.commands.trigger("view.compare_stop")
    assert opened.comparing.bar.isHidden()
    louder(opened)
    assert not opened.comparing._soon.isActive()


def test_what_is_gone_is_a_ghost_and_its_wires_follow_the_cards(opened: Window, qtbot: QtBot) -> None:
    opened.document.do(RemoveNode("flow", "size"))
    opened.commands.trigger("view.compare_saved")
    layer = opened.canvases.current.differences
    (ghost,) = layer.ghosts.values()
    assert (ghost.x(), ghost.y(), ghost.card.title) == (600.0, 0.0, "size")
    (wire,) = layer._lines
    start = wire.path().pointAtPercent(0.0)
    port = opened.canvases.current.board.cards["louder"].ports[("out", "")]
    assert start == port.middle()
    opened.document.do(Move("flow", {"louder": (300.0, 100.0)}))
    qtbot.waitUntil(lambda: any(line.path().pointAtPercent(0.0) == port.middle() for line in layer._lines
                                if hasattr(line, "path")))  # fmt: skip
    assert port.middle() != start
    compared(qtbot, opened, ": 1 removed, 1 moved")
    assert opened.canvases.current.differences.marks["louder"].mark.was == (300.0, 0.0)


def test_a_drag_with_the_mouse_takes_the_marks_along(opened: Window, qtbot: QtBot) -> None:
    louder(opened)
    opened.commands.trigger("view.compare_saved")
    canvas = opened.canvases.current
    at = canvas.node_center("louder")
    view = canvas.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    for step in (20, 40, 60):
        QTest.mouseMove(view, at + QPoint(0, step))
        QApplication.processEvents()
    mark = canvas.differences.marks["louder"]
    qtbot.wait(20)
    assert mark.scenePos() == canvas.board.cards["louder"].scenePos()
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at + QPoint(0, 60))
    compared(qtbot, opened, ": 1 changed, 1 moved")


def test_a_tooltip_says_what_is_different_at_a_card(opened: Window, qtbot: QtBot) -> None:
    louder(opened)
    opened.commands.trigger("view.compare_saved")
    canvas = opened.canvases.current
    assert "“louder”: factor 2.0 → 3.0" in canvas.viewer.tip(canvas.board.cards["louder"])
    assert "→" not in canvas.viewer.tip(canvas.board.cards["size"])
    opened.comparing.stop()
    assert "→" not in canvas.viewer.tip(canvas.board.cards["louder"])


def test_keys_walk_through_the_differences(opened: Window, qtbot: QtBot) -> None:
    louder(opened)
    opened.document.do(Rename("flow", "size", "loudness"))
    opened.document.do(SetParameter("second", "other", "frequency", Literal("8.0")))
    opened.commands.trigger("view.compare_saved")
    canvas = opened.canvases.current
    canvas.setFocus()
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_F4)
    assert canvas.selection() == ["louder"]
    assert text(opened) == "1 of 3  ·  “louder”: factor 2.0 → 3.0"
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_F4)
    assert canvas.selection() == ["loudness"]
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_F4)
    assert opened.canvases.function == "second"
    assert opened.canvases.current.selection() == ["other"]
    assert marks(opened) == {"other": "~"}
    qtbot.keyClick(opened.canvases.current.viewer, Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)
    assert opened.canvases.function == "flow"
    qtbot.keyClick(opened.canvases.current.viewer, Qt.Key.Key_F4)
    qtbot.keyClick(opened.canvases.current.viewer, Qt.Key.Key_F4)
    assert text(opened).startswith("1 of 3")


def test_a_click_in_the_list_leads_to_the_node_or_its_ghost(opened: Window, qtbot: QtBot) -> None:
    louder(opened)
    opened.document.do(RemoveNode("flow", "chart"))
    opened.commands.trigger("view.compare_saved")
    bar = opened.comparing.bar
    qtbot.mouseClick(bar.open, Qt.MouseButton.LeftButton)
    rows = [bar.list.item(row) for row in range(bar.list.count())]
    assert [row.text() for row in rows] == [
        "In flow", "“louder”: factor 2.0 → 3.0", "“chart” was removed: chart = show.line(louder)",
    ]  # fmt: skip
    canvas = opened.canvases.current
    canvas.viewer.move_to(canvas.viewer.visible_rect().topLeft() + QPoint(4000, 0))
    qtbot.mouseClick(bar.list.viewport(), Qt.MouseButton.LeftButton, pos=bar.list.visualItemRect(rows[1]).center())
    assert canvas.selection() == ["louder"]
    qtbot.mouseClick(bar.list.viewport(), Qt.MouseButton.LeftButton, pos=bar.list.visualItemRect(rows[2]).center())
    box = canvas.differences.box_of_ghost("chart")
    assert box is not None
    assert canvas.viewer.visible_rect().intersects(box)
    assert canvas.selection() == []
    bar.list.setFocus()
    qtbot.keyClick(bar.list, Qt.Key.Key_Escape)
    assert bar.list.isHidden()
    qtbot.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert not opened.comparing.on


def test_a_difference_is_taken_back_and_brought_again_by_undo(opened: Window, qtbot: QtBot) -> None:
    louder(opened)
    opened.document.do(RemoveNode("flow", "chart"))
    opened.document.do(Rename("flow", "size", "loudness"))
    opened.commands.trigger("view.compare_saved")
    viewer = opened.canvases.current.viewer
    viewer.setFocus()
    assert not opened.commands["view.compare_back"].isEnabled()
    qtbot.keyClick(viewer, Qt.Key.Key_F4)
    qtbot.keyClick(viewer, Qt.Key.Key_F4)
    assert text(opened) == "2 of 3  ·  “size” was renamed to “loudness”"
    assert opened.commands["view.compare_back"].isEnabled()
    qtbot.mouseClick(opened.comparing.bar.back, Qt.MouseButton.LeftButton)
    compared(qtbot, opened, ": 1 removed, 1 changed")
    assert not opened.commands["view.compare_back"].isEnabled()
    qtbot.keyClick(viewer, Qt.Key.Key_F4)
    assert text(opened) == "2 of 2  ·  “chart” was removed: chart = show.line(louder)"
    qtbot.keyClick(viewer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    compared(qtbot, opened, ": 1 changed")
    assert (opened.canvases.current.board.cards["chart"].x(), opened.document.undo_title) == (600.0, "Take back chart")
    opened.document.undo()
    compared(qtbot, opened, ": 1 removed, 1 changed")


def test_what_cannot_be_taken_back_alone_is_said(opened: Window, file: Path, qtbot: QtBot) -> None:
    file.write_text(FLOW.replace("flow, second)", "flow)"), encoding="utf-8")
    opened.comparing.with_saved()
    opened.comparing.next()
    opened.comparing.take_back()
    assert "Take it back in the script" in opened.statusBar().currentMessage()


def test_git_is_asked_without_waiting(opened: Window, file: Path, qtbot: QtBot) -> None:
    git(file.parent, "init", "-q")
    git(file.parent, "add", "flow.py")
    git(file.parent, "commit", "-q", "-m", "a flow")
    louder(opened)
    assert opened.files.save()
    opened.commands.trigger("view.compare_git")
    assert opened.comparing._asking.waiting
    compared(qtbot, opened, "Compared with HEAD: 1 changed")
    assert marks(opened) == {"louder": "~"}
    git(file.parent, "commit", "-q", "-a", "-m", "louder")
    opened.document.do(Move("flow", {"size": (610.0, 0.0)}))
    assert opened.files.save()
    compared(qtbot, opened, "Compared with HEAD: 1 moved")


def test_what_git_does_not_have_is_said(opened: Window, file: Path, qtbot: QtBot) -> None:
    opened.commands.trigger("view.compare_git")
    qtbot.waitUntil(lambda: "is in no git repository" in opened.bar.text, timeout=60000)
    assert not opened.comparing.on


def test_a_window_that_closes_meanwhile_leaves_no_process(opened: Window) -> None:
    opened.commands.trigger("view.compare_git")
    process = opened.comparing._asking._process
    assert process is not None
    opened.comparing.stop()
    assert process.state() == process.ProcessState.NotRunning


def test_another_file_is_chosen_and_what_cannot_be_read_is_said(
    opened: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.py"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    opened.commands.trigger("view.compare_file")
    assert "other.py could not be compared with: there is no" in opened.bar.text
    other.write_text("def f(:\n", encoding="utf-8")
    opened.commands.trigger("view.compare_file")
    assert "line 1" in opened.bar.text
    assert not opened.comparing.on
    other.write_text(FLOW.replace("2.0", "9.0"), encoding="utf-8")
    opened.commands.trigger("view.compare_file")
    assert text(opened) == "Compared with other.py: 1 changed"


def test_a_flow_without_a_file_has_nothing_to_be_compared_with_but_another(window: Window, file: Path) -> None:
    assert not window.commands["view.compare_saved"].isEnabled()
    assert not window.commands["view.compare_git"].isEnabled()
    assert window.commands["view.compare_file"].isEnabled()
    window.files.open_example("noisy_sine")
    window.commands.trigger("view.compare_saved")
    assert text(window) == "Compared with the example noisy_sine.py: no differences"
    assert not window.commands["view.compare_git"].isEnabled()


def test_another_flow_ends_the_comparison(opened: Window, file: Path, tmp_path: Path) -> None:
    louder(opened)
    opened.commands.trigger("view.compare_saved")
    assert opened.files.save()
    other = tmp_path / "other.py"
    other.write_text(FLOW, encoding="utf-8")
    opened.files.open(other)
    assert not opened.comparing.on
    assert not marks(opened)
    assert opened.comparing.bar.isHidden()


def test_a_file_that_was_changed_outside_can_be_compared_before_it_is_decided(
    opened: Window, file: Path, qtbot: QtBot
) -> None:
    louder(opened)
    file.write_text(FLOW.replace("5.0", "6.0"), encoding="utf-8")
    opened.outside.look()
    button = next(b for b in opened.bar.buttons if b.text() == "Compare")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert marks(opened) == {"signal": "~", "louder": "~"}
    assert "was changed outside" in opened.bar.text  # it is still to be decided


def test_the_bar_takes_no_key_from_the_canvas_and_gives_the_focus_back(opened: Window, qtbot: QtBot) -> None:
    louder(opened)
    opened.canvases.current.setFocus()
    opened.commands.trigger("view.compare_saved")
    assert opened.focusWidget() is opened.canvases.current.viewer
    opened.comparing.bar.close_button.setFocus()
    opened.commands.trigger("view.compare_stop")
    assert opened.focusWidget() is opened.canvases.current.viewer


def test_cards_that_go_while_they_are_marked_take_their_marks_along(opened: Window, qtbot: QtBot) -> None:
    louder(opened)
    opened.commands.trigger("view.compare_saved")
    opened.document.do(RemoveNode("flow", "louder"))
    compared(qtbot, opened, ": 1 removed")
    assert set(opened.canvases.current.differences.ghosts) == {"louder"}
    opened.document.undo()
    compared(qtbot, opened, ": 1 changed")
    assert marks(opened) == {"louder": "~"}


def test_each_tab_says_its_own_count_and_the_bar_leads_to_the_others(opened: Window, qtbot: QtBot) -> None:
    bar, tabs = opened.comparing.bar, opened.canvases.tabs

    def shown() -> list[str]:
        return [tabs.tabText(n) for n in range(tabs.count())]

    louder(opened)
    opened.document.do(SetParameter("second", "other", "frequency", Literal("8.0")))
    opened.document.do(RemoveNode("second", "shown"))
    opened.commands.trigger("view.compare_saved")
    compared(qtbot, opened, ": 1 removed, 2 changed")
    assert shown() == ["flow (1)", "second (2)"]
    assert bar.elsewhere.isVisible()
    assert bar.elsewhere.text() == "2 elsewhere"
    assert bar.elsewhere.toolTip().endswith("second (2)")
    qtbot.mouseClick(bar.elsewhere, Qt.MouseButton.LeftButton)
    assert opened.canvases.function == "second"
    assert bar.elsewhere.text() == "1 elsewhere"
    assert opened.comparing.at_one
    qtbot.mouseClick(bar.elsewhere, Qt.MouseButton.LeftButton)
    assert opened.canvases.function == "flow"
    opened.document.undo()
    opened.document.undo()
    qtbot.waitUntil(lambda: shown() == ["flow (1)", "second"])
    assert bar.elsewhere.isHidden()
    opened.commands.trigger("view.compare_stop")
    assert shown() == ["flow", "second"]
