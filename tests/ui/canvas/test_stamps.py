"""Shapes that are put down as pictures look like those that are painted, at every size and place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from flodesk.ui.canvas import stamps
from flodesk.ui.canvas.card_paint import _paint_port
from flodesk.ui.canvas.stamps import Stamps
from flodesk.ui.theme import DARK, LIGHT, current

BOX = (-8.0, -8.0, 8.0, 8.0)
PORT = ("signal", False, True, False)


@pytest.fixture(autouse=True)
def _nothing_kept(qapp: Any) -> Iterator[None]:
    before = current.theme
    stamps._kept.forget()
    yield
    current.use(before)


def _canvas(ratio: float = 1.0) -> tuple[QImage, QPainter]:
    image = QImage(round(120 * ratio), round(90 * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("#203040"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return image, painter


def _worst(first: QImage, second: QImage) -> int:
    """Return by how much the two differ where they differ most."""
    a, b = bytes(first.constBits()), bytes(second.constBits())
    return max(abs(x - y) for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("zoom", [0.25, 0.5, 1.0, 2.5])
@pytest.mark.parametrize("offset", [0.0, 0.25, 0.5, 3.75])
def test_a_stamp_is_what_it_stands_for(zoom: float, offset: float, ratio: float) -> None:
    made = []
    for put in (True, False):
        image, painter = _canvas(ratio)
        painter.translate((7 + offset) / ratio, (5 + offset) / ratio)
        painter.scale(zoom, zoom)
        if put:
            place = Stamps(painter)
            place.press()
            place.put(12, 8, BOX, _paint_port, *PORT)
            place.lift()
        else:
            painter.translate(12, 8)
            _paint_port(painter, *PORT)
            painter.translate(-12, -8)
        painter.fillRect(QRectF(30, 20, 4, 4), QColor("red"))  # the painter goes on where it was
        painter.end()
        made.append(image)
    assert made[0] != _canvas(ratio)[0]
    assert _worst(*made) <= 3


def test_a_shape_is_painted_once_for_a_size_and_a_theme() -> None:
    painted: list[str] = []

    def draw(painter: QPainter, name: str) -> None:
        painted.append(name)
        painter.fillRect(QRectF(-4, -4, 8, 8), QColor(current.theme.accent))

    def show(zoom: float) -> QImage:
        image, painter = _canvas()
        painter.scale(zoom, zoom)
        place = Stamps(painter)
        place.press()
        for x in (10, 20, 30):
            place.put(x, 10, BOX, draw, "a")
        place.put(40, 10, BOX, draw, "b")
        place.lift()
        painter.end()
        return image

    current.use(DARK)
    dark = show(1.0)
    assert painted == ["a", "b"]
    show(1.0)
    assert painted == ["a", "b"]
    show(2.0)
    assert painted == ["a", "b"] * 2
    current.use(LIGHT)
    assert show(1.0).pixelColor(10, 10) == QColor(LIGHT.accent) != dark.pixelColor(10, 10)
    assert painted == ["a", "b"] * 3


def test_on_a_view_that_is_turned_it_stands_where_it_belongs() -> None:
    image, painter = _canvas()
    painter.setWorldTransform(QTransform().translate(60, 10).rotate(90))
    place = Stamps(painter)
    place.press()
    place.put(20, 0, BOX, _paint_port, *PORT)
    place.lift()
    painter.end()
    assert image.pixelColor(60, 30) == QColor(current.theme.type_color("signal"))
    assert image.pixelColor(20, 10) == QColor("#203040")


def test_what_is_kept_is_not_more_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "_MOST", 20_000)
    _image, painter = _canvas()
    most = 0
    for step in range(60):
        painter.resetTransform()
        painter.scale(1 + step / 50, 1 + step / 50)
        place = Stamps(painter)
        place.press()
        place.put(30, 30, BOX, _paint_port, *PORT)
        place.lift()
        most = max(most, sum(image.sizeInBytes() for image in stamps._kept.values()))
    painter.end()
    assert 0 < most < 30_000
