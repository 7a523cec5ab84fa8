"""A recorder's card alone: its words, its room, and what keeps a hand off it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

import pytest
from PySide6.QtCore import QSize, Qt
from pytestqt.qtbot import QtBot

from flodesk.flow.model import Symbol
from flodesk.public import Recording
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.recorder import RecorderFace
from flodesk.ui.panel.setting import Reading


@pytest.fixture
def cards(gallery: ModuleType, qtbot: QtBot) -> Iterator[list[Card]]:
    ground, cards = gallery.stage("show.recorder")
    qtbot.addWidget(ground)
    ground.show()
    qtbot.waitExposed(ground)
    yield list(cards)
    ground.hide()  # it lives until here


def face(card: Card) -> RecorderFace:
    assert isinstance(card.content, RecorderFace)
    return card.content


def test_it_says_what_it_does_how_much_there_is_and_what_is_missing(cards: list[Card]) -> None:
    good, trouble, paused, small = map(face, cards)
    assert (good.state, good.figures) == ("Recording", ["52.4 MB", "128\u202f400 turns", "408 kB/s", "1000 turns/s"])
    assert (good.dropped, good.splits) == ("", "")
    assert (trouble.state, trouble.dropped) == ("Not recording", "1\u202f250 turns dropped")
    assert "free some space, or choose another folder" in trouble.tip()
    assert "free some space" in trouble.accessibleName()
    assert (paused.state, paused.dropped) == ("Stopped", "12 turns dropped")
    assert paused.splits == "New file after 10 min · 3 files"
    assert paused.figures == ["52.4 MB", "128\u202f400 turns"], "nothing comes"
    assert [one.switch.text() for one in (good, trouble, paused, small)] == ["Stop", "Stop", "Record", "Stop"]
    assert [one.split.isEnabled() for one in (good, trouble, paused, small)] == [True, True, False, True]


@pytest.mark.parametrize("size", [QSize(64, 40), QSize(136, 88), QSize(208, 136), QSize(352, 40), QSize(640, 400)])
def test_in_any_room_the_buttons_are_whole_and_the_state_is_there(cards: list[Card], size: QSize) -> None:
    for card in cards:
        card.resize(size)
        content = face(card)
        for part in (content.switch, content.split, content.copy, content.folder):
            if not part.isHidden() and part.width():
                assert content.rect().contains(part.geometry()), part
        assert not content.switch.geometry().intersects(content.split.geometry())
        card.grab()  # no line is painted outside, and none fails


def test_a_press_and_a_click_tell_which_literal_is_meant(qtbot: QtBot, cards: list[Card]) -> None:
    told: list[tuple[str, object]] = []
    cards[0].set_on_face.connect(lambda setting, value: told.append((setting.parameter, value)))
    cards[0].pressed_on_face.connect(lambda setting, down: told.append((setting.parameter, down)))
    qtbot.mouseClick(face(cards[0]).switch, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(face(cards[0]).split, Qt.MouseButton.LeftButton)
    assert told == [("recording", False), ("new_file", True), ("new_file", False)]
    face(cards[0]).split.setFocus()
    qtbot.keyClick(face(cards[0]).split, Qt.Key.Key_Space)
    assert told[3:] == [("new_file", True), ("new_file", False)]


def test_a_name_in_the_script_keeps_hands_off(cards: list[Card]) -> None:
    shown = cards[0].shown
    assert isinstance(shown, Reading)
    settings = tuple(setting.with_value(Symbol("on")) for setting in shown.settings)
    cards[0].show_shown(cards[0].view, replace(shown, settings=settings))
    assert not face(cards[0]).switch.isEnabled()
    assert face(cards[0]).switch.toolTip() == "Set by on in the script."
    assert not face(cards[0]).split.isEnabled()


def test_the_end_of_a_run_is_shown_also_where_the_recorder_could_not_say_it(cards: list[Card]) -> None:
    face(cards[0]).end_run()
    assert (face(cards[0]).state, face(cards[0]).figures) == ("Ended", ["52.4 MB", "128\u202f400 turns"])
    assert not face(cards[0]).split.isEnabled()
    face(cards[0]).show_value(Recording(path="/data/next.csv", turns=1))
    assert face(cards[0]).state == "Recording"


def test_after_a_forced_end_what_was_told_last_is_no_news(cards: list[Card]) -> None:
    told = face(cards[0])._now
    assert told is not None
    face(cards[0]).end_run(forced=True)
    said = "The recording ended with the engine, at about 128\u202f400 turns: the last ones may be missing"
    for value in (told, replace(told, turns=128_401)):  # what was on its way, or is looked at once more
        face(cards[0]).show_value(value)
        assert (face(cards[0]).state, face(cards[0]).figures[2:]) == ("Ended", [])
    face(cards[0]).show_value(told)
    assert said in face(cards[0]).tip()
    face(cards[0]).show_value(replace(told, state=Recording.PROBLEM, problem="The disk is full."))
    assert f"The disk is full. {said}" in face(cards[0]).tip()
    face(cards[0]).show_value(told)
    assert said in face(cards[0]).accessibleName()
    face(cards[0]).begin_run()
    face(cards[0]).show_value(told)
    assert face(cards[0]).state == "Ended", "the next one has told nothing yet"
    face(cards[0]).show_value(replace(told, turns=1))
    assert face(cards[0]).state == "Recording"
    face(cards[0]).show_value(told)
    assert face(cards[0]).state == "Recording"


def test_before_anything_runs_there_is_nothing_to_stop(cards: list[Card]) -> None:
    shown = cards[0].shown
    assert isinstance(shown, Reading)
    fresh = RecorderFace(shown, cards[0])
    assert (fresh.state, fresh.switch.isEnabled()) == ("Not run yet", False)
    assert fresh.switch.toolTip() == "Records when the flow runs"
    off = tuple(s.with_value(False) if s.parameter == "recording" else s for s in shown.settings)
    fresh.show_reading(replace(shown, settings=off))
    assert (fresh.switch.text(), fresh.switch.isEnabled()) == ("Record", True), "it can be readied"
    fresh.show_reading(shown)
    fresh.show_value(Recording(path="/data/run.csv", turns=1))
    assert (fresh.switch.text(), fresh.switch.isEnabled()) == ("Stop", True)
