"""The start page by mouse and keys: recent flows, the gallery, and what the program begins with."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.engine.places.session.left_there import forget, left_at, remember
from flodesk.resource import resource
from flodesk.ui.examples import examples
from flodesk.ui.settings import settings
from flodesk.ui.start.tiles import Tiles
from flodesk.ui.window import Window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(resource("examples/orders.py").read_text())
    return path


@pytest.fixture
def known(window: Window, mine: Path) -> Window:
    """A window in which a flow was opened before."""
    window.files.open(mine)
    window.document.new()
    window.start.show()
    return window


def click(qtbot: QtBot, tiles: Tiles, row: int) -> None:
    tiles.scrollToItem(tiles.item(row))
    place = tiles.visualItemRect(tiles.item(row))
    qtbot.mouseClick(tiles.viewport(), LEFT, pos=place.topLeft() + QPoint(30, 20))


def names(tiles: Tiles) -> list[str]:
    return [tiles.item(row).text().splitlines()[0] for row in range(tiles.count())]


def test_who_comes_first_sees_the_live_example_run(qtbot: QtBot, window: Window) -> None:
    window.start.begin()
    assert not window.start.is_open
    assert window.files.example == "noisy_sine"
    qtbot.waitUntil(lambda: window.run.active, timeout=60000)


def test_who_comes_again_sees_the_page_and_opens_a_recent_flow_by_a_click(
    qtbot: QtBot, known: Window, mine: Path
) -> None:
    known.start.hide()
    known.start.begin()
    page = known.start.page
    assert page.isVisible()
    assert names(page.recent) == ["mine.py"]
    assert page.gallery.count() == len(examples())
    click(qtbot, page.recent, 0)
    assert known.document.path == mine
    assert not page.isVisible()
    assert known.canvases.current.viewer.hasFocus() or known.canvases.current.hasFocus()


def test_the_page_covers_what_is_below_the_tool_bar_and_follows_the_window(qtbot: QtBot, known: Window) -> None:
    for size in ((1200, 800), (720, 480)):
        known.resize(*size)
        page = known.start.page
        qtbot.waitUntil(lambda page=page: page.width() == known.width(), timeout=60000)  # type: ignore[misc]
        top = known.centralWidget().mapTo(known, QPoint()).y()  # type: ignore[union-attr]
        assert page.geometry().top() == top
        assert page.geometry().bottom() < known.statusBar().geometry().top()
        for button in (page.new, page.open, page.live, page.begin):
            assert page.rect().contains(button.mapTo(page, button.rect().center()))


def test_keys_choose_in_the_gallery_and_escape_closes(qtbot: QtBot, known: Window) -> None:
    page = known.start.page
    page.gallery.setFocus()
    qtbot.keyClick(page.gallery, Qt.Key.Key_Right)
    chosen = page.gallery.currentRow()
    assert chosen == 1
    qtbot.keyClick(page.gallery, Qt.Key.Key_Return)
    assert known.files.example == list(examples())[1]
    assert not known.start.is_open
    known.commands.trigger("file.start")
    assert known.start.is_open
    qtbot.keyClick(page.recent, Qt.Key.Key_Escape)
    assert not known.start.is_open


def test_a_flow_whose_run_was_left_on_a_queue_says_so(known: Window, mine: Path) -> None:
    def written() -> tuple[str, str]:
        known.start.hide()
        known.start.show()
        item = known.start.page.recent.item(0)
        return item.text(), item.toolTip()

    assert "Left" not in written()[0]
    assert remember(left_at("redis://lab:secret@127.0.0.1:6390/0", "20260101-120000-abcd", str(mine))) == ""
    text, tip = written()
    assert text.splitlines()[0] == "mine.py"
    assert re.fullmatch(r"Left at \d\d:\d\d|Left on \d{4}-\d\d-\d\d", text.splitlines()[2])
    assert "left on the server 127.0.0.1:6390. Open it" in tip
    assert "secret" not in tip
    forget("20260101-120000-abcd")
    assert "Left" not in written()[0]


def test_del_takes_a_flow_out_of_the_list_and_leaves_the_file(qtbot: QtBot, known: Window, mine: Path) -> None:
    page = known.start.page
    page.recent.setFocus()
    qtbot.keyClick(page.recent, Qt.Key.Key_Delete)
    assert page.recent.count() == 0
    assert page.nothing.isVisible()
    assert known.files.recent() == []
    assert mine.exists()


def test_pictures_come_and_wear_the_theme(qtbot: QtBot, known: Window) -> None:
    page = known.start.page

    def drawn() -> int:
        picture = page.recent.item(0).icon().pixmap(*page.gallery.size_of_pictures).toImage()
        return len({picture.pixel(x, picture.height() // 2) for x in range(picture.width())})

    qtbot.waitUntil(lambda: drawn() > 3, timeout=60000)


def test_what_it_begins_with_is_chosen_on_the_page(
    qtbot: QtBot, known: Window, mine: Path, open_window: Callable[..., Window]
) -> None:
    begin = known.start.page.begin
    begin.setFocus()
    qtbot.keyClick(begin, Qt.Key.Key_Down)
    QApplication.processEvents()
    begin.activated.emit(begin.currentIndex())
    assert settings().value("start/with") == "last"
    again = open_window()
    again.start.begin()
    assert again.document.path == mine
    assert not again.start.is_open
    settings().setValue("start/with", "live")
    again.start.begin()
    assert again.files.example == "noisy_sine"


def test_a_message_is_never_hidden_by_the_page(known: Window, tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("def flow(:\n")
    known.start.page.flow_wanted.emit(str(broken))
    assert "could not be opened" in known.bar.text
    assert known.bar.isVisible()
    assert not known.start.is_open


def test_the_buttons_begin(qtbot: QtBot, known: Window) -> None:
    page = known.start.page
    qtbot.mouseClick(page.new, LEFT)
    assert not known.start.is_open
    known.start.show()
    qtbot.mouseClick(page.live, LEFT)
    assert known.files.example == "noisy_sine"
    qtbot.waitUntil(lambda: known.run.active, timeout=60000)


def test_a_double_click_on_a_flow_opens_it_and_does_nothing_below(qtbot: QtBot, known: Window) -> None:
    tiles, view = known.start.page.recent, known.canvases.current.viewport()
    at = tiles.visualItemRect(tiles.item(0)).center()
    qtbot.mouseClick(tiles.viewport(), LEFT, pos=at)
    assert not known.start.is_open
    below = QPoint(8, view.height() // 3)
    event = QMouseEvent(
        QEvent.Type.MouseButtonDblClick, QPointF(below), QPointF(view.mapToGlobal(below)),
        LEFT, LEFT, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(view, event)  # the window system gives the second press to what is there now
    assert QApplication.activePopupWidget() is None
    qtbot.waitUntil(lambda: not known.start.guard.on)
    QApplication.sendEvent(view, event)
    assert QApplication.activePopupWidget() is not None
    QApplication.activePopupWidget().close()


@pytest.mark.parametrize("command", ["view.queues", "view.log", "view.problems", "view.runs"])
def test_a_dock_that_is_asked_for_closes_the_page_that_lies_over_it(qtbot: QtBot, known: Window, command: str) -> None:
    assert known.start.is_open
    keys = known.commands[command].shortcut()
    qtbot.keySequence(known, keys)
    assert not known.start.is_open
    dock = {"view.queues": known.queues.dock, "view.log": known.docks.log, "view.problems": known.docks.problems}
    assert dock.get(command, known.docks.runs).isVisible()
    known.start.show()
    assert known.children()[-1] is known.start.page, "above all else"
