"""Docks come and go any number of times: the window is never laid out wider than itself, and each has its own size."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget
from pytestqt.qtbot import QtBot

from flodesk.ui.dock import Dock
from flodesk.ui.docks import CANVAS, NARROWEST
from flodesk.ui.panel_place import SLIM
from flodesk.ui.window import Window

SIZES = ((1440, 900), (1024, 700), (800, 560))
SIDES = ("library", "script", "inspector", "versions")
DOCKS = ["script", "inspector", "library", "panel", "problems", "log", "runs", "letters", "probes", "layout"]
WHAT = (*(f"view.{name}" for name in DOCKS), "file.versions")


def at_rest() -> None:
    for _ in range(4):
        QApplication.processEvents()


def seen(window: Window) -> dict[str, tuple[int, int, int, int]]:
    """Return where each dock is that is seen: x, y, width, height."""
    docks = [dock for dock in window.findChildren(QDockWidget) if not dock.isHidden() and dock.x() >= 0]
    return {dock.objectName(): dock.geometry().getRect() for dock in docks}  # type: ignore[misc]


def wrong(window: Window) -> list[str]:
    """Return what is laid out so that nobody can use it."""
    center = window.centralWidget()
    assert center is not None
    found = []
    for name, (x, y, width, height) in seen(window).items():
        if x + width > window.width() or y + height > window.height():
            found.append(f"{name} ends beyond the window, at {x + width}, {y + height}")
        if name in SIDES and width < NARROWEST:
            found.append(f"{name} has {width} pixels")
    if center.width() < CANVAS:
        found.append(f"the middle has {center.width()} pixels")
    if window.canvases.width() < 200 or window.canvases.height() < 190:
        found.append(f"the canvas has {window.canvases.size()}")
    middle = center.geometry().center().y()
    row = sorted(
        (x, x + width)
        for x, y, width, height in [*seen(window).values(), center.geometry().getRect()]  # type: ignore[misc]
        if y <= middle < y + height
    )
    ends = [0, *(end for _, end in row)]
    if any(start - end not in (0, 1) for (start, _), end in zip(row, ends, strict=False)) or ends[-1] != window.width():
        found.append(f"what stands in a row does not add up to {window.width()}: {row}")
    return found


def flip(window: Window, command: str) -> None:
    """Open a dock or close it: one behind another comes to the front first."""
    dock = window.findChild(Dock, command.partition(".")[2])
    was_open = dock is not None and dock.is_open
    window.commands.trigger(command)
    if was_open and dock is not None and dock.is_open:
        at_rest()
        window.commands.trigger(command)


def sequence(window: Window, *commands: str) -> None:
    before, start = seen(window), window.canvases.width()
    for command in commands * 2 if len(set(commands)) == len(commands) else commands:
        flip(window, command)
        at_rest()
        assert not wrong(window), (command, wrong(window))
    if len(set(commands)) == len(commands):
        assert seen(window) == before, commands
        assert window.canvases.width() == start


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def sized(request: pytest.FixtureRequest, open_window: Callable[..., Window]) -> Window:
    window = open_window()
    window.resize(*request.param)
    at_rest()
    return window


def press(window: Window, keys: str) -> None:
    combination = QKeySequence(keys)[0]
    QTest.keyClick(window, combination.key(), combination.keyboardModifiers())
    at_rest()


def test_the_script_comes_and_goes_and_the_inspector_stays_whole(sized: Window) -> None:
    window = sized
    first = window.docks.inspector.width()
    widths = []
    for _ in range(3):
        press(window, "Ctrl+Shift+E")
        assert not wrong(window)
        widths.append((window.docks.script.width(), max(window.docks.inspector.width(), NARROWEST)))
        press(window, "Ctrl+Shift+E")
        assert not wrong(window)
        assert window.docks.inspector.width() == first
    assert len(set(widths)) == 1
    assert widths[0][0] >= 200


def test_some_pairs_twice(sized: Window) -> None:
    for pair in (
        ("view.script", "view.inspector"),
        ("view.inspector", "view.script"),
        ("file.versions", "view.library"),
        ("view.problems", "view.script"),
        ("view.panel", "view.layout"),
    ):
        sequence(sized, *pair)


@pytest.mark.long
def test_all_pairs_twice(sized: Window) -> None:
    for first, second in product(WHAT, WHAT):
        sequence(sized, first, second)


RESTARTS = (
    ((1440, 900), ("view.script",)),
    ((1024, 700), ("file.versions", "view.problems")),
    ((800, 560), ("view.inspector", "view.script")),
)
MORE = [(size, (command,)) for size in SIZES for command in WHAT if command not in ("view.panel", "view.layout")]


@pytest.mark.parametrize(
    ("size", "commands"), [*RESTARTS, *(pytest.param(*each, marks=pytest.mark.long) for each in MORE)]
)
def test_a_restart_leaves_everything_where_it_was(
    open_window: Callable[..., Window], size: tuple[int, int], commands: tuple[str, ...]
) -> None:
    first = open_window()
    first.resize(*size)
    at_rest()
    for command in commands * 3:
        first.commands.trigger(command)
        at_rest()
    there = seen(first)
    first.close()
    second = open_window()
    second.resize(*size)
    at_rest()
    assert set(seen(second)) == set(there)
    assert not wrong(second)
    assert seen(second) == there


def test_a_layout_of_a_wide_window_is_made_to_fit_a_small_one(qtbot: QtBot, open_window: Callable[..., Window]) -> None:
    first = open_window()
    first.resize(1440, 900)
    first.commands.trigger("view.script")
    first.commands.trigger("view.problems")
    at_rest()
    first.close()
    second = open_window()
    second.resize(800, 560)
    at_rest()
    assert not wrong(second)
    assert second.docks.script.is_open
    second.close()
    third = open_window()
    third.resize(1440, 900)
    at_rest()
    assert not wrong(third)
    assert {"library", "script", "inspector"} <= seen(third).keys(), "side by side again"
    assert seen(third)["script"][0] < seen(third)["inspector"][0]


def test_a_width_that_a_hand_drew_is_that_of_the_dock_from_then_on(open_window: Callable[..., Window]) -> None:
    window = open_window()
    window.resize(1440, 900)
    at_rest()
    edge = QPoint(window.docks.inspector.x() - 1, 400)
    QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=edge)
    for step in (10, 30, 60):
        QTest.mouseMove(window, edge - QPoint(step, 0))
        at_rest()
    QTest.mouseRelease(window, Qt.MouseButton.LeftButton, pos=edge - QPoint(60, 0))
    at_rest()
    drawn = window.docks.inspector.width()
    assert drawn > 330
    for name in ("inspector", "script", "script", "inspector"):
        window.commands.trigger(f"view.{name}")
        at_rest()
    assert window.docks.inspector.width() == drawn
    window.resize(900, 700)
    at_rest()
    assert window.docks.inspector.width() < drawn
    window.resize(1440, 900)
    at_rest()
    assert window.docks.inspector.width() == drawn
    window.commands.trigger("view.reset")
    at_rest()
    assert window.docks.inspector.width() == 288


def test_an_empty_panel_is_a_strip_and_one_that_shows_something_has_room(sized: Window, qtbot: QtBot) -> None:
    window = sized
    assert window.panel.height() <= SLIM
    assert "Drop a port or a field of a node here" in window.panel.board.accessibleDescription()
    place = window.docks.panel
    window.files.open_example("sunspots")
    qtbot.waitUntil(lambda: window.panel.height() > 150)
    window.files.new()
    qtbot.waitUntil(lambda: window.panel.height() <= SLIM)
    window.commands.trigger("view.layout")
    at_rest()
    assert place.beside
    assert window.panel.width() < window.width() / 3


def test_the_key_of_a_dock_behind_another_brings_it_to_the_front(qtbot: QtBot, window: Window) -> None:
    docks, canvas = window.docks, window.canvases.current
    window.inserting.add("flodesk.nodes.dsp.rms")  # its input is open
    qtbot.waitUntil(lambda: bool(window.problems.problems))
    window.commands.trigger("view.problems")
    window.commands.trigger("view.log")
    qtbot.waitUntil(lambda: docks.problems.visibleRegion().isEmpty() and not docks.log.visibleRegion().isEmpty())
    window.commands.trigger("view.problems")
    qtbot.waitUntil(lambda: docks.log.visibleRegion().isEmpty())
    assert docks.problems.is_open
    assert docks.problems.isAncestorOf(window.focusWidget())
    window.commands.trigger("view.problems")
    assert not docks.problems.is_open
    assert window.focusWidget() in (canvas, canvas.viewer), "who closes a pane goes on on the canvas"


def test_a_dock_that_has_nothing_for_the_keyboard_gets_it_all_the_same(qtbot: QtBot, window: Window) -> None:
    for command in ("view.problems", "view.log"):
        if not window.commands[command].isChecked():
            window.commands.trigger(command)
    log, problems = window.docks.log, window.docks.problems
    window.tabifyDockWidget(problems, log)
    log.raise_()
    qtbot.waitUntil(lambda: not problems._in_front)
    window.canvases.current.setFocus()
    assert window.problems.list.isHidden()
    problems.toggle()
    field = window.focusWidget()
    assert field is not None
    assert problems.isAncestorOf(field)
    problems.toggle()
    assert problems.isHidden()
    assert window.canvases.current.isAncestorOf(window.focusWidget())
