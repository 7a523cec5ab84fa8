"""Known answers of what finds objects in pictures and measures them."""

from __future__ import annotations

import numpy as np
import pytest

from flodesk.nodes import image, source

DOWN, ACROSS = np.mgrid[0.0:80.0, 0.0:120.0]


def disk(x, y, radius):
    return np.hypot(DOWN - y, ACROSS - x) <= radius


def box(left, top, width, height):
    found = np.zeros(DOWN.shape, bool)
    found[top : top + height, left : left + width] = True
    return found


# ------------------------------------------------------------------ the coins of scikit-image: 24 of them
@pytest.mark.node(
    "image.subtract_background", "image.threshold", "image.fill_holes", "image.remove_small", "image.count_objects",
    "image.closing", "image.label", "image.regions", "image.watershed", "image.clear_border",
)  # fmt: skip
def test_24_coins_are_counted_and_none_is_small():
    coins = source.picture("coins")
    even = image.subtract_background(coins, 40.0)
    mask = image.fill_holes(image.threshold(even).mask)
    clean = image.remove_small(mask, 500)
    assert image.count_objects(clean) == image.count_objects(mask, 500) == 24
    found = image.label(clean)
    assert found.number == 24
    table = image.regions(found.labels, coins)
    assert len(table) == 24
    assert table.area.between(800, 3300).all()
    assert table.roundness.median() > 0.85
    assert (table["mean"] > 120).all()
    assert image.watershed(clean, 15).number == 24
    assert len(image.regions(image.clear_border(clean))) == 24
    # one level for all the picture leaves two coins with the ground, which is bright at the upper left
    whole = image.threshold(coins)
    assert whole.level == 107.0
    assert image.count_objects(image.clear_border(image.closing(whole.mask, 1.5)), 100) == 22


# ------------------------------------------------------------------ thresholds
@pytest.mark.node("image.threshold")
@pytest.mark.parametrize("how", ["Otsu", "Li", "Yen", "triangle", "isodata", "minimum", "mean"])
def test_two_tones_are_told_apart_in_every_way_and_kind(how):
    rng = np.random.default_rng(1)
    inside = disk(60, 40, 30)
    picture = np.clip(rng.normal(np.where(inside, 170, 70), 8), 0, 255).astype(np.uint8)
    for kind in (picture, picture.astype(np.int64) - 5000, picture / 255.0, picture * 1e6, image.to_color(picture)):
        found = image.threshold(kind, how)
        assert (found.mask != inside).mean() < (0.08 if how == "Yen" else 0.006), kind.dtype
        assert (image.threshold(kind, how, dark=True).mask == ~found.mask).all()
    flat = image.threshold(np.full((5, 5), 9), how)
    assert (flat.mask.any(), flat.level) == (False, 9.0)


@pytest.mark.node("image.threshold")
def test_a_level_that_is_given_and_one_that_cannot_be_found():
    found = image.threshold(np.array([[1, 5, 9]]), level=5.0)
    assert (found.mask.tolist(), found.level) == ([[False, False, True]], 5.0)
    assert image.threshold(np.array([[True, False]])).mask.tolist() == [[True, False]]
    with pytest.raises(ValueError, match="not two peaks"):
        image.threshold([[1, 2], [3, 4]], "minimum")
    with pytest.raises(ValueError, match="NaN"):
        image.threshold([[1.0, np.nan]])


@pytest.mark.node("image.threshold_local")
@pytest.mark.parametrize("how", ["Gaussian", "mean", "median", "Niblack"])
def test_objects_are_found_in_uneven_light(how):
    light = 20.0 + 1.5 * ACROSS
    inside = disk(30, 30, 6) | disk(90, 50, 6)
    picture = (light + 25.0 * inside).astype(np.uint8)
    found = image.threshold_local(picture, 31, how, offset=5.0)
    near = disk(30, 30, 12) | disk(90, 50, 12)
    assert (found.mask != inside)[near].mean() < 0.03
    assert found.level.shape == picture.shape
    one_level = image.threshold(picture).mask
    assert (one_level != inside).mean() > 0.3
    dark = image.threshold_local(255 - picture, 31, how, offset=5.0, dark=True)
    assert (dark.mask != found.mask).mean() < 0.1


@pytest.mark.node("image.threshold_local")
def test_writing_on_a_page_in_a_shadow_is_read_by_sauvola():
    page = source.picture("page")
    local = image.threshold_local(page, 25, "Sauvola", dark=True).mask
    plain = image.threshold(page, dark=True).mask
    # the lower left corner lies in a shadow, and there is more paper than ink everywhere
    assert plain[-40:, :40].mean() > 0.9
    assert local[-40:, :40].mean() < 0.3
    for wrong, words in ((50, "odd number"), (9999, "choose a smaller one")):
        with pytest.raises(ValueError, match=words):
            image.threshold_local(page, wrong)


@pytest.mark.node("image.threshold_levels")
def test_four_tones_are_four_classes():
    rng = np.random.default_rng(2)
    wanted = (ACROSS // 30).astype(int)
    picture = rng.normal(np.array([30, 90, 150, 220])[wanted], 5)
    for kind in (picture, picture.astype(np.uint8), image.to_color(picture.astype(np.uint8))):
        found = image.threshold_levels(kind, 4)
        assert (found.labels == wanted).mean() > 0.999
        assert found.levels == pytest.approx([60, 120, 185], abs=20)
    with pytest.raises(ValueError, match="2 tones"):
        image.threshold_levels([[1, 2]], 3)
    with pytest.raises(ValueError, match="2 to 5"):
        image.threshold_levels(picture, 9)


# ------------------------------------------------------------------ shapes
@pytest.mark.node("image.erode", "image.dilate")
@pytest.mark.parametrize("kind", [bool, np.uint8, np.int16, np.int64, np.uint64, float])
def test_a_disk_shrinks_and_grows_by_the_radius(kind):
    inside = disk(60, 40, 20).astype(kind)
    assert (image.erode(inside, 5.0) != disk(60, 40, 15)).sum() <= 12
    assert (image.dilate(inside, 5.0) != disk(60, 40, 25)).sum() <= 12
    assert image.erode(inside, 5.0).dtype == image.dilate(inside, 5.0).dtype == kind
    square = image.dilate(box(50, 40, 1, 1).astype(kind), 3.0, "square")
    assert (square == box(47, 37, 7, 7)).all()
    assert (image.erode(square, 3.0, "square") == box(50, 40, 1, 1)).all()
    assert (image.erode(np.ones((5, 5), kind), 2.0) == 1).all()  # nothing comes in from beyond the edge
    assert (image.dilate(np.zeros((5, 5), kind), 2.0) == 0).all()


@pytest.mark.node("image.erode", "image.dilate")
def test_a_mask_shrinks_as_a_picture_of_it_does():
    noise = image.gaussian(np.random.default_rng(3).random((80, 120)), 2.0) > 0.5
    for radius in (1.0, 1.5, 2.5, 6.0):
        assert (image.erode(noise, radius) == image.erode(noise.astype(np.uint8), radius)).all()
        assert (image.dilate(noise, radius) == image.dilate(noise.astype(float), radius)).all()
    colored = np.dstack([noise * 9, noise * 8, noise * 7])
    assert (image.erode(colored, 1.0)[..., 1] == image.erode(noise * 8, 1.0)).all()
    with pytest.raises(ValueError, match="radius is -1"):
        image.erode(noise, -1.0)


@pytest.mark.node("image.opening", "image.closing")
def test_thin_bridges_open_and_thin_gaps_close():
    two = disk(40, 40, 15) | disk(80, 40, 15)
    joined = two | box(40, 39, 40, 3)
    assert image.count_objects(joined) == 1
    opened = image.opening(joined, 4.0)
    assert image.count_objects(opened) == 2
    assert (opened != two).sum() < 60
    cut = box(20, 20, 80, 40) & ~box(60, 0, 3, 80)
    assert (image.closing(cut, 4.0) == box(20, 20, 80, 40))[22:58].all()
    once = image.opening(joined, 4.0)
    assert (image.opening(once, 4.0) == once).all()


@pytest.mark.node("image.fill_holes")
def test_holes_are_filled_up_to_a_size_and_bays_are_none():
    ring = disk(40, 40, 20) & ~disk(40, 40, 5) & ~disk(52, 40, 1)
    assert (image.fill_holes(ring) == disk(40, 40, 20)).all()
    assert (image.fill_holes(ring, 5) == disk(40, 40, 20) & ~disk(40, 40, 5)).all()
    bay = ring & ~box(40, 40, 40, 1)
    assert not image.fill_holes(bay)[40, 40]
    assert not image.fill_holes(np.zeros((4, 4), np.uint8)).any()
    with pytest.raises(ValueError, match="shades from 0 to 119"):
        image.fill_holes(ACROSS)
    with pytest.raises(ValueError, match="largest is -5"):
        image.fill_holes(ring, -5)


@pytest.mark.node("image.remove_small", "image.clear_border")
def test_small_objects_and_those_at_the_edge_go_from_masks_and_labels():
    mask = box(10, 10, 5, 5) | box(30, 10, 10, 10) | box(0, 40, 20, 20) | box(60, 79, 30, 1) | box(100, 3, 4, 40)
    assert (image.remove_small(mask, 30) == mask & ~box(10, 10, 5, 5)).all()
    assert (image.remove_small(mask, 25) == mask).all()
    labels = image.label(mask).labels
    assert set(np.unique(image.remove_small(labels.astype(np.int64) * 1_000_000_007, 101))) == {0} | {
        int(labels[y, x]) * 1_000_000_007 for x, y in ((5, 50), (101, 20))
    }
    clear = image.clear_border(mask)
    assert (clear == (box(10, 10, 5, 5) | box(30, 10, 10, 10) | box(100, 3, 4, 40))).all()
    assert (image.clear_border(mask, 3) == (box(10, 10, 5, 5) | box(30, 10, 10, 10))).all()
    assert (image.clear_border(labels, 3) > 0).sum() == 125
    assert not image.clear_border(mask, 500).any()
    assert not image.remove_small(np.zeros((3, 3), bool)).any()
    as_bytes = image.remove_small(mask * np.uint8(255), 30)
    assert as_bytes.dtype == bool
    with pytest.raises(ValueError, match="wire labels"):
        image.remove_small(image.to_color(mask * np.uint8(9)))
    with pytest.raises(ValueError, match="fractions"):
        image.remove_small(ACROSS + 0.5)
    with pytest.raises(ValueError, match="go down to -1"):
        image.remove_small(labels - 1)


@pytest.mark.node("image.skeleton")
def test_the_skeleton_of_a_cross_is_its_two_lines():
    cross = box(10, 36, 100, 9) | box(56, 5, 9, 70)
    lines = image.skeleton(cross)
    assert image.count_objects(lines) == 1
    assert lines[40, 20:50].all()
    assert lines[15:30, 60].all()
    assert lines.sum() < 100 + 70 + 20
    assert (image.erode(lines, 1.0, "square").sum()) == 0


@pytest.mark.node("image.distance_map")
def test_the_distance_to_the_ground_is_that_of_a_cone():
    depth = image.distance_map(disk(60, 40, 20))
    assert depth.max() == pytest.approx(20, abs=0.6)
    assert depth[40, 70] == pytest.approx(10.5, abs=0.6)
    assert depth[0, 0] == 0
    assert np.isinf(image.distance_map(np.ones((2, 2)))).all()


# ------------------------------------------------------------------ objects
@pytest.mark.node("image.label", "image.count_objects")
def test_what_touches_at_a_corner_hangs_together_or_not():
    steps = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    assert image.label(steps).number == 1
    assert image.label(steps, corners=False).number == 3
    assert image.label(np.zeros((3, 3))).number == 0
    assert image.count_objects(np.array([[0, 3, 3, 0, 9]])) == 2
    assert image.count_objects(np.array([[3, 3, 9]]), 2) == 1
    assert image.count_objects(np.array([[255, 0, 255]], np.uint8)) == 2


@pytest.mark.node("image.watershed")
def test_touching_disks_are_separated_and_small_ones_kept():
    mask = disk(30, 40, 16) | disk(56, 40, 14) | disk(80, 40, 13) | disk(30, 5, 1) | box(119, 79, 1, 1)
    assert image.label(mask).number == 3
    found = image.watershed(mask, 10)
    assert found.number == 5
    assert ((found.labels > 0) == mask).all()
    assert len({found.labels[40, x] for x in (30, 56, 80)}) == 3
    area = image.regions(found.labels).area
    assert sorted(area)[-1] == pytest.approx(np.pi * 16**2, rel=0.05)
    assert image.watershed(np.zeros((5, 5), bool)).number == 0
    assert image.watershed(np.ones((5, 5), bool)).number == 1
    with pytest.raises(ValueError, match="distance is 0"):
        image.watershed(mask, 0)


@pytest.mark.node("image.regions")
def test_objects_are_measured_as_geometry_says():
    labels = box(10, 20, 12, 6) * 3 + disk(80, 40, 25) * 7
    table = image.regions(labels, ACROSS).set_index("label")
    assert list(table.index) == [3, 7]
    flat, round_ = table.loc[3], table.loc[7]
    assert (flat.x, flat.y, flat.area) == (15.5, 22.5, 72)
    assert (flat.left, flat.top, flat.width, flat.height) == (10, 20, 12, 6)
    # an ellipse with the moments of a rectangle of sides a, b has the axes 4a/√12, 4b/√12
    assert (flat.long_axis, flat.short_axis) == pytest.approx((4 * 12 / 12**0.5, 4 * 6 / 12**0.5))
    assert (flat.angle, flat["mean"], flat.minimum, flat.maximum) == (0, 15.5, 10, 21)
    assert flat.deviation == pytest.approx(np.sqrt((12**2 - 1) / 12))
    assert (round_.x, round_.y) == pytest.approx((80, 40))
    assert round_.area == pytest.approx(np.pi * 25**2, rel=0.005)
    assert round_.perimeter == pytest.approx(2 * np.pi * 25, rel=0.015)
    assert round_.diameter == pytest.approx(50, rel=0.005)
    assert round_.roundness > 0.97 > 0.85 > flat.roundness
    assert round_.long_axis == pytest.approx(50, rel=0.005)


@pytest.mark.node("image.regions")
@pytest.mark.parametrize("angle", [-60.0, 30.0, 90.0])
def test_the_angle_of_a_bar_is_that_by_which_it_was_turned(angle):
    bar = image.rotate(box(30, 36, 60, 8), angle)
    found = image.regions(bar).iloc[0]
    assert (found.angle - angle + 90) % 180 - 90 == pytest.approx(0, abs=0.5)
    assert found.long_axis == pytest.approx(4 * 60 / 12**0.5, rel=0.02)


@pytest.mark.node("image.regions")
def test_no_object_is_an_empty_table_and_other_sizes_are_refused():
    empty = image.regions(np.zeros((4, 4), bool), np.eye(4))
    assert len(empty) == 0
    assert list(empty.columns[-4:]) == ["mean", "deviation", "minimum", "maximum"]
    whole = image.regions(np.full((3, 4), 2))
    assert whole.area.tolist() == [12]
    with pytest.raises(ValueError, match="labels has 4 × 4 points and picture 2 × 4"):
        image.regions(np.zeros((4, 4), bool), np.eye(4)[:, :2])


@pytest.mark.node("image.select_objects")
def test_objects_are_selected_by_what_was_measured():
    mask = disk(30, 30, 12) | box(60, 10, 40, 4) | disk(80, 60, 6)
    assert (image.select_objects(mask, "area", 150) == disk(30, 30, 12) | box(60, 10, 40, 4)).all()
    assert (image.select_objects(mask, "roundness", 0.9) == disk(30, 30, 12) | disk(80, 60, 6)).all()
    assert (image.select_objects(mask, "x", 70, 85) == box(60, 10, 40, 4) | disk(80, 60, 6)).all()
    labels = image.label(mask).labels
    assert np.unique(image.select_objects(labels, "height", maximum=5)).tolist() == [0, labels[11, 70]]
    assert not image.select_objects(np.zeros((3, 3), bool)).any()


# ------------------------------------------------------------------ numbers
@pytest.mark.node("image.histogram")
def test_tones_are_counted_in_the_middle_of_their_class():
    picture = np.array([[0, 0, 255], [7, 7, 7]], np.uint8)
    found = image.histogram(picture)
    assert found.level.tolist() == list(range(256))
    assert (found.count[0], found.count[7], found.count[255], found.count.sum()) == (2, 3, 1, 6)
    real = image.histogram([[0.0, 0.25, np.nan, 1.0]], 4)
    assert (real.level.tolist(), real.count.tolist()) == ([0.125, 0.375, 0.625, 0.875], [1, 1, 0, 1])
    assert image.histogram([[True, False, True]], 2).count.tolist() == [1, 2]
    assert image.histogram(np.full((2, 2), np.nan), 2).count.tolist() == [0, 0]
    assert image.histogram(np.full((2, 2), 3.0), 2).count.sum() == 4
    assert image.histogram(picture, 2, 5, 9).count.tolist() == [0, 3]
    with pytest.raises(ValueError, match="exchange them"):
        image.histogram(picture, 4, 9, 5)


@pytest.mark.node("image.line_profile")
def test_a_profile_across_a_plane_is_a_straight_line():
    found = image.line_profile(2.0 * ACROSS + 3.0 * DOWN, 10, 20, 50, 50, width=5)
    assert found.distance[-1] == 50.0
    assert len(found.distance) == 51
    assert found.value == pytest.approx(2 * (10 + 0.8 * found.distance) + 3 * (20 + 0.6 * found.distance))
    # three px across an upright edge are averaged: one of them is on it
    edge = box(60, 0, 60, 80).astype(float)
    assert image.line_profile(edge, 59, 10, 59, 20, width=3).value == pytest.approx(np.full(11, 1 / 3))
    level = box(0, 40, 120, 40).astype(float)
    assert image.line_profile(level, 20, 39, 10, 39, width=3).value == pytest.approx(np.full(11, 1 / 3))
    assert image.line_profile(edge, 70, 7, 70, 7).value.tolist() == [1.0]
    with pytest.raises(ValueError, match="120, 5 px is not on a picture of 120 × 80"):
        image.line_profile(edge, 0, 0, 120, 5)


@pytest.mark.node("image.contours")
def test_the_contour_of_a_cone_is_a_circle():
    cone = np.hypot(DOWN - 40, ACROSS - 60)
    found = image.contours(cone, 25.3)
    assert set(found.contour) == {1}
    assert np.hypot(found.x - 60, found.y - 40).to_numpy() == pytest.approx(np.full(len(found), 25.3), abs=0.02)
    assert found.iloc[0].tolist() == found.iloc[-1].tolist()
    two = image.contours(disk(30, 30, 20) | disk(90, 50, 8))
    assert two.groupby("contour").x.mean().round().tolist() == [30, 90]
    assert set(image.contours(disk(30, 30, 20) | disk(90, 50, 8), shortest=60).contour) == {1}
    assert len(image.contours(np.ones((4, 4)))) == 0
    with pytest.raises(ValueError, match="two rows"):
        image.contours([[1.0, 2.0]])
