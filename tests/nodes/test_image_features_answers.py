"""Known answers of what is found in pictures, of several pictures, of drawings on them and of tomography."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from flodesk.nodes import image, source

DOWN, ACROSS = np.mgrid[0.0:80.0, 0.0:120.0]
COINS = source.picture("coins")


def disk(x, y, radius):
    return np.hypot(DOWN - y, ACROSS - x) <= radius


def places(table, *names):
    return sorted(map(tuple, table[list(names)].to_numpy().tolist()))


# ------------------------------------------------------------------ features
@pytest.mark.node("image.corners")
def test_the_inner_corners_of_a_chessboard_are_found():
    board = ((DOWN // 20 + ACROSS // 20) % 2).astype(float)
    found = image.corners(board, distance=8)
    inner = found[found.x.between(10, 110) & found.y.between(10, 70)]
    wanted = [(x, y) for x in (20, 40, 60, 80, 100) for y in (20, 40, 60)]
    assert len(inner) == 15
    assert np.abs(np.array(places(inner, "x", "y")) - wanted).max() <= 1
    assert found.strength.is_monotonic_decreasing
    assert len(image.corners(board, number=3)) == 3
    assert len(image.corners(np.full((20, 20), 7))) == 0
    for wrong in ({"number": -1}, {"distance": 0.0}, {"least": -1.0}, {"sigma": -1.0}):
        with pytest.raises(ValueError, match=f"{next(iter(wrong))} is"):
            image.corners(board, **wrong)


@pytest.mark.node("image.blobs")
@pytest.mark.parametrize("dark", [False, True])
def test_spots_are_found_with_their_radii(dark):
    picture = 0.2 + 0.5 * disk(30, 40, 5) + 0.6 * disk(80, 30, 12)
    found = image.blobs((1 - picture if dark else picture) * 255, 3, 20, 20.0, dark)
    assert found.round().astype(int).iloc[:, :2].to_numpy().tolist() == [[80, 30], [30, 40]]
    assert found.radius.tolist() == pytest.approx([12, 5], rel=0.1)
    assert len(image.blobs(picture, 3, 20, 55.0)) == 1  # one has a contrast of 50 %, one of 60 %
    assert len(image.blobs(np.ones((30, 30)))) == 0
    with pytest.raises(ValueError, match="exchange them"):
        image.blobs(picture, 20, 3)


@pytest.mark.node("image.match_template")
def test_a_template_is_found_where_it_was_taken_from_in_other_light():
    coin = image.crop(COINS, 106, 22, 52, 60)
    found = image.match_template(COINS * 0.5 + 60.0, coin, 0.99)
    best = found.matches.iloc[0]
    assert (len(found.matches), best.left, best.top, best.width, best.height) == (1, 106, 22, 52, 60)
    assert (best.x, best.y, best.score) == pytest.approx((131.5, 51.5, 1.0))
    assert found.scores.shape == (303 - 60 + 1, 384 - 52 + 1)
    spots = np.zeros((40, 60))
    for x, y in ((10, 10), (30, 20), (50, 30)):
        spots[y - 2 : y + 3, x - 2 : x + 3] = np.eye(5)
    three = image.match_template(spots, np.pad(np.eye(5), 1), 0.95).matches
    assert places(three, "x", "y") == [(10, 10), (30, 20), (50, 30)]
    assert len(image.match_template(spots, np.pad(np.eye(5), 1), 0.95, 2).matches) == 2
    assert len(image.match_template(spots, np.random.default_rng(1).random((6, 6)), 0.95).matches) == 0
    with pytest.raises(ValueError, match="all the same"):
        image.match_template(COINS, np.ones((5, 5)))
    with pytest.raises(ValueError, match="larger than the picture"):
        image.match_template(coin, COINS)


@pytest.mark.node("image.find_lines")
def test_lines_are_found_with_their_ends_and_angles():
    edges = np.zeros((80, 120), bool)
    edges[60, 10:110] = True
    for at in range(50):
        edges[55 - at, 20 + at] = True
    found = image.find_lines(edges, shortest=40)
    assert found.angle.round().tolist() == [0, 45]
    assert found.length.tolist() == pytest.approx([99, 49 * 2**0.5], abs=3)
    assert {found.y1[0], found.y2[0]} == {60}
    assert image.find_lines(edges, shortest=40).equals(found)
    box = image.find_lines((disk(60, 40, 0) | (ACROSS > 30) & (ACROSS < 90) & (DOWN > 20) & (DOWN < 60)) * 200, 30)
    assert set((box.angle.abs() / 10).round()) == {0, 9}
    assert list(image.find_lines(np.zeros((9, 9))).columns) == ["x1", "y1", "x2", "y2", "length", "angle"]
    with pytest.raises(ValueError, match="votes is 0"):
        image.find_lines(edges, votes=0)


@pytest.mark.node("image.find_circles")
def test_circles_are_found_with_their_radii():
    picture = (disk(35, 40, 22) + 0.8 * disk(90, 35, 14)) * 200
    found = image.find_circles(picture.astype(np.uint8), 10, 30)
    assert np.array(places(found, "x", "y", "radius")) == pytest.approx(np.array([[35, 40, 22], [90, 35, 14]]), abs=1)
    assert (found.score > 0.6).all()
    assert len(image.find_circles(picture, 10, 30, number=1)) == 1
    assert len(image.find_circles(np.zeros((40, 40)), 5, 10)) == 0
    with pytest.raises(ValueError, match="exchange them"):
        image.find_circles(picture, 30, 10)
    with pytest.raises(ValueError, match="narrow the radii"):
        image.find_circles(np.zeros((1200, 1200), bool), 1, 1200)


# ------------------------------------------------------------------ several pictures
@pytest.mark.node("image.shift_between", "image.align")
def test_a_shift_is_found_to_a_tenth_of_a_point_and_taken_back():
    # a Fourier shift of a picture that goes on around its edges is exact at any fraction
    rng = np.random.default_rng(1)
    fixed = image.gaussian(rng.random((64, 96)), 2.0)
    ways = np.add.outer(-3.3 * np.fft.fftfreq(64), 5.7 * np.fft.fftfreq(96))
    moved = np.fft.ifft2(np.fft.fft2(fixed) * np.exp(-2j * np.pi * ways)).real
    assert image.shift_between(moved, fixed) == pytest.approx((5.7, -3.3), abs=0.05)
    laid = image.align(moved, fixed)
    assert (laid.x, laid.y) == pytest.approx((5.7, -3.3), abs=0.05)
    inner = np.s_[10:-10, 10:-10]
    before = image.difference(moved, fixed)[inner].std()
    assert image.difference(laid.picture, fixed)[inner].std() < 0.15 * before
    assert image.align(image.to_color(COINS), COINS).picture.shape == (303, 384, 3)
    with pytest.raises(ValueError, match="all the same"):
        image.shift_between(fixed, np.ones(fixed.shape))
    with pytest.raises(ValueError, match="precision"):
        image.shift_between(fixed, fixed, 0.0)
    with pytest.raises(ValueError, match="resize or crop"):
        image.align(fixed, fixed[:-1])


@pytest.mark.node("image.difference")
def test_a_difference_of_whole_numbers_does_not_wrap():
    first, second = np.array([[10, 200]], np.uint8), np.array([[250, 190]], np.uint8)
    assert image.difference(first, second).tolist() == [[240, 10]]
    assert image.difference(first, second, signed=True).tolist() == [[-240.0, 10.0]]
    assert image.difference([[True, False]], [[True, True]]).tolist() == [[False, True]]
    with pytest.raises(ValueError, match="both gray, or both color"):
        image.difference(first, image.to_color(first))


@pytest.mark.node("image.blend")
def test_a_blend_lies_between():
    first, second = np.array([[0, 100]], np.uint8), np.array([[200, 100]], np.uint8)
    assert image.blend(first, second, 25.0).tolist() == [[50, 100]]
    assert (image.blend(first, second, 0.0) == first).all()
    with pytest.raises(ValueError, match="0 % to 100 %"):
        image.blend(first, second, 101.0)


@pytest.mark.node("image.combine", "image.Stack")
@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ("mean", [[4, 5]]),
        ("sum", [[12, 15]]),
        ("maximum", [[9, 5]]),
        ("minimum", [[1, 5]]),
        ("deviation", [[(38 / 3) ** 0.5, 0]]),
    ],
)
def test_pictures_are_combined_at_once_and_one_after_the_other(how, wanted):
    pictures = [np.array([[value, 5]], np.uint8) for value in (1, 2, 9)]
    stack = image.Stack(how)
    for picture in pictures:
        stack.add(picture)
    assert stack.result() == pytest.approx(np.array(wanted), rel=1e-4)
    assert image.combine(*pictures, how=how) == pytest.approx(np.array(wanted), rel=1e-4)
    assert stack.result().dtype == image.combine(*pictures, how=how).dtype
    assert stack.result().dtype == (float if how in ("sum", "deviation") else np.uint8)


@pytest.mark.node("image.combine", "image.Stack")
def test_what_moves_through_goes_from_a_median_and_nothing_is_no_stack():
    frames = [COINS.copy() for _ in range(5)]
    for at, frame in enumerate(frames):
        frame[:, 50 * at : 50 * at + 40] = 0
    assert (image.combine(*frames, how="median") == COINS).all()
    with pytest.raises(ValueError, match="no picture to combine"):
        image.combine()
    with pytest.raises(ValueError, match=r"picture 2 has the shape \(3, 3\)"):
        image.combine(np.eye(2), np.eye(3))
    stack = image.Stack()
    with pytest.raises(ValueError, match="no picture has come"):
        stack.result()
    stack.add(np.eye(2))
    with pytest.raises(ValueError, match="this picture has the shape"):
        stack.add(np.eye(3))


@pytest.mark.node("image.RunningAverage")
def test_noise_goes_down_by_the_number_of_frames():
    rng = np.random.default_rng(2)
    average = image.RunningAverage(16.0)
    for _ in range(200):
        now = average(100.0 + rng.standard_normal((60, 60)))
    # the weights of an exponential average over n leave 1 / √(2n - 1) of the noise
    assert now.std() == pytest.approx(1 / np.sqrt(31), rel=0.1)
    assert average(np.eye(2, dtype=np.uint8)).tolist() == [[1, 0], [0, 1]]
    with pytest.raises(ValueError, match="1 or more"):
        image.RunningAverage(0.5)


# ------------------------------------------------------------------ comparison and tomography
@pytest.mark.node("image.compare")
def test_likeness_is_that_of_its_definition():
    noisy = np.clip(COINS + np.random.default_rng(3).normal(0, 10, COINS.shape), 0, 255)
    found = image.compare(noisy, COINS)
    assert found.mse == pytest.approx(100, rel=0.03)
    assert found.psnr == pytest.approx(10 * np.log10(255**2 / 100), abs=0.15)
    assert 0.3 < found.ssim < 0.95
    assert image.compare(COINS, COINS) == (np.inf, 1.0, 0.0)
    assert image.compare(COINS / 255.0, noisy / 255.0).ssim == pytest.approx(found.ssim, rel=0.02)
    with pytest.raises(ValueError, match="7 rows"):
        image.compare(np.eye(5), np.eye(5))


@pytest.mark.node("image.radon", "image.inverse_radon")
def test_the_shepp_logan_phantom_comes_back_from_160_angles():
    phantom = image.rescale(source.picture("phantom"), 0.4)
    assert phantom.shape == (160, 160)
    sinogram = image.radon(phantom, 160)
    assert sinogram.shape == (160, 160)
    # whatever the angle, all rays together meet the whole slice
    assert sinogram.sum(axis=0) == pytest.approx(np.full(160, phantom.sum()), rel=1e-3)
    found = image.inverse_radon(sinogram)
    assert np.sqrt(np.mean((found - phantom) ** 2)) == pytest.approx(0.0283, abs=0.0005)
    soft = image.inverse_radon(sinogram, "Hann")
    assert np.sqrt(np.mean((soft - phantom) ** 2)) > 0.03


@pytest.mark.node("image.radon", "image.inverse_radon")
def test_the_projection_of_a_disk_is_half_an_ellipse():
    slice_ = (np.hypot(*np.mgrid[-30:31, -30:31]) <= 20) * 3.0
    sinogram = image.radon(slice_, 6)
    away = np.arange(-18, 19)
    for column in sinogram.T:
        assert column[30 + away] == pytest.approx(3 * 2 * np.sqrt(20.3**2 - away**2), abs=6)
    assert image.radon(np.ones((20, 31)), 2).shape == (31, 2)
    assert image.inverse_radon(sinogram, "none").min() >= 0
    for call, words in (
        (lambda: image.radon(slice_, 0), "1 or more"),
        (lambda: image.radon(np.ones((2, 2))), "3 × 3"),
        (lambda: image.inverse_radon(np.ones((2, 9))), "3 px or more"),
    ):
        with pytest.raises(ValueError, match=words):
            call()


# ------------------------------------------------------------------ drawing
@pytest.mark.node("image.overlay")
def test_each_object_has_a_color_and_the_ground_stays():
    labels = np.zeros((20, 30), int)
    labels[2:10, 2:10], labels[2:10, 15:25] = 5, 9
    gray = np.full((20, 30), 100, np.uint8)
    full = image.overlay(gray, labels, 100.0)
    assert full.dtype == np.uint8
    assert (full[labels == 0] == 100).all()
    assert len({tuple(shade) for shade in full[labels > 0]}) == 2
    rims = image.overlay(gray, labels, 0.0)
    assert (rims[3:9, 3:9] == 100).all()
    assert (rims[2, 2:10] == full[2, 2]).all()
    half = image.overlay(gray, labels, 50.0, outline=False)
    assert half[5, 5] == pytest.approx((full[5, 5].astype(float) + 100) / 2, abs=1)
    assert (image.overlay(gray, labels == 5, 100.0)[labels == 9] == 100).all()
    with pytest.raises(ValueError, match="0 % to 100 %"):
        image.overlay(gray, labels, 120.0)
    with pytest.raises(ValueError, match="resize or crop"):
        image.overlay(gray, labels[:5])


@pytest.mark.node("image.draw_points", "image.draw_boxes", "image.draw_text")
def test_crosses_circles_frames_and_texts_are_where_they_belong():
    black = np.zeros((80, 120), np.uint8)
    crosses = image.draw_points(black, pd.DataFrame({"x": [30.0, np.nan], "y": [40.0, 1.0]}), "#00ff00", 5)
    assert crosses[40, 25:36, 1].tolist() == [255] * 11
    assert (crosses[..., 1] > 0).sum() == 21
    assert not crosses[..., 0].any()
    ring = image.draw_points(black, pd.DataFrame({"x": [60], "y": [40], "radius": [20]}), "red")[..., 0] > 0
    assert np.hypot(DOWN - 40, ACROSS - 60)[ring] == pytest.approx(np.full(ring.sum(), 20), abs=1)
    table = image.regions(disk(60, 40, 20))
    framed = image.draw_boxes(black, table, "white", stroke=2)[..., 0] > 0
    assert [np.flatnonzero(framed.any(axis)).tolist()[0::] for axis in (0, 1)] == [
        list(range(40, 81)),
        list(range(20, 61)),
    ]
    assert not framed[25:55, 45:75].any()
    named = image.draw_boxes(black, table, "white", stroke=2, text="area")[..., 0] > 0
    assert named[22:36, 42:70].any()
    words = image.draw_text(black, "5 V", 60, 20, size=20, color="yellow")
    there = np.argwhere(words[..., 0] > 99)
    assert (there >= [20, 59]).all()
    assert there.max(0)[0] < 45
    assert not words[..., 2].any()
    assert not black.any()


@pytest.mark.node("image.draw_points", "image.draw_boxes")
def test_a_table_or_color_that_cannot_be_is_named():
    black = np.zeros((8, 8))
    with pytest.raises(ValueError, match="'blurple' is no color"):
        image.draw_points(black, pd.DataFrame({"x": [1], "y": [1]}), "blurple")
    with pytest.raises(ValueError, match="y is missing"):
        image.draw_points(black, pd.DataFrame({"x": [1]}))
    with pytest.raises(ValueError, match="cannot be read as numbers"):
        image.draw_points(black, pd.DataFrame({"x": ["a"], "y": [1]}))
    with pytest.raises(ValueError, match="no column 'name'"):
        image.draw_boxes(black, image.regions(np.eye(8) > 0), text="name")
