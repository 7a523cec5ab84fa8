"""The dock of the dead letters: they appear as they are rejected, and are looked at, put back, dropped, taken along."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.events import Failure, Rejected
from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.settings import History
from flodesk.engine.letters import Letter, Letters, keep_payload
from flodesk.ui.letters import deeds
from flodesk.ui.letters.desk import View
from flodesk.ui.letters.rows import FLOW, MESSAGE, TRIES
from flodesk.ui.window import Window

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
FLOW_TEXT = """# /// script
# [tool.flodesk]
# version = 1
# on_error = "reject"
# ///
import flodesk


def lines():
    yield from ["1", "2 kg", "3", "four"]


def weigh(line):
    return float(line)


def flow():
    for line in lines():
        weight = weigh(line)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "weights.py"
    path.write_text(FLOW_TEXT)
    return path


def opened(window: Window, file: Path) -> Window:
    window.files.open(str(file))
    return window


def ran(window: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.run.finished, timeout=60000):
        window.run.start()


def listed(window: Window) -> list[list[str]]:
    rows = window.letters.list.rows
    return [
        [str(rows.data(rows.index(row, column))) for column in (2, 3, TRIES, MESSAGE)] for row in range(rows.rowCount())
    ]


def click(qtbot: QtBot, window: Window, row: int, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    view = window.letters.list
    qtbot.mouseClick(view.viewport(), LEFT, modifier, view.visualRect(view.rows.index(row, 2)).center())


def kept(path: str, count: int = 1, payload: object = "2 kg") -> list[int]:
    store = Letters()
    failure = Failure("flow.weight", "ValueError", "no", path, 14, "return float(line)", (("line", "2 kg"),), "Tb")
    made = Letter("r", path, "h", "flow", "flow.line", 2, failure, (keep_payload("flow.line", (payload,)),))
    ids = [store.write(made).id for _ in range(count)]
    store.close()
    return ids


def chosen_page(window: Window, qtbot: QtBot, words: str) -> str:
    page = window.letters.page
    qtbot.waitUntil(lambda: words in page.toPlainText(), timeout=60000)
    return page.toPlainText()


def link(window: Window, qtbot: QtBot, words: str) -> None:
    """Click a link of the page with the mouse."""
    page = window.letters.page
    found = page.document().find(words)
    assert not found.isNull()
    found.setPosition(found.selectionStart() + 2)
    page.setTextCursor(found)
    page.ensureCursorVisible()
    at = page.cursorRect(found).center()
    assert page.anchorAt(at + QPoint(2, 0))
    qtbot.mouseClick(page.viewport(), LEFT, pos=at + QPoint(2, 0))


BAD = [
    ["flow.weight", "4", "1", "ValueError: could not convert string to float: 'four'"],
    ["flow.weight", "2", "1", "ValueError: could not convert string to float: '2 kg'"],
]


# ------------------------------------------------------------------ live
def test_turns_that_are_rejected_appear_at_once_with_a_count_that_opens_them(
    window: Window, qtbot: QtBot, file: Path
) -> None:
    opened(window, file)
    assert window.reports.letter_count.isHidden()
    ran(window, qtbot)
    qtbot.waitUntil(lambda: window.reports.letter_count.text() == "2 rejected")
    assert window.docks.letters.windowTitle() == "Dead letters (2 rejected)"
    assert window.docks.letters.isHidden()
    qtbot.mouseClick(window.reports.letter_count, LEFT)
    qtbot.waitUntil(window.letters.list.isVisible)
    qtbot.waitUntil(lambda: listed(window) == BAD, timeout=60000)
    words = "no more than 10,000 letters and 1,000 MB are kept"
    qtbot.waitUntil(lambda: words in window.letters.foot.text(), timeout=60000)
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL | SHIFT)
    qtbot.waitUntil(window.docks.letters.isHidden)


def test_a_row_is_there_before_the_store_is_read(window: Window, file: Path) -> None:
    opened(window, file)
    failure = Failure("flow.weight", "ValueError", "no")
    window.letters.take(Rejected("r", failure, 3, 1, "flow.line", 1))
    window.letters.take(Rejected("r", failure, 5, 2, "flow.line", 2))
    assert [row[1] for row in listed(window)] == ["5", "3"]
    assert window.reports.letter_count.text() == "2 rejected"
    window.letters.take(Rejected("r", failure, 5, 2, "flow.line", 3))
    assert [(row[1], row[2]) for row in listed(window)] == [("5", "2"), ("3", "1")], "it was put back and failed again"
    assert window.reports.letter_count.text() == "2 rejected"


def test_a_reading_that_began_before_a_letter_came_does_not_take_it_away(
    window: Window, qtbot: QtBot, file: Path
) -> None:
    opened(window, file)
    window.docks.letters.toggle()
    began = time.time()
    (letter,) = kept(str(file))
    window.letters.take(Rejected("r", Failure("flow.weight", "ValueError", "no"), 3, letter, "flow.line", 1))
    click(qtbot, window, 0)
    chosen = window.letters.list.chosen
    window.letters.desk.looked.emit(View(read=began))
    QApplication.processEvents()
    assert window.letters.list.chosen == chosen != []
    assert window.reports.letter_count.text() == "1 rejected"


def test_letters_of_before_are_counted_when_the_flow_is_opened(window: Window, qtbot: QtBot, file: Path) -> None:
    kept(str(file), 3)
    kept("/elsewhere.py", 2)
    opened(window, file)
    qtbot.waitUntil(lambda: window.reports.letter_count.text() == "3 rejected", timeout=60000)
    window.document.new()
    qtbot.waitUntil(window.reports.letter_count.isHidden, timeout=60000)


# ------------------------------------------------------------------ one of them
def test_a_letter_is_shown_with_all_that_is_known_and_leads_to_its_node(
    window: Window, qtbot: QtBot, file: Path
) -> None:
    opened(window, file)
    ran(window, qtbot)
    window.docks.letters.toggle()
    qtbot.waitUntil(lambda: listed(window) == BAD, timeout=60000)
    click(qtbot, window, 1)
    text = chosen_page(window, qtbot, "Traceback")
    for words in (
        "flow.weight failed", "could not convert string to float: '2 kg'", str(file), "2 of flow.line",
        "flow.line gave 2 kg", "weights.py, line 14", "▸ 14  ", "def weigh(line):", "return float(line)",
    ):  # fmt: skip
        assert words in text, words
    assert window.canvases.current.selection() == []
    link(window, qtbot, "flow.weight")
    assert window.canvases.current.selection() == ["weight"]
    window.canvases.current.select([])
    link(window, qtbot, "weights.py, line 14")
    assert window.canvases.current.selection() == ["weight"]
    window.canvases.current.select([])
    window.letters.list.setFocus()
    qtbot.keyClick(window.letters.list, Qt.Key.Key_Return)
    assert window.canvases.current.selection() == ["weight"]
    qtbot.keyClick(window.letters.list, Qt.Key.Key_Up)
    chosen_page(window, qtbot, "'four'")


def test_a_line_of_a_code_node_is_shown_in_its_source(window: Window, qtbot: QtBot, file: Path) -> None:
    file.write_text(
        FLOW_TEXT.replace("        weight = weigh(line)\n", "        if line:\n            weight = float(line) + 1\n")
    )
    opened(window, file)
    ran(window, qtbot)
    window.docks.letters.toggle()
    qtbot.waitUntil(lambda: len(listed(window)) == 2, timeout=60000)
    click(qtbot, window, 0)
    chosen_page(window, qtbot, "Traceback")
    line = next(row for row in window.letters.page.toPlainText().splitlines() if row.startswith("weights.py, line"))
    link(window, qtbot, line)
    assert window.canvases.current.selection()
    sheet = window.inspector.sheet
    if sheet is not None and sheet.code is not None:
        assert sheet.code.box.textCursor().selectedText().strip() == "weight = float(line) + 1"


# ------------------------------------------------------------------ put back
def test_letters_are_put_back_and_what_passes_vanishes(window: Window, qtbot: QtBot, file: Path) -> None:
    opened(window, file)
    ran(window, qtbot)
    window.docks.letters.toggle()
    qtbot.waitUntil(lambda: listed(window) == BAD, timeout=60000)
    file.write_text(FLOW_TEXT.replace("float(line)", "float(line.split()[0])"))
    opened(window, file)
    qtbot.waitUntil(lambda: listed(window) == BAD, timeout=60000)
    click(qtbot, window, 0)
    click(qtbot, window, 1, CTRL)
    assert len(window.letters.list.chosen) == 2
    button = window.letters.deeds.put_back_button
    assert button.isEnabled()
    with qtbot.waitSignal(window.run.finished, timeout=60000):
        qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: [row[:3] for row in listed(window)] == [["flow.weight", "4", "2"]], timeout=60000)
    qtbot.waitUntil(lambda: window.bar.text == "1 of 2 letters passed; 1 stays in the list.", timeout=60000)
    assert window.reports.letter_count.text() == "1 rejected"


def test_a_run_that_puts_letters_back_says_so_in_the_history(
    open_window: Callable[..., Window], qtbot: QtBot, file: Path
) -> None:
    window = opened(open_window(history=History()), file)
    ran(window, qtbot)
    with qtbot.waitSignal(window.run.finished, timeout=60000):
        window.run.put_back([1, 2])
    assert window.run.recorder.flush(15.0)
    with history() as connection:
        names = [run.name for run in store.listed(connection)]
    assert names == ["weights: letters 1-2 put back", "weights"]


def test_letters_are_not_put_back_into_a_run_that_is_on_or_another_flow(
    window: Window, qtbot: QtBot, file: Path
) -> None:
    kept("/elsewhere.py")
    opened(window, file)
    window.docks.letters.toggle()
    window.letters.which.setCurrentIndex(1)
    qtbot.waitUntil(lambda: len(listed(window)) == 1, timeout=60000)
    assert not window.letters.list.isColumnHidden(FLOW)
    click(qtbot, window, 0)
    button = window.letters.deeds.put_back_button
    assert not button.isEnabled()
    assert button.toolTip() == "They are of another flow: open that one to put them back."
    window.letters.run_changed(True)
    assert "A run is on" in button.toolTip()
    window.letters.run_changed(False)
    chosen_page(window, qtbot, "open it")
    wanted: list[str] = []
    window.letters.flow_wanted.disconnect()
    window.letters.flow_wanted.connect(wanted.append)
    link(window, qtbot, "open it")
    assert wanted == ["/elsewhere.py"]


def test_letters_go_along_when_the_flow_is_saved_under_another_name(
    window: Window, qtbot: QtBot, file: Path, tmp_path: Path
) -> None:
    kept(str(file), 2)
    opened(window, file)
    window.docks.letters.toggle()
    qtbot.waitUntil(lambda: len(listed(window)) == 2, timeout=60000)
    assert window.files.write(tmp_path / "mended.py")
    qtbot.waitUntil(lambda: window.letters.paths[0] == str(tmp_path / "mended.py"), timeout=60000)
    qtbot.waitUntil(lambda: len(listed(window)) == 2, timeout=60000)
    click(qtbot, window, 0)
    assert window.letters.deeds.why_not(window.letters.list.chosen) == ""
    other = tmp_path / "other.py"
    other.write_text(FLOW_TEXT)
    opened(window, other)
    qtbot.waitUntil(lambda: not listed(window), timeout=60000)


def test_what_cannot_be_put_back_says_why(window: Window, qtbot: QtBot, file: Path) -> None:
    kept(str(file), payload=object())
    opened(window, file)
    window.docks.letters.toggle()
    qtbot.waitUntil(lambda: len(listed(window)) == 1, timeout=60000)
    click(qtbot, window, 0)
    assert "It cannot be put back: " in chosen_page(window, qtbot, "cannot be put back")
    button = window.letters.deeds.put_back_button
    qtbot.waitUntil(lambda: not button.isEnabled())
    assert button.toolTip().startswith("It cannot be put back: ")


# ------------------------------------------------------------------ drop, copy, export
def test_what_is_dropped_can_come_back(window: Window, qtbot: QtBot, file: Path) -> None:
    ids = kept(str(file), 4)
    opened(window, file)
    window.docks.letters.toggle()
    qtbot.waitUntil(lambda: len(listed(window)) == 4, timeout=60000)
    click(qtbot, window, 1)
    qtbot.keyClick(window.letters.list, Qt.Key.Key_Delete)
    assert [head.id for head in window.letters.list.heads] == [ids[3], ids[1], ids[0]]
    assert [head.id for head in window.letters.list.chosen] == [ids[1]], "the next one can be dropped at once"
    qtbot.waitUntil(lambda: window.reports.letter_count.text() == "3 rejected", timeout=60000)
    strip = window.letters.deeds.strip
    assert strip.words.text() == "1 letter dropped."
    qtbot.mouseClick(strip.button, LEFT)
    qtbot.waitUntil(lambda: [head.id for head in window.letters.list.heads] == ids[::-1], timeout=60000)
    assert strip.isHidden()
    menu = window.letters.deeds.menu()
    action = next(action for action in menu.actions() if action.text() == "Drop all")
    action.trigger()
    qtbot.waitUntil(window.letters.nothing.isVisible, timeout=60000)
    qtbot.waitUntil(window.reports.letter_count.isHidden, timeout=60000)
    assert strip.words.text() == "4 letters dropped."
    qtbot.mouseClick(strip.button, LEFT)
    qtbot.waitUntil(lambda: len(listed(window)) == 4, timeout=60000)


def test_the_keys_of_the_list_are_its_own_whatever_is_selected_on_the_canvas(
    window: Window, qtbot: QtBot, file: Path
) -> None:
    ids = kept(str(file), 3)
    opened(window, file)
    nodes = set(window.canvases.current.board.cards)
    window.canvases.current.select(["weight"])
    window.docks.letters.toggle()
    qtbot.waitUntil(lambda: len(listed(window)) == 3, timeout=60000)
    view = window.letters.list
    for _ in range(2):
        click(qtbot, window, 0)
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert [head.id for head in view.heads] == [ids[0]]
    assert set(window.canvases.current.board.cards) == nodes, "no node was deleted"
    for left in ([ids[1], ids[0]], ids[::-1]):
        qtbot.keyClick(view, Qt.Key.Key_Z, CTRL)
        qtbot.waitUntil(lambda left=left: [head.id for head in view.heads] == left, timeout=60000)
    qtbot.keyClick(view, Qt.Key.Key_A, CTRL)
    assert len(view.chosen) == 3
    assert window.canvases.current.selection() == ["weight"]
    assert not window.document.dirty
    for other in (window.past.list, window.problems.list, window.log.page, window.library.tree):
        other.setFocus()
        qtbot.keyClick(other, Qt.Key.Key_Delete)
    assert set(window.canvases.current.board.cards) == nodes


def test_letters_are_copied_and_exported(
    window: Window, qtbot: QtBot, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(str(file), 2)
    opened(window, file)
    window.docks.letters.toggle()
    qtbot.waitUntil(lambda: len(listed(window)) == 2, timeout=60000)
    click(qtbot, window, 0)
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(window.letters.list, Qt.Key.Key_C, CTRL)
    qtbot.waitUntil(lambda: "return float(line)" in QGuiApplication.clipboard().text(), timeout=60000)
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Letter 2: flow.weight failed")
    assert "flow.line gave 2 kg" in text
    assert "line was 2 kg" in text
    for name in ("all.json", "all.txt", "gone/all.txt"):
        out = tmp_path / name
        monkeypatch.setattr(deeds, "ask_where", lambda *_, out=out: out)
        window.letters.deeds.export()
    window.letters.desk.wait()
    assert [letter["id"] for letter in json.loads((tmp_path / "all.json").read_text())] == [1, 2]
    assert (tmp_path / "all.txt").read_text().count("flow.weight failed") == 2
    qtbot.waitUntil(lambda: "No such file" in window.bar.text, timeout=60000)


def test_the_menu_says_what_can_be_done(window: Window, qtbot: QtBot, file: Path) -> None:
    kept(str(file), 2)
    opened(window, file)
    window.docks.letters.toggle()
    qtbot.waitUntil(lambda: len(listed(window)) == 2, timeout=60000)
    menu: QMenu = window.letters.deeds.menu()
    possible = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}
    assert possible == {
        "Put back": False, "Put all back": True, "Show the node": False, "Copy as text": False, "Export…": True,
        "Drop": False, "Drop all": True,
    }  # fmt: skip


# ------------------------------------------------------------------ nothing, errors, sizes
@pytest.mark.parametrize(("size", "scrolls"), [((1440, 900), False), ((1200, 760), False), ((720, 480), True)])
def test_no_line_of_the_hint_is_cut(window: Window, qtbot: QtBot, size: tuple[int, int], scrolls: bool) -> None:
    window.resize(*size)
    window.docks.reset()
    window.commands.trigger("view.letters")
    nothing = window.letters.nothing
    qtbot.waitUntil(nothing.isVisible)
    words = nothing.words
    qtbot.waitUntil(lambda: words.height() >= words.heightForWidth(words.width()))
    page = nothing.widget()
    assert page is not None
    assert page.rect().contains(nothing.button.geometry())
    assert (nothing.verticalScrollBar().maximum() > 0) is scrolls, "what does not fit can be scrolled to"


def test_an_empty_dock_says_what_dead_letters_are_and_how_to_keep_some(
    window: Window, qtbot: QtBot, file: Path, data_of_its_own: Path
) -> None:
    file.write_text(FLOW_TEXT.replace('# on_error = "reject"\n', ""))
    opened(window, file)
    window.docks.letters.toggle()
    qtbot.waitUntil(window.letters.nothing.isVisible)
    words = window.letters.nothing.words
    assert "A loop of this flow stops at the first turn that fails." in words.text()
    assert "A dead letter is a turn of a loop" in words.text()
    button: QWidget = window.letters.nothing.button
    qtbot.mouseClick(button, LEFT)
    assert window.document.flow.header.settings["on_error"] == "reject"
    assert window.inspector.flow_page is not None
    assert window.inspector.flow_page.on_error.box.currentText() == "Keep the turn"
    assert "This flow keeps its failed turns." in words.text()
    assert button.isHidden()
    window.editing.undo()
    assert "on_error" not in window.document.flow.header.settings
    assert not button.isHidden()
    window.letters.desk.wait()
    assert not (data_of_its_own / "letters.db").exists(), "a look makes no file"


def test_a_store_that_cannot_be_read_is_said_in_the_dock(
    window: Window, qtbot: QtBot, file: Path, data_of_its_own: Path
) -> None:
    (data_of_its_own / "letters.db").mkdir()
    opened(window, file)
    window.docks.letters.toggle()
    qtbot.waitUntil(lambda: "unable to open" in window.letters.nothing.words.text(), timeout=60000)
    assert window.letters.nothing.button.isHidden()
    (data_of_its_own / "letters.db").rmdir()
    window.letters.look()
    qtbot.waitUntil(lambda: "no dead letters" in window.letters.nothing.words.text(), timeout=60000)


def test_sizes_are_remembered(open_window: Callable[..., Window], qtbot: QtBot, file: Path) -> None:
    kept(str(file), 1)
    first = opened(open_window(), file)
    first.docks.letters.toggle()
    qtbot.waitUntil(lambda: len(listed(first)) == 1, timeout=60000)
    first.letters.parts.setSizes([300, 500])
    first.letters.list.setColumnWidth(2, 211)
    sizes = first.letters.parts.sizes()
    first.close()
    second = opened(open_window(), file)
    qtbot.waitUntil(lambda: second.letters.list.columnWidth(2) == 211)
    assert second.docks.letters.is_open
    qtbot.waitUntil(lambda: len(listed(second)) == 1, timeout=60000)
    assert [abs(a - b) < 40 for a, b in zip(second.letters.parts.sizes(), sizes, strict=True)] == [True, True]


def test_of_thousands_of_letters_only_those_in_sight_keep_a_frame_waiting(
    window: Window, qtbot: QtBot, file: Path
) -> None:
    store = Letters()
    failure = Failure("flow.weight", "ValueError", "no", str(file), 14, "return float(line)")
    made = Letter("r", str(file), "h", "flow", "flow.line", 2, failure, (keep_payload("flow.line", ("2 kg",)),))
    for _ in range(1200):
        store.write(made)
    store.close()
    opened(window, file)
    window.docks.letters.toggle()
    qtbot.waitUntil(lambda: len(listed(window)) == 1000, timeout=60000)
    assert "The newest 1\u202f000 letters are shown." in window.letters.foot.text()
    assert window.reports.letter_count.text() == "1\u202f200 rejected"
    asked: set[int] = set()

    class Heads(list[Any]):
        def __getitem__(self, row: Any) -> Any:
            asked.add(row)
            return super().__getitem__(row)

    shown = window.letters.list
    shown.show_heads(window.letters.view.heads[1:])
    assert shown.rows.rowCount() == 999
    shown.rows.heads = Heads(shown.rows.heads)
    shown.viewport().update()
    qtbot.waitUntil(lambda: bool(asked))
    assert 0 < len(asked) < 100, "only what is in sight is made to be seen"
