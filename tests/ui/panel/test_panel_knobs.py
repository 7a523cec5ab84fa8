"""Knob, radio buttons and long texts by real events: values, limits, undo, and what a wire sets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QFileDialog
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.controls.asking import ColorField, PathField
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.controls.knob import Dial, Knob
from flodesk.ui.panel.controls.paragraph import Paragraph
from flodesk.ui.panel.controls.radio import Radio

BODY = [
    'pitch = control.knob(200.0, minimum=20.0, maximum=20000.0, scale="log", unit="Hz")',
    "gain = control.knob(-6.0, minimum=-40.0, maximum=10.0)",
    'shape = control.radio("sine", entries=["sine", "square", "saw"])',
    'notes = control.paragraph("one")',
    'name = control.text("Ada")',
]
VIEWS = [
    "pitch = [0, 0, 3, 4]", "gain = [3, 0, 3, 4]", "shape = [6, 0, 3, 4]", "notes = [0, 4, 6, 3]", "name = [6, 4, 4, 1]"
]  # fmt: skip
Opened = Callable[..., ControlPanel]


@pytest.fixture
def panel(open_panel: Opened, flow_text: Callable[..., str]) -> ControlPanel:
    return open_panel(flow_text(BODY, VIEWS))


def content(panel: ControlPanel, name: str) -> Control:
    found = panel.board.cards[f"flow.{name}"].content
    assert isinstance(found, Control)
    return found


def dial_of(panel: ControlPanel, name: str) -> Dial:
    knob = content(panel, name)
    assert isinstance(knob, Knob)
    assert isinstance(knob.track, Dial)
    return knob.track


def says(panel: ControlPanel, text: str) -> bool:
    panel.document.settle()
    return text in write(panel.document.flow)


def drag(qtbot: QtBot, dial: Dial, up: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    middle = dial.rect().center()
    qtbot.mousePress(dial, Qt.MouseButton.LeftButton, keys, middle)
    for step in range(1, 11):
        qtbot.mouseMove(dial, middle - QPoint(0, up * step // 10))
    qtbot.mouseRelease(dial, Qt.MouseButton.LeftButton, keys, middle - QPoint(0, up))


def test_a_knob_is_turned_by_a_drag_up_and_that_is_one_undo(panel: ControlPanel, qtbot: QtBot) -> None:
    dial, before = dial_of(panel, "gain"), write(panel.document.flow)
    drag(qtbot, dial, 40)
    assert dial.value == pytest.approx(4.0, abs=0.3), "a fifth of the way from end to end"
    assert says(panel, f"gain = control.knob({dial.value!r},")
    drag(qtbot, dial, 400)
    assert dial.value == 10.0, "limits limit"
    panel.document.undo()
    panel.document.undo()
    assert write(panel.document.flow) == before
    qtbot.mouseClick(dial, Qt.MouseButton.LeftButton)
    assert write(panel.document.flow) == before, "a click alone turns nothing"


def test_a_logarithmic_knob_gives_factors(panel: ControlPanel, qtbot: QtBot) -> None:
    dial = dial_of(panel, "pitch")
    assert dial.share_of(200.0) == pytest.approx(1 / 3)
    assert dial.share_of(2000.0) == pytest.approx(2 / 3)
    drag(qtbot, dial, 67)
    assert dial.value == pytest.approx(2000.0, rel=0.03)
    assert says(panel, f"pitch = control.knob({dial.value!r},")
    dial.setFocus()
    before = dial.value
    qtbot.keyClick(dial, Qt.Key.Key_Up)
    assert dial.value == pytest.approx(before * 1000**0.01, rel=0.01)
    qtbot.keyClick(dial, Qt.Key.Key_Home)
    assert dial.value == 20.0
    qtbot.keyClick(dial, Qt.Key.Key_End)
    assert dial.value == 20000.0
    knob = content(panel, "pitch")
    assert isinstance(knob, Knob)
    assert knob.field.words == "20 kHz"


def test_the_needle_points_where_the_value_is(panel: ControlPanel) -> None:
    dial = dial_of(panel, "gain")
    assert dial.share_of(-40.0) == 0.0
    assert dial.share_of(-15.0) == 0.5
    assert dial.value_at(0.5) == -15.0
    assert dial.value_at(2.0) == 10.0


def test_radio_buttons_choose_by_mouse_and_by_key(panel: ControlPanel, qtbot: QtBot) -> None:
    radio = content(panel, "shape")
    assert isinstance(radio, Radio)
    assert [button.text() for button in radio.buttons] == ["sine", "square", "saw"]
    assert radio.buttons[0].accessibleName() == "shape: sine"
    qtbot.mouseClick(radio.buttons[1], Qt.MouseButton.LeftButton, pos=QPoint(8, radio.buttons[1].height() // 2))
    assert says(panel, 'control.radio("square",')
    qtbot.keyClick(radio.buttons[1], Qt.Key.Key_Down)
    assert says(panel, 'control.radio("saw",')
    panel.document.undo()
    panel.document.undo()
    qtbot.waitUntil(lambda: radio.buttons[0].isChecked())
    assert panel.document.steps == 0
    edit = radio.setting.with_value("other")
    radio.show_setting(edit)
    assert radio.buttons[-1].text() == "other  (not offered)"


def test_a_long_text_is_taken_when_it_is_done(panel: ControlPanel, qtbot: QtBot) -> None:
    notes = content(panel, "notes")
    assert isinstance(notes, Paragraph)
    notes.edit.selectAll()
    qtbot.keyClicks(notes.edit, "one")
    qtbot.keyClick(notes.edit, Qt.Key.Key_Return)
    qtbot.keyClicks(notes.edit, "two")
    assert says(panel, 'control.paragraph("one")'), "not while it is typed"
    qtbot.keyClick(notes.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert says(panel, 'control.paragraph("one\\ntwo")')
    qtbot.keyClicks(notes.edit, "gone")
    qtbot.keyClick(notes.edit, Qt.Key.Key_Escape)
    assert notes.edit.toPlainText() == "one\ntwo"
    panel.document.undo()
    qtbot.waitUntil(lambda: notes.edit.toPlainText() == "one")


def test_what_a_wire_sets_only_shows(open_panel: Opened, flow_text: Callable[..., str]) -> None:
    body = ["start = maths.add(1.0, 2.0)", "gain = control.knob(start, minimum=0.0, maximum=10.0)"]
    panel = open_panel(flow_text(body, ["gain = [0, 0, 3, 4]"]))
    dial = dial_of(panel, "gain")
    assert not dial.isEnabled()
    panel.show_values({"flow.gain": Sample(1, 3.0)})
    assert dial.value == 3.0


def test_a_path_is_typed_or_chosen(
    open_panel: Opened, flow_text: Callable[..., str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *words: asked.append("file") or ("/data/a.csv", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *words: asked.append("folder") or "")
    body = ['file = control.path("old.csv")', 'place = control.path("out", asks="folder")']
    panel = open_panel(flow_text(body, ["file = [0, 0, 6, 2]", "place = [6, 0, 6, 2]"]))
    file, place = content(panel, "file"), content(panel, "place")
    assert isinstance(file, PathField)
    assert isinstance(place, PathField)
    qtbot.mouseClick(file.choose, Qt.MouseButton.LeftButton)
    assert says(panel, 'control.path("/data/a.csv")')
    qtbot.mouseClick(place.choose, Qt.MouseButton.LeftButton)
    assert asked == ["file", "folder"]
    assert says(panel, 'control.path("out", asks="folder")'), "given up"
    file.edit.selectAll()
    qtbot.keyClicks(file.edit, "typed.csv")
    qtbot.keyClick(file.edit, Qt.Key.Key_Return)
    assert says(panel, 'control.path("typed.csv")')


def test_what_lies_in_the_folder_of_the_flow_is_asked_for_and_named_from_there(
    open_panel: Opened, flow_text: Callable[..., str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def choosing(chosen: Path) -> Callable[..., tuple[str, str]]:
        return lambda parent, title, start, *_, **__: asked.append(start) or (str(chosen), "")

    (tmp_path / "runs").mkdir()
    body = [
        'file = control.path("")',
        'new = control.path("runs/old.csv", asks="save")',
        'place = control.path("no/where", asks="folder")',
    ]
    panel = open_panel(flow_text(body, ["file = [0, 0, 6, 2]", "new = [6, 0, 6, 2]", "place = [0, 2, 6, 2]"]))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", choosing(tmp_path / "runs" / "a.csv"))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", choosing(tmp_path / "new.csv"))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *words: asked.append(words[2]) or str(tmp_path))
    for name in ("file", "new", "place"):
        field = content(panel, name)
        assert isinstance(field, PathField)
        qtbot.mouseClick(field.choose, Qt.MouseButton.LeftButton)
    assert asked == [str(tmp_path), str(tmp_path / "runs" / "old.csv"), str(tmp_path / "where")]
    assert says(panel, 'control.path("runs/a.csv")')
    assert says(panel, 'control.path("new.csv", asks="save")')
    assert says(panel, 'control.path(".", asks="folder")')


def test_a_color_is_typed_or_chosen_and_nothing_else_is_one(
    open_panel: Opened, flow_text: Callable[..., str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QColorDialog, "getColor", lambda *words: QColor("#00ff00"))
    panel = open_panel(flow_text(['ink = control.color("#ff0000")'], ["ink = [0, 0, 4, 2]"]))
    ink = content(panel, "ink")
    assert isinstance(ink, ColorField)
    assert ink.swatch.ink == QColor("#ff0000")
    qtbot.mouseClick(ink.swatch, Qt.MouseButton.LeftButton)
    assert says(panel, 'control.color("#00ff00")')
    for typed, kept in (("#0000ff", "#0000ff"), ("red", "#ff0000"), ("#0a0", "#00aa00"), ("#FFEEDD", "#ffeedd")):
        ink.edit.selectAll()
        qtbot.keyClicks(ink.edit, typed)
        qtbot.keyClick(ink.edit, Qt.Key.Key_Return)
        assert says(panel, f'control.color("{kept}")')
        assert (ink.edit.text(), ink.edit.notice) == (kept, "")
        assert ink.swatch.ink == QColor(kept)


def test_what_is_no_color_is_said_and_no_transparency_is_taken(
    open_panel: Opened, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    panel = open_panel(flow_text(['ink = control.color("#ff0000")'], ["ink = [0, 0, 4, 2]"]))
    ink = content(panel, "ink")
    assert isinstance(ink, ColorField)
    ink.edit.setFocus()
    ink.edit.selectAll()
    qtbot.keyClicks(ink.edit, "#ff")
    qtbot.keyClick(ink.edit, Qt.Key.Key_Return)
    assert ink.edit.notice == "“#ff” is not a color. Type something like “#1663d8” or “red”."
    assert ink.edit.text() == "#ff", "to be mended"
    assert says(panel, 'control.color("#ff0000")')
    qtbot.keyClick(ink.edit, Qt.Key.Key_Escape)
    assert ink.edit.text() == "#ff0000"
    ink.edit.selectAll()
    qtbot.keyClicks(ink.edit, "#8000ff00")
    qtbot.keyClick(ink.edit, Qt.Key.Key_Return)
    assert says(panel, 'control.color("#00ff00")')
    assert ink.edit.notice == "“#8000ff00” was taken as #00ff00: a color has no transparency here."
