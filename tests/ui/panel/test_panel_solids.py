"""Surfaces and dots in space: what is in front hides what is behind, and a hand turns, zooms and reads off."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.engine.values import decode, encode
from flodesk.indicators.columns import columns
from flodesk.indicators.solids import MOST_CELLS, MOST_DOTS_3D, coarse
from flodesk.public import Heat, Scatter3D, Surface
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.pictures.colors import table
from flodesk.ui.panel.faces.solids.camera import HEIGHT, Camera
from flodesk.ui.panel.faces.solids.solid import SolidFace
from flodesk.ui.panel.faces.solids.surface import SurfaceFace

Show = Callable[..., SolidFace]
Key = Qt.Key


@pytest.fixture
def shown(qtbot: QtBot, gallery: ModuleType) -> Show:
    """Return a function that shows a value in a card of its own and gives the face."""

    cards: list[Card] = []

    def made(key: str, value: object, **options: object) -> SolidFace:
        card = gallery.card_of(key, gallery.Shot((8, 8), value, "title", options))
        qtbot.addWidget(card)
        cards.append(card)
        card.show()
        qtbot.waitExposed(card)
        assert isinstance(card.content, SolidFace)
        return card.content

    return made


def place_of(face: SolidFace, x: float, y: float, z: float) -> QPointF:
    box = face.box()
    assert box is not None
    return box.at((x, y, z * HEIGHT))


def hue(image: QImage, at: QPointF) -> int:
    ratio = image.devicePixelRatio()
    return QColor(image.pixel(round(at.x() * ratio), round(at.y() * ratio))).hue()


def painted(face: SolidFace) -> QImage:
    return face.grab().toImage()


# ---------------------------------------------------------------- seen from somewhere
def test_a_camera_sees_the_front_the_side_and_the_top() -> None:
    front, side, top = Camera(0.0, 0.0), Camera(90.0, 0.0), Camera(0.0, 90.0)
    assert front.project(0.5, -0.5, 0.25) == pytest.approx((0.5, 0.25, -0.5)), "x to the right, what has less y is near"
    assert side.project(0.5, -0.5, 0.25) == pytest.approx((-0.5, 0.25, -0.5)), "from the right, y goes to the right"
    assert top.project(0.5, -0.5, 0.25) == pytest.approx((0.5, -0.5, -0.25)), "from above, y goes up"
    assert front.turned(10.0, 200.0).elevation == 90.0
    assert front.turned(190.0, 0.0).azimuth == -170.0
    assert Camera(zoom=1.0).zoomed(100.0).zoom == 6.0


# ---------------------------------------------------------------- surfaces
@pytest.mark.parametrize(("azimuth", "seen"), [(0.0, True), (180.0, False), (90.0, True), (-90.0, False)])
@pytest.mark.parametrize("step", [1.0, -1.0])
def test_what_is_in_front_hides_what_is_behind(shown: Show, azimuth: float, seen: bool, step: float) -> None:
    """A low wall and a high one behind it: from the other side the low one is hidden, whichever way the axis goes."""
    values = np.zeros((31, 31))
    values[4:9], values[22:27] = 0.25, 1.0
    across = azimuth in (90.0, -90.0)
    values = values[::-1].T if across else values  # from the right the nearer one has the greater x
    flipped = values[:, ::-1] if across else values[::-1]
    steps = {"x_step": step} if across else {"y_step": step}
    surface = Surface("", values if step > 0 else flipped, **steps)
    face = shown("show.surface", surface, azimuth=azimuth, elevation=20.0, colors="turbo")
    top = place_of(face, *((0.3, 0.0, -0.25) if across else (0.0, -0.3, -0.25)))
    away = abs(hue(painted(face), top) - QColor.fromRgb(table("turbo")[64]).hue())
    assert (min(away, 360 - away) < 25) is seen


def test_a_cell_without_a_number_is_left_open(shown: Show) -> None:
    values = np.ones((5, 5))
    values[0, 0] = 0.0
    full = shown("show.surface", Surface("", values), azimuth=0, elevation=90)
    values = values.copy()
    values[2, 2] = math.nan
    holed = shown("show.surface", Surface("", values), azimuth=0, elevation=90)
    at = place_of(full, 0.1, 0.1, 0.5)
    assert painted(full).pixel(at.toPoint()) != painted(holed).pixel(at.toPoint())
    away = place_of(full, 0.4, 0.4, 0.5)
    assert painted(full).pixel(away.toPoint()) == painted(holed).pixel(away.toPoint())


def test_a_heat_map_is_shown_as_a_surface_and_back(shown: Show, gallery: ModuleType, qtbot: QtBot) -> None:
    face = shown("show.surface", Heat("", np.add.outer(np.arange(300.0), np.arange(200.0)), 10.0, 0.5, unit="V"))
    assert isinstance(face, SurfaceFace)
    assert face.surface is not None
    assert max(face.surface.values.shape) <= MOST_CELLS + 1
    edges = face.edges()
    assert edges is not None
    assert (edges[2].ruler.minimum, edges[2].ruler.maximum) == (0.0, 498.0), "of the whole, not of what was sent"
    card = gallery.card_of("show.heat", gallery.Shot((6, 6), Surface("", np.eye(4))))
    qtbot.addWidget(card)
    card.grab()
    assert card.content.raster is not None


# ---------------------------------------------------------------- hands
@pytest.fixture
def surface(shown: Show) -> SolidFace:
    values = np.zeros((21, 21))
    values[15, 5] = 2.5
    return shown("show.surface", Surface("", values, 0.0, 0.1, 0.0, 0.1, "x", "m", "y", "m", "V"))


def test_a_drag_turns_it_and_a_double_click_shows_it_as_at_first(surface: SolidFace, qtbot: QtBot) -> None:
    first, before = surface.camera, painted(surface)
    middle = surface.rect().center()
    qtbot.mousePress(surface, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(surface, middle + QPoint(40, 10))
    qtbot.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 10))
    assert surface.camera == first.turned(-20.0, 5.0)
    qtbot.mouseMove(surface, QPoint(1, 1))
    assert surface.camera == first.turned(-20.0, 5.0), "it was let go"
    assert painted(surface) != before
    qtbot.mouseDClick(surface, Qt.MouseButton.LeftButton, pos=middle)
    assert surface.camera == first


def test_keys_turn_and_zoom_it(surface: SolidFace, qtbot: QtBot) -> None:
    first = surface.camera
    surface.setFocus()
    for key, wanted in (
        (Key.Key_Right, first.turned(-5.0, 0.0)), (Key.Key_Left, first), (Key.Key_Down, first.turned(0.0, 5.0)),
        (Key.Key_Up, first), (Key.Key_Plus, first.zoomed(1.15)),
    ):  # fmt: skip
        qtbot.keyClick(surface, key)
        assert surface.camera == wanted
    qtbot.keyClick(surface, Key.Key_0)
    assert surface.camera == first
    above = next(action for action in surface.actions_of_face() if action.text() == "From above")
    above.trigger()
    assert surface.camera == Camera(0.0, 90.0)


def test_the_wheel_zooms_it_with_the_keyboard_or_with_ctrl(surface: SolidFace, qtbot: QtBot) -> None:
    card = surface.parentWidget()
    assert card is not None
    card.setFocus()
    middle = surface.mapTo(card, surface.rect().center())
    QTest.wheelEvent(card.windowHandle(), middle, QPoint(0, 120))
    QTest.wheelEvent(card.windowHandle(), middle, QPoint(0, 120), QPoint(), Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: surface.camera.zoom == pytest.approx(1.15))
    card.activateWindow()
    surface.setFocus()
    qtbot.waitUntil(surface.hasFocus)
    QTest.wheelEvent(card.windowHandle(), middle, QPoint(0, -120))
    qtbot.waitUntil(lambda: surface.camera.zoom == pytest.approx(1.0))


def test_the_point_under_the_mouse_is_read_off(surface: SolidFace, qtbot: QtBot) -> None:
    assert surface.told == ""
    qtbot.mouseMove(surface, place_of(surface, -0.25, 0.25, 0.5).toPoint())
    assert surface.told == "x 500.0 mm, y 1.500 m: 2.500 V"


def test_a_picture_in_svg_is_made_of_areas(surface: SolidFace) -> None:
    data = QByteArray()
    buffer = QBuffer(data)
    made = QSvgGenerator()
    made.setOutputDevice(buffer)
    made.setSize(QSize(surface.size()))
    surface.render(made)
    text = bytes(data.data()).decode()
    assert text.count("<polygon") + text.count("<path") >= 400, "one for each cell"


def test_a_view_says_from_where_it_is_seen(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]
) -> None:
    body = ["cloud = show.scatter3d([0.0], [0.0], [0.0])"]
    view = "cloud = { at = [0, 0, 6, 6], options = { azimuth = 10, elevation = 80 } }"
    panel = open_panel(flow_text(body, [view]))
    face = panel.board.cards["flow.cloud"].content
    assert isinstance(face, SolidFace)
    assert face.camera == Camera(10.0, 80.0)
    panel.show_values({"flow.cloud": Sample(1, Scatter3D("", *np.zeros((3, 1))))})
    assert face.edges() is not None, "one dot has a box around it"


# ---------------------------------------------------------------- dots
def test_the_dot_in_front_is_painted_last(shown: Show, qtbot: QtBot) -> None:
    x = np.array([0.0, 0.0, -1.0, 1.0])
    y = np.array([-1.0, 1.0, 0.0, 0.0])
    z = np.array([0.0, 0.0, -1.0, 1.0])
    colors = np.array([0.0, 1.0, 0.5, 0.5])
    cloud = Scatter3D("", x, y, z, colors, label="mass", unit="g")
    face = shown("show.scatter3d", cloud)
    for azimuth, ink, mass in ((0.0, 0, "0.000"), (180.0, 254, "1.000")):
        face.look(Camera(azimuth, 0.0))
        qtbot.mouseMove(face, QPoint(2, 2))
        at = place_of(face, 0.0, 0.0, 0.0)
        assert abs(hue(painted(face), at) - QColor.fromRgb(table("viridis")[ink]).hue()) < 8
        qtbot.mouseMove(face, at.toPoint())
        assert face.told.endswith(f"mass {mass} g")


def test_what_is_no_number_is_no_dot_and_many_are_said(shown: Show) -> None:
    x = np.arange(10_000.0)
    x[4] = math.nan
    sent = decode(*encode(Scatter3D("", x, x, x)))
    assert len(sent.z) <= MOST_DOTS_3D
    assert sent.summary() == "10000 dots"
    face = shown("show.scatter3d", sent)
    assert face.told == "2500 of 10000 dots are shown"
    places = face.places()
    assert places is not None
    assert len(places[0]) == 2499


# ---------------------------------------------------------------- values
def test_no_peak_and_no_hole_gets_lost() -> None:
    values = np.zeros((200, 130))
    values[77, 33], values[140, 90] = 5.0, -7.0
    values[:5, :5] = math.nan
    cut = coarse(values, 4)
    assert cut.shape == (50, 33)
    assert cut[77 // 4, 33 // 4] == 5.0
    assert cut[140 // 4, 90 // 4] == -7.0
    assert math.isnan(cut[0, 0])
    assert not math.isnan(cut[1, 1])
    assert np.array_equal(coarse(values[:3, 6:9], 1), values[:3, 6:9].astype(np.float32))


def test_a_surface_travels_cut_down_with_its_places() -> None:
    values = np.add.outer(np.arange(129.0), np.zeros(65))
    sent = decode(*encode(Surface("", values, 5.0, 0.1, 0.0, 2.0, z_label="Height", unit="m")))
    assert isinstance(sent, Surface)
    assert sent.values.shape == (65, 33)
    assert (sent.y_step, sent.y_start, sent.z_label) == (4.0, 1.0, "Height")
    assert sent.extremes() == (0.0, 128.0)
    assert sent.size == (129, 65)


def test_dots_are_saved_as_columns_with_their_units() -> None:
    made = columns(Scatter3D("", *np.arange(6.0).reshape(3, 2), None, "Width", "mm", z_unit="m"))
    assert made.to_dict("list") == {"Width (mm)": [0.0, 1.0], "y": [2.0, 3.0], "z (m)": [4.0, 5.0]}
