"""One walk over the table of commands."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from flodesk.resource import resource
from flodesk.ui.commands import COMMANDS, MENUS, command
from flodesk.ui.commands.actions import resolve, walk
from flodesk.ui.commands.palette import found
from flodesk.ui.window import Window


def test_every_command_leads_somewhere(window: Window) -> None:
    for entry in COMMANDS:
        assert callable(walk(window, entry.do)), entry.id
        for path in (entry.when, entry.checked):
            assert path == "" or isinstance(resolve(window, path), bool), entry.id
        action = window.commands[entry.id]
        assert action.text() == entry.title
        assert not entry.suffix or isinstance(resolve(window, entry.suffix), str)
        assert [s.toString() for s in action.shortcuts()] == [QKeySequence(s).toString() for s in entry.shortcuts]


def test_titles_and_keys_are_there_and_unique() -> None:
    assert all(c.title and c.tip for c in COMMANDS)
    assert len({c.id for c in COMMANDS}) == len(COMMANDS)
    keys = [QKeySequence(s).toString() for c in COMMANDS for s in c.shortcuts]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert set(MENUS) == {c.menu.partition("/")[0] for c in COMMANDS} - {""}
    for entry in COMMANDS:
        assert not entry.icon or resource(f"icons/{entry.icon}.svg").is_file()


def test_menus_hold_the_table_in_order(window: Window) -> None:
    assert set(window.commands.menus) == {c.menu for c in COMMANDS if c.menu}
    for title, menu in window.commands.menus.items():
        shown = [a.objectName() for a in menu.actions() if a.objectName()]
        assert shown == [c.id for c in COMMANDS if c.menu == title]


def test_the_palette_finds_by_beginning_word_and_with_a_typing_error() -> None:
    assert found("sav")[0] is command("file.save")
    assert command("view.fit") in found("whole flow")
    assert command("view.inspector") in found("inspectr")
    assert found("xyzzyq") == []
    assert found("") == list(COMMANDS)
