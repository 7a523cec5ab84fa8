"""Strip chart, scope and spectrum against known answers."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

from flodesk.engine.values import decode, encode
from flodesk.nodes import show
from flodesk.public import Steps, Waveform


def travelled(value):
    return decode(*encode(value))


def block(count, start=0.0, dt=1e-3, hertz=50.0, height=3.0):
    t = start + np.arange(count) * dt
    return Waveform(height * np.sin(2 * np.pi * hertz * t), dt, start, "V")


@pytest.mark.node("show.Strip")
def test_a_strip_chart_keeps_every_number_of_a_fast_loop():
    trend = show.Strip(seconds=600.0, names="up, down", unit="V")
    for number in range(20_000):
        chart = trend(number, -number)
    up, down = (np.asarray(trace.y) for trace in chart.traces)
    assert up.tolist() == list(range(20_000))
    assert down.tolist() == [-n for n in range(20_000)]
    seen = travelled(chart)
    assert [(trace.name, trace.unit) for trace in seen.traces] == [("up", "V"), ("down", "V")]
    assert len(seen.traces[0].x) <= 2000
    assert (seen.traces[0].y.min(), seen.traces[0].y.max()) == (0.0, 19_999.0)
    assert bool((np.diff(seen.traces[0].x) >= 0).all())
    assert (seen.seconds, seen.x_unit) == (600.0, "s")
    assert chart.summary() == "up: 20000 points from 0 to 2e+04 V; down: 20000 points from -2e+04 to 0 V"


@pytest.mark.node("show.Strip")
def test_a_strip_chart_of_signals_shows_their_own_time_and_the_last_seconds():
    chart = show.Strip(seconds=1.0)
    for number in range(30):
        shown = chart(block(100, 0.1 * number))
    x, y = shown.traces[0].y.cut()
    assert x[-1] == pytest.approx(2.999)
    assert x[0] == pytest.approx(1.999, abs=0.0015)
    assert np.allclose(y, 3.0 * np.sin(2 * np.pi * 50 * x))
    later = chart(block(10, 5.0))
    assert np.isnan(np.asarray(later.traces[0].y)).sum() == 1, "of the second before only the gap is left"
    gap = show.Strip(seconds=9.0)
    gap(block(10, 0.0))
    assert np.isnan(np.asarray(gap(block(10, 1.0)).traces[0].y)).tolist().index(True) == 10
    same = show.Strip(seconds=9.0)
    same(block(10))
    assert same(block(10)).traces[0].y.cut()[0].tolist() == pytest.approx((np.arange(20) * 1e-3).tolist())


@pytest.mark.node("show.Strip")
def test_what_a_strip_chart_handed_out_stays_as_it_was():
    trend = show.Strip(seconds=1e6)
    early = trend(7.0)
    for number in range(5000):
        trend(number)
    assert np.asarray(early.traces[0].y).tolist() == [7.0]
    assert early.traces[0].y.max() == 7.0
    with pytest.raises(TypeError, match="numbers and signals"):
        trend([1.0, 2.0])
    with pytest.raises(ValueError, match="wire at least one"):
        trend()
    with pytest.raises(ValueError, match="do not go into one chart"):
        trend(1.0, block(5))
    with pytest.raises(ValueError, match="above 0"):
        show.Strip(seconds=0.0)
    assert len(trend(1.0, 2.0).traces[1].y) == 1, "another number of curves begins afresh"


@pytest.mark.node("show.Scope")
def test_a_scope_triggers_where_the_signal_crosses_the_level():
    scope = show.Scope(span=0.05, level=1.5, before=0.2, persistence=3)
    assert scope(block(20)).state == "waiting"
    for number in range(1, 20):
        sweep = scope(block(37, 0.02 + (number - 1) * 0.037))
    assert sweep.state == "triggered"
    assert sweep.sweeps == 17, "every second period of 20 ms: 40 ms of a sweep are behind its trigger"
    assert len(sweep.past) == 3
    for trace in (*sweep.traces, *sweep.past):
        x = np.asarray(trace.x)
        assert len(x) == 50
        assert np.interp(0.0, x, trace.y) == pytest.approx(1.5)
        assert trace.y[np.searchsorted(x, 0.0)] >= 1.5 > trace.y[np.searchsorted(x, 0.0) - 1]
        assert (x[0], x[-1]) == pytest.approx((-0.01, 0.039), abs=1.1e-3)
    seen = travelled(sweep)
    assert (seen.level, seen.span, seen.before, len(seen.past)) == (1.5, 0.05, 0.2, 3)
    assert sweep.summary().startswith("17 sweeps, triggered: trace 1: 50 points")


@pytest.mark.node("show.Scope")
def test_edge_mode_and_hold_off_of_a_scope():
    falling = show.Scope(span=0.02, edge="falling", level=0.5)(block(200))
    at = int(np.searchsorted(np.asarray(falling.traces[0].x), 0.0))
    assert falling.traces[0].y[at - 1] > 0.5 >= falling.traces[0].y[at]
    plain, held = (show.Scope(span=0.01, level=0.5, hold_off=hold)(block(1000)) for hold in (0.0, 0.1))
    assert (plain.sweeps, held.sweeps) == (50, 10)
    single = show.Scope(span=0.01, level=0.5, mode="single")
    first = single(block(200))
    again = single(block(200, 0.2, height=5.0))
    assert again.state == "held"
    assert again.sweeps == 1
    assert again.traces[0].y.tolist() == first.traces[0].y.tolist()
    normal, auto = (show.Scope(span=0.01, level=99.0, mode=mode)(block(200)) for mode in ("normal", "auto"))
    assert (normal.state, normal.traces) == ("waiting", ())
    assert auto.state == "free"
    assert len(auto.traces[0].y) == 10
    free = show.Scope(span=0.01, edge="free")(block(200))
    assert (free.state, free.level, len(free.traces[0].y)) == ("free", None, 10)
    for wrong in ({"span": 0.0}, {"before": 2.0}, {"hold_off": -1.0}):
        with pytest.raises(ValueError, match="set"):
            show.Scope(**wrong)
    with pytest.raises(TypeError, match="sample rate"):
        show.Scope()([1.0, 2.0])


@pytest.mark.node("show.Scope")
def test_a_scope_finds_the_same_sweeps_however_the_signal_is_cut():
    whole = show.Scope(span=0.03, level=0.7, persistence=40)(block(3000))
    parts = show.Scope(span=0.03, level=0.7, persistence=40)
    for start in range(0, 3000, 7):
        sweep = parts(block(min(7, 3000 - start), start * 1e-3))
    assert sweep.sweeps == whole.sweeps > 40
    for one, other in zip(sweep.past, whole.past, strict=True):
        assert np.allclose(one.y, other.y, atol=1e-9)


@pytest.mark.node("show.Spectrum")
@pytest.mark.parametrize("window", ["hann", "hamming", "blackman", "flattop", "boxcar"])
def test_a_sine_of_three_peaks_at_three(window):
    plot = show.Spectrum(window=window, average=4)
    for number in range(6):
        shown = plot(block(1000, number))
    trace = shown.traces[0]
    assert trace.y.max() == pytest.approx(3.0)
    assert np.asarray(trace.x)[trace.y.argmax()] == pytest.approx(50.0)
    assert (shown.averaged, shown.x_unit, shown.y_unit) == (4, "Hz", "V")


@pytest.mark.node("show.Spectrum")
def test_spectra_are_averaged_by_power_and_begin_anew_with_another_length():
    plot = show.Spectrum(window="boxcar", average=2, names="a, b")
    plot(block(100, height=3.0), block(100, height=1.0))
    shown = plot(block(100, height=4.0), block(100, height=0.0))
    assert [trace.y.max() for trace in shown.traces] == pytest.approx([math.sqrt(12.5), math.sqrt(0.5)])
    assert plot(block(50)).averaged == 1
    assert show.Spectrum()(np.sin(np.arange(8))).x_unit == ""
    with pytest.raises(ValueError, match="differ in length"):
        plot(block(10), block(20))
    with pytest.raises(ValueError, match="two samples"):
        plot([1.0])
    with pytest.raises(ValueError, match="1 or more"):
        show.Spectrum(average=0)


@pytest.mark.node("show.line")
def test_a_line_of_long_signals_makes_no_array():
    rows = np.zeros((16, 1_000_000), dtype=np.float32)
    rows[3, 777_777] = 5.0
    wave = Waveform(rows, 1e-6, 2.0)
    tracemalloc.start()
    line = show.line(wave)
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size < 100_000
    assert line.traces[0].x == Steps(2.0, 1e-6, 1_000_000)
    seen = travelled(line)
    top = int(seen.traces[3].y.argmax())
    assert (seen.traces[3].y[top], seen.traces[3].x[top]) == (5.0, pytest.approx(2.777777))
