"""States, values and problems arrive on the right card; items of what did not change stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flodesk.engine.client import NodeState
from flodesk.engine.preview import Preview
from flodesk.flow import wiring
from flodesk.ui.canvas import tips
from flodesk.ui.canvas.painting import fonts
from flodesk.ui.canvas.pointed import pointed_at
from flodesk.ui.canvas.tips import tip
from flodesk.ui.theme import DARK, LIGHT, current

EVERYTHING = """\
from flodesk.nodes import collect, maths, show, statistics, timing
import nowhere


def flow():
    average = statistics.RunningMean(window=20)
    total = 0.0
    k = 5.0
    rows = collect.Table()
    for tick in timing.every(0.05):
        smooth = average(tick)
        longer = maths.add(total, smooth)
        total = longer
        high = maths.greater(smooth, k)
        if high:
            clipped = maths.clip(smooth, upper=5.0)
            level = clipped
        elif smooth > 7:
            continue
        elif smooth > 9:
            break
        else:
            scaled = maths.scale(smooth, factor=1.1)
            level = scaled
        odd = nowhere.strange(level)
        level.x = [1, 2]
        meter = show.number(level)
        rows.add(level)
    readings = rows.result()
"""


def picture_of(hand: Any, key: str) -> QImage:
    hand.canvas.viewer.viewport().update()
    QApplication.processEvents()
    card = hand.canvas.board.cards[key]
    box = hand.canvas.viewer.mapFromScene(card.box()).boundingRect()
    return hand.canvas.viewport().grab(box).toImage()


def has_color(image: QImage, wanted: str, tolerance: int = 40) -> bool:
    goal = tuple(int(wanted[i : i + 2], 16) for i in (1, 3, 5))
    for y in range(image.height()):
        for x in range(image.width()):
            color = image.pixelColor(x, y)
            if all(
                abs(a - b) < tolerance for a, b in zip((color.red(), color.green(), color.blue()), goal, strict=True)
            ):
                return True
    return False


PLACED = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.places.flow]
# far = "process"
#
# [tool.flodesk.canvas.flow]
# near = [0, 0]
# far = [260, 0]
# ///
from flodesk.nodes import maths


def flow():
    near = maths.scale(1.0, factor=2.0)
    far = maths.scale(near, factor=3.0)
"""


@pytest.mark.parametrize("zoom", [0.55, 0.35])
def test_a_card_shows_from_some_way_off_too_that_its_node_runs_elsewhere(
    open_canvas: Callable[..., Any], zoom: float
) -> None:
    hand = open_canvas(PLACED)
    hand.canvas.zoom_to(zoom)
    for key in ("near", "far"):
        image = picture_of(hand, key)
        edge = 0.1 * image.height()  # beside the frame of the card, and above its ports
        head = image.copy(image.width() // 2, round(edge), image.width() // 2 - round(edge), round(30 * zoom))
        assert has_color(head, current.theme.accent) == (key == "far")


def test_every_construction_of_a_script_is_drawn(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(EVERYTHING)
    kinds = {node.kind for node in hand.canvas.board.graph.nodes.values()}
    assert kinds == {"call", "object", "producer", "switch", "merge", "feedback", "constant", "code", "jump"}
    hand.check()
    cards = hand.canvas.board.cards
    jumps = {key: card.card for key, card in cards.items() if card.node.kind == "jump"}
    assert {key: (card.title, card.subtitle) for key, card in jumps.items()} == {
        "code_1": ("Next turn", "elif smooth > 7: continue"),
        "code_2": ("Leave the loop", "elif smooth > 9: break"),
    }
    switch = cards["if_1"]
    assert all(card.height < switch.card.height / 2 for card in jumps.values())
    assert all(cards[key].box().left() > switch.box().right() for key in jumps), "they stand behind their switch"
    assert set(hand.canvas.board.grounds.loops) == {"tick"}
    heads = {number: item.label.words for (_, number), item in hand.canvas.board.grounds.arms.items()}
    assert heads == {0: "if high", 1: "elif smooth > 7", 2: "elif smooth > 9", 3: "else"}, (
        "as the card of the if has them"
    )
    for zoom in (0.15, 0.4, 1.0, 2.0):
        hand.canvas.zoom_to(zoom)
        QApplication.processEvents()
        hand.canvas.grab()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_a_failed_node_is_red_and_says_so(hand: Any, theme: Any) -> None:
    current.use(theme)
    try:
        before = picture_of(hand, "size")
        assert not has_color(before, theme.error)
        height = hand.canvas.board.cards["size"].card.height
        hand.canvas.show_states({"flow.size": NodeState("failed", 3)})
        assert hand.canvas.board.cards["size"].card.trouble == ("Failed",)
        hand.canvas.show_problems({"flow.size": "signal has no sample rate: give it one."})
        card = hand.canvas.board.cards["size"].card
        assert " ".join(card.trouble) == "signal has no sample rate: give it one."
        assert card.height > height
        assert has_color(picture_of(hand, "size"), theme.error)
        hand.check()
        hand.canvas.show_problems({})
        hand.canvas.show_states({})
        assert hand.canvas.board.cards["size"].card.height == height
        assert picture_of(hand, "size") == before
    finally:
        current.use(DARK)


def test_a_failed_node_says_what_was_raised(hand: Any) -> None:
    board = hand.canvas.board
    card = board.cards["size"]
    board.show_failures({"flow.size": "ValueError: too high"})
    assert card.card.trouble == (), "it has not failed"
    hand.canvas.show_states({"flow.size": NodeState("failed", 3)})
    assert " ".join(card.card.trouble) == "ValueError: too high"
    assert "ValueError: too high" in tip(card)
    long = "ValueError: " + "the level of the tank is higher than what the pump can take " * 3
    board.show_failures({"flow.size": long})
    assert len(card.card.trouble) == 2
    assert card.card.trouble[1].endswith("…"), "cut on the card, in full in its tooltip"
    assert long.strip() in tip(card)
    board.show_failures({})
    assert card.card.trouble == ("Failed",)
    hand.canvas.show_states({"flow.size": NodeState("done", 4)})
    assert card.card.trouble == ()


@pytest.mark.parametrize("name", ["n", "sample", "reading_of_a_gauge"])
def test_the_name_of_a_producer_has_room_beside_its_sign(open_canvas: Callable[..., Any], name: str) -> None:
    hand = open_canvas(
        f"from flodesk.nodes import timing\n\n\ndef flow():\n    for {name} in timing.every(0.2):\n        pass\n"
    )
    card = hand.canvas.board.cards[name].card
    room = card.width - 38 - 26  # the sign before it, and that of the state
    assert fonts().title.elided(card.title, room) == name
    assert fonts().kind.elided(card.subtitle, room) == card.subtitle


def test_states_of_an_objects_lines_come_together_on_its_card(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(EVERYTHING)
    node = hand.canvas.board.graph.nodes["average"]
    assert len(node.statements) == 2
    hand.canvas.show_states(
        {
            "flow.average": NodeState("done", 1),
            "flow.smooth": NodeState("running", 7, 0.5, 0.25),
            "other.average": NodeState("failed"),
        }
    )
    live = hand.canvas.board.cards["average"].live
    assert (live.state, live.count, live.progress) == ("running", 7, 0.25)


def test_values_come_to_the_port_that_gives_them(hand: Any) -> None:
    before = picture_of(hand, "size")
    hand.canvas.show_previews(
        {
            "flow.size": Preview("number", "0.873", "number, 0.873 V"),
            "flow.signal": Preview("array", "f8[50]", "array of 50", (0.0, 1.0, 0.0)),
            "other.size": Preview("number", "666"),
        }
    )
    assert picture_of(hand, "size") != before
    card = hand.canvas.board.cards["size"]
    assert card.live.previews[""].text == "0.873"
    seen = pointed_at(card.ports["out", ""], hand.canvas.board)
    assert seen is not None
    assert seen.preview is not None
    assert "0.873 V" in seen.preview.detail
    assert has_color(picture_of(hand, "signal"), DARK.type_color("signal"))


def test_odd_values_are_shown_without_harm(hand: Any) -> None:
    hand.canvas.show_states({"flow.signal": NodeState("running", 10**9, 1e-9, 0.5)})
    for spark in ((float("nan"),) * 4, (1.0, float("inf"), 2.0), (3.0,), (2.0, 2.0), (-1e308, 1e308)):
        for kind in ("array", "number", "any"):
            for key in ("flow.signal", "flow.louder", "flow.size", "flow.chart"):
                hand.canvas.show_previews({key: Preview(kind, "x" * 60, "", spark)})
            for zoom in (0.2, 0.45, 1.0):
                hand.canvas.zoom_to(zoom)
                hand.canvas.grab()


def test_values_are_asked_for_where_they_can_be_seen(hand: Any) -> None:
    hand.canvas.zoom_to(1.0)
    hand.canvas.fit()
    assert {"flow.size", "flow.signal", "flow.louder"} <= hand.canvas.visible_ports()
    hand.canvas.viewer.center_on(hand.canvas.board.cards["level"].box().center())
    hand.canvas.zoom_to(3.0)
    hand.canvas.viewer.center_on(hand.canvas.board.cards["level"].box().center())
    assert hand.canvas.visible_ports() == {"flow.level"}
    hand.canvas.zoom_to(0.2)
    assert hand.canvas.visible_ports() == set()


def test_only_what_changed_is_made_anew(hand: Any) -> None:
    cards, wires = dict(hand.canvas.board.cards), dict(hand.canvas.board.wires)
    flow = hand.canvas.document.flow
    hand.canvas.document.do(wiring.set_field(flow, hand.canvas.board.graph, "level", "value", "3.5"))
    assert hand.canvas.board.cards == cards
    assert hand.canvas.board.wires == wires
    assert cards["level"].card.chips[0].value.startswith("3.5")
    hand.check()


def test_selection_and_values_survive_an_edit_elsewhere(hand: Any) -> None:
    hand.canvas.select(["flow.size"])
    hand.canvas.show_previews({"flow.size": Preview("number", "1.5")})
    start = hand.canvas.node_center("level")
    hand.canvas.document.do(wiring.move("flow", {"level": (10, -40)}))
    assert hand.canvas.selection() == ["size"]
    assert hand.canvas.board.cards["size"].live.previews[""].text == "1.5"
    assert hand.canvas.node_center("level") != start


def test_both_themes_repaint(hand: Any) -> None:
    dark = picture_of(hand, "size")
    current.use(LIGHT)
    try:
        assert picture_of(hand, "size") != dark
    finally:
        current.use(DARK)
    assert picture_of(hand, "size") == dark


def test_tooltips_say_what_things_are(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(EVERYTHING)
    cards = hand.canvas.board.cards
    assert "flodesk does not know" in tips.tip(cards["odd"])
    feedback = next(w for w in hand.canvas.board.wires.values() if w.wire.feedback)
    seen = pointed_at(feedback, hand.canvas.board)
    assert seen is not None
    assert "Feedback" in seen.facts[0]
    hand.canvas.show_problems({"flow.odd": "nowhere is not installed <at all>"})
    assert "&lt;at all&gt;" in tips.tip(cards["odd"])


def test_minimap_shows_when_there_is_more_than_the_view_and_moves_it(hand: Any) -> None:
    canvas = hand.canvas
    canvas.fit()
    assert canvas.minimap.isHidden()
    canvas.zoom_to(2.5)
    assert canvas.minimap.isVisible()
    before = canvas.scene_center()
    QTest.mouseClick(canvas.minimap, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(30, 30))
    assert canvas.scene_center() != before
    canvas.minimap.want(False)
    assert canvas.minimap.isHidden()


def test_menus_offer_the_verbs_and_do_them(hand: Any) -> None:
    canvas = hand.canvas
    for at, titles in (
        (
            canvas.node_center("size"),
            [
                "Rename…",
                "Replace…",
                "Edit source",
                "Breakpoint",
                "Condition of the breakpoint…",
                "Probe",
                "Draw a frame around",
                "Switch off",
                "Bypass",
                "Make a subflow",
                "Put into an if",
                "Put into a loop",
                "Disconnect",
                "Delete",
            ],
        ),
        (
            canvas.wire_position(("louder", ""), ("size", "signal")),
            ["Add a point", "Show as labels", "Probe", "Breakpoint", "Condition of the breakpoint…", "Disconnect"],
        ),
        (
            hand.empty_place(),
            [
                "Add node…",
                "Add a note",
                "Add a frame",
                "Rename the function…",
                "Select all",
                "Zoom to fit",
                "Actual size",
            ],
        ),
    ):
        canvas.viewer.menu_requested.emit(at, canvas.viewport().mapToGlobal(at))
        menu = canvas.context.menu
        assert [a.text().partition("\t")[0] for a in menu.actions() if a.text()] == titles
        menu.close()
        QApplication.processEvents()
    canvas.viewer.menu_requested.emit(canvas.node_center("size"), QPoint())
    assert canvas.selection() == ["size"]
    canvas.context.menu.actions()[-1].trigger()
    canvas.context.menu.close()
    assert "size" not in canvas.board.cards
    hand.check()
