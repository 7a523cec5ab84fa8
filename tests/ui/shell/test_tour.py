"""The tour by mouse and keys: six steps, left by Esc, remembered, begun again from the Help menu."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from flodesk.ui.tour.card import Card
from flodesk.ui.tour.steps import STEPS
from flodesk.ui.window import Window

LEFT = Qt.MouseButton.LeftButton


def card(window: Window) -> Card:
    found = window.start.tour.card
    assert found is not None
    return found


@pytest.fixture
def toured(window: Window) -> Window:
    window.commands.trigger("help.tour")
    return window


@pytest.mark.parametrize("by", ["key", "cross"])
def test_who_comes_first_takes_it_and_whoever_leaves_is_told_where_it_is(qtbot: QtBot, window: Window, by: str) -> None:
    window.start.begin()
    assert window.files.example == "noisy_sine"
    assert card(window).count.text() == "1 of 6"
    if by == "key":
        qtbot.keyClick(window.canvases.current.viewer, Qt.Key.Key_Escape)
    else:
        cross = next(b for b in card(window).findChildren(QToolButton) if "Leave the tour" in b.toolTip())
        qtbot.mouseClick(cross, LEFT)
    assert not window.start.tour.is_on
    assert window.start.gallery.dialog is None, "nobody has asked for the examples"
    assert "in the Help menu" in window.statusBar().currentMessage()


def test_it_does_not_come_by_itself_again(window: Window, open_window: Callable[..., Window]) -> None:
    window.start.begin()
    window.start.tour.close()
    again = open_window()
    again.start.begin()
    assert again.files.example == "noisy_sine", "nothing was opened or saved yet"
    assert not again.start.tour.is_on
    again.commands.trigger("help.tour")
    assert again.start.tour.is_on


def test_enter_to_its_end_leaves_keyboard_and_canvas_as_they_were(qtbot: QtBot, window: Window) -> None:
    window.activateWindow()
    window.start.live()
    before = window.run_bar.start
    before.setFocus()
    window.start.take_tour()
    for _ in STEPS:
        qtbot.keyClick(card(window).next, Qt.Key.Key_Return)
    assert window.start.gallery.dialog is not None
    assert window.focusWidget() is before, "it has the keyboard again"
    assert [name for name, node in window.canvases.current.board.cards.items() if node.isSelected()] == []


def test_six_steps_by_the_mouse_lead_to_the_examples(qtbot: QtBot, toured: Window) -> None:
    said = []
    for number in range(len(STEPS)):
        assert card(toured).count.text() == f"{number + 1} of 6"
        said.append(card(toured).title.text())
        qtbot.mouseClick(card(toured).next, LEFT)
    assert said == [step.title for step in STEPS]
    assert len(said) == 6
    assert not toured.start.tour.is_on
    assert toured.start.gallery.dialog is not None


def test_keys_go_on_and_back_and_esc_leaves_without_the_examples(qtbot: QtBot, toured: Window) -> None:
    assert card(toured).next.hasFocus() or toured.focusWidget() is card(toured).next
    qtbot.keyClick(card(toured).next, Qt.Key.Key_Return)
    assert card(toured).title.text() == STEPS[1].title
    qtbot.keyClick(card(toured).back, Qt.Key.Key_Space)
    assert card(toured).title.text() == STEPS[0].title
    assert not card(toured).back.isVisible()
    qtbot.keyClick(card(toured).next, Qt.Key.Key_Escape)
    assert not toured.start.tour.is_on
    assert toured.start.gallery.dialog is None


def test_each_step_points_at_what_it_is_about_and_lies_in_the_window(qtbot: QtBot, toured: Window) -> None:
    for step in STEPS:
        box = QRect(card(toured).pos(), card(toured).size())
        assert toured.rect().contains(box), step.title
        if step.target:
            ring = toured.start.tour.ring
            assert ring is not None
            assert ring.isVisible()
            about = (
                next(t for t in toured.findChildren(QToolButton) if t.defaultAction() is toured.commands[step.target])
                if "." in step.target
                else toured.findChild(QWidget, step.target)
            )
            assert about is not None
            assert ring.geometry().contains(about.mapTo(toured, QPoint(3, 3)))
        toured.start.tour.step(1)


def test_it_goes_along_with_the_window_and_what_lies_under_the_ring_can_be_clicked(
    qtbot: QtBot, toured: Window
) -> None:
    toured.resize(900, 620)
    qtbot.waitUntil(lambda: toured.rect().contains(QRect(card(toured).pos(), card(toured).size())))
    ring = toured.start.tour.ring
    assert ring is not None
    under = toured.childAt(ring.geometry().center())
    assert under is not None
    assert under is not ring


def test_the_start_page_gives_way_to_it(window: Window) -> None:
    window.start.show()
    window.commands.trigger("help.tour")
    assert not window.start.is_open
    assert window.start.tour.is_on
