"""Looking closely at plots: cursors, peaks, figures, linked axes, what is copied; by keys, mouse and menu."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.nodes import show
from flodesk.public import Waveform
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.curves.curves import Curve
from flodesk.ui.panel.faces.curves.measures import figures, peaks, within
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.theme import DARK, LIGHT, current

Shown = Callable[..., LinePlot]


@pytest.fixture
def shown(qtbot: QtBot, gallery: ModuleType) -> Iterator[Shown]:
    """Return a function that shows a value in a form and gives its plot."""
    kept: list[QWidget] = []

    def made(key: str, value: object, **options: object) -> LinePlot:
        card = gallery.card_of(key, gallery.Shot((8, 6), value, "", options))
        qtbot.addWidget(card)
        kept.append(card)
        card.show()
        qtbot.waitExposed(card)
        gallery.settle()
        assert isinstance(card.content, LinePlot)
        return card.content

    return made


def ramp(count: int = 101, start: float = 0.0) -> Waveform:
    """Return a signal that is twice its time, in V."""
    return Waveform(2.0 * (start + np.arange(count) * 0.01), 0.01, start, "V")


def curve(x: np.ndarray, y: np.ndarray) -> Curve:
    return Curve(x, y, "", "", True, True)


def press(plot: LinePlot, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    plot.setFocus()
    QTest.keyClick(plot, key, modifiers)


def told(plot: LinePlot) -> list[str]:
    return [line.text for line in plot.readout.lines]


def test_figures_and_peaks_against_known_answers() -> None:
    x = np.linspace(0.0, 1.0, 501)
    found = figures(curve(x, 3.0 * np.sin(2 * np.pi * 5 * x)))
    assert found is not None
    assert (found.rms, found.high, found.low) == pytest.approx((3.0 / np.sqrt(2), 3.0, -3.0), rel=3e-3)
    assert found.exact
    two = curve(x, np.exp(-(((x - 0.3) / 0.02) ** 2)) + 0.5 * np.exp(-(((x - 0.7) / 0.02) ** 2)))
    assert peaks(two) == [pytest.approx((0.3, 1.0), abs=1e-3), pytest.approx((0.7, 0.5), abs=1e-3)]
    assert peaks(two, 1) == [pytest.approx((0.3, 1.0), abs=1e-3)]
    wavy = curve(x, two.y + 0.01 * np.sin(2 * np.pi * 60 * x))
    assert len(peaks(wavy)) == 2, "what does not stand out is none"
    assert peaks(curve(x[:2], x[:2])) == []
    assert figures(curve(x, np.full(501, np.nan))) is None
    part = within(two, 0.5, 0.9)
    assert (part.x[0], part.x[-1]) == pytest.approx((0.5, 0.9))
    far = np.sort(np.random.default_rng(1).uniform(size=1500))
    rough = figures(curve(far, far))
    assert rough is not None
    assert not rough.exact


def test_two_cursors_say_how_far_apart_they_are(shown: Shown, qtbot: QtBot) -> None:
    plot = shown("show.line", show.line(ramp()))
    press(plot, Qt.Key.Key_C)
    assert plot.look.cursors
    a, b = plot.look.lines
    a.setValue(0.25)
    b.setValue(0.75)
    assert told(plot) == [
        "A 250.0 ms   B 750.0 ms   Δ 500.0 ms   1/Δ 2.000 Hz",
        "A 500.0 mV   B 1.500 V   Δ 1.000 V",
    ]
    assert plot.readout.height() == 32
    left, right = plot.box.viewRange()[0]
    press(plot, Qt.Key.Key_Right)
    assert b.value() == pytest.approx(0.75 + (right - left) / 200)
    press(plot, Qt.Key.Key_X)
    press(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert a.value() == pytest.approx(0.25 - (right - left) / 2000)
    press(plot, Qt.Key.Key_C)
    assert told(plot) == []
    assert plot.readout.isHidden()


def test_a_cursor_is_dragged_with_the_mouse(shown: Shown, qtbot: QtBot) -> None:
    plot = shown("show.line", show.line(ramp()))
    press(plot, Qt.Key.Key_C)
    view, line = plot.plot.viewport(), plot.look.lines[0]
    qtbot.wait(20)
    before = line.value()

    def place(x: float) -> QPoint:
        found: QPoint = plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(x, 1.0)))
        return found

    start, none = place(before), Qt.KeyboardModifier.NoModifier
    QTest.mouseMove(view, start)
    qtbot.wait(20)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, none, start)
    for step in range(10, 71, 10):
        QTest.mouseMove(view, start + QPoint(step, 0))
        qtbot.wait(20)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, none, start + QPoint(70, 0))
    assert line.value() > before
    assert plot.fits, "the axes stay where they are"
    assert plot.hasFocus()


def share(plot: LinePlot, place: float) -> float:
    """Return how far to the right of what is seen a place of the axis is, from 0 to 1."""
    left, right = plot.box.viewRange()[0]
    return float((place - left) / (right - left))


def test_cursors_keep_their_place_on_the_screen_while_the_axis_runs(shown: Shown) -> None:
    chart = show.Strip(seconds=1.0)
    plot = shown("show.strip", chart(ramp()))
    plot.show_value(chart(ramp(start=1.01)))
    press(plot, Qt.Key.Key_C)
    press(plot, Qt.Key.Key_X)
    before = [share(plot, line.value()) for line in plot.look.lines]
    for start in (2.02, 3.03, 4.04):
        plot.show_value(chart(ramp(start=start)))
    left, _ = plot.box.viewRange()[0]
    assert left > 3.5
    assert [share(plot, line.value()) for line in plot.look.lines] == pytest.approx(before)
    a = plot.look.lines[0].value()
    assert float(told(plot)[1].split()[1]) == pytest.approx(2 * a, abs=0.011), "the sample that is under it now"
    press(plot, Qt.Key.Key_Right)
    assert plot.look.lines[0].value() > a, "keys move the one that they moved before"
    plot.look.lines[1].setValue(left - 1.0)
    plot.show_value(chart(ramp(start=5.05)))
    assert share(plot, plot.look.lines[1].value()) == pytest.approx(2 / 3), "it is back in the picture"


def test_cursors_keep_their_place_on_curves_whose_axis_does_not_run(shown: Shown) -> None:
    plot = shown("show.line", show.line(ramp()))
    press(plot, Qt.Key.Key_C)
    places = [line.value() for line in plot.look.lines]
    plot.show_value(show.line(ramp(151)))
    assert plot.box.viewRange()[0][1] >= 1.5
    plot.box.setXRange(0.2, 1.2, padding=0)
    plot.box.sigRangeChangedManually.emit([True, False])
    press(plot, Qt.Key.Key_A)
    assert plot.fits
    assert [line.value() for line in plot.look.lines] == places


def test_values_under_a_resting_mouse_follow_the_axis_and_end_with_a_dialog(shown: Shown, qtbot: QtBot) -> None:
    chart = show.Strip(seconds=1.0)
    plot = shown("show.strip", chart(ramp()))
    view = plot.plot.viewport()
    steps = iter(range(100_000))

    def pointed() -> bool:
        QTest.mouseMove(view, view.rect().center() + QPoint(0, next(steps) % 9))
        return plot.legend.place != ""

    qtbot.waitUntil(pointed, timeout=5000)
    for start in (1.01, 2.02, 3.03):
        plot.show_value(chart(ramp(start=start)))
    left, right = plot.box.viewRange()[0]
    assert left < plot.pointer.place() < right
    assert plot.legend.place == plot.place_text(plot.pointer.place())
    assert plot.legend.entries[0].value
    dialog = QDialog(plot.window())
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: plot.legend.place == "", timeout=5000)
    assert plot.legend.entries[0].value == ""
    assert plot.pointer.place() is None
    dialog.close()


def test_figures_are_of_what_is_seen(shown: Shown) -> None:
    plot = shown("show.line", show.line(ramp(), names="up"))
    press(plot, Qt.Key.Key_S)
    assert told(plot)[0].startswith("up   mean 1.000 V   RMS 1.1")
    assert told(plot)[0].endswith("min 0.000 V   max 2.000 V   p-p 2.000 V   of 101 samples")
    plot.box.setXRange(0.0, 0.5, padding=0)
    assert "min 0.000 V   max 1.000 V   p-p 1.000 V   of 51 samples" in told(plot)[0]
    plot.show_value(show.line(ramp(11)))
    assert "p-p 200.0 mV   of 11 samples" in told(plot)[0], "they follow the values"


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_peaks_are_marked_with_their_numbers(shown: Shown, theme: object) -> None:
    before = current.theme
    current.use(theme)  # type: ignore[arg-type]
    try:
        t = np.arange(1000) * 1e-3
        both = Waveform(3.0 * np.sin(2 * np.pi * 50 * t) + np.sin(2 * np.pi * 200 * t), 1e-3, 0.0, "V")
        plot = shown("show.spectrum", show.Spectrum()(both), frequency="logarithmic")
        press(plot, Qt.Key.Key_P)
        assert told(plot) == ["1: 50.00 Hz, 3.000 V   2: 200.0 Hz, 1.000 V"]
        assert [text.toPlainText() for text in plot.look._texts] == ["1", "2"]
        assert plot.look._texts[1].pos().x() == pytest.approx(np.log10(200.0))
        press(plot, Qt.Key.Key_P)
        assert plot.look._texts == []
    finally:
        current.use(before)


def test_what_is_seen_or_all_is_copied(shown: Shown) -> None:
    plot = shown("show.line", show.line(ramp(11), x_label="Time"))
    plot.box.setXRange(0.045, 0.075, padding=0)
    press(plot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows = QGuiApplication.clipboard().text().splitlines()
    assert rows[0] == "Time (s),y1 (V)"
    assert [float(row.split(",")[0]) for row in rows[1:]] == pytest.approx([0.05, 0.06, 0.07])
    actions = {action.text(): action for action in plot.actions_of_face()}
    actions["Copy as CSV"].trigger()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 12
    actions["Cursors"].trigger()
    assert plot.look.cursors
    assert {"Mark peaks", "Figures of what is seen"} <= set(actions)


def test_copying_is_told_and_times_are_written_as_they_are_meant(shown: Shown) -> None:
    plot = shown("show.line", show.line(Waveform(np.zeros(3), 0.001, 99.15, "V"), x_label="Time"))
    said: list[str] = []
    plot.said.connect(said.append)
    press(plot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows = QGuiApplication.clipboard().text().splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["99.15", "99.151", "99.152"]
    assert said == ["3 samples on the clipboard as CSV."]
    plot.show_value(show.line(Waveform(np.zeros(2), 0.0001, 1_763_800_000.0001, "V")))
    plot.copying.copy()
    rows = QGuiApplication.clipboard().text().splitlines()
    places = [float(row.split(",")[0]) for row in rows[1:]]
    assert places == [float(x) for x in plot.curves[0].x], "12 digits do not tell them apart"


def test_keys_zoom_pan_fit_and_freeze(shown: Shown) -> None:
    plot = shown("show.line", show.line(ramp()))
    (left, right), _ = plot.box.viewRange()
    press(plot, Qt.Key.Key_Plus)
    inner = plot.box.viewRange()[0]
    assert inner[1] - inner[0] == pytest.approx(0.8 * (right - left))
    assert not plot.fits
    press(plot, Qt.Key.Key_Right)
    assert plot.box.viewRange()[0][0] > inner[0]
    press(plot, Qt.Key.Key_A)
    assert plot.box.viewRange()[0] == [left, right]
    press(plot, Qt.Key.Key_F)
    assert plot.frozen
    card = plot.parentWidget()
    assert isinstance(card, Card)
    card.show_sample(Sample(7, show.line(ramp(5))))
    assert len(plot.curves[0].x) == 101
    press(plot, Qt.Key.Key_F)
    assert len(plot.curves[0].x) == 5


def test_linked_plots_move_together(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    body = ["one = show.line(source.sine())", "two = show.line(source.sine())", "three = show.line(source.sine())"]
    views = [
        "one = { at = [0, 0, 6, 5], options = { linked = true } }",
        "two = { at = [6, 0, 6, 5], options = { linked = true } }",
        "three = [0, 5, 6, 5]",
    ]
    panel = open_panel(flow_text(body, views))
    cards: list[Card] = [panel.board.cards[f"flow.{name}"] for name in ("one", "two", "three")]
    for card in cards:
        card.show_sample(Sample(1, show.line(ramp())))
    one, two, three = (card.content for card in cards)
    assert isinstance(one, LinePlot)
    assert isinstance(two, LinePlot)
    assert isinstance(three, LinePlot)
    before = three.box.viewRange()[0]
    press(one, Qt.Key.Key_Plus)
    assert two.box.viewRange()[0] == one.box.viewRange()[0] != before
    assert three.box.viewRange()[0] == before
    assert not two.fits
    press(two, Qt.Key.Key_A)
    assert one.fits
    assert one.box.viewRange()[0] == before
    one.show_value(show.xy([0.0, 1.0], [0.0, 1.0], x_unit="m"))
    press(one, Qt.Key.Key_Minus)
    assert two.fits, "another unit is another axis"
