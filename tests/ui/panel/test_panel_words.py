"""Logs, state timelines and formatted texts on the panel: what is seen, and what hands do to them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QMouseEvent, QTextCharFormat
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.engine.values import decode, encode
from flodesk.flow.model import View
from flodesk.nodes import show
from flodesk.public import Lane, Markdown, Note, Timeline
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.faces.words.lines import MISSED, MOST
from flodesk.ui.panel.faces.words.log import LogFace
from flodesk.ui.panel.faces.words.markdown import MarkdownFace
from flodesk.ui.panel.faces.words.timeline import TimelineFace
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme


def face(qtbot: QtBot, value: Any, form: str = "", size: tuple[int, int] = (560, 320)) -> Face:
    made = Card("flow", View("view", "node", 0, 0, 6, 6), Reading("flow.value", "Seen", form=form, chosen=bool(form)))
    qtbot.addWidget(made)
    made.resize(*size)
    made.show()
    made.show_sample(Sample(1, value))
    assert isinstance(made.content, Face)
    vars(made.content)["card"] = made  # who holds the face holds the card
    return made.content


def over(value: Any) -> Any:
    """Return a value as a screen gets it."""
    return decode(*encode(value))


def hover(face: QWidget, at: QPoint) -> None:
    """Move the mouse over a widget; no window that comes or goes meanwhile takes it away before it is looked at."""
    place, none = QPointF(at), Qt.MouseButton.NoButton
    global_ = face.mapToGlobal(place)
    event = QMouseEvent(QEvent.Type.MouseMove, place, global_, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(face, event)


def shown(log: LogFace) -> list[str]:
    return [row[2] for row in log.model.seen]


# ------------------------------------------------------------------ log
def test_a_log_takes_ten_thousand_lines_a_second_in_batches_and_loses_none(qtbot: QtBot) -> None:
    log = show.Log(keep=50_000)
    view = face(qtbot, over(log("begin")))
    assert isinstance(view, LogFace)
    inserted: list[int] = []
    view.model.rowsInserted.connect(lambda parent, first, last: inserted.append(last - first + 1))
    for frame in range(60):  # a second of a display that comes along 60 times
        for number in range(167):
            lines = log(frame * 167 + number)
        view.show_value(over(lines))
    assert shown(view) == ["begin", *(str(number) for number in range(60 * 167))]
    assert inserted == [167] * 60, "a frame is one batch"
    bar = view.list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)
    assert view.told.text() == "10\u202f021 lines"


def test_lines_that_a_window_misses_are_counted_and_old_ones_go(qtbot: QtBot) -> None:
    log = show.Log()
    view = face(qtbot, over(log("begin")))
    assert isinstance(view, LogFace)
    for number in range(3000):
        lines = log(number)
    view.show_value(over(lines))
    assert [row[1] for row in view.model.rows].count(MISSED) == 1
    assert view.model.rows[1][2].startswith("1\u202f000 lines came faster")
    assert shown(view)[-1] == "2999"
    for _ in range(20):
        for number in range(1500):
            lines = log(number)
        view.show_value(over(lines))
    assert MOST <= len(view.model.rows) <= MOST * 5 // 4
    again = show.Log()("another run")
    view.show_value(over(again))
    assert shown(view) == ["another run"]


def test_a_log_is_filtered_by_text_and_level(qtbot: QtBot) -> None:
    log = show.Log()
    log("Pump on")
    log("pump slow", level="warning")
    log("read", level="debug")
    view = face(qtbot, over(log("lamp out", level="error")))
    assert isinstance(view, LogFace)
    qtbot.keyClicks(view.sought, "PUMP")
    assert shown(view) == ["Pump on", "pump slow"]
    assert view.told.text() == "4 lines; 2 of the last 4 shown"
    view.show_value(over(log("the pump stops", level="error")))
    assert shown(view) == ["Pump on", "pump slow", "the pump stops"]
    qtbot.keyClick(view.least, Qt.Key.Key_Down)
    qtbot.keyClick(view.least, Qt.Key.Key_Down)
    assert shown(view) == ["pump slow", "the pump stops"]
    view.sought.clear()
    assert shown(view) == ["pump slow", "lamp out", "the pump stops"]
    index = view.model.index(1)
    assert index.data(Qt.ItemDataRole.ForegroundRole).name() == theme().error
    assert "error" in index.data(), "the level is said in a word, too"
    view.list.setFocus()
    qtbot.keyClick(view.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert [line.split("  ")[-1].split()[-1] for line in QGuiApplication.clipboard().text().splitlines()] == [
        "slow", "out", "stops",
    ]  # fmt: skip


def test_a_log_follows_the_end_until_a_hand_scrolls_away(qtbot: QtBot) -> None:
    log = show.Log()
    for number in range(300):
        lines = log(number)
    view = face(qtbot, over(lines))
    assert isinstance(view, LogFace)
    bar = view.list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)
    view.list.setFocus()
    qtbot.keyClick(view.list, Qt.Key.Key_Home)
    assert not view.follows
    assert bar.value() == 0
    view.show_value(over(log("new")))
    assert bar.value() == 0, "what is being read stays"
    assert view.end.isVisibleTo(view)
    qtbot.mouseClick(view.end, Qt.MouseButton.LeftButton)
    assert bar.value() == bar.maximum()
    assert view.follows
    assert not view.end.isVisibleTo(view)


# ------------------------------------------------------------------ timeline
def line() -> Timeline:
    lanes = (
        Lane("Door", np.array([0.0, 50.0]), np.array([0, 1]), ("on", "off")),
        Lane("Phase", np.array([20.0, 90.0]), np.array([0, 1]), ("heating", "fault")),
    )
    return Timeline("Oven", 100.0, 100.0, lanes)


def test_a_state_is_a_block_of_its_length_and_colour(qtbot: QtBot) -> None:
    view = face(qtbot, over(line()))
    assert isinstance(view, TimelineFace)
    image = view.grab().toImage()
    blocks = {(block.lane, block.word): block.area for block in view.blocks}
    whole = blocks["Door", "off"].right() - blocks["Door", "on"].left()
    assert blocks["Door", "on"].width() == pytest.approx(whole / 2)
    assert blocks["Phase", "fault"].width() == pytest.approx(whole / 10)
    assert blocks["Phase", "heating"].left() - blocks["Door", "on"].left() == pytest.approx(whole / 5)
    for (name, word), ink in (((("Door", "on")), theme().ok), (("Phase", "fault"), theme().error)):
        corner = blocks[name, word].bottomRight() * image.devicePixelRatio()
        assert image.pixelColor(int(corner.x()) - 4, int(corner.y()) - 4).name() == ink
    hover(view, blocks["Door", "on"].center().toPoint())
    assert view.told == "Door: on, 100 s ago, for 50.0 s"
    hover(view, blocks["Phase", "fault"].center().toPoint())
    assert view.told == "Phase: fault, 10.0 s ago, until now"
    assert "Door: off" in view.accessibleName()


# ------------------------------------------------------------------ markdown
def test_markdown_is_formatted_and_fetches_nothing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# Title\n\nA **bold** word, a [link](https://example.org/a), ![picture](/etc/hostname)\n\n<b>raw</b>"
    view = face(qtbot, over(Markdown("", text)))
    assert isinstance(view, MarkdownFace)
    document = view.page.document()
    assert document.firstBlock().blockFormat().headingLevel() == 1
    cursor = document.find("bold")
    assert cursor.charFormat().fontWeight() > QTextCharFormat().fontWeight() or cursor.charFormat().fontWeight() >= 600
    assert "<b>raw" in document.toPlainText(), "HTML is shown as it was written"
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    view.page.anchorClicked.emit(QUrl("https://example.org/a"))
    view.page.anchorClicked.emit(QUrl("file:///etc/hostname"))
    assert opened == ["https://example.org/a"]
    next(iter(view.actions_of_face())).trigger()
    assert QGuiApplication.clipboard().text() == text


def test_a_text_is_shown_as_markdown_where_the_view_says_so(qtbot: QtBot) -> None:
    view = face(qtbot, over(Note("", "**bold**")), "markdown")
    assert isinstance(view, MarkdownFace)
    assert view.page.toPlainText() == "bold"


def test_words_are_painted_at_any_size(qtbot: QtBot, gallery: ModuleType) -> None:
    for key in ("show.states", "show.log", "show.markdown"):
        ground, cards = gallery.stage(key)
        qtbot.addWidget(ground)
        for one in cards:
            for size in ((480, 300), (140, 90), (100, 40), (60, 30)):
                one.resize(*size)
                one.grab()
