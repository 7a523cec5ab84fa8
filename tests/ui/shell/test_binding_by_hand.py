"""Ports, fields and cards are brought to the panel by a hand: drawn out of the canvas, by menus, and by a key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.model import View
from flodesk.flow.script import write
from flodesk.ui.canvas.card import chip_box
from flodesk.ui.canvas.port_item import Side
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
# wave = [0, 0]
# loud = [260, 0]
# ///
import flodesk
from flodesk.nodes import maths, source


def flow():
    wave = source.sine(frequency=5.0, rate=1000.0)
    loud = maths.scale(wave, factor=3.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def ready(opened: Window, qtbot: QtBot) -> Window:
    """The window with the flow and an empty panel below the canvas."""
    if not opened.docks.panel.shown:
        opened.docks.panel.toggle()
    qtbot.waitUntil(lambda: opened.panel.isVisible() and opened.panel.board.height() > 30)
    opened.canvases.fit()
    QApplication.processEvents()
    return opened


def views(window: Window) -> dict[str, View]:
    return dict(window.document.flow.header.panel.get("flow", {}))


def pull(qtbot: QtBot, window: Window, start: QPoint, target: QPoint, *, let_go: bool = True) -> None:
    """Press at a point of the canvas, and draw what is there to a point of the panel's board."""
    viewport = window.canvases.current.viewport()
    end = viewport.mapFromGlobal(window.panel.board.mapToGlobal(target))
    assert not viewport.rect().contains(end), "it is outside of the canvas"
    qtbot.mousePress(viewport, LEFT, pos=start)
    for step in range(1, 7):
        qtbot.mouseMove(viewport, start + (end - start) * step / 6)
    if let_go:
        qtbot.mouseRelease(viewport, LEFT, pos=end)


def port(window: Window, node: str, name: str = "", side: Side = "out") -> QPoint:
    return window.canvases.current.port_position(node, name, side)


def choose(qtbot: QtBot, window: Window, key: Qt.Key = Qt.Key.Key_Return) -> None:
    menu = window.panel.dropping.menu
    assert menu is not None
    qtbot.waitUntil(menu.isVisible)
    qtbot.keyClick(menu, key)
    qtbot.waitUntil(lambda: not window.panel.dropping.ghost.isVisible())


def test_a_wire_that_is_let_go_over_the_panel_shows_the_value(ready: Window, qtbot: QtBot) -> None:
    before = write(ready.document.flow)
    pull(qtbot, ready, port(ready, "wave"), QPoint(60, 30))
    assert not ready.canvases.current.viewer.gesture.active
    choose(qtbot, ready)
    assert (views(ready)["wave"].shows, views(ready)["wave"].options) == ("wave", (("as", "show.line"),))
    qtbot.waitUntil(lambda: "flow.wave" in ready.panel.watched())
    ready.commands.trigger("edit.undo")
    assert write(ready.document.flow) == before


def test_over_the_panel_a_wire_shows_what_fits_and_back_on_the_canvas_it_goes_on(ready: Window, qtbot: QtBot) -> None:
    start = port(ready, "wave")
    pull(qtbot, ready, start, QPoint(60, 30), let_go=False)
    ghost = ready.panel.dropping.ghost
    assert ghost.isVisible()
    assert ghost.title == "wave"
    viewport = ready.canvases.current.viewport()
    qtbot.mouseMove(viewport, start + QPoint(20, 20))
    assert not ghost.isVisible()
    assert ready.canvases.current.viewer.gesture.active
    end = port(ready, "loud", "value", "in")
    qtbot.mouseRelease(viewport, LEFT, pos=end)
    assert not ready.canvases.current.viewer.gesture.active
    assert views(ready) == {}


def test_escape_breaks_a_wire_over_the_panel_off(ready: Window, qtbot: QtBot) -> None:
    pull(qtbot, ready, port(ready, "wave"), QPoint(60, 30), let_go=False)
    qtbot.keyClick(ready.canvases.current.viewer, Qt.Key.Key_Escape)
    assert not ready.panel.dropping.ghost.isVisible()
    qtbot.mouseRelease(ready.canvases.current.viewport(), LEFT, pos=QPoint(5, 5))
    assert views(ready) == {}
    assert not ready.document.dirty


def test_a_card_that_is_let_go_over_the_panel_stays_where_it_was(ready: Window, qtbot: QtBot) -> None:
    canvas = ready.canvases.current
    before = canvas.board.cards["wave"].pos()
    pull(qtbot, ready, canvas.node_center("wave") + QPoint(0, -2), QPoint(60, 30))
    assert canvas.board.cards["wave"].pos() == before
    choose(qtbot, ready)
    assert views(ready)["wave"].shows == "wave"
    assert ready.document.steps == 1
    assert "wave = [0, 0]\n" in write(ready.document.flow)


def test_a_card_pulled_by_its_field_brings_that_field(ready: Window, qtbot: QtBot) -> None:
    canvas = ready.canvases.current
    canvas.zoom_to(1.0)
    card = canvas.board.cards["loud"]
    chip = next(chip for chip in card.card.chips if chip.label == "factor")
    start = canvas.viewer.mapFromScene(card.mapToScene(chip_box(card.card, chip).center()))
    pull(qtbot, ready, start, QPoint(60, 30))
    choose(qtbot, ready)
    assert views(ready)["loud_factor"].shows == "loud.factor"


def asked(qtbot: QtBot, window: Window, at: QPoint) -> QMenu:
    """Open the context menu of the canvas at a point, and return what it has below “Show on the panel”."""
    canvas = window.canvases.current
    spot = canvas.viewport().mapToGlobal(at)
    QApplication.sendEvent(canvas.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, spot))
    return below(canvas.context.menu)


def below(menu: QMenu | None) -> QMenu:
    assert menu is not None
    found = next(action.menu() for action in menu.actions() if action.text() == "Show on the panel")
    assert isinstance(found, QMenu)
    return found


def take(menu: QMenu, title: str) -> None:
    action = next(action for action in menu.actions() if action.text() == title)
    action.trigger()
    top: QWidget = menu
    while isinstance(top.parentWidget(), QMenu):
        top = top.parentWidget()
    top.close()


@pytest.mark.parametrize(
    ("place", "first", "shows"),
    [
        (lambda w: port(w, "wave"), "Plot", "wave"),
        (lambda w: w.canvases.current.node_center("wave"), "Plot", "wave"),
        (lambda w: (port(w, "wave") + port(w, "loud", "value", "in")) / 2, "Plot", "wave"),
    ],
    ids=["port", "card", "wire"],
)
def test_menus_of_the_canvas_show_what_is_there(
    ready: Window, qtbot: QtBot, place: Callable[[Window], QPoint], first: str, shows: str
) -> None:
    menu = asked(qtbot, ready, place(ready))
    assert menu.actions()[0].text() == first
    take(menu, first)
    assert [view.shows for view in views(ready).values()] == [shows]


def test_a_menu_opens_the_panel_where_it_was_hidden(ready: Window, qtbot: QtBot) -> None:
    ready.docks.panel.toggle()
    take(asked(qtbot, ready, port(ready, "wave")), "Scatter plot")
    assert ready.docks.panel.shown
    assert dict(views(ready)["wave"].options) == {"as": "show.scatter"}


def test_the_name_of_a_field_has_a_menu_in_the_inspector(ready: Window, qtbot: QtBot) -> None:
    ready.canvases.current.select(["loud"])
    sheet = ready.inspector.sheet
    assert sheet is not None
    label = sheet.labels["factor"]
    before = set(map(id, label.findChildren(QMenu)))
    label.customContextMenuRequested.emit(QPoint(3, 3))
    menu = next(menu for menu in label.findChildren(QMenu) if id(menu) not in before)
    take(below(menu), "Knob")
    assert views(ready)["loud_factor"].options == (("as", "control.knob"), ("minimum", 0.0), ("maximum", 10.0))


def test_a_key_shows_what_the_keyboard_is_at(ready: Window, qtbot: QtBot) -> None:
    canvas = ready.canvases.current
    canvas.select(["wave"])
    canvas.setFocus()
    ready.commands.trigger("panel.show")
    choose(qtbot, ready)
    assert [view.shows for view in views(ready).values()] == ["wave"]
    canvas.select(["loud"])
    assert ready.inspector.focus_field("factor")
    ready.commands.trigger("panel.show")
    choose(qtbot, ready)
    assert [view.shows for view in views(ready).values()] == ["wave", "loud.factor"]
