from __future__ import annotations

import inspect
import sys
from typing import get_args

import numpy as np
import pytest

from flodesk.nodes import source


def joined(make, blocks=40, samples=50, **given):
    return np.concatenate([make(n, samples=samples, rate=1000.0, **given).y for n in range(blocks)])


@pytest.mark.node("source.triangle", "source.sawtooth")
def test_triangle_and_sawtooth_pass_through_their_known_points():
    assert source.triangle(0, 1.0, 2.0, samples=8, rate=8.0).y.tolist() == [0, 1, 2, 1, 0, -1, -2, -1]
    assert source.sawtooth(0, 1.0, 2.0, samples=4, rate=4.0).y.tolist() == [-2, -1, 0, 1]
    assert source.sawtooth(0, 1.0, 2.0, rising=False, samples=4, rate=4.0, unit="V").y.tolist() == [2, 1, 0, -1]
    # effective value of both: amplitude over the root of 3
    for make in (source.triangle, source.sawtooth):
        assert joined(make, frequency=1.0).std() == pytest.approx(1 / np.sqrt(3), rel=1e-3)
        assert joined(make, frequency=7.3) == pytest.approx(make(0, 7.3, samples=2000, rate=1000.0).y, abs=1e-9)


@pytest.mark.node("source.sawtooth")
def test_the_jump_of_a_sawtooth_stays_on_its_sample():
    many = np.concatenate([source.sawtooth(n, frequency=4800.0, samples=50, rate=48000.0).y for n in range(400)])
    assert many.reshape(-1, 10) == pytest.approx(np.tile(np.arange(10) / 5 - 1, (2000, 1)), abs=1e-6)


@pytest.mark.node("source.pulse")
def test_pulses_are_as_wide_as_they_are_set_and_come_in_time():
    y = joined(source.pulse, frequency=5.0, width=0.03, high=3.0, low=1.0, delay=0.02)
    assert y.reshape(10, 200).tolist() == [[1.0] * 20 + [3.0] * 30 + [1.0] * 150] * 10


@pytest.mark.node("source.multitone")
def test_a_multitone_holds_its_tones():
    wave = source.multitone(3, [50.0, 120.0, 200.0], [2.0, 0.5], samples=1000, rate=1000.0)
    amplitude = np.abs(np.fft.rfft(wave.y)) / 500
    assert amplitude[[50, 120, 200]] == pytest.approx([2.0, 0.5, 0.5])
    assert np.delete(amplitude, [50, 120, 200]).max() < 1e-9
    with pytest.raises(ValueError, match="no amplitude"):
        source.multitone(0, [1.0], [])


@pytest.mark.node("source.chirp")
@pytest.mark.parametrize("sweep", ["linear", "logarithmic"])
def test_a_chirp_goes_from_its_first_to_its_last_frequency(sweep):
    wave = source.chirp(0, 10.0, 40.0, 1.0, sweep=sweep, samples=100_000, rate=100_000.0)
    rises = np.flatnonzero((wave.y[1:] >= 0) & (wave.y[:-1] < 0)) / 1e5
    turn = np.arange(1, len(rises) + 1)  # whole turns, solved for the time
    if sweep == "linear":  # 10 t + 15 t²
        exact = (-10.0 + np.sqrt(100.0 + 60.0 * turn)) / 30.0
    else:  # 10 (4^t - 1) / ln 4
        exact = np.log(1.0 + turn * np.log(4.0) / 10.0) / np.log(4.0)
    assert rises == pytest.approx(exact, abs=2e-5)
    assert len(rises) == (24 if sweep == "linear" else 21)
    again = joined(source.chirp, blocks=40, start=10.0, stop=40.0, duration=1.0, sweep=sweep)
    assert again[1000:] == pytest.approx(again[:1000], abs=1e-6)


@pytest.mark.node("source.step", "source.impulse")
def test_step_and_impulse_are_where_they_were_set():
    assert np.flatnonzero(np.diff(joined(source.step, at=0.123, before=2.0, after=5.0))).tolist() == [122]
    assert set(joined(source.step, at=0.123, before=2.0, after=5.0)) == {2.0, 5.0}
    y = joined(source.impulse, at=1.204, height=4.0)
    assert (np.flatnonzero(y).tolist(), y.sum()) == ([1204], 4.0)


@pytest.mark.node("source.decay")
def test_a_decay_halves_in_its_half_life():
    y = joined(source.decay, amplitude=6.0, time_constant=0.1 / np.log(2))
    assert y[[0, 100, 200, 300]] == pytest.approx([6.0, 3.0, 1.5, 0.75])
    ring = joined(source.decay, amplitude=6.0, time_constant=0.1 / np.log(2), frequency=5.0)
    assert ring[[0, 50, 100, 200]] == pytest.approx([6.0, 0.0, -3.0, 1.5], abs=1e-9)


@pytest.mark.node("source.uniform_noise")
def test_uniform_noise_has_the_scatter_of_a_rectangle():
    y = joined(source.uniform_noise, blocks=400, lower=-2.0, upper=4.0)
    assert (y.mean(), y.std()) == (pytest.approx(1.0, abs=0.05), pytest.approx(6 / np.sqrt(12), rel=0.02))
    assert np.histogram(y, 6, (-2.0, 4.0))[0] == pytest.approx(np.full(6, len(y) / 6), rel=0.06)
    assert source.uniform_noise(3, seed=2) == source.uniform_noise(3, seed=2)
    assert source.uniform_noise(3, seed=2) != source.uniform_noise(4, seed=2)


@pytest.mark.node("source.coloured_noise")
@pytest.mark.parametrize(
    ("color", "slope"), [("white", 0.0), ("pink", -1.0), ("brown", -2.0), ("blue", 1.0), ("violet", 2.0)]
)
def test_the_power_of_a_colour_goes_with_its_power_of_the_frequency(color, slope):
    wave = source.coloured_noise(color, 0.3, samples=65536, seed=7, unit="V")
    power = np.abs(np.fft.rfft(wave.y)) ** 2
    octaves = [np.log2(power[2**n : 2 ** (n + 1)].mean()) for n in range(6, 15)]
    assert np.polyfit(range(6, 15), octaves, 1)[0] == pytest.approx(slope, abs=0.1)
    assert (wave.y.std(), wave.unit) == (pytest.approx(0.3), "V")


@pytest.mark.node("source.random_walk")
def test_a_walk_spreads_with_the_root_of_its_steps():
    ends = [source.random_walk(2.0, 0.5, 0.1, samples=401, seed=n).y[-1] for n in range(1000)]
    assert np.mean(ends) == pytest.approx(2.0 + 400 * 0.1, abs=1.2)
    assert np.std(ends) == pytest.approx(0.5 * 20, rel=0.08)
    assert source.random_walk(2.0, seed=3).y[0] == 2.0


@pytest.mark.node("source.signal")
def test_an_array_becomes_a_signal():
    wave = source.signal([[1.0, 2.0], [3.0, 4.0]], rate=4.0, start=1.0, unit="A")
    assert (wave.time.tolist(), wave.y.shape, wave.unit) == ([1.0, 1.25], (2, 2), "A")
    with pytest.raises(ValueError, match="single number"):
        source.signal(3.0)
    with pytest.raises(ValueError, match="above 0 Hz"):
        source.signal([1.0], rate=0.0)


@pytest.mark.node("source.co2")
def test_the_carbon_dioxide_is_that_of_mauna_loa():
    table = source.co2()
    assert list(table.columns) == ["date", "co2"]
    monthly = table.set_index("date").co2.resample("MS").mean()
    assert (len(monthly), round(monthly.iloc[0], 1), round(monthly.iloc[-1], 1)) == (526, 316.1, 371.0)


@pytest.mark.node("source.nile")
def test_the_nile_fell_with_the_century():
    table = source.nile()
    assert (len(table), table.year.iloc[0], table.year.iloc[-1]) == (100, 1871, 1970)
    # Cobb 1978: the mean before and from 1899 on
    assert table[table.year < 1899].volume.mean() == pytest.approx(1097.75)
    assert table[table.year >= 1899].volume.mean() == pytest.approx(849.97, abs=0.01)


def test_impossible_shapes_are_refused():
    for make in (source.triangle, source.sawtooth, source.pulse, source.chirp, source.step, source.impulse,
                 source.multitone, source.decay, source.uniform_noise):  # fmt: skip
        with pytest.raises(ValueError, match="samples is empty"):
            make(0, samples=0)
        with pytest.raises(ValueError, match="above 0 Hz"):
            make(0, rate=0.0)
    with pytest.raises(ValueError, match="duration above 0 s"):
        source.chirp(0, duration=0.0)
    with pytest.raises(ValueError, match="no end at 0 Hz"):
        source.chirp(0, start=0.0, sweep="logarithmic")
    with pytest.raises(ValueError, match="time constant"):
        source.decay(0, time_constant=0.0)
    with pytest.raises(ValueError, match="swap them"):
        source.uniform_noise(0, 2.0, 1.0)
    with pytest.raises(ValueError, match="0 or more"):
        source.coloured_noise(level=-1.0)
    with pytest.raises(ValueError, match="0 or more"):
        source.random_walk(step=-1.0)


@pytest.mark.parametrize("name", ["co2", "nile"])
def test_a_missing_package_is_named_here_too(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "statsmodels.datasets", None)
    with pytest.raises(ImportError, match="package statsmodels, which is missing: install it"):
        getattr(source, name)()


@pytest.mark.node("source.dataset")
@pytest.mark.parametrize(
    ("name", "shape", "kinds"),
    [("iris", (150, 5), 3), ("wine", (178, 14), 3), ("digits", (1797, 65), 10), ("breast cancer", (569, 31), 2),
     ("diabetes", (442, 11), 214)],
)  # fmt: skip
def test_the_data_sets_are_those_of_the_books(name, shape, kinds):
    table = source.dataset(name)
    assert (table.shape, table.columns[-1], table.target.nunique()) == (shape, "target", kinds)
    if name == "iris":  # Fisher 1936: mean sepal length of the three kinds
        assert table.groupby("target")["sepal length (cm)"].mean().tolist() == pytest.approx([5.006, 5.936, 6.588])


PICTURES = get_args(inspect.signature(source.picture, eval_str=True).parameters["name"].annotation)


@pytest.mark.node("source.picture")
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_there_without_a_network(name, monkeypatch):
    def none(*address, **more):
        raise OSError("no network here")

    monkeypatch.setattr("socket.socket.connect", none)
    picture = source.picture(name)
    assert picture.ndim in (2, 3)
    assert min(picture.shape[:2]) > 100
    known = {"coins": (303, 384), "camera": (512, 512), "astronaut": (512, 512, 3), "phantom": (400, 400)}
    assert picture.shape == known.get(name, picture.shape)


@pytest.mark.parametrize(("make", "package"), [(source.dataset, "sklearn"), (source.picture, "skimage")])
def test_what_a_data_set_needs_is_named(make, package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=r"which is missing: install flodesk\["):
        make()
