"""Pages in a whole window: keys, the whole screen, and windows of their own that show and turn the same run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow import wiring
from flodesk.flow.script import write
from flodesk.ui.screens.own_window import OwnWindow
from flodesk.ui.settings import settings
from flodesk.ui.tab_name import TabName
from flodesk.ui.window import Window

TEXT = """# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# pages = ["", "Tuning", "Empty one"]
#
# [tool.flodesk.panel.flow]
# n = [0, 0, 3, 2]
# m = [3, 0, 3, 2]
# level = { at = [0, 0, 6, 2], page = "Tuning" }
# m_2 = { at = [6, 0, 3, 2], shows = "m", page = "Tuning" }
# ///
import flodesk
from flodesk.nodes import control, show, timing


def flow():
    level = control.slider(20.0, minimum=0.0, maximum=100.0)
    for tick in timing.every(0.005):
        n = show.number(tick)
        m = show.number(level)


def other():
    pass


if __name__ == "__main__":
    flodesk.main(flow, other)
"""
Where = Qt.KeyboardModifier


def value(panel: QWidget, key: str) -> float | None:
    seen = panel.board.cards[key].seen if key in panel.board.cards else None  # type: ignore[attr-defined]
    return seen.value.value if seen is not None else None


def run(qtbot: QtBot, window: Window) -> None:
    window.run.start()
    qtbot.waitUntil(lambda: value(window.panel, "flow.n") is not None, timeout=60_000)


def stop(qtbot: QtBot, window: Window) -> None:
    window.run.stop()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)


def own(window: Window, page: str) -> OwnWindow:
    window.screens.open(page)
    QApplication.processEvents()
    return window.screens.own[page]


def turn(qtbot: QtBot, window: Window, key: Qt.Key = Qt.Key.Key_PageDown) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, key, Where.ControlModifier)


def test_one_pair_of_keys_turns_pages_on_the_panel_and_functions_elsewhere(qtbot: QtBot, opened: Window) -> None:
    opened.activateWindow()
    turn(qtbot, opened)
    assert (opened.canvases.tabs.function, opened.panel.pages.shown) == ("other", "")
    turn(qtbot, opened, Qt.Key.Key_PageUp)
    assert opened.canvases.tabs.function == "flow"
    opened.panel.bar.add.setFocus()
    turn(qtbot, opened)
    assert (opened.canvases.tabs.function, opened.panel.pages.shown) == ("flow", "Tuning")
    qtbot.waitUntil(lambda: "flow.level" in opened.panel.board.cards)
    opened.panel.board.cards["flow.level"].content.setFocus()  # type: ignore[union-attr]
    turn(qtbot, opened)
    turn(qtbot, opened)
    assert opened.panel.pages.shown == "", "after the last one the first"
    turn(qtbot, opened, Qt.Key.Key_PageUp)
    assert opened.panel.pages.shown == "Empty one"
    assert opened.canvases.tabs.function == "flow"


def test_the_keys_of_a_page_are_its_own_after_a_click_on_its_tab(qtbot: QtBot, opened: Window) -> None:
    opened.activateWindow()
    opened.canvases.current.setFocus()
    opened.canvases.current.select_all()
    before = write(opened.document.flow)
    tabs = opened.panel.page_row.tabs
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    assert opened.panel.pages.shown == "Tuning"
    focus = QApplication.focusWidget()
    assert focus is tabs
    qtbot.keyClick(focus, Qt.Key.Key_F2)
    field = QApplication.focusWidget()
    assert isinstance(field, TabName)
    qtbot.keyClicks(field, "Fine")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert opened.panel.pages.names == ("", "Fine", "Empty one")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is tabs)
    qtbot.keyClick(tabs, Qt.Key.Key_Delete)
    assert opened.panel.pages.names == ("", "Empty one")
    opened.editing.undo()
    opened.editing.undo()
    assert write(opened.document.flow) == before, "and no node has gone"


def test_commands_turn_pages_wherever_the_keyboard_is(opened: Window) -> None:
    opened.commands.trigger("panel.next_page")
    assert opened.panel.pages.shown == "Tuning"
    opened.commands.trigger("panel.previous_page")
    assert opened.panel.pages.shown == ""
    opened.commands.trigger("panel.add_page")
    assert opened.panel.pages.shown == "Page 4"
    opened.commands.trigger("panel.remove_page")
    assert opened.panel.pages.names == ("", "Tuning", "Empty one")


def test_a_new_node_comes_to_the_page_that_is_shown(opened: Window) -> None:
    opened.panel.pages.turn("Tuning")
    catalog, flow = opened.checking.catalog, opened.document.flow
    spec = catalog.find("flodesk.nodes.control.switch")
    assert spec is not None
    edit, _ = wiring.add_node(flow, catalog, "flow", spec.path, None)
    opened.document.do(edit)
    view = opened.document.flow.header.panel["flow"]["switch"]
    assert (view.page, view.column, view.row) == ("Tuning", 9, 0)
    opened.document.undo()
    opened.document.redo()
    assert opened.document.flow.header.panel["flow"]["switch"] == view


def test_a_turn_of_the_page_watches_what_it_shows_and_moves_nothing(qtbot: QtBot, opened: Window) -> None:
    run(qtbot, opened)
    high = opened.panel.height()
    opened.panel.pages.turn("Tuning")
    qtbot.waitUntil(lambda: value(opened.panel, "flow.m_2") == 20.0, timeout=60_000)
    assert opened.panel.watched() == {"flow.m"}
    assert opened.panel.height() == high
    opened.panel.pages.turn("Empty one")
    qtbot.waitUntil(lambda: opened.panel.board.empty)
    assert opened.panel.watched() == set()
    assert opened.panel.height() == high, "an empty page is no strip"
    stop(qtbot, opened)
    opened.panel.pages.turn("")
    qtbot.waitUntil(lambda: value(opened.panel, "flow.m") == 20.0)


def test_a_page_in_its_own_window_shows_and_turns_the_run(qtbot: QtBot, opened: Window) -> None:
    run(qtbot, opened)
    asked: list[set[str]] = []
    engine, watch = opened.display.engine, opened.display.engine.watch

    def note(full: set[str], brief: set[str], rate: float) -> None:
        asked.append(full)
        watch(full=full, brief=brief, rate=rate)

    engine.watch = note  # type: ignore[method-assign]
    window = own(opened, "Tuning")
    assert window.windowTitle() == "Tuning — opened.py — flodesk"
    qtbot.waitUntil(lambda: value(window.panel, "flow.m_2") == 20.0, timeout=60_000)
    assert all(full == {"flow.n", "flow.m"} for full in asked), "a value on two screens is asked for once"
    window.panel.board.cards["flow.level"].turned.emit(35.0)
    window.panel.board.cards["flow.level"].released.emit()
    qtbot.waitUntil(lambda: value(window.panel, "flow.m_2") == value(opened.panel, "flow.m") == 35.0, timeout=60_000)
    assert "slider(35.0," in write(opened.document.flow)
    qtbot.keyClick(window, Qt.Key.Key_Z, Where.ControlModifier)
    assert "slider(20.0," in write(opened.document.flow), "undo is that of the flow"
    qtbot.waitUntil(lambda: value(window.panel, "flow.m_2") == value(opened.panel, "flow.m") == 20.0, timeout=60_000)
    opened.panel.pages.turn("Empty one")
    qtbot.waitUntil(lambda: bool(asked) and asked[-1] == {"flow.m"}, timeout=60_000)
    opened.showMinimized()
    before = opened.display.frames
    qtbot.waitUntil(lambda: opened.display.frames > before + 3, timeout=60_000)  # it is seen by itself
    window.close()
    qtbot.waitUntil(lambda: asked[-1] == set(), timeout=60_000)
    opened.showNormal()
    stop(qtbot, opened)


def test_what_was_shown_before_is_there_when_a_window_opens(qtbot: QtBot, opened: Window) -> None:
    run(qtbot, opened)
    stop(qtbot, opened)
    qtbot.waitUntil(lambda: not opened.display.active, timeout=60_000)
    window = own(opened, "Tuning")
    qtbot.waitUntil(lambda: value(window.panel, "flow.m_2") == 20.0, timeout=60_000)


def test_edit_mode_is_of_one_window(qtbot: QtBot, opened: Window) -> None:
    window = own(opened, "Tuning")
    qtbot.mouseClick(window.panel.bar.arrange, Qt.MouseButton.LeftButton)
    assert window.panel.editing
    assert not opened.panel.editing
    glass = window.panel.board.glass
    at = window.panel.board.cards["flow.m_2"].geometry().center()
    step = QPoint(0, 48)
    qtbot.mousePress(glass, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(glass, at + step)
    qtbot.mouseRelease(glass, Qt.MouseButton.LeftButton, pos=at + step)
    assert 'm_2 = { at = [6, 1, 3, 2], shows = "m", page = "Tuning" }' in write(opened.document.flow)
    opened.panel.pages.turn("Tuning")
    qtbot.waitUntil(lambda: "flow.m_2" in opened.panel.board.cards)
    assert opened.panel.board.places() == window.panel.board.places()


def test_a_window_follows_its_page_and_comes_back_with_it(qtbot: QtBot, opened: Window) -> None:
    own(opened, "Tuning").setGeometry(40, 80, 500, 400)
    opened.panel.pages.rename("Tuning", "Fine")
    qtbot.waitUntil(lambda: [*opened.screens.own] == ["Fine"])
    assert opened.screens.own["Fine"].windowTitle().startswith("Fine — ")
    opened.panel.pages.remove("Fine")
    assert opened.screens.own == {}
    opened.document.undo()
    qtbot.waitUntil(lambda: [*opened.screens.own] == ["Fine"])
    assert opened.screens.own["Fine"].size().width() == 500


def test_windows_go_with_their_flow_and_come_back_where_they_were(
    qtbot: QtBot, opened: Window, open_window: Callable[[], Window], tmp_path: Path
) -> None:
    path = opened.document.path
    assert path is not None
    first, second = own(opened, "Tuning"), own(opened, "")
    first.setGeometry(40, 80, 500, 400)
    second.close()
    opened.files.new()
    assert opened.screens.own == {}
    other = open_window()
    other.files.open(path)
    qtbot.waitUntil(lambda: [*other.screens.own] == ["Tuning"])
    assert other.screens.own["Tuning"].geometry().size().toTuple() == (500, 400)
    assert other.screens.own["Tuning"].geometry().topLeft().toTuple() == (40, 80)
    assert not other.screens.shown_has_window, "the one that a hand has closed stays closed"
    assert set(json.loads(str(settings().value("page_windows")))) == {str(path.resolve())}
    other.close()
    assert other.screens.own == {}


@pytest.mark.parametrize("odd", ["nonsense", "[]", '{"PATH": 3}', '{"PATH": {"Tuning": {"at": [1]}, "": 3, "x": {}}}'])
def test_odd_settings_open_no_window_and_break_nothing(qtbot: QtBot, opened: Window, odd: str) -> None:
    path = opened.document.path
    assert path is not None
    settings().setValue("page_windows", odd.replace("PATH", str(path.resolve())))
    assert opened.files.open(path)
    opened.document.open(path)
    QApplication.processEvents()
    assert opened.screens.own == {}
    own(opened, "Tuning")


def test_the_panel_has_the_whole_screen_until_escape(qtbot: QtBot, opened: Window) -> None:
    run(qtbot, opened)
    places = opened.docks.panel.split.sizes()
    opened.commands.trigger("panel.full_screen")
    stage = opened.panel.window()
    assert stage is not opened
    assert stage.isFullScreen()
    assert opened.screens.full.on
    assert opened.panel.bar.leave.isVisible()
    turn_keys = Where.ControlModifier
    qtbot.keyClick(stage, Qt.Key.Key_PageDown, turn_keys)
    assert opened.panel.pages.shown == "Tuning"
    qtbot.waitUntil(lambda: value(opened.panel, "flow.m_2") == 20.0, timeout=60_000)
    opened.reports.message("Something is to be seen.", "error")
    button = stage.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    assert button.isVisible(), "what the window says is said here"
    opened.bar.dismiss()
    opened.statusBar().clearMessage()
    sentence = stage.findChild(QLabel, "sentence")
    assert isinstance(sentence, QLabel)
    assert not sentence.isVisible()
    card = opened.panel.board.cards["flow.m_2"]
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    qtbot.keyClick(card, Qt.Key.Key_C, Where.ControlModifier | Where.AltModifier)
    qtbot.waitUntil(sentence.isVisible)  # as is what its status bar says
    assert sentence.text() == "A picture of “m” is on the clipboard."
    assert stage.rect().contains(sentence.geometry())
    opened.statusBar().clearMessage()
    assert not sentence.isVisible()
    stop(qtbot, opened)
    qtbot.keyClick(stage, Qt.Key.Key_Escape)
    assert opened.panel.window() is opened
    assert opened.docks.panel.split.indexOf(opened.panel) == 1
    assert opened.docks.panel.split.sizes() == places
    assert not opened.panel.bar.leave.isVisible()
    opened.commands.trigger("panel.full_screen")
    opened.panel.window().close()
    assert opened.panel.window() is opened, "closing it leaves, too"


def test_what_arranges_the_panel_has_the_keys_on_the_whole_screen_and_after_it(qtbot: QtBot, opened: Window) -> None:
    opened.panel.set_editing(True)
    opened.canvases.current.setFocus()
    opened.commands.trigger("panel.full_screen")
    glass = opened.panel.board.glass
    stage = opened.panel.window()
    assert stage.focusWidget() is glass
    qtbot.keyClick(stage.focusWidget(), Qt.Key.Key_A, Where.ControlModifier)
    assert {*glass.selection} == {"flow.n", "flow.m"}
    qtbot.keyClick(glass, Qt.Key.Key_Escape)
    assert opened.screens.full.on, "first it lets go of what is selected"
    qtbot.keyClick(glass, Qt.Key.Key_Escape)
    assert not opened.screens.full.on
    assert opened.focusWidget() is glass


def test_a_hidden_panel_is_hidden_again_and_a_window_closes_from_the_whole_screen(qtbot: QtBot, opened: Window) -> None:
    opened.docks.panel.toggle()
    opened.commands.trigger("panel.full_screen")
    assert opened.panel.isVisible()
    qtbot.mouseClick(opened.panel.bar.leave, Qt.MouseButton.LeftButton)
    assert opened.panel.isHidden()
    opened.commands.trigger("panel.full_screen")
    opened.close()
    assert opened.panel.window() is opened


def test_a_window_of_a_page_fills_its_screen_and_remembers_that(qtbot: QtBot, opened: Window) -> None:
    window = own(opened, "Tuning")
    window.setGeometry(40, 80, 500, 400)
    qtbot.keyClick(window, Qt.Key.Key_F11, Where.ControlModifier)
    assert window.isFullScreen()
    assert window.size() == window.screen().size()
    assert not opened.screens.full.on, "the panel of the flow's window stays there"
    path = opened.document.path
    assert path is not None
    opened.document.open(path.rename(path.with_name("other.py")))
    assert opened.screens.own == {}
    path.with_name("other.py").rename(path)
    opened.document.open(path)
    qtbot.waitUntil(lambda: "Tuning" in opened.screens.own)
    window = opened.screens.own["Tuning"]
    assert window.isFullScreen()
    assert window.size() == window.screen().size()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.geometry().getRect() == (40, 80, 500, 400), "there it was before"


def test_a_window_of_a_page_comes_back_maximised_and_is_so_again_after_the_whole_screen(
    qtbot: QtBot, opened: Window
) -> None:
    path = opened.document.path
    assert path is not None
    window = own(opened, "Tuning")
    window.setGeometry(100, 120, 500, 400)
    qtbot.waitUntil(lambda: window.place().at == (100, 120, 500, 400))
    window.showMaximized()
    qtbot.waitUntil(lambda: window.place().large)
    opened.document.new()
    assert opened.files.open(path)
    qtbot.waitUntil(lambda: "Tuning" in opened.screens.own)
    again = opened.screens.own["Tuning"]
    assert again.isMaximized()
    assert again.place().at == (100, 120, 500, 400), "where it is when it is not"
    again.toggle_full()
    assert not again.isMaximized()
    again.leave_full()
    assert again.isMaximized()
    again.showNormal()
    qtbot.waitUntil(lambda: not again.place().large)


def test_a_button_that_is_down_is_down_on_every_screen(qtbot: QtBot, opened: Window) -> None:
    window = own(opened, "Tuning")
    assert window.panel.pulses is opened.panel.pulses
    window.panel.node_wanted.emit("flow.level")
    assert opened.canvases.current.selection() == ["level"]
