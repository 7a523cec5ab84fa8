"""What the nodes of pictures give, by known answers."""

from __future__ import annotations

import numpy as np
import pytest

from flodesk.nodes import show
from flodesk.public import Waveform


@pytest.mark.node("show.image", "show.heat")
def test_pictures_refuse_what_has_no_rows_and_columns() -> None:
    assert show.image(np.zeros((4, 5, 3))).summary() == "5 × 4 colours"
    assert show.heat([[1, 2], [3, 4]], unit="V").summary() == "2 × 2 values from 1 to 4 V"
    with pytest.raises(ValueError, match="shape"):
        show.heat(np.zeros((4, 5, 3)))
    with pytest.raises(ValueError, match="numbers"):
        show.image([["a"]])
    with pytest.raises(ValueError, match="step"):
        show.heat(np.zeros((2, 2)), x_step=0.0)


@pytest.mark.node("show.Waterfall")
def test_a_waterfall_keeps_the_last_rows_and_never_changes_what_it_gave() -> None:
    fall = show.Waterfall(rows=3, period=0.5)
    given = [fall([float(number), 0.0]) for number in range(12)]
    assert [one.values[:, 0].tolist() for one in given[:2]] == [[0.0], [0.0, 1.0]]
    for number, one in enumerate(given[2:], 2):
        assert one.values[:, 0].tolist() == [number - 2.0, number - 1.0, number]
        assert (one.y_start, one.y_step, one.y_unit, one.room) == (-1.0, 0.5, "s", 3)
    assert fall([1.0]).values.tolist() == [[1.0]], "a row of another length begins anew"
    for wrong in (3.0, [[1.0]], ["a"], []):
        with pytest.raises(ValueError, match="row"):
            fall(wrong)
    with pytest.raises(ValueError, match="2 or more"):
        show.Waterfall(rows=1)


@pytest.mark.node("show.Spectrogram")
@pytest.mark.parametrize("decibels", [True, False])
def test_a_sine_is_found_at_its_place_in_blocks_of_any_length(decibels: bool) -> None:
    spectrogram, time = show.Spectrogram(length=64, rows=10, decibels=decibels), np.arange(640) / 640.0
    wave = 3.0 * np.sin(2 * np.pi * 80.0 * time)
    for block in np.split(wave, [7, 100, 300, 301]):
        fall = spectrogram(Waveform(block, 1 / 640.0))
    assert fall.values.shape == (10, 33)
    assert fall.x_start + fall.x_step * fall.values[-1].argmax() == 80.0
    assert fall.values[-1].max() == pytest.approx(20 * np.log10(3.0) if decibels else 3.0, rel=1e-3)
    assert fall.y_step == pytest.approx(32 / 640.0)
    with pytest.raises(TypeError, match="sample rate"):
        spectrogram([1.0, 2.0])
    with pytest.raises(ValueError, match="one channel"):
        spectrogram(Waveform(np.zeros((2, 8)), 0.1))


@pytest.mark.node("show.surface")
def test_a_surface_has_heights_over_two_axes():
    made = show.surface([[1, 2], [3, 4]], x_start=10.0, x_step=0.5, z_label="Height", unit="m", maximum=9.0)
    assert made.values.tolist() == [[1, 2], [3, 4]]
    assert (made.x_start, made.x_step, made.z_label) == (10.0, 0.5, "Height")
    assert made.levels() == (1.0, 9.0)
    assert made.summary() == "2 × 2 values from 1 to 4 m"
    for wrong in ([1, 2], [["a"]], np.zeros((2, 2, 3))):
        with pytest.raises(ValueError, match=r"shape \(rows, columns\)"):
            show.surface(wrong)
    with pytest.raises(ValueError, match="step of an axis is 0"):
        show.surface([[1, 2]], x_step=0.0)


@pytest.mark.node("show.scatter3d")
def test_dots_in_space_have_three_places_and_a_color():
    made = show.scatter3d([0, 1], [2, 3], [4.0, 8.0], z_label="Height", z_unit="mm")
    assert made.colored.tolist() == [4.0, 8.0]
    assert (made.label, made.unit) == ("Height", "mm"), "the colours stand for the height"
    assert made.levels() == (4.0, 8.0)
    assert made.summary() == "2 dots"
    assert show.scatter3d([0], [0], [0], colors=[7.0], unit="g").levels() == (7.0, 7.0)
    with pytest.raises(ValueError, match="x has 2 dots and z has 1"):
        show.scatter3d([0, 1], [0, 1], [0])
    with pytest.raises(ValueError, match="y is an array of numbers with one axis"):
        show.scatter3d([0], [[0]], [0])
