"""Known answers of what changes pictures: colors, tones, size and place."""

from __future__ import annotations

import copy
import importlib
import inspect
import sys
import traceback

import numpy as np
import pandas as pd
import pytest

from flodesk.nodes import image

BYTES = np.array([[0, 50, 100], [150, 200, 255]], dtype=np.uint8)
RED, GREEN, BLUE = ([255, 0, 0], [0, 255, 0], [0, 0, 255])


def of(*colors):
    return np.array([colors], dtype=np.uint8)


@pytest.mark.node("image.to_gray")
def test_gray_is_the_luminance_of_television_and_gray_stays():
    assert image.to_gray(of(RED, GREEN, BLUE, [255, 255, 255])).tolist() == [[54, 182, 18, 255]]
    assert image.to_gray(np.array([[[0.0, 1.0, 0.0]]])) == pytest.approx(np.array([[0.7154]]))
    with_opacity = np.dstack([np.full((2, 2, 3), 90, np.uint16), np.zeros((2, 2), np.uint16)])
    assert image.to_gray(with_opacity).tolist() == [[90, 90], [90, 90]]
    assert image.to_gray(with_opacity).dtype == np.uint16
    assert image.to_gray(BYTES) is BYTES
    assert image.to_gray(BYTES[..., None]).tolist() == BYTES.tolist()


@pytest.mark.node("image.to_gray")
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (None, "is None"),
        ("coins", "holds <U5"),
        ([[1], [1, 2]], "cannot be read"),
        (np.array([[1j]]), "magnitude"),
        (np.zeros(5), r"shape \(5,\)"),
        (np.zeros((4, 5, 6)), r"shape \(4, 5, 6\)"),
        (np.zeros((0, 5)), "no points"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(wrong, words):
    with pytest.raises((TypeError, ValueError), match=words):
        image.to_gray(wrong)


@pytest.mark.node("image.to_color")
def test_colors_are_what_a_view_shows():
    assert image.to_color(BYTES)[1, 2].tolist() == [255, 255, 255]
    assert image.to_color(np.array([[0, 65535]], np.uint16))[0, 1].tolist() == [255, 255, 255]
    assert image.to_color(np.array([[False, True]]))[0].tolist() == [[0, 0, 0], [255, 255, 255]]
    assert image.to_color(of(RED)).tolist() == of(RED).tolist()


@pytest.mark.node("image.to_8_bits")
def test_8_bits_go_from_black_to_white():
    assert image.to_8_bits(np.array([[0.0, 0.5, 1.0, np.nan]])).tolist() == [[0, 128, 255, 0]]
    assert image.to_8_bits(np.array([[0, 257, 65535]], np.uint16)).tolist() == [[0, 1, 255]]
    assert image.to_8_bits(np.array([[3, 255]], np.int64)).tolist() == [[3, 255]]
    assert image.to_8_bits(np.array([[-10.0, 0.0, 10.0, 99.0]]), -10.0, 10.0).tolist() == [[0, 128, 255, 255]]
    with pytest.raises(ValueError, match="above the minimum"):
        image.to_8_bits(BYTES, 10.0, 10.0)


@pytest.mark.node("image.split_channels", "image.merge_channels")
def test_channels_come_apart_and_together():
    picture = np.random.default_rng(1).integers(0, 256, (4, 5, 3), dtype=np.uint8)
    parts = image.split_channels(picture)
    assert (image.merge_channels(*parts) == picture).all()
    assert image.split_channels(of(RED)).red.tolist() == [[255]]
    assert (image.split_channels(BYTES).blue == BYTES).all()
    with pytest.raises(ValueError, match=r"red has 3 × 2 points and green 3 × 1"):
        image.merge_channels(BYTES, BYTES[:1], BYTES)


@pytest.mark.node("image.to_color_space", "image.from_color_space")
def test_color_spaces_have_the_values_of_their_tables():
    hsv = image.to_color_space(of(RED, GREEN, BLUE), "HSV")[0]
    assert hsv == pytest.approx(np.array([[0, 1, 1], [1 / 3, 1, 1], [2 / 3, 1, 1]]))
    # sRGB red in CIELAB (D65): 53.24, 80.09, 67.20
    assert image.to_color_space(of(RED), "LAB")[0, 0] == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    assert image.to_color_space(of([255, 255, 255]), "YCbCr")[0, 0] == pytest.approx([235, 128, 128])
    assert image.to_color_space(of([255, 255, 255]), "XYZ")[0, 0] == pytest.approx([0.9505, 1.0, 1.089], abs=1e-3)
    picture = np.random.default_rng(2).uniform(0.05, 0.95, (4, 5, 3))
    for space in ("HSV", "LAB", "YCbCr", "XYZ"):
        there = image.to_color_space(picture, space)
        assert image.from_color_space(there, space) == pytest.approx(picture, abs=1e-3), space
    stained = np.random.default_rng(3).uniform(0.01, 0.1, (4, 5, 3))
    assert image.to_color_space(image.from_color_space(stained, "stains"), "stains") == pytest.approx(stained, abs=1e-6)
    with pytest.raises(ValueError, match="three parts of LAB"):
        image.from_color_space(BYTES, "LAB")


@pytest.mark.node("image.match_histogram")
def test_a_picture_gets_the_tones_of_another():
    rng = np.random.default_rng(3)
    picture, other = rng.permutation(100).reshape(10, 10), 3.0 * rng.permutation(100).reshape(20, 5)
    matched = image.match_histogram(picture, other)
    assert matched == pytest.approx(3.0 * picture)
    colored = rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)
    assert (image.match_histogram(colored, colored) == colored).all()
    assert image.match_histogram(colored, BYTES).shape == (16, 16, 3)
    with pytest.raises(ValueError, match="1 points of reference are NaN"):
        image.match_histogram(picture, [[1.0, np.nan]])


@pytest.mark.node("image.invert")
def test_a_negative_of_a_negative_is_the_picture():
    assert image.invert(BYTES)[0].tolist() == [255, 205, 155]
    assert image.invert(np.array([[True, False]])).tolist() == [[False, True]]
    assert image.invert(np.array([[0, 65535]], np.uint16)).tolist() == [[65535, 0]]
    assert image.invert(np.array([[0.25, 1.0]])).tolist() == [[0.75, 0.0]]
    assert image.invert(np.array([[25.0, 200.0]])).tolist() == [[230.0, 55.0]]
    clear = np.array([[[10, 20, 30, 77]]], np.uint8)
    assert image.invert(clear).tolist() == [[[245, 235, 225, 77]]]
    assert (image.invert(image.invert(BYTES)) == BYTES).all()


@pytest.mark.node("image.brightness_contrast")
def test_brightness_adds_and_contrast_turns_about_the_middle():
    assert image.brightness_contrast(BYTES, 20.0).tolist() == [[51, 101, 151], [201, 251, 255]]
    assert image.brightness_contrast(np.array([[0.25, 0.5, 0.75]]), 0.0, 2.0).tolist() == [[0.0, 0.5, 1.0]]
    assert set(image.brightness_contrast(np.array([[0.0, 1.0]]), 0.0, 0.0).ravel()) == {0.5}
    with pytest.raises(ValueError, match="Invert"):
        image.brightness_contrast(BYTES, contrast=-1.0)


@pytest.mark.node("image.gamma")
def test_gamma_keeps_black_and_white():
    assert image.gamma(np.array([[0, 128, 255]], np.uint8), 2.0).tolist() == [[0, 64, 255]]
    assert image.gamma(np.array([[-1.0, 0.09, 1.0]]), 0.5) == pytest.approx(np.array([[0.0, 0.3, 1.0]]))
    assert image.gamma(np.zeros((2, 2))).tolist() == [[0, 0], [0, 0]]
    with pytest.raises(ValueError, match="above 0"):
        image.gamma(BYTES, 0.0)


@pytest.mark.node("image.equalise")
def test_an_equalised_picture_has_all_tones_alike():
    rng = np.random.default_rng(4)
    dark = (rng.random((64, 64)) ** 3).astype(np.float32)
    even = image.equalise(dark)
    assert even.dtype == np.float32
    assert np.histogram(even, 4, (0, 1))[0] == pytest.approx([1024] * 4, abs=2)
    assert (np.argsort(even, axis=None) == np.argsort(dark, axis=None)).all()
    halves = np.concatenate([rng.integers(0, 40, (64, 64)), rng.integers(200, 240, (64, 64))], axis=1)
    local = image.equalise(halves.astype(np.uint8), "adaptive", limit=1.0)
    assert local.dtype == np.uint8
    assert min(np.ptp(local[:, :40]), np.ptp(local[:, 88:])) > 200
    colored = np.zeros((16, 16, 3))
    colored[..., 0] = np.linspace(0.4, 0.6, 256).reshape(16, 16)
    assert image.equalise(colored)[..., 1:].max() == 0.0
    assert image.equalise(colored)[..., 0].max() == 1.0
    with pytest.raises(ValueError, match="NaN"):
        image.equalise([[1.0, np.nan]])


@pytest.mark.node("image.normalise")
def test_contrast_is_stretched_and_hot_pixels_are_left_out():
    assert image.normalise(np.array([[1.0, 2.0, np.nan, 5.0]])).tolist()[0][:2] == [0.0, 0.25]
    hot = np.concatenate([np.linspace(100, 150, 199), [4000]]).reshape(20, 10).astype(np.uint16)
    assert image.normalise(hot)[0, 9] < 1000
    assert image.normalise(hot, brightest=1.0)[18, 9] > 60000
    assert image.normalise(np.full((3, 3), 7)).tolist() == [[0] * 3] * 3
    colored = np.array([[[0, 50, 100]]], np.uint8)
    assert image.normalise(colored).tolist() == [[[0, 128, 255]]]
    with pytest.raises(ValueError, match="nothing between"):
        image.normalise(BYTES, 60.0, 40.0)
    with pytest.raises(ValueError, match="no point"):
        image.normalise([[np.nan]])


@pytest.mark.node("image.apply_mask")
def test_what_is_outside_of_a_mask_has_one_value():
    inside = np.array([[0, 255, 0], [255, 255, 0]], np.uint8)
    assert image.apply_mask(BYTES, inside, 9).tolist() == [[9, 50, 9], [150, 200, 9]]
    assert np.isnan(image.apply_mask(BYTES / 255.0, inside, np.nan)).sum() == 3
    assert image.apply_mask(of(RED, GREEN), [[True, False]]).tolist() == of(RED, [0, 0, 0]).tolist()
    assert BYTES[0, 2] == 100
    with pytest.raises(ValueError, match="outside is -1"):
        image.apply_mask(BYTES, inside, -1.0)
    with pytest.raises(ValueError, match="outside is nan"):
        image.apply_mask(BYTES, inside, np.nan)
    with pytest.raises(ValueError, match="wire Threshold"):
        image.apply_mask(BYTES, BYTES)
    with pytest.raises(ValueError, match="resize or crop"):
        image.apply_mask(BYTES, inside[:1])


@pytest.mark.node("image.resize", "image.rescale")
def test_a_ramp_stays_a_ramp_in_another_size():
    ramp = np.tile(np.arange(64.0), (32, 1))
    half = image.rescale(ramp, 0.5)
    assert half.shape == (16, 32)
    assert half[:, 2:-2] == pytest.approx(np.tile(np.arange(32)[2:-2] * 2.0 + 0.5, (16, 1)), abs=1e-6)
    assert image.resize(ramp.astype(np.uint8), 128, 8).shape == (8, 128)
    mask = np.array([[True, False], [False, True]])
    assert image.rescale(mask, 2.0).tolist() == np.kron(mask, np.ones((2, 2), bool)).tolist()
    labels = np.array([[0, 7], [3, 0]])
    assert set(image.rescale(labels, 3.0, smooth=False).ravel()) == {0, 3, 7}
    assert image.resize(np.full((4, 4, 4), 9, np.uint8), 2, 2).tolist() == np.full((2, 2, 4), 9).tolist()
    for call in (lambda: image.resize(ramp, 0, 5), lambda: image.rescale(ramp, 1e-4)):
        with pytest.raises(ValueError, match="larger size"):
            call()
    with pytest.raises(ValueError, match="too large"):
        image.resize(ramp, 100_000, 100_000)
    with pytest.raises(ValueError, match="above 0"):
        image.rescale(ramp, -1.0)


@pytest.mark.node("image.crop", "image.pad")
def test_a_border_is_put_on_and_cut_off():
    framed = image.pad(BYTES, left=2, right=1, top=3, bottom=1, value=7)
    assert framed.shape == (6, 6)
    assert framed[0, 0] == 7
    assert (image.crop(framed, 2, 3, 3, 2) == BYTES).all()
    assert image.crop(BYTES, 1, 0, 99, 1).tolist() == [[50, 100]]
    assert image.pad(BYTES, left=1, how="mirror")[0].tolist() == [0, 0, 50, 100]
    assert image.pad(BYTES, left=1, how="around")[0].tolist() == [100, 0, 50, 100]
    assert image.pad(BYTES, right=1, how="edge")[1].tolist() == [150, 200, 255, 255]
    with pytest.raises(ValueError, match="3, 0 px on is outside of a picture of 3 × 2"):
        image.crop(BYTES, left=3)
    with pytest.raises(ValueError, match="left is -1 px"):
        image.pad(BYTES, left=-1)
    with pytest.raises(ValueError, match="value is 300"):
        image.pad(BYTES, left=1, value=300)


@pytest.mark.node("image.rotate", "image.flip")
def test_turns_and_mirrors():
    assert (image.rotate(image.rotate(BYTES, 90.0), -90.0) == BYTES).all()
    assert image.rotate(BYTES, 90.0).tolist() == [[100, 255], [50, 200], [0, 150]]
    assert (image.rotate(BYTES, 180.0) == image.flip(image.flip(BYTES), "top to bottom")).all()
    assert (image.flip(BYTES, "rows to columns") == BYTES.T).all()
    square = np.zeros((41, 41))
    square[10:31, 10:31] = 1.0
    turned = image.rotate(square, 45.0, expand=False)
    assert turned.shape == (41, 41)
    assert turned[20, 20 + 13] > 0.9  # a corner of the square is at 10·√2 now, and its old corner is outside
    assert turned[11, 11] < 0.1
    assert turned.sum() == pytest.approx(square.sum(), rel=0.02)
    assert image.rotate(square > 0, 30.0).dtype == bool
    assert image.rotate(square > 0, 30.0, outside=1.0)[0, 0]
    assert image.rotate(BYTES, 90.0, expand=False).shape == BYTES.shape
    with pytest.raises(ValueError, match="number of degrees"):
        image.rotate(BYTES, float("inf"))


@pytest.mark.node("image.affine_matrix", "image.warp")
def test_a_matrix_moves_a_point_where_it_says():
    matrix = image.affine_matrix(angle=90.0, right=10.0, down=20.0)
    # counterclockwise as one sees it: what was to the right of the corner is above it
    assert matrix @ [5.0, 0.0, 1.0] == pytest.approx([10.0, 15.0, 1.0])
    dot = np.zeros((30, 30))
    dot[0, 5] = 1.0
    assert np.argwhere(image.warp(dot, matrix) > 0.99).tolist() == [[15, 10]]
    assert image.warp(BYTES, image.affine_matrix(right=1.0), outside=4).tolist() == [[4, 0, 50], [4, 150, 200]]
    lean = image.affine_matrix(shear=45.0) @ [0.0, 5.0, 1.0]
    assert lean == pytest.approx([-5.0, 5.0, 1.0])
    assert image.warp(BYTES > 90, matrix[:2], 4, 6).shape == (6, 4)
    for wrong, words in (([[1, 2]], "shape"), (np.zeros((3, 3)), "flat"), (np.full((3, 3), np.nan), "numbers")):
        with pytest.raises(ValueError, match=words):
            image.warp(BYTES, wrong)
    with pytest.raises(ValueError, match="above 0"):
        image.affine_matrix(scale=0.0)
    with pytest.raises(ValueError, match="flat"):
        image.affine_matrix(shear=90.0)


@pytest.mark.node("image.matrix_from_points")
def test_a_matrix_is_found_from_where_it_takes_points():
    rng = np.random.default_rng(5)
    places = rng.uniform(0, 500, (12, 2))
    row = np.hstack([places, np.ones((12, 1))])
    view = np.array([[1.1, 0.2, 30.0], [-0.1, 0.9, -20.0], [2e-4, -1e-4, 1.0]])
    for kind, matrix in {
        "similar": image.affine_matrix(30.0, 1.7, right=5.0, down=-9.0),
        "affine": image.affine_matrix(30.0, 1.7, 20.0, right=5.0, down=-9.0),
        "perspective": view,
    }.items():
        there = row @ matrix.T
        found = image.matrix_from_points(places, there[:, :2] / there[:, 2:], kind)
        assert found == pytest.approx(matrix, rel=1e-6, abs=1e-7), kind
    page = [[10, 12], [200, 30], [190, 280], [5, 250]]
    straight = image.matrix_from_points(page, [[0, 0], [100, 0], [100, 150], [0, 150]], "perspective")
    corner = straight @ [190.0, 280.0, 1.0]
    assert corner[:2] / corner[2] == pytest.approx([100, 150])
    line = [[0, 0], [1, 1], [2, 2], [3, 3]]
    for kind in ("affine", "perspective"):
        with pytest.raises(ValueError, match="on one line"):
            image.matrix_from_points(line, page, kind)
    with pytest.raises(ValueError, match="4 or more"):
        image.matrix_from_points(page[:3], page[:3], "perspective")
    with pytest.raises(ValueError, match="shape"):
        image.matrix_from_points([1, 2, 3], page)
    with pytest.raises(ValueError, match="read as numbers"):
        image.matrix_from_points([["a", "b"]], page)


@pytest.mark.node("image.unwrap_polar")
def test_rings_become_columns_and_spokes_rows():
    down, across = np.mgrid[-50.0:51.0, -50.0:51.0]
    rings = image.unwrap_polar(np.hypot(down, across))
    assert rings.shape == (360, 50)
    assert rings == pytest.approx(np.tile(np.arange(50.0), (360, 1)), abs=0.3)
    spokes = image.unwrap_polar(np.degrees(np.arctan2(down, across)) % 360, 50, 50, 45, 40)
    assert spokes.shape == (360, 5)
    assert spokes[10:350, 2] == pytest.approx(np.arange(10.0, 350.0), abs=0.5)
    with pytest.raises(ValueError, match="no width"):
        image.unwrap_polar(rings, radius=5.0, inner=5.0)


@pytest.mark.parametrize("name", sorted(image.__all__))
def test_what_a_node_cannot_take_is_said_in_words(name):
    """A walk over the shelf: no picture, a row, a text, an empty one, a NaN and a stack, into each input."""
    node = getattr(image, name)
    if isinstance(node, type):
        node = getattr(node(), "add", None) or node()
    inputs = [part for part in inspect.signature(node).parameters.values() if part.default is part.empty]
    for wrong in (None, [1.0, 2.0], "x", np.zeros((0, 4)), np.zeros((5, 4, 6)), {"a": 1}, [[1], [2, 3]], object()):
        for at, part in enumerate(inputs):
            if isinstance(wrong, str) and part.annotation == "str":
                continue
            given = [np.eye(8) for _ in inputs]
            given[at] = wrong
            with pytest.raises((TypeError, ValueError), match=r"[a-z]{3}.* [a-z]{2}"):
                node(*given)


GRAY = np.random.default_rng(9).integers(0, 256, (24, 32), dtype=np.uint8)
ODD = {
    "color": np.stack([GRAY, GRAY.T.reshape(24, 32), GRAY], -1),
    "opacity": np.stack([GRAY, GRAY // 2, GRAY, GRAY], -1) / 255.0,
    "16 bits": GRAY.astype(np.uint16) * 257,
    "below 0": GRAY.astype(np.int8),
    "64 bits": GRAY.astype(np.uint64),
    "half": (GRAY / 255.0).astype(np.float16),
    "single": (GRAY / 255.0).astype(np.float32),
    "huge": GRAY * 1e300,
    "tiny": GRAY * 1e-300,
    "mask": GRAY > 128,
    "a mask in a file": (GRAY > 128) * np.uint8(255),
    "one point": GRAY[:1, :1],
    "a row": GRAY[:1],
    "a column": GRAY[:, :1],
    "all the same": np.full((24, 32), 3.0),
    "black": np.zeros((24, 32)),
    "all inside": np.ones((24, 32), bool),
    "gaps": np.where(GRAY > 250, np.nan, 1.0),
    "nothing but gaps": np.full((24, 32), np.nan),
    "infinite": np.where(GRAY > 250, np.inf, 1.0),
    "a list": GRAY.tolist(),
    "a view": GRAY[::-1, ::2],
    "labels": (GRAY // 64).astype(int),
}


@pytest.mark.parametrize("kind", ODD)
def test_every_node_takes_odd_pictures_or_says_why_not_and_changes_none(kind):
    """A walk over the shelf; a warning of a library beneath is a failure, too, and so is an error of its own."""
    places = pd.DataFrame({"x": [3.0], "y": [2.0], "left": [1], "top": [1], "width": [3], "height": [2]})
    others = {"matrix": np.eye(3), "kernel": np.ones((1, 1)), "text": "a", "points": places, "boxes": places}
    given = ODD[kind]
    before, beneath = copy.deepcopy(given), []
    for name in sorted(set(image.__all__) - {"affine_matrix", "matrix_from_points"}):
        node = getattr(image, name)
        if isinstance(node, type):
            node = getattr(node(), "add", None) or node()
        inputs = [part for part in inspect.signature(node).parameters.values() if part.default is part.empty]
        part = {**others, "template": np.asarray(given)[:3, :4]}
        try:
            node(*(part.get(one.name, given) for one in inputs))
        except (TypeError, ValueError) as error:
            if "flodesk" not in traceback.extract_tb(error.__traceback__)[-1].filename:
                beneath.append(f"{name}: {error}")
        assert np.array_equal(given, before, equal_nan=np.asarray(given).dtype.kind == "f"), name
    assert not beneath  # what a library said of its own settings


def test_what_is_missing_is_named(monkeypatch):
    module = importlib.import_module("flodesk.nodes.image.inputs")
    monkeypatch.setitem(sys.modules, "skimage", None)
    with pytest.raises(ImportError, match=r"install flodesk\[images\]"):
        module.package("color")
