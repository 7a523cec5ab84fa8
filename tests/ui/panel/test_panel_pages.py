"""Pages of the panel by real clicks and keys: every change is one edit of the file, taken back to the letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QScrollArea
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.engine.preview import preview
from flodesk.flow.edit import SetPages, SetParameter, pages
from flodesk.flow.model import Literal
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel, coming
from flodesk.ui.panel.layout.grid import Cells

BODY = [
    "gain = control.slider(1.0)",
    "on = control.switch()",
    "spare = control.number(2.0)",
    "seen = show.number(gain)",
]
VIEWS = ["gain = [0, 0, 6, 2]", "on = [0, 2, 4, 1]", 'seen = { at = [0, 0, 4, 2], page = "Tuning" }']
OpenPanel = Callable[[str], ControlPanel]
FlowText = Callable[..., str]


@pytest.fixture
def panel(open_panel: OpenPanel, flow_text: FlowText) -> ControlPanel:
    return open_panel(flow_text(BODY, VIEWS))


def shown(panel: ControlPanel) -> set[str]:
    return {key for key, card in panel.board.cards.items() if card.isVisible()}


def tab(panel: ControlPanel, page: str) -> QPoint:
    tabs = panel.page_row.tabs
    return tabs.tabRect(tabs.names.index(page)).center()


def click(qtbot: QtBot, panel: ControlPanel, page: str) -> None:
    qtbot.mouseClick(panel.page_row.tabs, Qt.MouseButton.LeftButton, pos=tab(panel, page))


def type_name(qtbot: QtBot, panel: ControlPanel, name: str) -> None:
    field = panel.page_row.tabs.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, name)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def said_by(panel: ControlPanel) -> list[str]:
    said: list[str] = []
    panel.refused.connect(said.append)
    return said


def test_a_panel_without_pages_has_no_tabs(open_panel: OpenPanel, flow_text: FlowText) -> None:
    panel = open_panel(flow_text(BODY, VIEWS[:2]))
    assert not panel.page_row.isVisible()
    assert not panel.pages.several


def test_a_click_turns_the_page_and_only_what_it_shows_is_watched(panel: ControlPanel, qtbot: QtBot) -> None:
    assert panel.page_row.isVisible()
    assert [panel.page_row.tabs.tabText(n) for n in range(2)] == ["Main", "Tuning"]
    assert shown(panel) == {"flow.gain", "flow.on"}
    assert panel.watched() == set()
    with qtbot.waitSignal(panel.watched_changed):
        click(qtbot, panel, "Tuning")
    assert shown(panel) == {"flow.seen"}
    assert panel.watched() == {"flow.seen"}
    assert panel.board.places() == {"flow.seen": Cells(0, 0, 4, 2)}, "views of two pages are in nobody's way"
    assert not panel.document.dirty, "which page is shown is no part of the flow"


def test_a_card_is_found_as_it_was_left(panel: ControlPanel, qtbot: QtBot) -> None:
    card = panel.board.cards["flow.gain"]
    click(qtbot, panel, "Tuning")
    qtbot.waitUntil(lambda: shown(panel) == {"flow.seen"})
    assert not card.isVisible()
    panel.document.do(SetPages(("", "Tuning", "More"), "Add"))
    panel.hand.turn("flow.gain", card.shown, 5.0)  # type: ignore[arg-type]
    click(qtbot, panel, "")
    qtbot.waitUntil(lambda: "flow.gain" in shown(panel))
    assert panel.board.cards["flow.gain"] is card
    assert card.shown.value == 5.0  # type: ignore[union-attr]


def test_the_name_of_a_page_is_edited_beside_the_tabs_before_it(panel: ControlPanel, qtbot: QtBot) -> None:
    tabs = panel.page_row.tabs
    wide = tabs.width()
    qtbot.mouseDClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    field = tabs.findChild(QLineEdit)
    assert field is not None
    assert field.geometry().left() > tabs.tabRect(0).right()
    assert field.geometry().right() <= tabs.width()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: tabs.width() == wide)


def test_the_plus_adds_an_empty_page_that_says_what_to_do(panel: ControlPanel, qtbot: QtBot) -> None:
    before = write(panel.document.flow)
    qtbot.mouseClick(panel.page_row.add, Qt.MouseButton.LeftButton)
    assert 'pages = ["", "Tuning", "Page 3"]\n' in write(panel.document.flow)
    qtbot.waitUntil(lambda: panel.board.empty)
    assert panel.pages.shown == "Page 3"
    assert panel.board.accessibleDescription() == (
        "The flow has one control or indicator that no page shows: press “Add view”. "
        "Right-click a view on another page and choose “Move to page” to bring it here."
    )
    panel.document.undo()
    assert write(panel.document.flow) == before
    assert panel.pages.shown == "Tuning", "what stood beside it is shown"
    panel.document.redo()
    assert panel.pages.shown == "Page 3", "a page that comes back is shown"


def test_the_menu_of_the_bar_adds_the_second_page(open_panel: OpenPanel, flow_text: FlowText, qtbot: QtBot) -> None:
    panel = open_panel(flow_text(BODY, VIEWS[:2]))
    panel.bar.more_menu.aboutToShow.emit()
    entries = {action.text(): action for action in panel.bar.more_menu.actions()}
    assert not entries["Remove the page and its views"].isEnabled()
    entries["New page"].trigger()
    assert pages(panel.document.flow) == ("", "Page 2")
    assert panel.page_row.isVisible()


@pytest.mark.parametrize("how", ["double click", "F2"])
def test_a_page_is_renamed_on_its_tab(panel: ControlPanel, qtbot: QtBot, how: str) -> None:
    before = write(panel.document.flow)
    tabs = panel.page_row.tabs
    click(qtbot, panel, "Tuning")
    if how == "F2":
        tabs.setFocus()
        qtbot.keyClick(tabs, Qt.Key.Key_F2)
    else:
        qtbot.mouseDClick(tabs, Qt.MouseButton.LeftButton, pos=tab(panel, "Tuning"))
    type_name(qtbot, panel, 'Öl & "Gas"')
    assert r'seen = { at = [0, 0, 4, 2], page = "Öl & \"Gas\"" }' in write(panel.document.flow)
    assert panel.pages.shown == 'Öl & "Gas"'
    assert tabs.tabText(1) == 'Öl && "Gas"'
    panel.document.undo()
    assert write(panel.document.flow) == before
    assert panel.pages.shown == "Tuning"


def test_the_page_without_a_name_gets_one(open_panel: OpenPanel, flow_text: FlowText, qtbot: QtBot) -> None:
    panel = open_panel(flow_text(BODY, VIEWS[:2]))
    panel.page_row.rename_shown()
    qtbot.waitUntil(lambda: panel.page_row.tabs.findChild(QLineEdit) is not None)
    field = panel.page_row.tabs.findChild(QLineEdit)
    assert field is not None
    assert field.text() == "Main"
    type_name(qtbot, panel, "Overview")
    assert pages(panel.document.flow) == ("Overview",)
    assert shown(panel) == {"flow.gain", "flow.on"}
    assert panel.page_row.isVisible(), "a page with a name shows it"
    panel.document.undo()
    qtbot.waitUntil(lambda: not panel.page_row.isVisible())


def test_a_name_that_is_taken_or_empty_is_refused(panel: ControlPanel, qtbot: QtBot) -> None:
    said, before = said_by(panel), write(panel.document.flow)
    panel.page_row.tabs.rename(1)
    type_name(qtbot, panel, "Main")
    assert said == ["There is a page “Main” already: choose another name."]
    field = panel.page_row.tabs.findChild(QLineEdit)
    assert field is not None
    assert field.isVisible(), "there is another chance"
    field.clear()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert said[1:] == ["A page needs a name: type one, or press Esc to leave it as it is."]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert write(panel.document.flow) == before


def test_no_two_pages_are_called_the_same(open_panel: OpenPanel, flow_text: FlowText) -> None:
    panel = open_panel(
        flow_text(
            ["a = control.slider(1.0)", "b = control.slider(1.0)"],
            ["a = [0, 0, 4, 2]", 'b = { at = [0, 0, 4, 2], page = "Main" }'],
        )
    )
    tabs = panel.page_row.tabs
    assert [tabs.tabText(number) for number in range(2)] == ["Main", "Main (another)"]
    assert panel.pages.rename("Main", "Fine")
    assert [tabs.tabText(number) for number in range(2)] == ["Main", "Fine"]
    assert not panel.pages.rename("Fine", "Main")


def test_del_removes_a_page_with_its_views_and_undo_brings_it_back(panel: ControlPanel, qtbot: QtBot) -> None:
    said, before = said_by(panel), write(panel.document.flow)
    tabs = panel.page_row.tabs
    click(qtbot, panel, "Tuning")
    tabs.setFocus()
    qtbot.keyClick(tabs, Qt.Key.Key_Delete)
    assert "seen =" not in write(panel.document.flow).partition("# ///\nimport")[0]
    assert "    seen = show.number(gain)\n" in write(panel.document.flow), "the node stays"
    assert said == ["The page “Tuning” is gone with its view; undo brings it back."]
    qtbot.waitUntil(lambda: shown(panel) == {"flow.gain", "flow.on"})
    assert not panel.page_row.isVisible()
    steps = panel.document.steps
    panel.pages.remove()
    assert said[1:] == ["This is the only page of the panel: it stays."]
    assert panel.document.steps == steps
    panel.document.undo()
    assert write(panel.document.flow) == before
    qtbot.waitUntil(lambda: shown(panel) == {"flow.seen"})


def drag_tab(qtbot: QtBot, panel: ControlPanel, page: str, to: str) -> None:
    tabs = panel.page_row.tabs
    start, end = tab(panel, page), tab(panel, to)
    end += QPoint(tabs.tabRect(tabs.names.index(to)).width() // 2 - 2, 0)
    qtbot.mousePress(tabs, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 9):
        qtbot.mouseMove(tabs, start + (end - start) * step / 8)
    qtbot.mouseRelease(tabs, Qt.MouseButton.LeftButton, pos=end)


def test_a_drag_moves_a_page_as_one_edit(panel: ControlPanel, qtbot: QtBot) -> None:
    panel.pages.add()
    before, steps = write(panel.document.flow), panel.document.steps
    drag_tab(qtbot, panel, "", "Page 3")
    assert pages(panel.document.flow) == ("Tuning", "Page 3", "")
    assert panel.document.steps == steps + 1
    assert 'pages = ["Tuning", "Page 3", ""]\n' in write(panel.document.flow)
    assert panel.page_row.tabs.names == ("Tuning", "Page 3", "")
    panel.document.undo()
    assert write(panel.document.flow) == before
    assert panel.page_row.tabs.names == ("", "Tuning", "Page 3")


def test_keys_move_a_page(panel: ControlPanel, qtbot: QtBot) -> None:
    tabs = panel.page_row.tabs
    tabs.setFocus()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(tabs, Qt.Key.Key_PageDown, both)
    assert pages(panel.document.flow) == ("Tuning", "")
    assert panel.pages.shown == ""
    steps = panel.document.steps
    qtbot.keyClick(tabs, Qt.Key.Key_PageDown, both)
    assert panel.document.steps == steps, "at the end it stays"


def move_entry(panel: ControlPanel, key: str, text: str) -> None:
    menu = panel.board.cards[key].menu()
    there = next(action.menu() for action in menu.actions() if action.text() == "Move to page")
    assert isinstance(there, QMenu)
    next(action for action in there.actions() if action.text() == text).trigger()


def test_a_view_moves_to_another_page_where_it_finds_room(panel: ControlPanel, qtbot: QtBot) -> None:
    before, said = write(panel.document.flow), said_by(panel)
    move_entry(panel, "flow.gain", "Tuning")
    assert 'gain = { at = [4, 0, 6, 2], page = "Tuning" }' in write(panel.document.flow), "its place is taken there"
    assert said == ["“gain” is on the page “Tuning” now."]
    assert panel.document.undo_title == "Move “gain” to the page “Tuning”"
    qtbot.waitUntil(lambda: shown(panel) == {"flow.on"})
    move_entry(panel, "flow.on", "Tuning")
    assert 'on = { at = [0, 2, 4, 1], page = "Tuning" }' in write(panel.document.flow), "the row above has no room"
    assert pages(panel.document.flow) == ("Tuning",)
    qtbot.waitUntil(lambda: shown(panel) == {"flow.seen", "flow.gain", "flow.on"})
    panel.document.undo()
    panel.document.undo()
    assert write(panel.document.flow) == before


def test_a_view_moves_to_a_new_page_in_one_step(panel: ControlPanel, qtbot: QtBot) -> None:
    before = write(panel.document.flow)
    move_entry(panel, "flow.on", "New page")
    assert pages(panel.document.flow) == ("", "Tuning", "Page 3")
    assert 'on = { at = [0, 0, 4, 1], page = "Page 3" }' in write(panel.document.flow)
    panel.document.undo()
    assert write(panel.document.flow) == before


def test_a_view_from_far_below_is_in_sight_on_an_empty_page(
    open_panel: OpenPanel, flow_text: FlowText, qtbot: QtBot
) -> None:
    panel = open_panel(flow_text(BODY, [*VIEWS[:2], "spare = [3, 14, 5, 4]"]))
    panel.pages.add()
    empty = panel.pages.shown
    panel.pages.turn("")
    before = write(panel.document.flow)
    move_entry(panel, "flow.spare", panel.pages.title(empty))
    assert f'spare = {{ at = [0, 0, 5, 4], page = "{empty}" }}' in write(panel.document.flow)
    panel.pages.turn(empty)
    qtbot.waitUntil(lambda: shown(panel) == {"flow.spare"})
    assert not panel.board.cards["flow.spare"].visibleRegion().isEmpty(), "it is in sight"
    panel.document.undo()
    assert write(panel.document.flow) == before


def test_what_is_added_goes_to_the_page_that_is_shown(panel: ControlPanel, qtbot: QtBot) -> None:
    click(qtbot, panel, "Tuning")
    qtbot.waitUntil(lambda: shown(panel) == {"flow.seen"})
    panel.bar.menu.aboutToShow.emit()
    panel.bar.menu.actions()[0].trigger()
    added = panel.document.flow.header.panel["flow"]["spare"]
    assert (added.page, added.column, added.row) == ("Tuning", 4, 0)
    qtbot.waitUntil(lambda: "flow.spare" in shown(panel))
    panel.views.show_again("flow.seen")
    again = next(view for view in panel.document.flow.header.panel["flow"].values() if view.id == "seen_2")
    assert again.page == "Tuning"


def test_presets_hold_the_controls_of_all_pages(panel: ControlPanel, qtbot: QtBot) -> None:
    click(qtbot, panel, "Tuning")
    qtbot.waitUntil(lambda: shown(panel) == {"flow.seen"})
    assert panel.presets.possible
    panel.presets.save("calm")
    assert 'calm = { "flow.gain.value" = 1.0, "flow.on.on" = ' in write(panel.document.flow)


def test_a_panel_of_one_page_follows_its_name_and_tells_when_it_is_gone(
    panel: ControlPanel, qtbot: QtBot, flow_text: FlowText
) -> None:
    alone = ControlPanel(panel.document, panel.catalog, page="Tuning", pulses=panel.pulses)
    qtbot.addWidget(alone)
    alone.show()
    assert not alone.page_row.isVisible()
    assert shown(alone) == {"flow.seen"}
    panel.pages.rename("Tuning", "Fine")
    qtbot.waitUntil(lambda: alone.pages.shown == "Fine")
    qtbot.waitUntil(lambda: shown(alone) == {"flow.seen"})
    with qtbot.waitSignal(alone.pages.gone):
        panel.pages.remove("Fine")


def test_another_file_begins_with_its_first_page(panel: ControlPanel, qtbot: QtBot, flow_text: FlowText) -> None:
    click(qtbot, panel, "Tuning")
    assert panel.document.path is not None
    panel.document.path.write_text(flow_text(BODY, [*VIEWS, 'on_2 = { at = [0, 0, 1, 1], shows = "on", page = "A" }']))
    panel.document.read_again()
    assert panel.pages.shown == "Tuning", "the same file stays on its page"
    panel.document.open(panel.document.path.rename(panel.document.path.with_name("other.py")))
    QApplication.processEvents()
    assert panel.pages.shown == ""
    assert panel.page_row.tabs.names == ("", "Tuning", "A")


def test_a_page_is_left_and_found_where_it_was_scrolled_to(
    open_panel: OpenPanel, flow_text: FlowText, qtbot: QtBot
) -> None:
    low = 'seen = { at = [0, 30, 4, 2], page = "Low" }'
    panel = open_panel(flow_text(BODY, ["gain = [0, 40, 6, 2]", low]))
    bar = panel.findChild(QScrollArea).verticalScrollBar()  # type: ignore[union-attr]
    bar.setValue(700)
    for page, value in (("Low", 0), ("", 700), ("Low", 300), ("", 700), ("Low", 300)):
        click(qtbot, panel, page)
        qtbot.waitUntil(lambda page=page: shown(panel) == {"flow.seen" if page else "flow.gain"})
        if page and not bar.value():
            bar.setValue(300)
        else:
            qtbot.waitUntil(lambda value=value: bar.value() == value)


def test_cards_of_a_page_come_in_portions_and_all_of_them(
    open_panel: OpenPanel, flow_text: FlowText, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "PORTION", 0.0)
    views = [f'g{n} = {{ at = [0, {n}, 4, 1], shows = "gain", page = "Many" }}' for n in range(4)]
    panel = open_panel(flow_text(BODY, ["on = [0, 0, 4, 1]", *views]))
    counts: list[int] = []
    panel.watched_changed.connect(lambda: counts.append(len(panel.board.cards)))
    click(qtbot, panel, "Many")
    qtbot.waitUntil(lambda: len(panel.board.cards) == 4)
    assert all(
        card.geometry() == panel.board.cards["flow.g0"].geometry().translated(0, 48 * n)
        for n, card in enumerate(panel.board.cards.values())
    )
    click(qtbot, panel, "")
    panel.document.do(SetPages(("", "Many", "More"), "Add"))
    qtbot.waitUntil(lambda: shown(panel) == {"flow.on"})


def test_an_edit_while_cards_come_finds_all_of_them(
    open_panel: OpenPanel, flow_text: FlowText, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "PORTION", 0.0)
    views = [f'g{n} = {{ at = [0, {n}, 4, 1], shows = "gain", page = "Many", group = "G" }}' for n in range(4)]
    panel = open_panel(flow_text(BODY, ["on = [0, 0, 4, 1]", *views]))
    panel.pages.turn("Many")
    panel.refresh()
    assert len(panel.board.cards) == 1, "the others are still to come"
    panel.document.do(SetParameter("flow", "gain", "value", Literal("7.0"), 0))
    assert [card.shown.value for card in panel.board.cards.values()] == [7.0] * 4  # type: ignore[union-attr]


def test_a_card_waits_for_the_whole_value_and_shows_nothing_in_brief(panel: ControlPanel, qtbot: QtBot) -> None:
    click(qtbot, panel, "Tuning")
    qtbot.waitUntil(lambda: shown(panel) == {"flow.seen"})
    card = panel.board.cards["flow.seen"]
    assert panel.show_values({"flow.seen": Sample(1, preview(3.0))}) == 0
    assert card.seen is None
    assert panel.show_values({"flow.seen": Sample(2, 3.0)}) == 1
    assert card.seen == Sample(2, 3.0)


def test_an_empty_page_names_the_button_where_all_controls_are_on_other_pages(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    panel = open_panel(flow_text(["gain = control.slider(1.0)"], ["gain = [0, 0, 5, 2]"]))
    panel.pages.add()
    qtbot.waitUntil(lambda: panel.board.empty)
    assert panel.board.accessibleDescription().startswith("For another view press “Add view”. Right-click a view")
