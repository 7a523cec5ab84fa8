"""Problems in the window: a click leads there, a click on a fix does it, and all of it goes by keys, too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.canvas.flash import Flash
from flodesk.ui.problems.row import ROLE, Row
from flodesk.ui.window import Window

HEAD = "import flodesk\nfrom flodesk.nodes import control, dsp, maths, show, source, text, timing\n\n\n"
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def flow_of(body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    return f"{HEAD}def flow():\n{lines}\n{TAIL}"


@pytest.fixture
def open_flow(qtbot: QtBot, window: Window, tmp_path: Path) -> Callable[[str], Path]:
    def open_it(body: str) -> Path:
        path = tmp_path / "mine.py"
        path.write_text(body if body.startswith(("import", "#")) else flow_of(body), encoding="utf-8")
        window.files.open(path)
        qtbot.waitUntil(lambda: not window.mending.finder.busy, timeout=60_000)
        window.reports.open_problems()
        qtbot.waitExposed(window.problems.list)
        qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
        return path

    return open_it


def text(window: Window) -> str:
    return write(window.document.flow)


def rows(window: Window) -> list[str]:
    found = [window.problems.list.item(n).data(ROLE) for n in range(window.problems.list.count())]
    return [f"fix: {row.title}" if row.is_fix else row.words for row in found]


def click(qtbot: QtBot, window: Window, words: str) -> None:
    page = window.problems.list
    at = next(n for n, row in enumerate(rows(window)) if words in row)
    page.scrollToItem(page.item(at))
    qtbot.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, pos=page.visualItemRect(page.item(at)).center())


def settled(qtbot: QtBot, window: Window) -> None:
    window.checking.now()
    qtbot.waitUntil(lambda: not window.mending.finder.busy, timeout=60_000)


def flashes(window: Window) -> list[Flash]:
    return [item for item in window.canvases.current.viewer.scene().items() if isinstance(item, Flash)]


SIGNAL = "tone = source.sine(0)\nn = show.number(tone)"


def test_a_click_on_a_fix_does_it_in_one_step(qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]) -> None:
    open_flow(SIGNAL)
    before = text(window)
    assert window.docks.problems.windowTitle() == "Problems (1)"
    title = "Put maths.mean between “tone” and “value” of “n”"
    assert rows(window)[1:3] == [f"fix: {title}", "fix: Put dsp.rms between “tone” and “value” of “n”"]
    click(qtbot, window, title)
    assert "mean = maths.mean(tone)\n    n = show.number(mean)" in text(window)
    assert window.document.undo_title == title
    assert window.editing.selection == ["mean"]
    assert window.problems.empty.isVisible()
    assert window.docks.problems.windowTitle() == "Problems"
    cards = {key: card.box() for key, card in window.canvases.current.board.cards.items()}
    assert cards["tone"].right() < cards["mean"].left() < cards["mean"].right() < cards["n"].left(), "there is room"
    window.commands.trigger("edit.undo")
    assert text(window) == before
    settled(qtbot, window)
    assert rows(window)[1] == f"fix: {title}"


def test_a_problem_leads_to_its_card_which_lights_up(
    qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]
) -> None:
    body = SIGNAL + "\n" + "\n".join(f"a{k} = maths.scale({'tone' if k == 0 else f'a{k - 1}'})" for k in range(12))
    open_flow(body + "\nlast = maths.scale(a11, factr=2.0)")
    page = window.canvases.current
    page.zoom_to(1.0)
    page.viewer.center_on(page.board.cards["tone"].box().center())
    assert not page.viewer.visible_rect().contains(page.board.cards["last"].box())
    click(qtbot, window, "has no parameter “factr”")
    assert window.editing.selection == ["last"]
    assert page.viewer.visible_rect().contains(page.board.cards["last"].box())
    assert len(flashes(window)) == 1
    qtbot.waitUntil(lambda: not flashes(window), timeout=60_000)


def test_a_problem_in_another_function_opens_its_tab(
    qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]
) -> None:
    other = "def other():\n    low = dsp.butterworth()\n\n\n"
    open_flow(
        flow_of("tone = source.sine(0)").replace("def flow", other + "def flow").replace("(flow)", "(flow, other)")
    )
    assert window.canvases.function == "flow"
    click(qtbot, window, "“signal” of “low” is open")
    assert window.canvases.function == "other"
    assert window.editing.selection == ["low"]
    assert window.canvases.current.board.cards["low"].live.problem, "a canvas that is opened later is marked, too"


def test_the_way_from_one_problem_to_the_next_goes_by_keys(
    qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]
) -> None:
    open_flow("tone = source.sine(0)\nlow = dsp.butterworth()\nm = maths.scale(1.0, factr=2.0)\nk = maths.scale(tnoe)")
    window.docks.problems.hide()
    window.canvases.current.setFocus()
    seen = []
    for _ in range(4):
        qtbot.keyClick(window.canvases.current.viewer, Qt.Key.Key_F8, Qt.KeyboardModifier.AltModifier)
        seen += window.editing.selection
    assert seen == ["low", "m", "k", "low"]
    keys = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window.canvases.current.viewer, Qt.Key.Key_F8, keys)
    assert window.editing.selection == ["k"]
    assert "Problem 3 of 3" in window.statusBar().currentMessage()


def test_enter_does_a_fix_and_the_next_problem_has_the_cursor(
    qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]
) -> None:
    open_flow("m = maths.scale(1.0, factr=2.0)\nk = maths.scale(1.0, factr=3.0)")
    page = window.problems.list
    page.setFocus()
    page.setCurrentRow(0)
    qtbot.keyClick(page, Qt.Key.Key_Down)
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert "m = maths.scale(1.0, factor=2.0)" in text(window)
    assert "k = maths.scale(1.0, factr=3.0)" in text(window)
    row: Row = page.currentItem().data(ROLE)
    assert row.problem.node == "flow.k"
    assert not row.is_fix
    assert page.hasFocus()


def test_a_double_click_does_one_fix_alone(qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]) -> None:
    open_flow("\n".join(f"m{n} = maths.scale(1.0, factr=2.0)" for n in range(4)))
    page = window.problems.list
    at = page.visualItemRect(page.item(1)).center()
    QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(page.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: not window.mending.finder.busy, timeout=60_000)
    assert text(window).count("factor=2.0") == 1


def test_a_field_that_wants_a_value_gets_the_keyboard(
    qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]
) -> None:
    open_flow("a = source.sine(0, rate=-3.0)")
    window.docks.inspector.hide()
    click(qtbot, window, "fix: Type a value for “rate” of “a”…")
    assert window.docks.inspector.is_open
    row = window.inspector.sheet.rows["rate"] if window.inspector.sheet is not None else None
    assert row is not None
    assert row.editor is not None
    focus = QApplication.focusWidget()
    assert focus is not None
    assert row.isAncestorOf(focus)


def test_menus_and_tooltips_have_the_fixes(qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]) -> None:
    open_flow(SIGNAL)
    page = window.canvases.current
    for place in (page.node_center("n"), page.wire_position(("tone", ""), ("n", "value"))):
        page.viewer.menu_requested.emit(place, page.viewport().mapToGlobal(place))
        menu = page.context.menu
        assert menu is not None
        titles = [action.text() for action in menu.actions()]
        assert titles[0] == "Put maths.mean between “tone” and “value” of “n”"
        menu.close()
    tip = page.viewer.tip(page.board.cards["n"])
    assert "Fix: Put maths.mean between" in tip
    assert "and 2 more" in tip
    assert "Fix:" not in page.viewer.tip(page.board.cards["tone"])
    page.select(["n"])
    page.viewer.setFocus()
    qtbot.keyClick(page.viewer, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert "maths.mean(tone)" in text(window)


def test_a_fix_of_a_flow_that_has_changed_since_is_made_anew(
    qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]
) -> None:
    open_flow("m = maths.scale(1.0, factr=2.0)")
    problem = window.problems.problems[0]
    fix = window.mending.fixes(problem)[0]
    window.canvases.current.changes.rename("m", "other")
    spoken = [
        window.problems.list.item(n).data(Qt.ItemDataRole.AccessibleTextRole)
        for n in range(window.problems.list.count())
    ]
    assert spoken[0].startswith("error: “m”: scale has no parameter “factr”.")
    assert spoken[1] == "Fix: Write “factor” instead of “factr” in “m”"
    window.mending.do(problem, fix)
    assert "factr" in text(window), "the node that it was for has another name"
    assert "has changed since" in window.statusBar().currentMessage()


def test_a_breakpoints_condition_that_reads_what_is_gone(
    qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]
) -> None:
    open_flow("tone = maths.scale(2.0)\nm = maths.scale(tone)")
    window.debugging.breakpoints.put("flow.m", "toen > 1")
    assert rows(window)[0] == "The breakpoint at “m” holds when toen > 1: there is no “toen” at this place."
    assert window.checking.errors == (), "it keeps no flow from running"
    click(qtbot, window, "fix: Remove the breakpoint at “m”")
    assert not window.debugging.breakpoints.any
    assert rows(window) == []


def test_a_text_that_cannot_be_read_is_a_problem_with_a_way_back(
    qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]
) -> None:
    open_flow("m = maths.scale(2.0)")
    before = text(window)
    window.commands.trigger("view.script")
    editor = window.script.editor
    qtbot.waitUntil(lambda: "maths.scale" in editor.toPlainText(), timeout=60_000)
    cursor = editor.document().find("maths.scale(")
    cursor.clearSelection()
    editor.setTextCursor(cursor)
    qtbot.keyClicks(editor, "((")
    qtbot.waitUntil(lambda: any("cannot be read as it is typed" in row for row in rows(window)), timeout=60_000)
    click(qtbot, window, "fix: Take the text back")
    qtbot.waitUntil(lambda: rows(window) == [], timeout=60_000)
    assert text(window) == before


def test_a_view_of_an_output_that_is_not_there(qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]) -> None:
    header = '# /// script\n# [tool.flodesk.panel.flow]\n# peak = { at = [0, 0, 4, 4], shows = "s.amplitde" }\n# ///\n'
    open_flow(header + flow_of("tone = source.sine(0)\ns = dsp.spectrum(tone)"))
    shown = [row for row in rows(window) if "The panel shows" in row]
    assert shown == ["The panel shows “s.amplitde”, but “s” has no output or field “amplitde”."]
    click(qtbot, window, "fix: Show “s.amplitude” on the panel")
    assert rows(window) == []
    assert '"s.amplitude"' in text(window)


@pytest.mark.long
def test_the_wheel_and_the_list_stay_where_they_are_when_problems_come(
    qtbot: QtBot, window: Window, open_flow: Callable[[str], Path]
) -> None:
    open_flow("\n".join(f"m{n} = maths.scale(1.0, factr=2.0)" for n in range(20)))
    page = window.problems.list
    page.setCurrentRow(12)
    page.verticalScrollBar().setValue(150)
    chosen, at = page.currentItem().data(ROLE), page.verticalScrollBar().value()
    settled(qtbot, window)
    assert page.currentItem().data(ROLE) == chosen
    assert page.verticalScrollBar().value() == at
    assert page.itemAt(QPoint(10, 10)) is not None
