"""What somebody meets who uses the window for the first time: menus, the palette, messages, names for files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from flodesk.ui import files
from flodesk.ui.commands import Palette
from flodesk.ui.commands.palette import found, gestures
from flodesk.ui.files import free_name
from flodesk.ui.on_screen import TITLE_BAR, beside, fitted, keep_on_screen
from flodesk.ui.settings import settings
from flodesk.ui.shortcuts import ShortcutsDialog
from flodesk.ui.window import LEAST, Window

OPEN = """\
import flodesk
from flodesk.nodes import source


def flow():
    left = source.constant(2.0)
    tone = source.sine()


if __name__ == "__main__":
    flodesk.main(flow)
"""

INNER = """\
import flodesk
from flodesk.nodes import maths, source


def twice(x):
    y = maths.add(x, x)
    z = maths.add(y, x)
    return z


def flow():
    left = source.constant(2.0)
    more = twice(left)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def press(window: Window, keys: str) -> None:
    combination = QKeySequence(keys)[0]
    QTest.keyClick(window, combination.key(), combination.keyboardModifiers())
    QApplication.processEvents()


def opened(window: Window, path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    assert window.files.open(path)
    QApplication.processEvents()


# ------------------------------------------------------------------ menus and words
def test_no_menu_is_higher_than_a_small_window(window: Window) -> None:
    for title, menu in window.commands.menus.items():
        entries = [action for action in menu.actions() if not action.isSeparator()]
        assert len(entries) <= 26, (title, len(entries))
    view = window.commands.menus["View"]
    assert view.sizeHint().height() < 300
    assert [action.text() for action in view.actions() if action.menu()] == [
        "Panel", "Zoom", "Functions", "Compare", "Docks", "On the canvas", "Theme and size"
    ]  # fmt: skip


def test_the_palette_tells_gestures_too(qtbot: QtBot, window: Window) -> None:
    assert [entry.title for entry in gestures("cut")] == ["Cut wires"]
    assert found("zoom in")[0].id == "view.zoom_in", "names of commands come first, wherever their menu is"
    window.commands.trigger("view.palette")
    popup = window.findChild(Palette)
    assert popup is not None
    qtbot.keyClicks(popup.field, "cut wires")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert "Alt+Shift and drag" in window.statusBar().currentMessage()


def test_the_keys_of_a_group_stand_first_when_it_is_looked_for(qtbot: QtBot, window: Window) -> None:
    press(window, "Ctrl+F1")
    dialog = window.findChild(ShortcutsDialog)
    assert dialog is not None
    qtbot.keyClicks(dialog.search, "on the canvas")
    first = dialog.tree.topLevelItem(0)
    assert first is not None
    assert first.text(0) == "On the canvas"
    assert first.childCount() > 5
    dialog.search.clear()
    again = dialog.tree.topLevelItem(0)
    assert again is not None
    assert again.text(0) == "File"
    dialog.close()


def test_context_menus_copy_and_paste(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    opened(window, tmp_path / "flow.py", OPEN)
    canvas = window.canvases.current
    at = canvas.node_center("left")
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(canvas.viewport(), QContextMenuEvent(reason, at, canvas.viewport().mapToGlobal(at)))
    menu = canvas.context.menu
    assert menu is not None
    titles = {action.text().partition("\t")[0]: action for action in menu.actions()}
    assert {"Cut", "Copy", "Paste", "Duplicate"} <= titles.keys()
    titles["Duplicate"].trigger()
    menu.close()
    qtbot.waitUntil(lambda: len(canvas.board.cards) == 3)


# ------------------------------------------------------------------ messages and problems
def test_a_refusal_to_run_goes_with_its_cause(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    opened(window, tmp_path / "flow.py", OPEN)
    QTest.mouseClick(window.run_bar.start, Qt.MouseButton.LeftButton)
    assert window.bar.text.startswith("The flow cannot run yet")
    canvas = window.canvases.current
    canvas.select(["tone"])
    QTest.keyClick(canvas.viewer, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not window.checking.errors)
    assert not window.bar.isVisible()


def test_the_fixes_of_the_only_problem_need_no_selection(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    opened(window, tmp_path / "flow.py", OPEN)
    press(window, "Alt+Return")
    assert window.canvases.current.selection() == ["tone"]
    assert "again" in window.statusBar().currentMessage()
    window.commands.trigger("run.fix")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.activeAction() is not None, "Enter takes it"
    menu.close()


def test_nothing_moves_under_the_mouse_when_a_message_comes(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    opened(window, tmp_path / "flow.py", OPEN)
    qtbot.wait(50)
    canvas = window.canvases.current
    at = QPoint(canvas.width() // 2, canvas.height() - 40)
    QTest.mouseMove(canvas.viewport(), at)
    qtbot.waitUntil(canvas.viewport().underMouse)
    before = canvas.to_scene(at)
    window.reports.message("Something went wrong with the flow.", "error")
    qtbot.wait(50)
    assert canvas.to_scene(at) == before
    window.bar.clear()
    assert canvas.to_scene(at) == before


# ------------------------------------------------------------------ the inspector
def test_the_inspector_counts_the_function_that_is_shown(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    opened(window, tmp_path / "flow.py", INNER)
    window.canvases.current.select(["more"])
    press(window, "Alt+Down")
    qtbot.waitUntil(lambda: window.canvases.function == "twice")
    window.canvases.pages[0].picking.clear_selection()
    words = " ".join(label.text() for label in window.inspector.findChildren(QLabel))
    assert "in twice." in words
    window.canvases.current.select(["return"])
    sheet = window.inspector.sheet
    assert sheet is not None
    assert not sheet.name.isVisible()
    assert "runs in" not in [label.text() for label in sheet.findChildren(QLabel)]
    assert sheet.note.isVisible()


# ------------------------------------------------------------------ files and the screen
def test_save_proposes_a_name_that_is_free(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    settings().setValue("folder", str(tmp_path))
    proposed: list[str] = []

    def ask(_parent: object, _title: str, proposal: Path, _filters: str, _own: Path | None) -> None:
        proposed.append(proposal.name)

    monkeypatch.setattr(files, "ask_where", ask)
    press(window, "Ctrl+S")
    (tmp_path / "flow.py").write_text("", encoding="utf-8")
    press(window, "Ctrl+S")
    (tmp_path / "flow_2.py").symlink_to("nowhere")
    press(window, "Ctrl+S")
    assert proposed == ["flow.py", "flow_2.py", "flow_3.py"]
    assert free_name(tmp_path / "other.py") == tmp_path / "other.py"


def test_recent_flows_of_the_home_folder_say_so(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/me"))
    assert window.start._told(Path("/home/me/flow.py")).splitlines()[1] == "~"
    assert window.start._told(Path("/home/me/lab/flow.py")).splitlines()[1] == "~/lab"


@pytest.mark.parametrize(
    ("place", "size"),
    [((0, 36), (1440, 864)), ((400, 300), (1440, 900)), ((900, 500), (800, 560)), ((-50, -50), (2560, 1400))],
)
def test_a_new_window_is_within_the_screen(place: tuple[int, int], size: tuple[int, int]) -> None:
    room, least = QRect(0, 0, 1440, 900), QSize(*LEAST)
    for box in (
        beside(QPoint(*place), QSize(*size), room, least),
        fitted(QPoint(*place), QSize(*size), room, least),
    ):
        assert room.adjusted(0, TITLE_BAR, 0, 0).contains(box)
    assert beside(QPoint(*place), QSize(*size), room, least).topLeft() != QPoint(*place)


def test_a_window_of_a_large_screen_comes_back_within_a_small_one(open_window: Callable[..., Window]) -> None:
    window = open_window()
    window.setGeometry(3000, 2000, 2500, 1300)
    keep_on_screen(window)
    assert window.screen().availableGeometry().contains(window.geometry())
