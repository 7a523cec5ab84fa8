"""Indicators show what the samples hold, and only where they can be seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.public import Lamp, Line, Note, Number, Sheet, Trace, Waveform
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.panel.faces.lamp import LampFace
from flodesk.ui.panel.faces.sheet import SheetFace
from flodesk.ui.panel.faces.small_faces import NumberFace, TextFace, WaitingFace
from flodesk.ui.theme import DARK, LIGHT, current

BODY = [
    "for tick in timing.every(0.05):",
    "    first = source.sine(tick, frequency=5.0)",
    "    second = source.noise(tick)",
    '    chart = show.line(first, second, title="Signals")',
    "    meter = show.number(tick)",
    "    led = show.lamp(tick)",
    "    sheet = show.table(tick)",
    "    words = show.text(tick)",
]
VIEWS = [
    "chart = [0, 0, 12, 5]", "meter = [0, 5, 4, 2]", "led = [4, 5, 4, 1]", "words = [8, 5, 4, 2]",
    "sheet = [0, 7, 12, 4]", "far = [0, 40, 4, 2]",
]  # fmt: skip


@pytest.fixture
def panel(open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]) -> ControlPanel:
    return open_panel(flow_text([*BODY, "    far = show.number(tick)"], VIEWS))


def face(panel: ControlPanel, key: str, kind: type) -> object:
    found = panel.board.cards[key].content
    assert isinstance(found, kind)
    return found


def line(n: int = 200, at: float = 0.0) -> Line:
    x = at + np.arange(n) / 100
    return Line("", (Trace(x, np.sin(x)), Trace(x, np.cos(x), "cosine", "V")), "Time", "s", "", "V")


def test_a_view_of_each_indicator_is_prepared_and_watched(panel: ControlPanel) -> None:
    kinds = {key: type(card.content) for key, card in panel.board.cards.items()}
    assert kinds == {
        "flow.chart": LinePlot, "flow.meter": NumberFace, "flow.led": LampFace, "flow.words": TextFace,
        "flow.sheet": SheetFace, "flow.far": NumberFace,
    }  # fmt: skip
    assert panel.watched() == set(kinds)
    panel.hide()
    assert panel.watched() == set()


def test_a_line_is_drawn_point_by_point_with_names_from_the_wires(panel: ControlPanel) -> None:
    assert panel.show_values({"flow.chart": Sample(1, line())}) == 1
    plot = face(panel, "flow.chart", LinePlot)
    assert isinstance(plot, LinePlot)
    drawn = [item.getData() for item in plot._items]
    for (x, y), function in zip(drawn, (np.sin, np.cos), strict=True):
        np.testing.assert_array_equal(x, np.arange(200) / 100)
        np.testing.assert_array_equal(y, function(x))
    assert [entry.name for entry in plot.legend.entries] == ["first", "cosine"]
    (left, right), (low, high) = plot.box.viewRange()
    assert left <= 0.0 < 1.99 <= right
    assert low < -0.42 < 1.0 < high < 1.6
    assert panel.board.cards["flow.chart"].title == "Signals"


def test_the_same_sample_is_shown_once(panel: ControlPanel) -> None:
    sample = Sample(1, line())
    assert panel.show_values({"flow.chart": sample}) == 1
    assert panel.show_values({"flow.chart": sample}) == 0
    assert panel.show_values({"flow.chart": Sample(2, line())}) == 1


def test_a_stream_scrolls_in_steps(panel: ControlPanel) -> None:
    plot = face(panel, "flow.chart", LinePlot)
    assert isinstance(plot, LinePlot)
    ranges = set()
    for turn in range(40):
        panel.show_values({"flow.chart": Sample(turn, line(200, at=turn * 0.02))})
        left, right = plot.box.viewRange()[0]
        assert left <= turn * 0.02 + 0.1
        assert right >= turn * 0.02 + 1.99 - 1e-9
        ranges.add((left, right))
    assert len(ranges) < 25, "the axis moves less often than the data"


def test_gaps_and_long_traces_are_drawn(panel: ControlPanel) -> None:
    y = np.sin(np.arange(100_000) / 50.0)
    y[70_000] = 9.0
    panel.show_values(
        {"flow.chart": Sample(1, Line("", (Trace(np.arange(100_000), y), Trace([0, 1, 2], [1.0, np.nan, 2.0]))))}
    )
    plot = face(panel, "flow.chart", LinePlot)
    assert isinstance(plot, LinePlot)
    assert len(plot.curves[0].x) <= 4000
    assert plot.curves[0].y.max() == 9.0
    assert plot.curves[0].x[plot.curves[0].y.argmax()] == 70_000
    assert plot.box.viewRange()[1][1] >= 9.0
    panel.show_values({"flow.chart": Sample(2, Line("", (Trace([], []),)))})


def test_the_cursor_reads_values(panel: ControlPanel, qtbot: QtBot) -> None:
    panel.show_values({"flow.chart": Sample(1, line())})
    plot = face(panel, "flow.chart", LinePlot)
    assert isinstance(plot, LinePlot)
    qtbot.wait(20)
    at = plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(1.0, 0.3)))
    for dx in (-30, -10, 0):  # pyqtgraph takes at most a hundred moves a second
        qtbot.mouseMove(plot.plot.viewport(), at + QPoint(dx, 0))
        qtbot.wait(25)
    assert plot.legend.place
    assert float(plot.legend.place.split()[0]) * (1e-3 if "m" in plot.legend.place else 1) == pytest.approx(
        1.0, abs=0.02
    )
    sine, cosine = (entry.value for entry in plot.legend.entries)
    assert float(sine.split()[0]) == pytest.approx(841.5, abs=15), "sin(1) V, in mV"
    assert cosine.endswith("mV")


def test_a_frozen_plot_keeps_its_picture_until_it_is_let_go(panel: ControlPanel) -> None:
    plot = face(panel, "flow.chart", LinePlot)
    assert isinstance(plot, LinePlot)
    panel.show_values({"flow.chart": Sample(1, line(50))})
    card = panel.board.cards["flow.chart"]
    next(action for action in card.menu().actions() if action.text() == "Freeze").trigger()
    panel.show_values({"flow.chart": Sample(2, line(80))})
    assert len(plot.curves[0].x) == 50
    assert plot.legend.chip == "Frozen"
    plot.freeze(False)
    assert len(plot.curves[0].x) == 80
    assert not plot.legend.chip


def test_a_plot_is_copied_as_csv(panel: ControlPanel) -> None:
    plot = face(panel, "flow.chart", LinePlot)
    assert isinstance(plot, LinePlot)
    panel.show_values({"flow.chart": Sample(1, line(3))})
    plot.copying.copy()
    rows = QGuiApplication.clipboard().text().splitlines()
    assert rows[0] == "Time (s),first,cosine (V)"
    assert rows[1] == "0.0,0.0,1.0"
    assert len(rows) == 4


def test_a_number_has_its_unit_with_prefix(panel: ControlPanel) -> None:
    number = face(panel, "flow.meter", NumberFace)
    assert isinstance(number, NumberFace)
    for value, unit, digits, text in (
        (0.7071, "V", 3, "707 mV"), (-12500.0, "Hz", 4, "−12.50 kHz"), (21.3, "°C", 3, "21.3 °C"),
        (0.0, "V", 3, "0.00 V"),
        (float("nan"), "V", 3, "not a number V"),
    ):  # fmt: skip
        panel.show_values({"flow.meter": Sample(id(text), Number("Level", value, unit, digits))})
        assert number.text == text
    assert panel.board.cards["flow.meter"].title == "Level"


def test_a_lamp_says_its_state_in_words_too(panel: ControlPanel) -> None:
    lamp = face(panel, "flow.led", LampFace)
    assert isinstance(lamp, LampFace)
    panel.show_values({"flow.led": Sample(1, Lamp("Alarm", True, "red"))})
    assert lamp.text == "On"
    lit = lamp.grab().toImage().pixelColor(10, lamp.height() // 2)
    assert lit.red() > lit.green() + 60
    panel.show_values({"flow.led": Sample(2, Lamp("Alarm", False, "red"))})
    assert (lamp.text, lamp.accessibleName()) == ("Off", "Alarm: Off")
    assert lamp.grab().toImage().pixelColor(10, lamp.height() // 2) != lit


def test_a_text_is_shown_whole(panel: ControlPanel) -> None:
    words = face(panel, "flow.words", TextFace)
    assert isinstance(words, TextFace)
    panel.show_values({"flow.words": Sample(1, Note("", "two\nlines"))})
    assert words.edit.toPlainText() == "two\nlines"


def test_a_long_table_reads_only_what_is_seen(panel: ControlPanel, qtbot: QtBot) -> None:
    rows = 100_000
    table = pd.DataFrame({"name": ["a", "b"] * (rows // 2), "value": np.arange(rows) / 3})
    table.loc[1, "value"] = np.nan
    sheet = face(panel, "flow.sheet", SheetFace)
    assert isinstance(sheet, SheetFace)
    panel.show_values({"flow.sheet": Sample(1, Sheet("Rows", table))})
    model = sheet.model
    assert (model.rowCount(), model.columnCount()) == (rows, 2)
    assert model.headerData(1, Qt.Orientation.Horizontal) == "value"
    assert model.data(model.index(7, 1)) == "2.33333"
    assert model.data(model.index(1, 1)) == "", "a missing value is empty"
    right = model.data(model.index(7, 1), Qt.ItemDataRole.TextAlignmentRole)
    assert right & Qt.AlignmentFlag.AlignRight
    assert sheet.size_label.text() == "100 000 × 2"
    sheet.view.scrollToBottom()
    assert model.data(model.index(rows - 1, 0)) == "b"
    assert not sheet.view.verticalHeader().isVisible(), "rows without names need no column for them"
    part = table.head(500)
    part.attrs["shape"] = (rows, 2)
    panel.show_values({"flow.sheet": Sample(2, Sheet("Rows", part))})
    assert sheet.size_label.text() == "100 000 × 2 (the first 500 shown)"


def test_what_is_out_of_sight_is_not_drawn_and_comes_up_when_scrolled_to(panel: ControlPanel, qtbot: QtBot) -> None:
    far = face(panel, "flow.far", NumberFace)
    assert isinstance(far, NumberFace)
    assert panel.show_values({"flow.far": Sample(1, Number("", 5.0))}) == 0
    assert far.shown == 0
    bar = panel._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: far.shown == 1)
    assert far.text == "5.000"


def test_a_hidden_panel_draws_nothing_and_catches_up(panel: ControlPanel, qtbot: QtBot) -> None:
    number = face(panel, "flow.meter", NumberFace)
    assert isinstance(number, NumberFace)
    panel.hide()
    panel.show_values({"flow.meter": Sample(1, Number("", 5.0))})
    assert number.shown == 0
    panel.show()
    qtbot.waitUntil(lambda: number.shown == 1)


def test_the_value_decides_the_kind_and_plain_values_are_taken(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]
) -> None:
    panel = open_panel(flow_text(BODY[:2], ["first = [0, 0, 6, 4]"]))
    card = panel.board.cards["flow.first"]
    assert isinstance(card.content, WaitingFace)
    for sequence, (value, kind) in enumerate(
        [
            (Waveform(np.ones(5), 0.1), LinePlot), (3.5, NumberFace), (True, LampFace), ("words", TextFace),
            (np.arange(4), LinePlot), (np.float64(2), NumberFace), (None, TextFace),
            (pd.DataFrame({"a": [1]}), SheetFace),
        ]
    ):  # fmt: skip
        panel.show_values({"flow.first": Sample(sequence, value)})
        assert type(card.content) is kind


def test_a_value_that_cannot_be_shown_leaves_the_others_alone(
    panel: ControlPanel, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Line("", (Trace(["a"], ["b"]),))
    panel.show_values({"flow.chart": Sample(1, broken), "flow.meter": Sample(1, Number("", 1.0))})
    words = face(panel, "flow.chart", TextFace)
    assert isinstance(words, TextFace)
    assert words.edit.toPlainText().startswith("This value cannot be shown: could not convert")
    assert face(panel, "flow.meter", NumberFace).text == "1.000"  # type: ignore[attr-defined]
    assert "chart" in caplog.text
    panel.show_values({"flow.chart": Sample(2, line())})
    face(panel, "flow.chart", LinePlot)


def test_everything_wears_the_theme_in_force(panel: ControlPanel, qtbot: QtBot) -> None:
    panel.show_values({"flow.chart": Sample(1, line())})
    plot = face(panel, "flow.chart", LinePlot)
    assert isinstance(plot, LinePlot)
    before = current.theme
    try:
        for theme in (LIGHT, DARK):
            current.use(theme)
            qtbot.wait(20)
            assert plot.plot.backgroundBrush().color().name() == theme.raised
            assert plot.legend.entries[0].ink == theme.traces[0]
            corner = panel.board.cards["flow.meter"].grab().toImage().pixelColor(20, 60)
            assert corner.name() == theme.raised
    finally:
        current.use(before)


def test_a_column_of_numbers_has_its_points_below_each_other(panel: ControlPanel) -> None:
    sheet = face(panel, "flow.sheet", SheetFace)
    assert isinstance(sheet, SheetFace)
    table = pd.DataFrame(
        {"money": [1234.5, 2469.0, -3.25], "tiny": [1e-7, 1.0, 2.0], "whole": [1.0, 2.0, 3.0]}, index=list("abc")
    )
    panel.show_values({"flow.sheet": Sample(1, Sheet("", table))})
    model = sheet.model
    cells = [[model.data(model.index(row, column)) for row in range(3)] for column in range(3)]
    assert cells == [["1234.50", "2469.00", "−3.25"], ["1e−07", "1", "2"], ["1", "2", "3"]]
    assert sheet.view.verticalHeader().isVisible()
    assert model.headerData(1, Qt.Orientation.Vertical) == "b"


def test_an_axis_looks_as_pyqtgraph_draws_it(panel: ControlPanel, qtbot: QtBot) -> None:
    """What our axes override is there, and what they paint from their cache is what is painted without."""
    plot = face(panel, "flow.chart", LinePlot)
    assert isinstance(plot, LinePlot)
    axis = plot.axes["left"]
    original = type(axis).__mro__[1]
    assert {"paint", "_updateLabel", "labelString", "tickStrings"} <= set(vars(original))
    panel.show_values({"flow.chart": Sample(1, line())})
    qtbot.wait(30)
    first = plot.grab().toImage()
    assert axis.picture is not None
    assert plot.grab().toImage() == first
    axis.picture = None
    assert plot.grab().toImage() == first
    panel.show_values({"flow.chart": Sample(2, Line("", (Trace(np.arange(9), np.arange(9) * 1e3, "a", "V"),)))})
    qtbot.wait(30)
    assert plot.grab().toImage() != first
    assert "kV" in axis.written


@pytest.mark.parametrize(("at", "unit"), [(1004.0, "s"), (90_000.0, "s"), (-0.004, "ms")])
def test_a_time_axis_knows_no_kiloseconds(panel: ControlPanel, qtbot: QtBot, at: float, unit: str) -> None:
    plot = face(panel, "flow.chart", LinePlot)
    assert isinstance(plot, LinePlot)
    x = at + np.linspace(0.0, 0.003 if at < 0 else 2.0, 50)
    panel.show_values({"flow.chart": Sample(1, Line("", (Trace(x, x),), "Time", "s"))})
    qtbot.wait(30)
    plot.grab()
    axis = plot.axes["bottom"]
    assert f"Time ({unit})" in axis.written
    assert axis.autoSIPrefixScale == (1.0 if unit == "s" else 1000.0)
