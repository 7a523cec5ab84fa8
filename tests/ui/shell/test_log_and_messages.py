"""The log keeps the newest lines, filters, and leads to nodes; the message bar shows one message with its actions."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.ui.console import Line, Log
from flodesk.ui.console.log import LINES
from flodesk.ui.message_bar import MessageBar
from flodesk.ui.run_words import clock
from flodesk.ui.window import Window


@pytest.fixture
def log(qtbot: QtBot) -> Log:
    made = Log()
    qtbot.addWidget(made)
    made.resize(700, 200)
    made.show()
    return made


def shown(log: Log) -> list[str]:
    return log.page.toPlainText().split("\n")


def test_the_log_is_bounded_and_follows_its_end(log: Log) -> None:
    for batch in range(8):
        log.add(Line(0.0, "info", "flow.a", f"line {batch * 1000 + i}") for i in range(1000))
    assert len(log.lines) == LINES
    assert len(shown(log)) <= LINES
    assert shown(log)[-1].endswith("line 7999")
    bar = log.page.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    log.say("another")
    assert bar.value() < bar.maximum()  # who reads above is not pulled down


def test_the_newest_error_is_brought_to_the_upper_edge(log: Log) -> None:
    log.add(Line(0.0, "info", "", f"line {n}") for n in range(LINES))
    log.add([Line(0.0, "error", "flow.a", "it broke\nhere\nand here")])
    log.add(Line(0.0, "info", "", f"more {n}") for n in range(300))
    log.page.verticalScrollBar().setValue(0)
    log.show_newest()
    top = log.page.cursorForPosition(QPoint(4, 6)).block().text()
    assert "it broke" in top
    log.clear()
    log.add(Line(0.0, "info", "", f"line {n}") for n in range(300))
    log.page.verticalScrollBar().setValue(0)
    log.show_newest()
    assert log.page.verticalScrollBar().value() == log.page.verticalScrollBar().maximum()


def test_levels_are_filtered_and_come_back(log: Log) -> None:
    log.add(Line(0.0, level, "", f"a {level}") for level in ("debug", "info", "warning", "error"))
    assert len(shown(log)) == 4
    log.level.setCurrentText("Warnings and errors")
    assert [line.rsplit(" ", 1)[-1] for line in shown(log)] == ["warning", "error"]
    log.say("late info")
    assert len(shown(log)) == 2
    log.level.setCurrentText("All")
    assert len(shown(log)) == 5


def test_a_click_on_a_node_leads_to_it(qtbot: QtBot, log: Log) -> None:
    log.say("too high", "warning", "flow.clean")
    cursor = log.page.textCursor()
    cursor.setPosition(log.page.toPlainText().index("flow.clean") + 3, QTextCursor.MoveMode.MoveAnchor)
    place = log.page.cursorRect(cursor).center() + QPoint(1, 0)
    with qtbot.waitSignal(log.node_clicked) as caught:
        qtbot.mouseClick(log.page.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == ["flow.clean"]


def test_copy_and_clear(qtbot: QtBot, log: Log) -> None:
    log.say("one")
    log.say("two\nthree", "error")
    assert log.errors == 1
    log.copy()
    copied = QApplication.clipboard().text()
    assert "one" in copied
    assert "three" in copied
    with qtbot.waitSignal(log.counted) as caught:
        log.clear()
    assert caught.args == [0, 0]
    assert log.page.toPlainText() == ""


def test_a_message_with_its_actions(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    done: list[str] = []
    bar.show_message("first", "error", (("Show", lambda: done.append("first")),))
    bar.show_message("second <b>", "warning", (("Show", lambda: done.append("second")),))
    assert bar.text == "second <b>"
    assert [b.text() for b in bar.buttons] == ["Show"]
    qtbot.mouseClick(bar.buttons[0], Qt.MouseButton.LeftButton)
    assert done == ["second"]
    bar.dismiss()
    assert bar.text == ""
    assert bar.isHidden()
    bar.show_message("x" * 5000)
    assert len(bar.text) < 700


@pytest.mark.parametrize(("seconds", "words"), [(0.84, "0.8 s"), (12.3, "12 s"), (185.0, "3:05"), (3723.0, "1:02:03")])
def test_the_clock(seconds: float, words: str) -> None:
    assert clock(seconds) == words


def test_each_run_has_its_heading_and_its_end(qtbot: QtBot, window: Window) -> None:
    window.files.open_example("orders")
    for _ in range(2):
        with qtbot.waitSignal(window.run.finished, timeout=60000):
            window.run.start()
    said = [line.text for line in window.log.lines if line.level in ("heading", "info")]
    assert said[0] == "Orders (example) runs."
    assert said.count("Orders (example) runs.") == 2
    assert sum(text.startswith("The run succeeded after") for text in said) == 2


def test_the_newest_lines_are_in_sight_when_the_log_is_opened_again(qtbot: QtBot, window: Window) -> None:
    window.commands.trigger("view.log")
    for number in range(200):
        window.log.say(f"line {number}: " + "words " * 40)
    qtbot.wait(20)
    bar = window.log.page.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum(), timeout=60000)
    window.commands.trigger("view.log")
    window.resize(window.width() - 200, window.height())
    window.commands.trigger("view.log")
    qtbot.wait(20)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum(), timeout=60000)


def test_an_error_is_there_again_when_what_came_over_it_has_gone(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    done: list[str] = []
    bar.show_message("It failed", "error", (("Show", lambda: done.append("shown")),))
    bar.show_message("Read it", "info")
    bar.show_message("Mind it", "warning")
    bar.clear()
    assert (bar.text, bar.level) == ("It failed", "error")
    qtbot.mouseClick(bar.buttons[0], Qt.MouseButton.LeftButton)
    assert done == ["shown"]
    bar.give_way()
    assert bar.text == "It failed", "an error goes by a hand, or when it is mended"
    bar.show_message("Read it", "info")
    bar.mended("It failed")
    bar.clear()
    assert bar.isHidden()
    bar.show_message("It failed", "error")
    bar.show_message("Read it", "info")
    bar.dismiss()
    assert bar.isHidden(), "something else begins"


def test_news_leave_the_error_of_a_run_where_it_is(window: Window) -> None:
    window.reports.message("The run has crashed.", "error")
    window.reports.message("A copy was opened.")
    window.bar.clear()
    assert window.bar.text == "The run has crashed."


def test_the_address_of_a_page_in_the_log_is_opened_by_a_click(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    window.log.say("One of our own was started. Its dashboard: http://127.0.0.1:8787/status.", node="flow.a")
    window.docks.log.show()
    page = window.log.page
    cursor = page.document().find("8787")
    qtbot.waitUntil(lambda: page.isVisible() and page.anchorAt(page.cursorRect(cursor).center()) != "")
    qtbot.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, pos=page.cursorRect(cursor).center())
    assert opened == ["http://127.0.0.1:8787/status"]
