"""From the app to the whole program, behind a password where there is one: same flow, same engine, same run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from flodesk.app import _edit
from flodesk.engine.client import Host
from flodesk.flow.edit import SetNote
from flodesk.flow.password import hashed
from flodesk.ui.company import Company
from flodesk.ui.operator import Operator, Wishes
from flodesk.ui.operator.unlocking import Unlocking
from flodesk.ui.screens.own_places import OwnPlace, keep_places, places_of
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window

Open = Callable[..., Operator]
LEFT = Qt.MouseButton.LeftButton


def ask(operator: Operator) -> Unlocking:
    operator.bar.menu.aboutToShow.emit()
    next(a for a in operator.bar.menu.actions() if a.text() == "Edit this flow…").trigger()
    return next(d for d in operator.findChildren(Unlocking) if d.isVisible())


def locked(oven: Path, password: str) -> None:
    line = f'# password = "{password}"\n'
    oven.write_text(oven.read_text().replace("# [tool.flodesk.app]\n", f"# [tool.flodesk.app]\n{line}"))


def test_only_the_password_opens_the_flow(qtbot: QtBot, open_app: Open, oven: Path) -> None:
    locked(oven, hashed("bake out"))
    edited: list[Operator] = []
    operator = open_app(oven, editor=edited.append)
    dialog = ask(operator)
    assert dialog.words.text() == "The flow of this app is locked. Its password opens it for editing."
    QTest.keyClicks(dialog.field, "guess")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert not dialog.ok.isEnabled()
    qtbot.waitUntil(lambda: dialog.said.text() == "That is not the password.")
    assert dialog.isVisible()
    qtbot.waitUntil(dialog.ok.isEnabled)
    assert edited == []
    QTest.keyClicks(dialog.field, "bake out")
    QTest.mouseClick(dialog.ok, LEFT)
    qtbot.waitUntil(lambda: edited == [operator])


def test_a_password_that_was_given_at_the_start_stands_for_that_of_the_file(
    qtbot: QtBot, open_app: Open, oven: Path
) -> None:
    locked(oven, hashed("bake out"))
    edited: list[Operator] = []
    operator = open_app(oven, wishes=Wishes(password="käse"), editor=edited.append)
    dialog = ask(operator)
    QTest.keyClicks(dialog.field, "bake out")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.said.text() == "That is not the password.")
    qtbot.waitUntil(dialog.ok.isEnabled)
    dialog.field.setText("käse")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: edited == [operator])


def test_a_password_that_cannot_be_read_opens_nothing(qtbot: QtBot, open_app: Open, oven: Path) -> None:
    locked(oven, "bake out")
    edited: list[Operator] = []
    operator = open_app(oven, editor=edited.append)
    dialog = ask(operator)
    QTest.keyClicks(dialog.field, "bake out")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "cannot be read" in dialog.said.text())
    assert dialog.isVisible()
    assert edited == []
    dialog.reject()


@pytest.mark.parametrize("text", ["ka\u0308se", "x\ud800"])
def test_another_spelling_of_the_password_is_the_password_and_half_a_character_is_none(
    qtbot: QtBot, open_app: Open, oven: Path, text: str
) -> None:
    locked(oven, hashed("bake out"))
    edited: list[Operator] = []
    operator = open_app(oven, wishes=Wishes(password="k\u00e4se"), editor=edited.append)
    dialog = ask(operator)
    dialog.field.setText(text)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    if text == "ka\u0308se":
        qtbot.waitUntil(lambda: edited == [operator])
    else:
        qtbot.waitUntil(lambda: dialog.said.text() == "That is not the password.")
        dialog.reject()


def test_who_cancels_does_not_wait_for_the_check(qtbot: QtBot, open_app: Open, oven: Path) -> None:
    locked(oven, hashed("bake out"))
    edited: list[Operator] = []
    operator = open_app(oven, editor=edited.append)
    dialog, go_on, ended = ask(operator), Event(), Event()

    def opens(_: str) -> bool:
        go_on.wait(60)
        ended.set()
        return True

    dialog._opens = opens
    QTest.keyClicks(dialog.field, "bake out")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not ended.is_set()
    go_on.set()
    qtbot.waitUntil(lambda: not isValid(dialog))
    assert edited == [], "the answer came too late"
    assert operator.isVisible()


def test_without_a_way_to_edit_there_is_no_entry(open_app: Open, oven: Path) -> None:
    operator = open_app(oven)
    operator.bar.menu.aboutToShow.emit()
    assert not any("Edit" in action.text() for action in operator.bar.menu.actions())
    operator.edit()
    assert QApplication.activeModalWidget() is None


@pytest.fixture
def company() -> Iterator[Company]:
    made = Company()
    yield made
    for window in [*made.members]:
        assert isinstance(window, Window)
        window.document.new()
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_whole_program_goes_on_with_the_run_of_the_app(
    qtbot: QtBot, open_app: Open, looks: Looks, company: Company, oven: Path
) -> None:
    operator = open_app(oven, Host, editor=lambda app: _edit(looks, company, app))
    QTest.mouseClick(operator.bar.start, LEFT)
    meter = operator.panel.board.cards["flow.meter"]
    qtbot.waitUntil(lambda: meter.seen is not None and meter.seen.value.value > 0)
    QTest.keyClick(operator.panel.board.cards["flow.gain"].content.field, Qt.Key.Key_Up)
    run, engine = operator.run.id, operator.run.engine
    pid = engine.pid
    operator.edit()
    window = company.members[0]
    assert isinstance(window, Window)
    qtbot.waitUntil(lambda: not isValid(operator))
    assert window.run.engine is engine
    assert (engine.pid, window.run.id, window.run.phase) == (pid, run, "running")
    assert set(window.canvases.current.board.cards) >= {"gain", "on", "tick", "level", "safe", "meter"}
    seen = window.panel.board.cards["flow.meter"]
    qtbot.waitUntil(lambda: seen.seen is not None and seen.seen.value.value > 0)
    assert window.windowTitle() == "oven.py[*] — flodesk"
    assert window.document.undo_title == "Change value of gain"
    assert "Undo takes it back" in window.bar.text
    window.editing.undo()
    assert not window.document.dirty
    window.document.do(SetNote("flow", "level", "louder"))
    assert window.document.dirty
    window.run.stop()
    qtbot.waitUntil(lambda: window.run.phase == "idle")
    assert window.run_bar.words()[0].startswith("Stopped after")


def test_a_page_that_has_a_window_has_it_where_the_flow_is_edited_and_keeps_its_place(
    qtbot: QtBot, open_app: Open, looks: Looks, company: Company, oven: Path
) -> None:
    text = oven.read_text().replace("# meter = [0, 2, 6, 2]", '# meter = { at = [0, 0, 6, 2], page = "Level" }')
    oven.write_text(text)
    place = OwnPlace((40, 80, 500, 400))
    keep_places(oven, {"Level": place})
    operator = open_app(oven, editor=lambda app: _edit(looks, company, app))
    assert [*operator.windows.own] == ["Level"]
    operator.edit()
    window = company.members[0]
    assert isinstance(window, Window)
    qtbot.waitUntil(lambda: not isValid(operator))
    qtbot.waitUntil(lambda: [*window.screens.own] == ["Level"])
    assert window.screens.own["Level"].geometry().getRect() == place.at
    window.document.new()
    assert places_of(oven) == {"Level": place}
