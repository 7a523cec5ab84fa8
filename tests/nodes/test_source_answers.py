from __future__ import annotations

import inspect
import sys

import numpy as np
import pytest

from flodesk.nodes import source, timing


@pytest.mark.node("source.sine")
def test_a_sine_passes_through_its_known_points():
    wave = source.sine(0, frequency=1.0, amplitude=3.0, samples=8, rate=8.0, unit="V")
    half = 3.0 * 0.7071067811865476
    assert wave.y == pytest.approx([0, half, 3, half, 0, -half, -3, -half], abs=1e-12)
    assert (wave.dt, wave.t0, wave.unit) == (0.125, 0.0, "V")


@pytest.mark.node("source.sine")
def test_blocks_of_a_sine_join_without_a_seam_and_keep_their_phase_for_a_day():
    whole = source.sine(0, frequency=7.3, samples=3000, rate=1000.0)
    blocks = [source.sine(n, frequency=7.3, samples=30, rate=1000.0) for n in range(100)]
    assert np.concatenate([block.y for block in blocks]) == pytest.approx(whole.y, abs=1e-12)
    assert [block.t0 for block in blocks] == pytest.approx([0.03 * n for n in range(100)])
    late = source.sine(86_400 * 20, frequency=5.0, samples=50, rate=1000.0)
    assert late.y == pytest.approx(source.sine(0, frequency=5.0, samples=50, rate=1000.0).y, abs=1e-6)


@pytest.mark.node("source.sine")
def test_phase_and_offset_of_a_sine():
    assert source.sine(0, phase=np.pi / 2, offset=10.0, samples=1).y == pytest.approx([11.0])


@pytest.mark.node("source.square")
def test_a_square_wave_is_up_for_its_duty_and_its_edges_stay_on_their_samples():
    wave = source.square(0, frequency=1.0, amplitude=2.0, duty=0.25, samples=8, rate=8.0)
    assert wave.y.tolist() == [2, 2, -2, -2, -2, -2, -2, -2]
    # without care rounding moves an edge here in one period of two
    many = np.concatenate([source.square(n, frequency=4800.0, samples=50, rate=48000.0).y for n in range(400)])
    assert np.array_equal(many.reshape(-1, 10), np.tile([1.0] * 5 + [-1.0] * 5, (2000, 1)))


@pytest.mark.node("source.noise")
def test_noise_is_white_of_its_level_and_the_same_for_its_seed():
    blocks = [source.noise(n, level=0.3, samples=500, rate=1000.0, seed=4) for n in range(200)]
    values = np.concatenate([block.y for block in blocks])
    assert values.std() == pytest.approx(0.3, rel=0.02)
    assert values.mean() == pytest.approx(0.0, abs=0.005)
    assert np.corrcoef(values[:-1], values[1:])[0, 1] == pytest.approx(0.0, abs=0.015)
    assert np.mean(np.abs(values) > 0.6) == pytest.approx(0.0455, abs=0.005)  # beyond two standard deviations
    assert blocks[3] == source.noise(3, level=0.3, samples=500, rate=1000.0, seed=4)
    assert blocks[3] != source.noise(3, level=0.3, samples=500, rate=1000.0, seed=5)


@pytest.mark.node("source.linspace")
def test_a_ramp_has_both_its_ends():
    assert source.linspace(1.0, 3.0, 5).tolist() == [1.0, 1.5, 2.0, 2.5, 3.0]


@pytest.mark.node("source.constant")
def test_a_constant_is_its_value():
    assert source.constant(4.2) == 4.2


@pytest.mark.node("source.sunspots")
def test_the_sunspots_are_those_of_the_record():
    table = source.sunspots()
    assert list(table.columns) == ["year", "sunspots"]
    assert (len(table), table.year.iloc[0], table.year.iloc[-1]) == (309, 1700, 2008)
    assert table.set_index("year").sunspots[1957] == 190.2  # the highest maximum ever seen
    assert table.set_index("year").sunspots[1810] == 0.0  # the Dalton minimum


@pytest.mark.parametrize("make", [source.sine, source.square, source.noise])
def test_impossible_blocks_are_refused(make):
    with pytest.raises(ValueError, match="samples is empty"):
        make(0, samples=0)
    with pytest.raises(ValueError, match="above 0 Hz"):
        make(0, rate=0.0)


@pytest.mark.parametrize("make", [source.sine, source.square, source.noise])
def test_a_block_as_it_comes_is_as_long_as_a_turn_of_every(make):
    period = inspect.signature(timing.every).parameters["period"].default
    first, second = make(0), make(1)
    assert second.t0 - first.t0 == pytest.approx(period)
    assert len(first) * first.dt == pytest.approx(period)


def test_other_impossible_sources_are_refused():
    with pytest.raises(ValueError, match="0 or more"):
        source.noise(0, level=-1.0)
    with pytest.raises(ValueError, match="1 or more"):
        source.linspace(number=0)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "statsmodels.datasets", None)
    with pytest.raises(ImportError, match="come with the package statsmodels, which is missing: install it"):
        source.sunspots()
