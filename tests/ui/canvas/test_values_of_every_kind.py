"""The newest value stands on its card, whatever it is: in words, as a curve, as a picture, as its shape and type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from flodesk.engine.preview import Preview, preview
from flodesk.engine.thumbnail import HIGHEST, WIDEST, thumbnail
from flodesk.engine.values import preview_from_json, preview_to_json
from flodesk.nodes import show
from flodesk.public import Waveform

ROWS = """\
from flodesk.nodes import source
import nowhere


def flow():
    value = nowhere.strange(1)
    signal = source.sine(0, samples=50)
"""
PLAIN: dict[str, tuple[object, str]] = {
    "number": (0.87312, "0.8731"),
    "whole number": (42, "42"),
    "truth": (True, "True"),
    "text": ("a longer text", '"a longer tex…"'),
    "table": (pd.DataFrame({"a": range(5), "b": 2.5}), "5 × 2"),
    "many dimensions": (np.zeros((3, 4, 5)), "f8[3×4×5]"),
    "matrix": (np.zeros((3, 4)), "3 × 4 numbers"),
    "list": (list("abcdef"), "list[6]"),
    "nothing": (None, "None"),
    "object": (object(), "object"),
    "table to look at": (show.table(pd.DataFrame({"a": [1.0]})), "1 × 1"),
}
CURVES: dict[str, object] = {
    "array": np.sin(np.arange(50.0)),
    "numbers": [1.0, 3.0, 2.0],
    "signal": Waveform(np.sin(np.arange(50.0)), dt=0.1),
    "plot": show.line(np.sin(np.arange(50.0))),
}
RED = np.zeros((90, 200, 3), "u1")
RED[:, 100:, 0] = 255


def picture_of(hand: Any, key: str) -> QImage:
    hand.canvas.viewer.viewport().update()
    QApplication.processEvents()
    box = hand.canvas.viewer.mapFromScene(hand.canvas.board.cards[key].box()).boundingRect()
    image: QImage = hand.canvas.viewport().grab(box).toImage()
    return image


def count(image: QImage, like: Callable[[int, int, int], bool]) -> int:
    colors = (image.pixelColor(x, y) for y in range(image.height()) for x in range(image.width()))
    return sum(like(color.red(), color.green(), color.blue()) for color in colors)


def there_and_back(value: object) -> Preview:
    seen = preview(value)
    assert preview_from_json(preview_to_json(seen)) == seen, "it goes through the pipe as it is"
    return seen


@pytest.mark.parametrize("zoom", [0.5, 1.0, 2.0])
def test_every_kind_of_value_is_to_be_seen(open_canvas: Callable[..., Any], zoom: float) -> None:
    hand = open_canvas(ROWS)
    hand.canvas.zoom_to(zoom)
    for key in ("value", "signal"):
        hand.canvas.viewer.center_on(hand.canvas.board.cards[key].box().center())
        empty = picture_of(hand, key)
        seen = [empty]
        for value, text in PLAIN.values():
            found = there_and_back(value)
            assert (found.text, found.spark, found.thumb) == (text, (), None)
            hand.canvas.show_previews({f"flow.{key}": found})
            seen.append(picture_of(hand, key))
        for value in CURVES.values():
            found = there_and_back(value)
            assert found.spark
            hand.canvas.show_previews({f"flow.{key}": found})
            seen.append(picture_of(hand, key))
        assert all(image != empty for image in seen[1:])
        assert len({bytes(image.constBits()) for image in seen[: len(PLAIN) + 1]}) == len(PLAIN) + 1


@pytest.mark.parametrize("zoom", [0.5, 1.0])
@pytest.mark.parametrize("key", ["value", "signal"])
def test_a_picture_is_drawn_in_little(open_canvas: Callable[..., Any], key: str, zoom: float) -> None:
    hand = open_canvas(ROWS)
    hand.canvas.zoom_to(zoom)
    hand.canvas.viewer.center_on(hand.canvas.board.cards[key].box().center())

    def reds() -> int:
        return count(picture_of(hand, key), lambda r, g, b: r > 240 and g < 20 and b < 20)

    before = reds()
    found = there_and_back(RED)
    assert (found.type, found.text) == ("image", "90 × 200 colours")
    hand.canvas.show_previews({f"flow.{key}": found})
    assert reds() > before + 40


def test_a_thumbnail_is_small_and_true() -> None:
    small = thumbnail(RED)
    assert (small.columns, small.rows, small.colours) == (50, 23, True)
    first, last = small.pixels[:3], small.pixels[-3:]
    assert (first, last) == (b"\0\0\0", b"\xff\0\0")
    for shape in ((9, 9), (2000, 3000), (9, 5000), (5000, 9)):
        grey = thumbnail(np.linspace(-3.0, 5.0, shape[0] * shape[1]).reshape(shape))
        assert grey.columns <= WIDEST
        assert grey.rows <= HIGHEST
        assert len(grey.pixels) == grey.columns * grey.rows
        assert grey.pixels[0] == 0
        assert max(grey.pixels) >= 254
    share = thumbnail(np.full((10, 10, 4), 0.5))
    assert set(share.pixels) == {127}
    odd = np.full((10, 10), np.nan)
    odd[0, 0] = np.inf
    assert set(thumbnail(odd).pixels) == {0}
    assert preview(np.zeros((8, 8))).thumb is None, "a small one is a table of numbers"
    assert preview(np.zeros((20, 20, 7))).thumb is None
    assert preview(np.zeros((20, 20), complex)).thumb is None
