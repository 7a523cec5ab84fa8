from __future__ import annotations

import numpy as np
from scipy import ndimage
from skimage import data, filters


def test_all_coins_are_counted_and_the_plain_threshold_misses_two(run_plainly):
    (values,) = run_plainly("coins")
    assert values["count"].value == 24
    assert values["without"].value == 22
    # each coin is found where one lies: five rows and columns of them, of a coin's size
    sizes = values["sizes"]
    assert len(sizes) == 24
    assert sizes["diameter"].between(30, 70).all()
    assert values["colored"].shape == (303, 384, 3)


def test_otsu_by_hand_is_the_level_of_the_plain_threshold(run_plainly):
    (values,) = run_plainly("coins")
    photo = data.coins()
    level = filters.threshold_otsu(photo)
    assert values["plain"].level == level
    ball = np.hypot(*np.mgrid[-3:4, -3:4]) <= 3
    closed = ndimage.binary_closing(np.pad(photo > level, 9), ball)[9:-9, 9:-9]
    found, number = ndimage.label(ndimage.binary_fill_holes(closed), np.ones((3, 3)))
    sizes = ndimage.sum_labels(np.ones(found.shape), found, range(1, number + 1))
    assert int((sizes >= 300).sum()) == 22


def test_gaps_that_are_closed_too_far_make_coins_one(run_plainly):
    (values,) = run_plainly("coins", change=("slider(3.0", "slider(8.0"))
    assert values["number"] < 20
