"""Where a node runs: chosen in the inspector, shown on the card, taken back by undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import from_json, to_json
from flodesk.flow.graph import picture
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused, remove, rename, set_place
from flodesk.ui.canvas.card import measure
from flodesk.ui.canvas.painting import fonts
from flodesk.ui.inspector import Inspector
from flodesk.ui.place_words import card_words

SCRIPT = '''\
"""Two numbers."""
import flodesk
from flodesk.nodes import control, maths, show


def flow():
    level = control.slider(1.0)
    a = maths.absolute(level)
    chart = show.number(a)


if __name__ == "__main__":
    flodesk.main(flow)
'''
TABLE = '# [tool.flodesk.places.flow]\n# a = "process"\n'


def test_a_place_is_chosen_by_hand_and_taken_back(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_nodes("flow", ["a"])
    assert inspector.sheet is not None
    box = inspector.sheet.place
    assert box is not None
    assert box.currentData() == "local"
    assert {box.itemData(n): box.itemText(n) for n in range(box.count())} == {
        "local": "As the run", "process": "Worker process", "dask": "Dask cluster", "rq": "Redis queue",
    }  # fmt: skip
    box.showPopup()
    view = box.view()
    qtbot.waitExposed(view)
    place = view.visualRect(box.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(place))
    qtbot.waitUntil(lambda: TABLE in write(inspector.document.flow))
    inspector.refresh()
    assert inspector.sheet.place is not None
    assert inspector.sheet.place.currentText() == "Worker process"
    assert inspector.sheet.place.toolTip().startswith("process: ")
    inspector.document.undo()
    assert write(inspector.document.flow) == SCRIPT
    inspector.refresh()
    assert inspector.sheet.place.currentData() == "local"


@pytest.mark.parametrize("node", ["level", "chart"])
def test_controls_and_indicators_offer_no_place(inspector: Inspector, node: str) -> None:
    inspector.show_nodes("flow", [node])
    assert inspector.sheet is not None
    assert inspector.sheet.place is None


def test_the_place_follows_a_rename_goes_with_its_node_and_stands_on_the_card(qapp: object) -> None:
    catalog = Catalog.builtin()
    flow = read(SCRIPT)
    plain = picture(flow, catalog).nodes["a"]
    placed, back = set_place(picture(flow, catalog), "a", "process").apply(flow)
    assert write(back.apply(placed)[0]) == SCRIPT
    edit = set_place(picture(flow, catalog), "a", "process")
    assert from_json(to_json(edit)) == edit
    node = picture(placed, catalog).nodes["a"]
    assert (plain.place, node.place) == ("", "process")
    assert measure(node).width >= measure(plain).width
    renamed, _ = rename(placed, picture(placed, catalog), "a", "b").apply(placed)
    assert '# b = "process"\n' in write(renamed)
    gone, _ = remove(placed, picture(placed, catalog), ["a"]).apply(placed)
    assert "places" not in write(gone)
    local, _ = set_place(picture(placed, catalog), "a", "local").apply(placed)
    assert "places" not in write(local)


def test_the_card_has_the_words_of_the_inspector_and_room_for_them(qapp: object) -> None:
    assert [card_words(name) for name in ("rq", "dask", "process")] == ["Redis queue", "Dask cluster", "Worker process"]
    assert card_words("rq:gpu") == "rq:gpu"
    flow = read(SCRIPT)
    placed, _ = set_place(picture(flow, Catalog.builtin()), "a", "rq").apply(flow)
    node = picture(placed, Catalog.builtin()).nodes["a"]
    needed = fonts().kind.width("Redis queue") + 16
    assert measure(node).width >= needed + fonts().kind.width(node.title)


def test_what_cannot_leave_is_refused_in_words() -> None:
    flow = read(SCRIPT)
    with pytest.raises(Refused, match="a control is set by hand"):
        set_place(picture(flow, Catalog.builtin()), "level", "process")
