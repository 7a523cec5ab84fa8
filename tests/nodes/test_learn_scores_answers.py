"""How right models are said to be, against figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from flodesk.nodes import learn

TOLD = pd.DataFrame({"target": ["a", "a", "a", "b", "b", "c"], "predicted": ["a", "a", "b", "b", "b", "a"]})
SURE = pd.DataFrame({"p_1": [0.1, 0.4, 0.35, 0.8], "target": [0, 0, 1, 1]})


@pytest.mark.node("learn.score_classes")
def test_classes_are_scored():
    found = learn.score_classes(TOLD)
    assert found.accuracy == pytest.approx(4 / 6)
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert found.recall == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert found.f1 == pytest.approx((2 / 3 + 4 / 5 + 0) / 3)
    chance = (3 * 3 + 2 * 3 + 1 * 0) / 36
    assert found.kappa == pytest.approx((4 / 6 - chance) / (1 - chance))
    mixed = pd.DataFrame({"was": [1, 0], "said": [1.0, 0.0]})
    assert learn.score_classes(mixed, "was", "said") == (1.0,) * 5
    assert learn.score_classes(pd.DataFrame({"target": ["a"], "predicted": ["a"]})).kappa == 1.0
    with pytest.raises(ValueError, match="no rows"):
        learn.score_classes(TOLD.head(0))
    with pytest.raises(LookupError, match="no column 'predicted'"):
        learn.score_classes(TOLD[["target"]])


@pytest.mark.node("learn.score_numbers")
def test_numbers_are_scored():
    told = pd.DataFrame({"target": [1.0, 2.0, 3.0], "predicted": [1.0, 2.0, 6.0]})
    assert learn.score_numbers(told) == pytest.approx((1.0 - 9.0 / 2.0, math.sqrt(3.0), 1.0, 1.0))
    assert learn.score_numbers(told.assign(predicted=2.0)).r_squared == 0.0
    with pytest.raises(ValueError, match="two different numbers"):
        learn.score_numbers(told.assign(target=1.0))
    with pytest.raises(TypeError, match="'predicted' holds"):
        learn.score_numbers(told.assign(predicted="a"))


@pytest.mark.node("learn.confusion_matrix")
def test_what_is_taken_for_what():
    found = learn.confusion_matrix(TOLD)
    assert found.matrix.tolist() == [[2, 1, 0], [0, 2, 0], [1, 0, 0]]
    assert found.table.to_dict("list") == {"actual": ["a", "b", "c"], "a": [2, 0, 1], "b": [1, 2, 0], "c": [0, 0, 0]}
    assert learn.confusion_matrix(TOLD, shares=True).matrix.ravel().tolist() == pytest.approx(
        [2 / 3, 1 / 3, 0, 0, 1, 0, 1, 0, 0]
    )
    numbers = pd.DataFrame({"target": [10, 9, 9], "predicted": [10, 9, 10]})
    assert learn.confusion_matrix(numbers).table.actual.tolist() == ["9", "10"]
    never = pd.DataFrame({"target": ["a"], "predicted": ["b"]})
    assert learn.confusion_matrix(never, shares=True).matrix.tolist() == [[0.0, 1.0], [0.0, 0.0]]
    with pytest.raises(ValueError, match="called 'actual'"):
        learn.confusion_matrix(pd.DataFrame({"target": ["actual"], "predicted": ["b"]}))


@pytest.mark.node("learn.class_report")
def test_each_class_is_scored():
    found = learn.class_report(TOLD)
    assert found["class"].tolist() == ["a", "b", "c"]
    assert found.precision.tolist() == pytest.approx([2 / 3, 2 / 3, 0])
    assert found.recall.tolist() == pytest.approx([2 / 3, 1, 0])
    assert found.f1.tolist() == pytest.approx([2 / 3, 4 / 5, 0])
    assert found.cases.tolist() == [3, 2, 1]


@pytest.mark.node("learn.roc_curve")
def test_the_area_is_the_share_of_pairs_in_the_right_order():
    found = learn.roc_curve(SURE, "p_1")
    assert found.auc == 0.75  # three of the four pairs
    assert (found.false_alarms[0], found.found[0]) == (0.0, 0.0)
    assert (found.false_alarms[-1], found.found[-1]) == (1.0, 1.0)
    assert found.thresholds.tolist() == [math.inf, 0.8, 0.4, 0.35, 0.1]
    rng = np.random.default_rng(3)
    many = pd.DataFrame({"s": rng.integers(0, 20, 200).astype(float), "target": np.repeat(["yes", "no"], 100)})
    yes, no = many.s.to_numpy()[:100, None], many.s.to_numpy()[None, 100:]
    pairs = (yes > no).mean() + 0.5 * (yes == no).mean()
    assert learn.roc_curve(many, "s", positive="yes").auc == pytest.approx(pairs)
    with pytest.raises(ValueError, match=r"cases of '1' and others are needed: column 'target' has no, yes"):
        learn.roc_curve(many, "s")


@pytest.mark.node("learn.precision_recall")
def test_what_is_found_and_right():
    found = learn.precision_recall(SURE, "p_1")
    assert found.average == pytest.approx(0.5 * 1.0 + 0.5 * 2 / 3)
    assert found.recall.tolist() == [1.0, 1.0, 0.5, 0.5, 0.0]
    assert found.precision.tolist() == pytest.approx([0.5, 2 / 3, 0.5, 1.0, 1.0])
    assert found.thresholds.tolist() == [0.1, 0.35, 0.4, 0.8, math.inf]
