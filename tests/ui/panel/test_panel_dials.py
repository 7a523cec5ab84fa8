"""Faces of numbers on a scale: what they paint is where the value is, and what warns is said in words, too."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QHelpEvent, QImage
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow import forms
from flodesk.nodes import show
from flodesk.public import Bar, Compass, Gauge, Lamp, Meter, Number, Progress, Segments, Tank, Thermometer, Zone
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.dials.bars import BarFace
from flodesk.ui.panel.faces.dials.compass import CompassFace
from flodesk.ui.panel.faces.dials.gauge import GaugeFace, MeterFace
from flodesk.ui.panel.faces.dials.ruler import Ruler
from flodesk.ui.panel.faces.dials.scale import ScaleFace
from flodesk.ui.panel.faces.dials.segments import SegmentsFace
from flodesk.ui.panel.faces.lamp import LampFace
from flodesk.ui.panel.faces.small_faces import NumberFace
from flodesk.ui.theme import DARK, LIGHT, current, theme

HIGH = Zone.around(warning_above=7.0, alarm_above=9.0)
Show = Callable[..., ScaleFace]


@pytest.fixture(params=[DARK, LIGHT], ids=["dark", "light"])
def in_both_themes(request: pytest.FixtureRequest) -> Iterator[None]:
    before = current.theme
    current.use(request.param)
    yield
    current.use(before)


@pytest.fixture
def shown(qtbot: QtBot, gallery: ModuleType) -> Show:
    """Return a function that shows a value in a form and gives its face, of a card of some cells."""
    cards: list[Card] = []

    def made(key: str, value: object, size: tuple[int, int] = (4, 5), **options: object) -> ScaleFace:
        card = gallery.card_of(key, gallery.Shot(size, value, "title", options))
        qtbot.addWidget(card)
        card.show()
        cards.append(card)
        assert isinstance(card.content, ScaleFace)
        return card.content

    return made


def painted(face: QWidget) -> QImage:
    card = face.parentWidget()  # what is behind a face is its card
    seen = card.grab(face.geometry()) if isinstance(card, Card) else face.grab()
    return seen.toImage().convertToFormat(QImage.Format.Format_RGB32)


def near(image: QImage, at: QPointF, ink: str) -> int:
    """Return how far the colour at a point is from another."""
    ratio = image.devicePixelRatio()
    found, wanted = QColor(image.pixel(round(at.x() * ratio), round(at.y() * ratio))), QColor(ink)
    return sum(abs(a - b) for a, b in zip(found.getRgb()[:3], wanted.getRgb()[:3], strict=True))


def needle(image: QImage, middle: QPointF, radius: float, ink: str, reach: tuple[int, int] = (0, 360)) -> float:
    """Return the direction in degrees, counter-clockwise from the right, in which a needle of a colour points."""
    x, y = 0.0, 0.0
    for tenth in range(10 * reach[0], 10 * reach[1]):
        angle = math.radians(tenth / 10)
        at = QPointF(middle.x() + radius * math.cos(angle), middle.y() - radius * math.sin(angle))
        if near(image, at, ink) < 120:
            x, y = x + math.cos(angle), y + math.sin(angle)
    assert (x, y) != (0.0, 0.0), "there is a needle"
    return math.degrees(math.atan2(y, x)) % 360


@pytest.mark.usefixtures("in_both_themes")
@pytest.mark.parametrize(
    ("value", "angle"), [(0.0, 225), (2.5, 157.5), (5.0, 90), (7.5, 22.5), (10.0, 315), (99.0, 315), (-3.0, 225)]
)
def test_the_needle_points_at_the_value(shown: Show, value: float, angle: float) -> None:
    face = shown("show.gauge", Gauge("Pressure", value, "bar", 0.0, 10.0))
    assert isinstance(face, GaugeFace)
    found = needle(painted(face), face.middle, face.radius * 0.3, theme().text)
    assert abs((found - angle + 180) % 360 - 180) < 3


@pytest.mark.usefixtures("in_both_themes")
@pytest.mark.parametrize(("value", "angle"), [(0.0, 135), (2.5, 112.5), (5.0, 90), (10.0, 45), (99.0, 45)])
@pytest.mark.parametrize("size", [(4, 3), (8, 5)])
def test_the_needle_of_a_meter_leans_as_far_as_the_value(
    shown: Show, value: float, angle: float, size: tuple[int, int]
) -> None:
    face = shown("show.meter", Meter("Supply", value, "V", 0.0, 10.0), size)
    assert isinstance(face, MeterFace)
    found = needle(painted(face), face.middle, face.radius * 0.62, theme().text, (40, 140))
    assert abs(found - angle) < 2
    ends = [face.middle + QPointF(side * face.radius * math.sin(math.pi / 4), 0) for side in (-1, 1)]
    assert ends[0].x() >= 0
    assert ends[1].x() <= face.width(), "the whole arc is seen"


@pytest.mark.usefixtures("in_both_themes")
@pytest.mark.parametrize(("heading", "angle"), [(0.0, 90), (90.0, 0), (243.0, 207), (-30.0, 120)])
def test_the_needle_of_a_compass_points_clockwise_from_north(shown: Show, heading: float, angle: float) -> None:
    face = shown("show.compass", Compass("Wind", heading))
    assert isinstance(face, CompassFace)
    found = needle(painted(face), face.middle, face.radius * 0.4, theme().error)
    assert abs((found - angle + 180) % 360 - 180) < 4


@pytest.mark.usefixtures("in_both_themes")
@pytest.mark.parametrize("kind", [Bar, Tank, Thermometer])
@pytest.mark.parametrize(("size", "share"), [((3, 6), 0.25), ((6, 3), 0.7)])
def test_what_is_filled_ends_at_the_value(shown: Show, kind: type[Bar], size: tuple[int, int], share: float) -> None:
    face = shown(f"show.{kind.__name__.lower()}", kind("Level", 200.0 * share, "l", 0.0, 200.0), size)
    assert isinstance(face, BarFace)
    image, area = painted(face), face.vessel()
    for aside, filled in ((-0.05, True), (0.05, False)):
        along = face.at(share + aside)
        at = QPointF(area.center().x(), along) if face.upright else QPointF(along, area.center().y())
        assert (near(image, at, theme().accent) < 40) is filled


@pytest.mark.usefixtures("in_both_themes")
def test_a_bar_with_zero_inside_begins_there(shown: Show) -> None:
    face = shown("show.bar", Bar("Offset", -5.0, "mm", -10.0, 10.0), (6, 3))
    assert isinstance(face, BarFace)
    image, high = painted(face), face.vessel().center().y()
    filled = [near(image, QPointF(face.at(share), high), theme().accent) < 40 for share in (0.15, 0.3, 0.45, 0.6)]
    assert filled == [False, True, True, False]


@pytest.mark.usefixtures("in_both_themes")
@pytest.mark.parametrize(
    ("value", "word", "ink"), [(5.0, "", "accent"), (7.5, "Warning", "warning"), (9.5, "Alarm", "error")]
)
@pytest.mark.parametrize("key", ["show.gauge", "show.bar", "show.tank", "show.thermometer", "show.seven_segment"])
def test_what_warns_is_said_by_colour_and_in_words(shown: Show, key: str, value: float, word: str, ink: str) -> None:
    face = shown(key, Number("Pressure", value, "bar"), maximum=10.0, warning_above=7.0, alarm_above=9.0)
    assert face.state == word
    assert face.text.endswith(f"bar, {word}" if word else "bar")
    assert face.accessibleName() == f"Pressure: {face.text}"
    if word or key != "show.seven_segment":
        assert face.ink == getattr(theme(), ink)
    card = face.parentWidget()
    assert isinstance(card, Card)
    before = painted(face)
    card.show_sample(Sample(2, Number("Pressure", value, "bar", digits=3)))
    card.show_sample(Sample(3, Number("Pressure", value, "bar")))
    assert painted(face) == before


def test_range_and_zones_are_in_the_tooltip(shown: Show) -> None:
    face = shown("show.gauge", Gauge("Pressure", 3.0, "bar", 0.0, 10.0, 3, HIGH))
    assert face.tip() == "0 to 10 bar. Warning from 7 bar. Alarm from 9 bar."
    card = face.parentWidget()
    card.show_sample(Sample(2, Gauge("Pressure", 3.0, "bar", 0.0, 20.0, 3)))
    assert tooltip(card) == "0 to 20 bar."


def tooltip(card: QWidget) -> str:
    """Return the tooltip of a card as it is when somebody asks for it."""
    QGuiApplication.sendEvent(card, QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(5, 5), card.mapToGlobal(QPoint(5, 5))))
    return card.toolTip()


def test_the_keyboard_reaches_it_and_copies(shown: Show, qtbot: QtBot) -> None:
    face = shown("show.gauge", Gauge("Pressure", 3.0, "V", 0.0, 0.01, 3))
    card = face.parentWidget()
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow)
    face.clearFocus()
    without = painted(face)
    QTest.keyClick(card, Qt.Key.Key_Tab)
    qtbot.waitUntil(face.hasFocus)
    assert painted(face) != without, "the keyboard's place is seen"
    QTest.keyClick(face, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "3000.0 mV"


def test_the_face_is_painted_once_for_many_values(shown: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    face = shown("show.gauge", Gauge("Pressure", 3.0, "bar", 0.0, 10.0))
    painted(face)
    grounds: list[int] = []
    own = type(face).paint_ground
    monkeypatch.setattr(type(face), "paint_ground", lambda self, painter: (grounds.append(1), own(self, painter)))
    for value in range(10):
        face.show_value(Gauge("Pressure", float(value), "bar", 0.0, 10.0))
        painted(face)
    assert grounds == []
    face.show_value(Gauge("Pressure", 3.0, "bar", 0.0, 20.0))
    painted(face)
    assert grounds == [1], "another scale is painted anew"


@pytest.mark.parametrize(
    ("value", "digits", "decimals", "text"),
    [(142.857, 5, 2, "142.86"), (-3.75, 5, 2, "−3.75"), (-0.001, 4, 1, "0.0"), (7.0, 3, 0, "7"),
     (123456.0, 5, 0, "−−−−−"), (-999.99, 5, 2, "−−−−−"), (math.nan, 3, 1, "−−−")],
)  # fmt: skip
def test_segments_show_the_number_or_dashes(shown: Show, value: float, digits: int, decimals: int, text: str) -> None:
    face = shown("show.seven_segment", Segments("Rate", value, "Hz", digits=digits, decimals=decimals))
    assert isinstance(face, SegmentsFace)
    assert face.figures == text
    assert len(face.characters) == digits
    assert (face.state != "") is text.startswith("−−")


def test_progress_is_done_at_its_end_only(shown: Show) -> None:
    face = shown("show.progress", Progress("Sweep", 0.999, "", 0.0, 1.0), (4, 2))
    assert (face.text, face.state) == ("99 %", "")
    face.show_value(Progress("Sweep", 512.0, "", 0.0, 512.0))
    assert face.text == "100 %, Done"


def test_beyond_the_scale_is_said(shown: Show) -> None:
    face = shown("show.bar", Bar("Level", 120.0, "%"))
    assert face.text == "120.0 %, Above scale"
    face.show_value(Bar("Level", math.nan, "%"))
    assert face.state == "No number"
    painted(face)


def test_scales_have_one_prefix_and_tidy_ticks() -> None:
    ruler = Ruler(0.0, 2500.0, "V")
    assert [ruler.label(tick) for tick in ruler.ticks(5)] == ["0", "0.5", "1", "1.5", "2", "2.5"]
    assert (ruler.symbol, ruler.figures(40.0, 3)) == ("kV", "0.04")
    assert Ruler(-1.0, 1.0, "°C").ticks(4) == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert Ruler(3.0, 3.0).ticks(4) == []


def test_a_view_says_how_a_number_looks(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]
) -> None:
    view = (
        'shown = { at = [0, 0, 4, 5], options = { as = "show.gauge", minimum = -5, maximum = 5, unit = "V", '
        'alarm_above = 4, colour = "pink", warning_above = "much" } }'
    )
    panel = open_panel(flow_text(["shown = show.number(3)"], [view]))
    panel.show_values({"flow.shown": Sample(1, Number("Level", 4.5))})
    face = panel.board.cards["flow.shown"].content
    assert isinstance(face, GaugeFace)
    assert (face.scale.minimum, face.scale.maximum, face.text) == (-5, 5, "4.500 V, Alarm")
    assert len(face.scale.zones) == 1, "what makes no sense is passed over"


@pytest.mark.usefixtures("in_both_themes")
def test_a_lamp_has_other_shapes_and_words(qtbot: QtBot, gallery: ModuleType) -> None:
    options = {"shape": "label", "on": "TRIPPED", "off": "Ready"}
    card = gallery.card_of("show.lamp", gallery.Shot((3, 2), Lamp("Interlock", True, "red"), "", options))
    qtbot.addWidget(card)
    card.show()
    face = card.content
    assert isinstance(face, LampFace)
    assert (face.text, face.accessibleName()) == ("TRIPPED", "Interlock: TRIPPED")
    assert near(painted(face), QPointF(8, face.height() / 2), theme().error) < 30
    card.show_sample(Sample(2, Lamp("Interlock", False, "red")))
    assert face.text == "Ready"
    assert near(painted(face), QPointF(8, face.height() / 2), theme().error) > 60


def test_a_vector_picture_has_lines_and_no_pixels(shown: Show) -> None:
    face = shown("show.gauge", Gauge("Pressure", 3.0, "bar", 0.0, 10.0))
    made = QByteArray()
    buffer, generator = QBuffer(made), QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(face.size())
    face.render(generator)
    text = bytes(made.data()).decode()
    assert "<image" not in text
    assert all(f">{tick}<" in text for tick in (0, 2, 4, 6, 8, 10))


@pytest.mark.usefixtures("in_both_themes")
@pytest.mark.parametrize("key", sorted(form.key for form in forms.FORMS))
def test_every_form_is_painted_at_every_size(qtbot: QtBot, gallery: ModuleType, key: str) -> None:
    ground, cards = gallery.stage(key)
    qtbot.addWidget(ground)
    ground.show()
    assert cards
    for card in cards:
        assert card.content is not None
        for wide, high in ((60, 40), (134, 40), (206, 88), (60, 280), (420, 420)):
            card.resize(wide, high)
            assert not painted(card).isNull()
            assert card.rect().contains(card.content.geometry()) or card.content.width() == 0


def test_a_number_in_digits_warns_too(qtbot: QtBot, gallery: ModuleType) -> None:
    options = {"alarm_above": 9, "warning_below": 2, "digits": 2, "unit": "V"}
    card = gallery.card_of("show.number", gallery.Shot((4, 2), Number("Level", 9.5), "", options))
    qtbot.addWidget(card)
    card.show()
    face = card.content
    assert isinstance(face, NumberFace)
    assert face.text == "9.5 V, Alarm"
    assert face.accessibleName() == "Level: 9.5 V, Alarm"
    assert face.tip() == "Warning to 2 V. Alarm from 9 V."
    image = painted(face)
    seen = {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}
    assert theme().error in seen
    card.show_sample(Sample(2, Number("Level", 5.0)))
    assert face.text == "5.0 V"


# ------------------------------------------------------------------ scales that follow their value
def ends(face: ScaleFace) -> tuple[float, float]:
    return face.scale.minimum, face.scale.maximum


@pytest.mark.parametrize("form", ["show.gauge", "show.meter", "show.bar", "show.tank"])
def test_a_scale_without_ends_follows_a_plain_value_and_does_not_shrink(shown: Show, form: str) -> None:
    face = shown(form, 0.7)
    assert ends(face) == (0.0, 1.0)
    assert "The scale follows the value" in face.tip()
    for value, reached in ((3.2, (0.0, 5.0)), (-0.3, (-0.5, 5.0)), (0.1, (-0.5, 5.0)), (math.inf, (-0.5, 5.0))):
        face.show_value(Number("", value))
        assert ends(face) == reached
    face.show_value(Number("", 0.15))
    next(action for action in face.actions_of_face() if action.text() == "Fit scale to the value").trigger()
    assert ends(face) == (0.0, 0.2)


@pytest.mark.usefixtures("in_both_themes")
def test_the_needle_of_a_scale_that_follows_points_at_its_value(shown: Show) -> None:
    face = shown("show.gauge", 0.5)
    assert isinstance(face, GaugeFace)
    assert abs(needle(painted(face), face.middle, face.radius * 0.3, theme().text) - 315) < 3, "at the end, 0.5"
    face.show_value(Number("", 1.0))
    face.show_value(Number("", 0.5))
    assert abs(needle(painted(face), face.middle, face.radius * 0.3, theme().text) - 90) < 3, "of 0 to 1"


def test_ends_that_are_given_stay_and_units_have_their_own(shown: Show) -> None:
    assert ends(shown("show.gauge", 0.7, maximum=6.0)) == (0.0, 6.0)
    assert ends(shown("show.gauge", 0.7, minimum=-1.0, maximum=6.0)) == (-1.0, 6.0)
    assert ends(shown("show.gauge", 0.7, minimum=0.0)) == (0.0, 1.0), "the other end follows"
    assert ends(shown("show.gauge", 0.7, unit="%")) == (0.0, 100.0)
    assert ends(shown("show.gauge", 0.7, alarm_above=90.0)) == (0.0, 100.0), "what warns is on the scale"
    assert ends(shown("show.thermometer", 0.7)) == (0.0, 100.0)
    fixed = shown("show.gauge", Gauge("", 0.7, "bar", 0.0, 10.0))
    assert ends(fixed) == (0.0, 10.0)
    assert "follows" not in fixed.tip()


def test_the_node_without_ends_gives_a_scale_that_follows(shown: Show) -> None:
    face = shown("show.gauge", show.gauge(0.7, unit="bar"))
    assert ends(face) == (0.0, 1.0)
    face.show_value(show.gauge(7.0, unit="bar"))
    face.show_value(show.gauge(0.7, unit="bar"))
    assert ends(face) == (0.0, 10.0)
    face.show_value(show.gauge(0.7, unit="bar", maximum=2.0))
    assert ends(face) == (0.0, 2.0)
    with pytest.raises(ValueError, match="swap them"):
        show.gauge(0.7, minimum=2.0, maximum=1.0)
