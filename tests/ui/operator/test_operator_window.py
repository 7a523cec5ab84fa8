"""An operator runs, pauses and stops a flow, sees what is wrong with it, and cannot change it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.flow.script import write
from flodesk.ui.commands.table import COMMANDS
from flodesk.ui.operator import Operator, Wishes
from flodesk.ui.panel.controls.slider import Slider, Track
from flodesk.ui.panel.controls.switches import Toggle

LEFT = Qt.MouseButton.LeftButton
Open = Callable[..., Operator]


def click(button: QAbstractButton) -> None:
    assert button.isVisible(), button.text()
    assert button.isEnabled(), button.text()
    QTest.mouseClick(button, LEFT)


def entries(operator: Operator) -> dict[str, Callable[[], None]]:
    operator.bar.menu.aboutToShow.emit()
    return {action.text(): action.trigger for action in operator.bar.menu.actions() if action.isEnabled()}


def answer(page: Operator, title: str) -> None:
    click(next(button for button in page.page.buttons if button.text() == title))


@pytest.fixture
def box_answered(qtbot: QtBot, qapp: QApplication) -> Callable[[str], None]:
    """Press a button of the next question once it is there."""

    def wait(title: str) -> None:
        def look() -> None:
            box = QApplication.activeModalWidget()
            if not isinstance(box, QMessageBox) or not box.isVisible():
                QTimer.singleShot(20, qapp, look)
                return
            click(next(button for button in box.buttons() if button.text().replace("&", "") == title))

        QTimer.singleShot(0, qapp, look)

    return wait


def test_start_pause_continue_and_stop_by_clicks(qtbot: QtBot, open_app: Open, oven: Path) -> None:
    operator = open_app(oven, Host)
    bar = operator.bar
    assert operator.windowTitle() == "Oven 3 — flodesk"
    assert (bar.title.text(), bar.state.text()) == ("Oven 3", "Not run yet")
    assert not bar.stop.isEnabled()
    assert not bar.pause.isEnabled()
    click(bar.start)
    qtbot.waitUntil(lambda: bar.state.text().startswith("Running"))
    assert not bar.start.isEnabled()
    meter = operator.panel.board.cards["flow.meter"]
    qtbot.waitUntil(lambda: meter.seen is not None and meter.seen.value.value > 0)
    click(bar.pause)
    qtbot.waitUntil(lambda: operator.run.paused is not None)
    words = bar.accessibleDescription()
    assert re.fullmatch(r"Paused after turn \d+", words), "no name of a node: an operator sees no canvas"
    over = int(words.split()[-1])
    qtbot.waitUntil(lambda: meter.seen is not None and meter.seen.value.value == 2.0 * (over - 1))
    assert bar.pause.text() == "Continue"
    click(bar.pause)
    qtbot.waitUntil(lambda: operator.run.paused is None)
    click(bar.stop)
    qtbot.waitUntil(lambda: operator.run.phase == "idle")
    assert bar.state.text().startswith("Stopped after")
    assert bar.start.isEnabled()
    operator.close()
    assert operator.code == 0


def test_no_key_and_no_menu_changes_the_flow(qtbot: QtBot, open_app: Open, oven: Path) -> None:
    operator = open_app(oven)
    before = write(operator.station.document.flow)
    for key, card in operator.panel.board.cards.items():
        card.setFocus()
        menu = card.menu()
        assert {action.text() for action in menu.actions()} <= {"Copy value", "", "Save and copy"}, key
        menu.deleteLater()
    ours = {"run.start", "run.stop", "run.pause"}
    keys = {key for entry in COMMANDS if entry.id not in ours for key in entry.shortcuts}
    assert len(keys) > 60
    for focus in (operator.panel, operator.panel.board.cards["flow.gain"].content):
        assert focus is not None
        focus.setFocus()
        for key in sorted(keys):
            QTest.keySequence(operator, key)
            QTest.keySequence(QApplication.focusWidget() or operator, key)
    assert QApplication.activeModalWidget() is None
    assert QApplication.activePopupWidget() is None
    operator.panel.set_editing(True)
    assert not operator.panel.editing
    operator.panel.views.remove("flow.gain")
    operator.panel.views.add("flow.level")
    operator.panel.presets.save("mine")
    operator.panel.pages.add()
    assert write(operator.station.document.flow) == before
    assert "is locked" in operator.telling.notice.text
    assert not operator.panel.bar.isVisible()
    assert operator.findChildren(QWidget, "canvas") == []


def test_a_node_that_fails_is_named_with_what_to_do(qtbot: QtBot, open_app: Open, oven: Path) -> None:
    oven.write_text(oven.read_text().replace("guarded(level)", "guarded(level, limit=0.1)"))
    operator = open_app(oven, Host)
    click(operator.bar.start)
    qtbot.waitUntil(lambda: operator.run.last is not None)
    notice = operator.telling.notice
    assert notice.heading.text() == "“safe” failed"
    assert "TimeoutError: no answer from the oven within 2 s (line " in notice.words.text()
    assert notice.words.text().endswith("Look whether the instrument is switched on and connected, then press Start.")
    assert operator.bar.state.text().startswith("Failed after")
    click(notice.buttons[0])
    assert operator.telling.happened.isVisible()
    assert "Traceback" in operator.telling.happened.log.page.toPlainText()
    operator.telling.happened.close()
    click(operator.bar.start)
    qtbot.waitUntil(lambda: notice.isHidden() or operator.run.phase == "idle")
    operator.leaving = True
    operator.close()
    assert operator.code in (0, 1)


def test_a_run_that_is_on_is_stopped_only_after_a_yes(
    qtbot: QtBot, open_app: Open, oven: Path, box_answered: Callable[[str], None]
) -> None:
    operator = open_app(oven, Host, Wishes(start=True))
    qtbot.waitUntil(lambda: operator.run.phase == "running")
    box_answered("Cancel")
    operator.close()
    assert operator.isVisible()
    assert operator.run.active
    box_answered("Stop and close")
    operator.close()
    assert not operator.isVisible()


def test_a_file_that_is_no_flow_is_told_and_opened_once_it_is_mended(qtbot: QtBot, open_app: Open, oven: Path) -> None:
    whole = oven.read_text()
    oven.write_text(whole.replace("def flow():", "def flow()"))
    operator = open_app(oven, wishes=Wishes(start=True))
    assert operator.page.isVisible()
    line = whole[: whole.index("def flow()")].count("\n") + 1
    assert f"Line {line}: this is not Python" in operator.page.text
    assert str(oven) in operator.page.text
    assert not operator.bar.start.isEnabled()
    oven.write_text(whole)
    qtbot.waitUntil(lambda: operator.panel.isVisible())
    assert operator.bar.start.isEnabled()
    oven.unlink()
    operator.opening.open()
    assert "There is no such file" in operator.page.text
    operator.close()
    assert operator.code == 3


def test_a_missing_package_is_told_with_the_way_to_install_it(
    qtbot: QtBot, open_app: Open, oven: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flodesk.flow.installing.in_terminal", lambda package: f"pip install {package}")
    oven.write_text(oven.read_text().replace("import flodesk\n", "import flodesk\nimport ovenlib\n", 1))
    operator = open_app(oven)
    assert "The file imports “ovenlib”, which is not installed" in operator.page.text
    assert "pip install ovenlib" in operator.page.text
    QTest.keySequence(operator, "F5")
    assert operator.run.phase == "idle"
    (oven.parent / "ovenlib.py").write_text("")
    answer(operator, "Try again")
    assert operator.panel.isVisible()
    (oven.parent / "ovenlib.py").unlink()
    operator.try_again()
    operator.close()
    assert operator.code == 3


def test_nothing_of_a_file_from_elsewhere_runs_before_the_yes(
    qtbot: QtBot, open_app: Open, oven: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FLODESK_TRUST")
    operator = open_app(oven, wishes=Wishes(start=True))
    qtbot.waitUntil(lambda: operator.page.isVisible())
    assert "oven.py" in operator.page.text
    assert "comes from elsewhere" in operator.page.text
    assert not operator.run.active
    assert not operator.bar.start.isEnabled()
    answer(operator, "Trust this file")
    qtbot.waitUntil(lambda: operator.run.phase == "running")  # what was asked for is done now
    click(operator.bar.stop)
    qtbot.waitUntil(lambda: operator.run.phase == "idle")
    oven.write_text(oven.read_text().replace("tick, gain", "gain, tick"))  # whoever that was: an operator cannot see it
    qtbot.waitUntil(lambda: operator.page.isVisible())
    assert "has changed since it was last here" in operator.page.text
    answer(operator, "Run anyway")
    qtbot.waitUntil(lambda: operator.run.phase == "running")


@pytest.mark.parametrize("by", ["option", "file"])
def test_what_fingers_hit_is_large_enough(qtbot: QtBot, open_app: Open, oven: Path, by: str) -> None:
    if by == "file":
        oven.write_text(oven.read_text().replace('# title = "Oven 3"\n', '# title = "Oven 3"\n# touch = true\n'))
    text = oven.read_text().replace("    on =", '    dial = control.knob(1.0)\n    where = control.path("")\n    on =')
    oven.write_text(text.replace("# meter =", "# dial = [9, 0, 3, 3]\n# where = [6, 2, 3, 1]\n# meter ="))
    operator = open_app(oven, wishes=Wishes(touch=by == "option"))
    operator.resize(800, 480)
    operator.telling.wrong("Something failed", "in many words")
    QApplication.processEvents()
    kinds = (QAbstractButton, QLineEdit, QComboBox, Track, Toggle)
    targets = [w for w in operator.findChildren(QWidget) if isinstance(w, kinds) and w.isVisibleTo(operator)]
    assert len(targets) >= 12
    low = {f"{type(w).__name__} {w.objectName()} {w.height()}" for w in targets if min(w.height(), w.width()) < 44}
    assert low == set()
    assert {b.height() for b in (operator.bar.start, operator.bar.pause, operator.bar.stop)} == {60}
    right = operator.bar.more.geometry().right()
    assert right < 800
    gain = operator.panel.board.cards["flow.gain"].content
    assert isinstance(gain, Slider)
    menu = operator.bar.menu
    menu.aboutToShow.emit()
    menu.ensurePolished()
    heights = {menu.actionGeometry(action).height() for action in menu.actions() if not action.isSeparator()}
    assert min(heights) >= 44


def test_the_context_menu_of_a_card_opens_nothing_where_there_is_nothing(open_app: Open, oven: Path) -> None:
    oven.write_text(oven.read_text().replace("# meter = [0, 2, 6, 2]\n", "# gone = [0, 2, 6, 2]\n"))
    operator = open_app(oven)
    card = operator.panel.board.cards["flow.gone"]
    assert not any(button.isVisible() for button in card.findChildren(QAbstractButton))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), card.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(card, event)
    assert QApplication.activePopupWidget() is None
