"""Every key can be looked up; those of commands are changed, taken from others with a word, and given back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidgetItem
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from flodesk.ui.commands import COMMANDS
from flodesk.ui.commands.gestures import GESTURES
from flodesk.ui.commands.keymap import keymap, refusal
from flodesk.ui.shortcuts import ShortcutsDialog
from flodesk.ui.window import Window

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def dialog(window: Window, qtbot: QtBot) -> ShortcutsDialog:
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
    window.canvases.current.setFocus()
    QTest.keyClick(window.canvases.current.viewer, Key.Key_F1, CTRL)
    QApplication.processEvents()
    found = window.findChild(ShortcutsDialog)
    assert isinstance(found, ShortcutsDialog)
    return found


def shown(dialog: ShortcutsDialog) -> list[QTreeWidgetItem]:
    heads = [dialog.tree.topLevelItem(n) for n in range(dialog.tree.topLevelItemCount())]
    rows: list[Any] = [head.child(n) for head in heads if not head.isHidden() for n in range(head.childCount())]
    return [row for row in rows if not row.isHidden()]


def choose(dialog: ShortcutsDialog, title: str) -> None:
    dialog.search.setText(title)
    row = next(row for row in shown(dialog) if row.text(0) == title)
    dialog.tree.setCurrentItem(row)
    dialog.tree.setFocus()
    QTest.keyClick(dialog.tree, Key.Key_Return)
    QApplication.processEvents()


def keys(window: Window, name: str) -> list[str]:
    return [key.toString() for key in window.commands[name].shortcuts()]


def press(dialog: ShortcutsDialog, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    dialog.recorder.field.setFocus()
    QTest.keyClick(dialog.recorder.field, key, held)
    QApplication.processEvents()


def test_every_command_and_gesture_is_listed_in_its_group(dialog: ShortcutsDialog) -> None:
    rows = shown(dialog)
    assert len(rows) == len(COMMANDS) + sum(map(len, GESTURES.values()))
    assert all(row.text(0) for row in rows)
    heads = [dialog.tree.topLevelItem(n).text(0) for n in range(dialog.tree.topLevelItemCount())]
    assert heads[:6] == ["File", "Edit", "Canvas", "Run", "View", "Help"]
    assert heads[-len(GESTURES) :] == list(GESTURES)


@pytest.mark.parametrize(("text", "title"), [("subflow make", "Make a subflow"), ("ctrl+g", "Make a subflow")])
def test_the_search_finds_words_and_keys(dialog: ShortcutsDialog, text: str, title: str) -> None:
    QTest.keyClicks(dialog.search, text)
    assert title in [row.text(0) for row in shown(dialog)]
    assert len(shown(dialog)) < 12
    dialog.search.setText("xyzzy")
    assert shown(dialog) == []
    assert dialog.nothing.isVisible()


def test_a_key_is_changed_in_every_window_and_remembered(
    dialog: ShortcutsDialog, window: Window, open_window: Callable[..., Window]
) -> None:
    other = open_window()
    choose(dialog, "Tidy")
    press(dialog, Key.Key_9, CTRL)
    QTest.keyClick(dialog.recorder.field, Key.Key_Return)
    assert keys(window, "arrange.tidy") == keys(other, "arrange.tidy") == ["Ctrl+9"]
    assert "Ctrl+9" in window.commands["arrange.tidy"].toolTip()
    assert dialog.focusWidget() is dialog.tree
    assert keys(open_window(), "arrange.tidy") == ["Ctrl+9"]
    choose(dialog, "Tidy")
    QTest.mouseClick(dialog.recorder.reset, Qt.MouseButton.LeftButton)
    assert keys(window, "arrange.tidy") == ["Ctrl+Shift+T"]
    assert not dialog.recorder.reset.isEnabled()


def test_a_key_of_another_command_is_said_and_taken(dialog: ShortcutsDialog, window: Window) -> None:
    choose(dialog, "Tidy")
    press(dialog, Key.Key_G, CTRL)
    assert "“Make a subflow”" in dialog.recorder.words.text()
    assert keys(window, "edit.subflow") == ["Ctrl+G"]  # not yet
    QTest.mouseClick(dialog.recorder.set, Qt.MouseButton.LeftButton)
    assert keys(window, "arrange.tidy") == ["Ctrl+G"]
    assert keys(window, "edit.subflow") == []
    taken = [key for entry in COMMANDS for key in keymap.keys_of(entry)]
    assert len(set(taken)) == len(taken)
    QTest.mouseClick(dialog.reset_all, Qt.MouseButton.LeftButton)
    assert all(keys(window, c.id) == [QKeySequence(k).toString() for k in c.shortcuts] for c in COMMANDS)
    assert not dialog.reset_all.isEnabled()


def test_a_letter_alone_is_refused_and_escape_leaves_the_key(dialog: ShortcutsDialog, window: Window) -> None:
    choose(dialog, "Tidy")
    press(dialog, Key.Key_T, Qt.KeyboardModifier.NoModifier)
    assert "hold Ctrl or Alt" in dialog.recorder.words.text()
    assert not dialog.recorder.set.isEnabled()
    QTest.keyClick(dialog.recorder.field, Key.Key_Escape)
    assert dialog.isVisible()
    assert keys(window, "arrange.tidy") == ["Ctrl+Shift+T"]
    for key in ("F4", "Ctrl+A", "Alt+X", "Shift+F3", "Ctrl+Shift+1"):
        assert refusal(key) == "", key
    for key in ("A", "Shift+A", "Left", "Tab", "Space", "?"):
        assert refusal(key), key


def test_a_command_can_have_no_key(dialog: ShortcutsDialog, window: Window, open_window: Callable[..., Window]) -> None:
    choose(dialog, "Tidy")
    QTest.mouseClick(dialog.recorder.none, Qt.MouseButton.LeftButton)
    assert keys(window, "arrange.tidy") == []
    assert keys(open_window(), "arrange.tidy") == []
    window.dialogs.show_palette()
    palette = next(w for w in QApplication.topLevelWidgets() if type(w).__name__ == "Palette")
    palette.close()


def test_the_menus_of_the_canvas_show_the_keys_as_they_are_now() -> None:
    assert keymap.now("Ctrl+G") == "Ctrl+G"
    keymap.put("edit.subflow", ("Ctrl+9",))
    assert keymap.now("Ctrl+G") == "Ctrl+9"
    keymap.put("edit.subflow", ())
    assert keymap.now("Ctrl+G") == ""
    assert keymap.now("F") == "F"
    keymap.reset_all()


def test_a_gesture_has_no_key_to_change(dialog: ShortcutsDialog) -> None:
    dialog.search.setText("rest the mouse on a port")
    assert not dialog.recorder.isEnabled()
    QTest.keyClick(dialog, Key.Key_Escape)
    QApplication.processEvents()
    assert not isValid(dialog)
