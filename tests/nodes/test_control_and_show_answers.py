from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from flodesk.nodes import control, show, statistics
from flodesk.public import Waveform


@pytest.mark.node("control.slider", "control.number")
@pytest.mark.parametrize("make", [control.slider, control.number])
def test_a_number_is_limited_to_its_range(make):
    assert make(5.0, minimum=0.0, maximum=10.0) == 5.0
    assert make(-5.0, minimum=0.0, maximum=10.0) == 0.0
    assert make(50.0, minimum=0.0, maximum=10.0) == 10.0
    with pytest.raises(ValueError, match="swap"):
        make(1.0, minimum=2.0, maximum=0.0)
    assert control.slider is not control.number


@pytest.mark.node("control.switch", "control.button")
def test_switch_and_button_give_what_is_set():
    assert control.switch(True) is True
    assert control.switch() is False
    assert control.button(True, action="switch") is True
    assert control.button() is False


@pytest.mark.node("control.choice")
def test_a_choice_is_one_of_its_entries():
    assert control.choice("b", entries=["a", "b"]) == "b"
    assert control.choice("z", entries=["a", "b"]) == "a"
    assert control.choice("z") == "z"


@pytest.mark.node("show.line")
def test_a_line_of_signals_has_time_names_and_unit():
    wave = Waveform(np.array([[1.0, 2.0], [-3.0, 4.0]]), 0.5, 10.0, "V")
    line = show.line(wave, Waveform(np.array([0.0, 9.0]), 0.5, 10.0), title="Both", names="left, right")
    assert [trace.x.tolist() for trace in line.traces] == [[10.0, 10.5]] * 3
    assert [trace.y.tolist() for trace in line.traces] == [[1.0, 2.0], [-3.0, 4.0], [0.0, 9.0]]
    assert [trace.name for trace in line.traces] == ["left", "right", ""]
    assert (line.title, line.x_label, line.x_unit, line.y_unit) == ("Both", "Time", "s", "V")
    assert line.summary() == (
        "left: 2 points from 1 to 2 V; right: 2 points from -3 to 4 V; trace 3: 2 points from 0 to 9"
    )


@pytest.mark.node("show.line")
def test_a_line_of_plain_values_counts_them():
    line = show.line([5.0, 6.0, 7.0])
    assert line.traces[0].x.tolist() == [0, 1, 2]
    assert (line.x_label, line.x_unit) == ("", "")
    both = show.line(np.zeros((2, 3)), Waveform(np.zeros(2), 0.5, 10.0), newest=42)
    assert [trace.x.tolist() for trace in both.traces] == [[40, 41, 42], [40, 41, 42], [10.0, 10.5]]
    assert show.line().summary() == "no traces"
    assert show.line([]).summary() == "trace 1: empty"
    with pytest.raises(ValueError, match=r"shape \(1, 1, 1\)"):
        show.line(np.ones((1, 1, 1)))
    with pytest.raises(ValueError, match="values of type"):
        show.line(["a"])


@pytest.mark.node("show.xy")
def test_xy_draws_over_its_first_input():
    line = show.xy([1.0, 2.0], [10.0, 20.0], np.ones((2, 2)), names="a", x_unit="Hz", y_unit="V")
    assert [trace.x.tolist() for trace in line.traces] == [[1.0, 2.0]] * 3
    assert line.traces[0].y.tolist() == [10.0, 20.0]
    assert (line.traces[0].name, line.traces[0].unit, line.x_unit) == ("a", "V", "Hz")
    with pytest.raises(ValueError, match="x has 2 points and curve 1 has 3"):
        show.xy([1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="one axis"):
        show.xy(np.ones((2, 2)), [1.0])


@pytest.mark.node("show.number", "show.lamp", "show.text", "show.table")
def test_the_other_indicators_say_what_they_show():
    assert show.number(np.float64(3.14159), unit="V", digits=3).summary() == "3.14 V"
    assert show.number(np.int64(1234567), unit="rows").summary() == "1234567 rows"
    assert show.lamp(np.bool_(True), color="red").summary() == "on"
    assert show.lamp(False).on is False
    assert show.text(12).summary() == "12"
    table = pd.DataFrame({"a": [1, 2, 3], "b": [4, 5, 6]})
    assert show.table(table).summary() == "3 rows, 2 columns: a, b"
    with pytest.raises(TypeError, match=r"got float: to see the values of many turns, put collect.Table"):
        show.table(1.0)
    with pytest.raises((TypeError, ValueError)):
        show.number(np.ones(3))


@pytest.mark.node("show.table")
def test_a_table_shows_the_values_of_arrays_waveforms_and_lists():
    recent = statistics.Recent(number=2)
    shown = show.table([recent(2.0), recent(3.5), recent(4.0)][-1]).table
    assert shown.to_dict("list") == {"index": [0, 1], "value": [3.5, 4.0]}
    matrix = np.array([[1, 2, 3], [4, 5, 6]])
    assert show.table(matrix).table.to_dict("list") == {"index": [0, 1], "0": [1, 4], "1": [2, 5], "2": [3, 6]}
    both = show.table(matrix, names="in, out", streams=True).table
    assert both.to_dict("list") == {"index": [0, 1, 2], "in": [1, 2, 3], "out": [4, 5, 6]}
    wave = Waveform(np.array([[1.0, 2.0], [3.0, 4.0]]), 0.5, 1.0, "V")
    timed = {"time (s)": [1.0, 1.5], "channel 1 (V)": [1.0, 2.0], "channel 2 (V)": [3.0, 4.0]}
    assert show.table(wave).table.to_dict("list") == timed
    assert show.table([1, "a", None]).table["value"].tolist() == [1, "a", None], "nothing becomes text"
    assert show.table([[1, 2], [3, 4]]).table.shape == (2, 3)
    assert show.table([]).summary() == "0 rows, 2 columns: index, value"
    assert show.table(pd.Series([7, 8], index=["a", "b"], name="n")).table["n"].to_dict() == {"a": 7, "b": 8}
    with pytest.raises(ValueError, match=r"shape \(2, 2, 2\)"):
        show.table(np.ones((2, 2, 2)))
    assert show.table([[1, "a"], [2, "b"]]).table.to_dict("list") == {"index": [0, 1], "0": [1, 2], "1": ["a", "b"]}
    with pytest.raises(ValueError, match="rows of 1 to 2 values"):
        show.table([[1, 2], [3]])


@pytest.mark.node("show.gauge", "show.meter", "show.bar", "show.tank", "show.thermometer")
@pytest.mark.parametrize("make", [show.gauge, show.meter, show.bar, show.tank, show.thermometer])
def test_a_number_on_a_scale_says_where_it_is_and_what_warns(make):
    calm = make(np.float64(25.0), unit="bar", minimum=0.0, maximum=50.0, warning_above=30.0, alarm_above=40.0)
    assert (calm.share, calm.zone, calm.summary()) == (0.5, None, "25 bar")
    high = make(45.0, maximum=50.0, minimum=0.0, warning_above=30.0, alarm_above=40.0)
    assert high.zone.level == "alarm"
    assert high.zone.words == "Alarm from 40"
    assert high.summary().endswith("(alarm)")
    assert make(30.0, warning_above=30.0).zone.level == "warning", "the limit itself warns"
    assert make(3.0, alarm_below=5.0).zone.words == "Alarm to 5"
    assert make(900.0, minimum=0.0, maximum=100.0).share == 1.0
    with pytest.raises(ValueError, match="swap"):
        make(1.0, minimum=2.0, maximum=0.0)
    with pytest.raises(ValueError, match="length"):
        make(1.0, minimum=2.0, maximum=2.0)
    assert show.gauge is not show.bar is not show.meter
    assert show.tank is not show.thermometer


@pytest.mark.node("show.progress")
def test_progress_is_told_in_percent():
    assert show.progress(0.421).summary() == "42 %"
    assert show.progress(7, maximum=20).summary() == "35 %"
    assert show.progress(30, maximum=20).summary() == "100 %"
    assert show.progress(float("nan")).summary() == "unknown"


@pytest.mark.node("show.seven_segment")
def test_seven_segments_have_decimals_of_their_own():
    display = show.seven_segment(142.857, unit="Hz", digits=6, decimals=3, warning_above=140.0)
    assert display.summary() == "142.857 Hz (warning)"
    with pytest.raises(ValueError, match="no digit"):
        show.seven_segment(1.0, digits=2, decimals=2)


@pytest.mark.node("show.compass")
@pytest.mark.parametrize(("value", "said"), [(0, "0° N"), (243.0, "243° WSW"), (-30, "330° NNW"), (725.0, "5° N")])
def test_a_compass_turns_round(value, said):
    assert show.compass(value).summary() == said
    assert show.compass(float("nan")).summary() == "no direction"


@pytest.mark.node("control.knob", "control.radio", "control.text", "control.paragraph")
def test_knob_radio_and_texts() -> None:
    assert control.knob(120.0) == 100.0
    assert control.knob(1.0, minimum=20.0, maximum=20000.0, scale="log") == 20.0
    with pytest.raises(ValueError, match="set the minimum above 0"):
        control.knob(1.0, minimum=0.0, scale="log")
    assert control.radio("b", entries=["a", "b"]) == "b"
    assert control.radio("c", entries=["a", "b"]) == "a"
    assert control.text("Ada") == "Ada"
    assert control.paragraph("one\ntwo") == "one\ntwo"


@pytest.mark.node("control.path", "control.color")
def test_path_and_color() -> None:
    assert control.path("volts.csv", asks="save") == "volts.csv"
    assert control.path("") == ""
    assert control.color("#ff0000") == "#ff0000"


@pytest.mark.node("control.range")
def test_a_range_has_two_ends_in_order_and_within_its_limits():
    assert control.range() == (25.0, 75.0)
    span = control.range((80, -20), minimum=0.0, maximum=100.0)
    assert (span.low, span.high) == (0.0, 80.0)
    assert control.range([120.0, 130.0]) == (100.0, 100.0)
    with pytest.raises(ValueError, match="swap"):
        control.range(minimum=2.0, maximum=0.0)
    for odd in (3, (1.0,), ("a", 2)):
        with pytest.raises(ValueError, match="not two numbers"):
            control.range(odd)


@pytest.mark.node("control.date_time", "control.date", "control.time")
def test_moments_are_read_from_iso_texts_and_limited():
    assert control.date("2026-11-22") == datetime.date(2026, 11, 22)
    assert control.time("14:30", maximum="12:00") == datetime.time(12)
    plain = control.date_time("2026-11-22 14:30", minimum="2026-12-01")
    assert plain == datetime.datetime(2026, 12, 1)
    assert plain.tzinfo is None, "without a zone it is what the clock on the wall shows"
    summer = control.date_time("2026-07-01T12:00:00", zone="Europe/Berlin")
    assert summer.utcoffset() == datetime.timedelta(hours=2)
    assert control.date_time("2026-07-01T12:00:00Z", zone="Europe/Berlin").hour == 14, "an offset says the moment"
    assert control.date_time(summer) == summer, "a wire may bring the moment itself"


@pytest.mark.node("control.date_time", "control.date", "control.time")
@pytest.mark.parametrize(
    ("make", "wrong", "said"),
    [
        (control.date, {"value": "22.11.2026"}, "no date: write it as 2026-11-22"),
        (control.time, {"value": "noon"}, "no time of day"),
        (control.date_time, {"value": ""}, "no date and time"),
        (control.date_time, {"zone": "Mars/Base"}, "no time zone"),
        (control.date_time, {"zone": "../etc"}, "no time zone"),
        (control.date, {"minimum": "2027-01-01", "maximum": "2026-01-01"}, "swap"),
        (control.date_time, {"minimum": "2026-01-01T00:00Z"}, "one has a time zone and another has none"),
    ],
)
def test_a_text_that_is_no_moment_is_refused_with_an_example(make, wrong, said):
    assert control.date is not control.time is not control.date_time
    with pytest.raises(ValueError, match=said):
        make(**wrong)


@pytest.mark.node("control.table")
def test_a_table_has_the_types_that_its_columns_say():
    frame = control.table([{"part": "text", "mass": "number", "n": "integer"}, ["bolt", 4, 12], ["nut"]])
    assert frame["part"].tolist() == ["bolt", "nut"]
    assert frame["mass"].dtype == "float64"
    assert frame["mass"].isna().tolist() == [False, True]
    assert str(frame["n"].dtype) == "Int64"
    assert control.table().empty
    assert control.table([{"ok": "truth"}])["ok"].dtype == "bool"
    assert control.table(frame) is frame, "a wire may bring a table"


@pytest.mark.node("control.table")
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([["bolt", 1]], "names no columns"),
        ([{"a": "text"}, ["x", 1]], "row 1 is no list of up to 1 cells"),
        ([{"a": "text"}, "x"], "row 1 is no list"),
        ([{"a": "colour"}], "there are text, number"),
        ([{"a": "number"}, [1.5], ["x"]], "row 2, column “a”: 'x' is not a number"),
        ([{"a": "integer"}, [1.5]], "not a whole number"),
        ([{"a": "truth"}, [1]], "not True or False"),
        ([{"a": "date"}, ["soon"]], "not a date"),
    ],
)
def test_a_table_that_is_none_is_refused_where_it_is_wrong(value, said):
    with pytest.raises(ValueError, match=said):
        control.table(value)
