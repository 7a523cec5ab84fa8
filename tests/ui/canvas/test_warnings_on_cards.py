"""A warning is amber, with a sign and words of its own; what is worse takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from flodesk.engine.client import NodeState
from flodesk.engine.preview import Preview
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.script import read
from flodesk.ui.canvas import tips
from flodesk.ui.checking import Checking
from flodesk.ui.theme import DARK, LIGHT, Theme, current

WORDS = "This line is never reached: it is not meant, perhaps."
UNREACHED = """\
import flodesk
from flodesk.nodes import maths


def flow():
    a = maths.add(1.0, 2.0)
    return a
    b = maths.add(1.0, 4.0)
    c = maths.add(a, 2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture(params=[DARK, LIGHT], ids=lambda t: t.name)
def theme(request: pytest.FixtureRequest) -> Iterator[Theme]:
    current.use(request.param)
    yield request.param
    current.use(DARK)


def picture_of(hand: Any, key: str) -> QImage:
    hand.canvas.viewer.viewport().update()
    QApplication.processEvents()
    box = hand.canvas.viewer.mapFromScene(hand.canvas.board.cards[key].box()).boundingRect()
    return hand.canvas.viewport().grab(box.adjusted(-2, -2, 2, 2)).toImage()


def pixels(image: QImage, wanted: str) -> int:
    """Return how many pixels have a colour."""
    goal = [int(wanted[i : i + 2], 16) for i in (1, 3, 5)]
    found = 0
    for y in range(image.height()):
        for x in range(image.width()):
            color = image.pixelColor(x, y)
            found += all(abs(a - b) < 12 for a, b in zip((color.red(), color.green(), color.blue()), goal, strict=True))
    return found


def test_a_warning_is_amber_and_an_error_wins(hand: Any, theme: Theme) -> None:
    canvas = hand.canvas
    canvas.zoom_to(1.0)
    before = picture_of(hand, "size")
    assert not pixels(before, theme.warning)
    canvas.show_problems({}, {"flow.size": WORDS})
    card = canvas.board.cards["size"]
    assert " ".join(card.card.trouble).startswith("This line is never")
    image = picture_of(hand, "size")
    assert pixels(image, theme.warning) > 100, "frame, sign in the header, sign before the words"
    assert not pixels(image, theme.error)
    assert WORDS in tips.tip(card)
    canvas.show_states({"flow.size": NodeState("done", 1)})
    done = picture_of(hand, "size")
    assert pixels(done, theme.ok) > 30, "the tick says that it ran"
    assert pixels(done, theme.warning) > 50
    canvas.show_states({"flow.size": NodeState("failed", 1)})
    assert card.card.trouble == ("Failed",)
    canvas.show_states({})
    canvas.show_problems({"flow.size": "It cannot run."}, {"flow.size": WORDS})
    assert card.card.trouble == ("It cannot run.",)
    worse = picture_of(hand, "size")
    assert pixels(worse, theme.error) > 100
    assert not pixels(worse, theme.warning)
    canvas.show_problems({}, {})
    assert picture_of(hand, "size") == before


def test_from_afar_a_warning_leaves_the_value_to_be_seen(hand: Any, theme: Theme) -> None:
    canvas = hand.canvas
    canvas.show_previews({"flow.size": Preview("number", "1.5")})
    canvas.zoom_to(0.5)
    plain = picture_of(hand, "size")
    canvas.show_problems({}, {"flow.size": WORDS})
    warned = picture_of(hand, "size")
    assert pixels(warned, theme.text) > 0.4 * pixels(plain, theme.text)
    assert pixels(warned, theme.warning) > 10
    canvas.zoom_to(0.2)
    assert pixels(picture_of(hand, "size"), theme.warning) > 20


def test_the_checker_tells_errors_and_warnings_apart() -> None:
    document = Document()
    document.flow = read(UNREACHED)
    checking = Checking(document, Catalog.builtin())
    checking.now()
    wrong, doubtful = checking.by_node(), checking.by_node("warning")
    assert not wrong
    assert list(doubtful) == ["flow.b"]
    assert "never runs" in doubtful["flow.b"]
