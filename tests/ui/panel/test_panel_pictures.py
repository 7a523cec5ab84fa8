"""Images, heat maps and waterfalls: known pixels of known pictures, and what hands do to them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.engine.values import decode, encode
from flodesk.flow.model import View
from flodesk.public import Fall, Heat, Image
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.pictures.colors import colored, indices, picture, table
from flodesk.ui.panel.faces.pictures.raster import FallFace, HeatFace, RasterFace
from flodesk.ui.panel.setting import Reading


def card(qtbot: QtBot, value: Any, options: dict[str, Any] | None = None, form: str = "") -> tuple[Card, RasterFace]:
    reading = Reading("flow.value", "Seen", form=form, chosen=bool(form), options=options or {})
    made = Card("flow", View("view", "node", 0, 0, 6, 6), reading)
    qtbot.addWidget(made)
    made.resize(480, 340)
    made.show()
    made.show_sample(Sample(1, value))
    assert isinstance(made.content, RasterFace)
    return made, made.content


def point(face: RasterFace, column: float, row: float) -> QPoint:
    """Return where the middle of a column and row of the picture is on the widget."""
    box = face.box_of(QRect(0, 0, 1, 1))
    return QPointF(box.left() + (column + 0.5) * box.width(), box.top() + (row + 0.5) * box.height()).toPoint()


def hover(face: QWidget, at: QPoint) -> None:
    """Move the mouse over a widget; no window that comes or goes meanwhile takes it away before it is looked at."""
    place, none = QPointF(at), Qt.MouseButton.NoButton
    global_ = face.mapToGlobal(place)
    event = QMouseEvent(QEvent.Type.MouseMove, place, global_, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(face, event)


def pixel(face: RasterFace, column: int, row: int) -> QColor:
    image = face.grab().toImage()
    ratio = image.devicePixelRatio()
    at = point(face, column, row)
    return QColor(image.pixel(round(at.x() * ratio), round(at.y() * ratio)))


# ------------------------------------------------------------------ known pixels
def test_the_first_and_the_last_colour_stand_for_the_limits() -> None:
    values = np.array([[0.0, 1.0, 2.0], [-5.0, 9.0, np.nan]])
    assert indices(values, 0.0, 2.0).tolist() == [[0, 127, 254], [0, 254, 255]]
    image = picture(values, 0.0, 2.0, "viridis")
    assert image.pixelColor(0, 0).name() == "#440154"
    assert image.pixelColor(2, 0).name() == "#fde725"
    assert image.pixelColor(2, 1).alpha() == 0, "what is no number has no colour"
    assert indices(np.full((2, 2), 3.0), 3.0, 3.0).tolist() == [[0, 0], [0, 0]]
    assert len(table("turbo")) == 256


@pytest.mark.parametrize(
    ("dtype", "most"), [(np.uint8, 255), (np.float64, 1.0), (np.float32, 255.0), (np.uint16, 65535)]
)
def test_colours_are_taken_as_they_come(dtype: Any, most: float) -> None:
    image = colored(np.array([[[most, 0, 0], [0, most, 0]]], dtype=dtype))
    assert [image.pixelColor(column, 0).name() for column in (0, 1)] == ["#ff0000", "#00ff00"]


def test_an_image_has_its_first_row_on_top_and_a_heat_map_below(qtbot: QtBot) -> None:
    values = np.array([[0, 0, 0], [255, 0, 0]], dtype=np.uint8)
    _, face = card(qtbot, Image("", values))
    assert [pixel(face, 0, 0).lightness(), pixel(face, 0, 1).lightness()] == [0, 255]
    _, face = card(qtbot, Heat("", values.astype(float)), {"colors": "grey"})
    assert isinstance(face, HeatFace)
    assert [pixel(face, 0, 0).lightness(), pixel(face, 0, 1).lightness()] == [255, 0]


def test_a_waterfall_has_its_newest_row_where_the_view_says(qtbot: QtBot) -> None:
    rows = np.array([[0, 0, 0], [0, 0, 1]], dtype=float)
    fall = Fall("", rows, room=4)
    _, face = card(qtbot, fall, {"colors": "grey"})
    assert isinstance(face, FallFace)
    assert face.plane is not None
    assert face.plane.values.shape == (4, 3), "rows that have not come yet have their place"
    assert pixel(face, 2, 0).lightness() == 255
    assert pixel(face, 2, 1).lightness() == 0
    _, face = card(qtbot, fall, {"colors": "grey", "newest": "left"})
    assert face.plane is not None
    assert face.plane.values.shape == (3, 4)
    assert pixel(face, 0, 0).lightness() == 255, "the last value of a row is at the top"
    assert pixel(face, 1, 0).lightness() == 0


def test_a_view_says_colours_and_limits_and_shows_an_image_as_a_heat_map(qtbot: QtBot) -> None:
    values = np.array([[10.0, 20.0]])
    made, face = card(qtbot, Image("", values), {"minimum": 0.0, "maximum": 20.0, "colors": "grey"}, "heat")
    assert isinstance(face, HeatFace)
    assert face.levels == (0.0, 20.0)
    assert pixel(face, 0, 0).lightness() == pytest.approx(127, abs=2)
    reading = Reading("flow.value", "Seen", form="heat", chosen=True, options={"minimum": 0.0, "maximum": 10.0})
    made.show_shown(made.view, reading)
    assert made.content is face
    assert face.levels == (0.0, 10.0)


# ------------------------------------------------------------------ on the way
def test_a_big_picture_travels_small_and_says_what_it_was() -> None:
    values = np.zeros((3000, 2000))
    values[2999, 1999] = 7.0
    head, buffers = encode(Heat("", values, x_step=0.5))
    assert sum(len(buffer) for buffer in buffers) <= 1 << 20
    seen = decode(head, buffers)
    assert seen.size == (3000, 2000)
    assert seen.values.max() == 7.0, "of a heat map no peak gets lost"
    assert seen.levels() == (0.0, 7.0)
    assert seen.x_start + seen.values.shape[1] * seen.x_step == pytest.approx(1000.0, abs=seen.x_step)
    small = np.arange(12, dtype=np.uint8).reshape(3, 4)
    head, buffers = encode(Image("", small))
    seen = decode(head, buffers)
    assert seen.values.dtype == np.uint8
    assert (seen.values == small).all()
    assert seen.summary() == "4 × 3 values from 0 to 11"
    head, buffers = encode(Image("", np.zeros((0, 4))))
    assert decode(head, buffers).summary() == "no picture"


def test_a_waterfall_of_many_rows_keeps_its_room_on_the_way() -> None:
    head, buffers = encode(Fall("", np.zeros((1000, 4000)), room=2000))
    seen = decode(head, buffers)
    assert seen.room * seen.y_step == pytest.approx(2000, rel=0.01)


# ------------------------------------------------------------------ hands
def test_the_value_under_the_mouse_is_told(qtbot: QtBot) -> None:
    values = np.arange(30, dtype=float).reshape(5, 6)
    _, face = card(qtbot, Image("", values, unit="V"))
    assert face.told == "6 × 5"
    hover(face, point(face, 4, 3))
    assert face.told == "4, 3: 22.00 V"
    heat = Heat("", values, x_start=10.0, x_step=2.0, x_label="x", x_unit="mm", y_label="y")
    _, face = card(qtbot, heat)
    hover(face, point(face, 4, 0))
    assert face.told == "18.00 mm, 4.000: 28.00"


def test_a_region_is_measured_and_moved_by_mouse_and_keys(qtbot: QtBot) -> None:
    values = np.arange(81, dtype=float).reshape(9, 9)
    made, face = card(qtbot, Image("", values, unit="V"))
    face.setFocus()
    qtbot.keyClick(face, Qt.Key.Key_R)
    assert face.region.cells == QRect(3, 3, 3, 3)
    assert face.told == "3 × 3: mean 40.00 V, min 30.00 V, max 50.00 V"
    qtbot.keyClick(face, Qt.Key.Key_Right)
    qtbot.keyClick(face, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert face.region.cells == QRect(4, 3, 3, 4)
    qtbot.mousePress(face, Qt.MouseButton.LeftButton, pos=point(face, 5, 4))
    qtbot.mouseMove(face, point(face, 3, 3))
    qtbot.mouseRelease(face, Qt.MouseButton.LeftButton, pos=point(face, 3, 3))
    assert face.region.cells == QRect(2, 2, 3, 4)
    box = face.box_of(face.region.cells)
    corner = box.bottomRight().toPoint()
    qtbot.mousePress(face, Qt.MouseButton.LeftButton, pos=corner)
    qtbot.mouseMove(face, point(face, 20, 20))
    qtbot.mouseRelease(face, Qt.MouseButton.LeftButton, pos=point(face, 20, 20))
    assert face.region.cells == QRect(2, 2, 7, 7), "it ends where the picture ends"
    assert "mean" in face.accessibleDescription() or face.told.endswith("V")
    qtbot.keyClick(face, Qt.Key.Key_Escape)
    assert face.region.cells is None
    qtbot.keyClick(face, Qt.Key.Key_R)
    assert face.region.cells is not None
    made.setFocus()  # as by a click on its title
    qtbot.keyClick(made, Qt.Key.Key_Escape)
    assert face.region.cells is None
    entry = next(action for action in made.menu().actions() if action.text() == "Measure a region")
    entry.trigger()
    assert face.region.cells is not None


def test_a_hand_zooms_drags_and_sees_all_again(qtbot: QtBot) -> None:
    _, face = card(qtbot, Image("", np.arange(10_000, dtype=float).reshape(100, 100)))
    at = QPointF(point(face, 20, 20))

    def turn(modifiers: Qt.KeyboardModifier) -> bool:
        event = QWheelEvent(
            at, face.mapToGlobal(at), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton, modifiers,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(face, event)
        return event.isAccepted()

    assert not turn(Qt.KeyboardModifier.NoModifier), "the wheel alone scrolls the panel"
    assert turn(Qt.KeyboardModifier.ControlModifier)
    assert face.seen.width() == pytest.approx(1.25**-4)
    place = face.share_at(at)
    assert (place.x(), place.y()) == (pytest.approx(0.205, abs=0.01), pytest.approx(0.205, abs=0.01))
    left = face.seen.left()
    qtbot.mousePress(face, Qt.MouseButton.LeftButton, pos=at.toPoint())
    qtbot.mouseMove(face, at.toPoint() - QPoint(40, 0))
    qtbot.mouseRelease(face, Qt.MouseButton.LeftButton, pos=at.toPoint() - QPoint(40, 0))
    assert face.seen.left() > left
    qtbot.mouseDClick(face, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert face.seen.width() == 1.0
    face.setFocus()
    qtbot.keyClick(face, Qt.Key.Key_Plus)
    assert face.seen.width() < 1.0
    qtbot.keyClick(face, Qt.Key.Key_0)
    assert face.seen.width() == 1.0


def test_pictures_are_painted_at_any_size(qtbot: QtBot, gallery: ModuleType) -> None:
    for key in ("show.image", "show.heat", "show.waterfall"):
        ground, cards = gallery.stage(key)
        qtbot.addWidget(ground)
        for one in cards:
            for size in ((480, 300), (140, 90), (100, 40), (60, 30)):
                one.resize(*size)
                image = QImage(one.size(), QImage.Format.Format_RGB32)
                one.render(image)
                assert one.content is not None
                assert "No value" not in one.content.accessibleName()
