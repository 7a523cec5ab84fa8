"""The canvas does not jump under the hand: not for an edit, not for a message, not for another size."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QCursor, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.ui.canvas.dropping import NODE_MIME
from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.window import Window

CTRL = Qt.KeyboardModifier.ControlModifier
SINE = "flodesk.nodes.source.sine"

SMALL = """\
import flodesk
from flodesk.nodes import maths, show, source


def flow():
    left = source.constant(2.0)
    total = maths.add(left, left)
    meter = show.number(total)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def seen(window: Window) -> tuple[float, QPointF]:
    return window.canvases.current.zoom(), window.canvases.current.viewer.visible_rect().topLeft()


def behind_the_message(window: Window) -> list[str]:
    """Return the cards that a message hides."""
    view = window.canvases.current.viewer
    bar = QRect(view.viewport().mapFromGlobal(window.bar.mapToGlobal(QPoint())), window.bar.size())
    cards = window.canvases.current.board.cards
    return [key for key, card in cards.items() if view.mapFromScene(card.box()).boundingRect().intersects(bar)]


def drop(window: Window, at: QPoint) -> None:
    canvas = window.canvases.current
    data = QMimeData()
    data.setData(NODE_MIME, SINE.encode())
    keys, button = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    canvas.viewer.dropEvent(QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, button, keys))
    QApplication.processEvents()


def search_and_enter(qtbot: QtBot, window: Window, word: str) -> None:
    window.library.focus_search()
    qtbot.keyClicks(window.library.search, word)
    qtbot.keyClick(window.library.search, Qt.Key.Key_Return)


def apart(boxes: list[QRectF]) -> bool:
    return not any(one.intersects(two) for one, two in combinations(boxes, 2))


def test_the_canvas_gives_way_to_a_message_only_where_a_card_is(qtbot: QtBot, window: Window) -> None:
    window.files.open_example()
    qtbot.wait(100)
    canvas = window.canvases.current
    canvas.zoom_to(1.0)  # no longer fitted
    card = canvas.board.cards["signal"]
    canvas.viewer.move_to(card.pos() - QPointF(30, 10))
    before = seen(window)
    window.reports.message("Something went wrong.", "error")
    qtbot.wait(30)
    assert not behind_the_message(window)
    window.bar.clear()
    assert seen(window) == before
    canvas.viewer.move_to(card.pos() - QPointF(30, 300))
    free = seen(window)
    window.reports.message("Something went wrong.", "error")
    qtbot.wait(30)
    if not behind_the_message(window):
        assert seen(window) == free
    window.bar.clear()
    assert seen(window) == free


def test_edits_messages_and_sizes_leave_the_view_where_it_is(qtbot: QtBot, window: Window) -> None:
    window.files.open_example()
    qtbot.wait(100)
    canvas = window.canvases.current
    before, height = seen(window), canvas.height()
    window.reports.message("Something went wrong with the flow.", "error")
    qtbot.wait(50)
    assert window.bar.isVisible()
    assert canvas.height() == height
    assert not behind_the_message(window)
    window.bar.clear()
    assert seen(window) == before
    drop(window, QPoint(60, canvas.viewport().height() - 30))
    qtbot.wait(50)
    assert seen(window) == before
    window.commands.trigger("view.log")
    qtbot.waitUntil(lambda: canvas.height() < height, timeout=60_000)
    qtbot.wait(50)
    assert seen(window) == before
    window.editing.undo()
    qtbot.wait(50)
    assert seen(window) == before


def test_a_pan_ends_fitting_too(qtbot: QtBot, window: Window) -> None:
    window.files.open_example()
    qtbot.wait(100)
    canvas = window.canvases.current
    canvas.viewer.center_on(canvas.scene_center() + QPointF(50, 30))
    before, height = seen(window), canvas.height()
    window.commands.trigger("view.log")
    qtbot.waitUntil(lambda: canvas.height() < height, timeout=60_000)
    qtbot.wait(50)
    assert seen(window) == before


def test_the_message_lies_over_the_upper_edge_of_the_canvas(qtbot: QtBot, window: Window) -> None:
    window.reports.message("Something went wrong. " * 20, "error")
    qtbot.wait(50)
    central, area = window.centralWidget(), window.canvases.area
    assert window.bar.geometry().topLeft() == area.mapTo(central, QPoint())
    assert window.bar.width() == area.width()
    assert window.bar.words.height() >= window.bar.words.heightForWidth(window.bar.words.width())
    assert central.childAt(window.bar.geometry().center()) in (window.bar, window.bar.words)
    window.resize(1000, 700)
    qtbot.wait(50)
    assert window.bar.width() == area.width()
    ground = window.bar.grab().toImage().pixelColor(window.bar.width() // 2, 2)
    assert ground.alpha() == 255
    bare = area.grab().toImage().pixelColor(area.width() // 2, area.height() - 20)
    assert ground != bare


def test_a_dropped_node_has_its_header_under_the_cursor(qtbot: QtBot, window: Window) -> None:
    window.files.open_example()
    qtbot.wait(100)
    canvas = window.canvases.current
    view = canvas.viewport()
    for at in (QPoint(60, 60), QPoint(view.width() - 20, view.height() - 15)):
        cards = set(canvas.board.cards)
        drop(window, at)
        qtbot.wait(20)
        (added,) = set(canvas.board.cards) - cards
        card = canvas.board.cards[added]
        assert card.in_title(card.mapFromScene(canvas.to_scene(at))) or QRectF(
            card.x(), card.y(), card.card.width, 38
        ).contains(canvas.to_scene(at))
        assert canvas.minimap.isHidden() or not canvas.minimap.geometry().contains(at)


def test_a_double_click_in_an_empty_flow_leaves_the_view(qtbot: QtBot, window: Window) -> None:
    window.files.new()
    qtbot.wait(100)
    canvas = window.canvases.current
    before = seen(window)
    at = canvas.viewport().rect().center() + QPoint(90, 40)
    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    popup = next(w for w in window.findChildren(QuickAdd) if w.isVisible())
    qtbot.keyClicks(popup.field, "sine")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(canvas.board.cards) == 1)
    qtbot.wait(50)
    assert seen(window) == before


def test_nodes_added_without_a_place_lie_side_by_side(qtbot: QtBot, window: Window) -> None:
    window.files.new()
    qtbot.wait(50)
    canvas = window.canvases.current
    for word in ("sine", "rms", "slider", "line"):
        search_and_enter(qtbot, window, word)
    for path in (SINE, "flodesk.nodes.show.line", SINE):  # quick add, the mouse at rest
        window.inserting.add(path, QPointF(0, 0))
    cards = canvas.board.cards.values()
    assert len(cards) == 7
    assert apart([card.box() for card in cards])


def test_undo_after_enter_in_the_library_takes_the_node_back(qtbot: QtBot, window: Window) -> None:
    window.files.new()
    qtbot.wait(50)
    canvas = window.canvases.current
    search_and_enter(qtbot, window, "sine")
    assert len(canvas.board.cards) == 1
    qtbot.keyClick(window.library.search, Qt.Key.Key_Z, CTRL)
    assert len(canvas.board.cards) == 0
    assert window.library.search.text() == "sine"
    qtbot.keyClick(window.library.search, Qt.Key.Key_Y, CTRL)
    assert len(canvas.board.cards) == 1
    window.library.tree.setFocus()
    qtbot.keyClick(window.library.tree, Qt.Key.Key_Z, CTRL)
    assert len(canvas.board.cards) == 0
    window.library.focus_search()
    qtbot.keyClicks(window.library.search, "cos")
    qtbot.keyClick(window.library.search, Qt.Key.Key_Z, CTRL)
    assert window.library.search.text() != "cos", "what was typed is taken back first"


def test_zooming_in_on_a_finished_run_shows_its_values(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    path.write_text(SMALL)
    assert window.files.open(path)
    qtbot.wait(50)
    canvas = window.canvases.current
    canvas.zoom_to(0.15)
    assert not canvas.visible_ports()
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: window.run.last is not None and not window.run.active, timeout=60_000)
    qtbot.waitUntil(lambda: not window.display.active, timeout=60_000)
    assert not canvas.board.cards["total"].live.previews
    canvas.zoom_to(1.0)
    qtbot.waitUntil(lambda: bool(canvas.board.cards["total"].live.previews), timeout=60_000)
    assert {p.text for p in canvas.board.cards["total"].live.previews.values()} == {"4"}


def test_a_card_that_finds_no_room_in_view_moves_it_only_as_far_as_it_needs(qtbot: QtBot, window: Window) -> None:
    window.files.open_example()
    window.resize(1440, 900)
    canvas = window.canvases.current
    qtbot.waitUntil(lambda: canvas.fitting.fitted, timeout=30_000)
    QTest.qWait(0)
    canvas.fit()
    canvas.viewer.setFocus()
    view = canvas.viewport()
    QCursor.setPos(view.mapToGlobal(QPoint(view.width() - 2, view.height() - 2)))
    before, old = canvas.viewer.visible_rect(), set(canvas.board.cards)
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_Tab)
    popup = window.findChild(QuickAdd)
    assert popup is not None
    qtbot.keyClicks(popup.field, "cons")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    (added,) = set(canvas.board.cards) - old
    card, now = canvas.board.cards[added].box(), canvas.viewer.visible_rect()
    assert now.contains(card)
    assert not before.contains(card)
    air = 24 / canvas.zoom() + 1
    step = now.topLeft() - before.topLeft()
    assert abs(step.x()) <= max(0.0, before.left() - card.left(), card.right() - before.right()) + air
    assert abs(step.y()) <= max(0.0, before.top() - card.top(), card.bottom() - before.bottom()) + air
