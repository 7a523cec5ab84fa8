"""Known answers of filters of pictures: smoothing, sharpening, noise, backgrounds and edges."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from flodesk.nodes import image, source

DOWN, ACROSS = np.mgrid[-32.0:33.0, -32.0:33.0]
STEP = np.where(ACROSS < 0, 60, 180).astype(np.uint8)


def rms(values):
    return float(np.sqrt(np.mean(np.square(values))))


def noisy(picture, level, seed=1):
    return picture + level * np.random.default_rng(seed).standard_normal(picture.shape)


@pytest.mark.node("image.gaussian")
def test_a_gaussian_widens_a_gaussian_by_the_sum_of_squares():
    spot = np.exp(-(DOWN**2 + ACROSS**2) / (2 * 3.0**2))
    wider = image.gaussian(spot, 4.0)
    wanted = 9 / 25 * np.exp(-(DOWN**2 + ACROSS**2) / (2 * 5.0**2))
    assert wider[16:49, 16:49] == pytest.approx(wanted[16:49, 16:49], abs=2e-3)
    assert (image.gaussian(STEP, 0.0) == STEP).all()
    colored = np.dstack([STEP, STEP, STEP, np.arange(65 * 65, dtype=np.uint8).reshape(65, 65)])
    smooth = image.gaussian(colored, 2.0)
    assert (smooth[..., 3] == colored[..., 3]).all()
    assert smooth[0, 32, 0] == pytest.approx(180 - 60 * (1 - 0.0987 * 2), abs=4)
    assert image.gaussian(STEP > 99, 1.0).dtype == float
    for wrong, words in ((-1.0, "0 px or more"), (1e9, "the picture 65 px long"), (float("nan"), "must be")):
        with pytest.raises(ValueError, match=words):
            image.gaussian(STEP, wrong)


@pytest.mark.node("image.median")
def test_a_median_takes_hot_pixels_and_leaves_steps():
    spotted = STEP.copy()
    spotted[5:60:7, 3:60:9] = 255
    assert (image.median(spotted) == STEP).all()
    assert image.median(spotted).dtype == np.uint8
    assert image.median(spotted > 100).dtype == bool
    with pytest.raises(ValueError, match="odd number"):
        image.median(STEP, 4)


@pytest.mark.node("image.bilateral")
def test_a_bilateral_filter_smooths_and_leaves_the_step():
    rough = noisy(STEP.astype(float), 6.0)
    smooth = image.bilateral(rough, 2.0, 12.0)
    assert rms(smooth - STEP) < 2.0 < 5.0 < rms(rough - STEP)
    assert smooth[:, 32].mean() - smooth[:, 31].mean() > 115
    colored = image.to_color(STEP)
    assert np.abs(image.bilateral(colored).astype(int) - colored).max() <= 1
    with pytest.raises(ValueError, match="difference is 0 %"):
        image.bilateral(STEP, 2.0, 0.0)


@pytest.mark.node("image.sharpen")
def test_sharpening_undoes_what_smoothing_did_to_a_wave():
    # a Gaussian takes exp(-(sigma k)²/2) of a wave; the mask adds amount times what it lacks
    k = 2 * np.pi / 16
    wave = 0.5 + 0.1 * np.sin(k * ACROSS)
    kept = np.exp(-((1.5 * k) ** 2) / 2)
    sharp = image.sharpen(wave, 1.5, 2.0)
    assert np.ptp(sharp[:, 16:48]) == pytest.approx(0.2 * (1 + 2.0 * (1 - kept)), rel=1e-3)
    assert image.sharpen(STEP, 2.0, 5.0)[0, [31, 32]].tolist() == [0, 255]
    with pytest.raises(ValueError, match="amount is -1"):
        image.sharpen(wave, amount=-1.0)


@pytest.mark.node("image.convolve")
def test_a_convolution_with_one_point_gives_the_kernel():
    dot = np.zeros((7, 7), np.uint8)
    dot[3, 3] = 2
    kernel = np.arange(9.0).reshape(3, 3)
    assert image.convolve(dot, kernel)[2:5, 2:5] == pytest.approx(2 * kernel)
    assert image.convolve(image.to_color(STEP), np.full((3, 3), 1 / 9)).shape == (65, 65, 3)
    with pytest.raises(ValueError, match="no larger than the picture"):
        image.convolve(dot, np.ones((9, 9)))


@pytest.mark.node("image.subtract_background")
@pytest.mark.parametrize("how", ["rolling ball", "top hat"])
@pytest.mark.parametrize("radius", [10.0, 36.0])
def test_spots_stay_and_uneven_light_goes(how, radius):
    light = 60.0 + 0.25 * ACROSS + 0.15 * DOWN
    spot = np.where(DOWN**2 + ACROSS**2 <= 16, 80.0, 0.0)
    found = image.subtract_background((light + spot).astype(np.uint8), radius, how)
    assert found.dtype == np.uint8
    tall = found[spot > 0].astype(float)
    slope = 2.0 if how == "rolling ball" else 0.3 * radius + 2.0  # a disk lies level on the lowest point
    assert abs(tall.mean() - 80) < slope + 1
    assert found[spot == 0].max() <= 2 * slope
    dark = image.subtract_background((255 - light - spot).astype(np.uint8), radius, how, dark=True)
    assert np.abs((255 - dark.astype(int)) - found).max() <= 1


@pytest.mark.node("image.subtract_background")
def test_a_ball_rolls_along_a_slope_and_leaves_nothing():
    slope = 100.0 + 0.6 * ACROSS + 0.3 * DOWN
    assert image.subtract_background(slope, 12.0)[12:-12, 12:-12].max() < 0.05


@pytest.mark.node("image.subtract_background")
def test_a_background_is_as_light_as_the_scale_of_its_picture():
    coins = source.picture("coins")
    whole = image.subtract_background(coins, 40.0)
    real = image.subtract_background(coins / 255.0, 40.0)
    assert real * 255 == pytest.approx(whole, abs=0.51)
    assert image.subtract_background(np.full((60, 60), 7.0)).max() == 0.0
    with pytest.raises(ValueError, match="radius is 0"):
        image.subtract_background(coins, 0.0)


@pytest.mark.node("image.subtract_background")
def test_a_radius_longer_than_the_picture_is_refused():
    with pytest.raises(ValueError, match="choose a smaller one"):
        image.subtract_background(STEP, 100.0)


@pytest.mark.node("image.noise_level")
def test_noise_is_told_from_a_slope_and_steps():
    slope = 100.0 + 2.0 * DOWN - ACROSS
    assert image.noise_level(slope) == pytest.approx(0.0, abs=1e-12)
    assert image.noise_level(noisy(slope, 5.0)) == pytest.approx(5.0, rel=0.05)
    with pytest.raises(ValueError, match="3 × 3 are needed"):
        image.noise_level(slope[:2])


@pytest.mark.node("image.denoise_tv", "image.denoise_nonlocal", "image.denoise_wavelet")
@pytest.mark.parametrize("name", ["denoise_tv", "denoise_nonlocal", "denoise_wavelet"])
def test_noise_goes_and_the_picture_stays(name):
    node = {
        "denoise_tv": image.denoise_tv,
        "denoise_nonlocal": image.denoise_nonlocal,
        "denoise_wavelet": image.denoise_wavelet,
    }[name]
    rough = noisy(STEP / 255.0, 0.08)
    clean = node(rough)
    assert rms(clean - STEP / 255.0) < 0.6 * rms(rough - STEP / 255.0)
    assert clean[:, 40].mean() - clean[:, 25].mean() == pytest.approx(120 / 255, abs=0.03)
    bytes_ = image.to_8_bits(rough)
    again = node(bytes_)
    assert again.dtype == np.uint8
    assert rms(again - 1.0 * STEP) < 0.6 * rms(bytes_ - 1.0 * STEP)
    assert (node(np.full((16, 16), 9)) == 9).all()
    colored = node(np.dstack([bytes_, bytes_, bytes_, STEP]))
    assert (colored[..., 3] == STEP).all()
    with pytest.raises(ValueError, match="1 points of picture are NaN"):
        node(np.array([[0.0, np.nan]]))


@pytest.mark.node("image.denoise_nonlocal", "image.denoise_tv")
def test_settings_of_denoising_that_cannot_be():
    for call, words in (
        (lambda: image.denoise_nonlocal(STEP, patch=4), "odd number"),
        (lambda: image.denoise_nonlocal(STEP, reach=0), "reach is 0"),
        (lambda: image.denoise_nonlocal(STEP, strength=-1.0), "strength is -1 %"),
        (lambda: image.denoise_tv(STEP, 0.0), "weight is 0"),
    ):
        with pytest.raises(ValueError, match=words):
            call()


@pytest.mark.node("image.denoise_wavelet")
def test_the_package_of_wavelets_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pywt", None)
    with pytest.raises(ImportError, match=r"install flodesk\[wavelets\]"):
        image.denoise_wavelet(STEP)


@pytest.mark.node("image.edges")
@pytest.mark.parametrize("how", ["Sobel", "Scharr", "Prewitt"])
def test_the_slope_of_a_plane_is_the_same_everywhere(how):
    # up to the right by 3, and up (against the rows) by 4 for each px
    found = image.edges(3.0 * ACROSS - 4.0 * DOWN, how)
    assert found.magnitude[1:-1, 1:-1] == pytest.approx(np.full((63, 63), 5.0))
    assert found.direction[1:-1, 1:-1] == pytest.approx(np.full((63, 63), np.degrees(np.arctan2(4, 3))))
    step = image.edges(STEP, how).magnitude
    assert step[:, [31, 32]] == pytest.approx(np.full((65, 2), 60.0))
    assert step[:, 34:].max() == 0.0


@pytest.mark.node("image.canny")
def test_the_edge_of_a_disk_is_a_thin_ring():
    disk = (DOWN**2 + ACROSS**2 <= 20.0**2) * 200.0
    ring = image.canny(noisy(disk, 4.0), 2.0)
    away = np.hypot(DOWN, ACROSS)[ring]
    assert away == pytest.approx(np.full(away.size, 20.0), abs=1.5)
    assert 0.8 * 2 * np.pi * 20 < ring.sum() < 1.1 * 2 * np.pi * 20
    assert (image.canny(disk.astype(np.uint8)) == image.canny(disk / 255.0)).all()
    assert not image.canny(np.full((9, 9), 3)).any()
    with pytest.raises(ValueError, match="must rise"):
        image.canny(disk, 1.0, 50.0, 20.0)
